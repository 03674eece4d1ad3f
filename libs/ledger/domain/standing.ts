/** How a charge stands (domain.md §1). */
export const STANDINGS = ['clear', 'flagged', 'approved', 'rejected', 'split', 'superseded', 'withdrawn'] as const;
export type Standing = (typeof STANDINGS)[number];

/** Standings that are billed: on statements and in journals. */
export const BILLABLE_STANDINGS: readonly Standing[] = ['clear', 'approved'];

/**
 * Standings of charges that no longer stand for themselves: a later import replaced them or took them back, or they were divided into parts, which stand
 * for them. They stay in the ledger's history and in no total.
 */
export const PAST_STANDINGS: readonly Standing[] = ['split', 'superseded', 'withdrawn'];
