/** How a charge stands (domain.md §1). */
export const STANDINGS = ['clear', 'flagged', 'approved', 'rejected', 'superseded', 'withdrawn'] as const;
export type Standing = (typeof STANDINGS)[number];

/** Standings that are billed: on statements and in journals. */
export const BILLABLE_STANDINGS: readonly Standing[] = ['clear', 'approved'];

/** Standings of lines that a later import replaced or took back; they stay in the ledger's history and in no total. */
export const PAST_STANDINGS: readonly Standing[] = ['superseded', 'withdrawn'];
