import type { BillingPeriod, Currency } from '#kernel';

/**
 * One row of an import as it is recorded: immutable, identified by (import, line number), never merged by content.
 * Amounts are canonical decimal texts (`-12.5`, `0.0000001`), never numbers; times are UTC.
 */
export interface ChargeLine {
  /** The physical line of the file on which the row begins; the header is line 1. */
  readonly lineNumber: number;
  readonly period: BillingPeriod;
  readonly providerName: string | null;
  readonly billingAccountId: string | null;
  readonly subAccountId: string | null;
  readonly invoiceId: string | null;
  readonly chargeCategory: string | null;
  readonly chargeDescription: string | null;
  /** ISO 8601 in UTC with seconds, `2025-01-01T00:00:00Z`; a fraction (at most microseconds) only where it is not zero. */
  readonly chargePeriodStart: string | null;
  readonly chargePeriodEnd: string | null;
  readonly serviceName: string;
  readonly serviceCategory: string | null;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly regionId: string | null;
  readonly skuId: string | null;
  readonly currency: Currency;
  /** Null or 0 in the file means unknown: then list = amount (domain.md §2). Always set here. */
  readonly listCost: string;
  readonly contractedCost: string | null;
  readonly billedCost: string | null;
  readonly effectiveCost: string | null;
  /** What is billed: BilledCost or EffectiveCost, by the source's cost basis. */
  readonly amount: string;
  /** Trimmed and case-folded: the identity of a PI. Null where the tag is absent or empty. */
  readonly piEmail: string | null;
  /** As the file writes it, for display. */
  readonly piEmailAsWritten: string | null;
  readonly projectId: string | null;
  readonly fundOrg: string | null;
  readonly costCenter: string | null;
  readonly accountCode: string | null;
  readonly reference1: string | null;
  readonly reference2: string | null;
  /** `YYYY-MM-DD`. */
  readonly endDate: string | null;
  readonly reconciliationEnd: string | null;
  /** The Tags cell as it stands in the file. */
  readonly tags: string | null;
  /** Every other column as a JSON object, column name as written → text; null where there is none. */
  readonly otherColumns: string | null;
  /** 128 bits in UUID notation over everything but amounts and quantities, or over the source's declared line id. */
  readonly fingerprint: string;
  readonly flags: readonly string[];
}

/** What is wrong with one cell of a row. `value` is cut to a length a report can show. */
export interface CellProblem {
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

/** A row that cannot be a charge line, and why (domain.md §2: it does not vanish and does not pass). */
export interface RefusedRow extends CellProblem {
  readonly lineNumber: number;
  /** What else is wrong with the same row, so that one round of mending is enough. */
  readonly furtherProblems: readonly CellProblem[];
  /** The row's money where it can be read all the same, as canonical decimal text. */
  readonly amount: string | null;
  /** The currency of `amount`; null where it cannot be read. */
  readonly currency: Currency | null;
  /** The row as the file has it, for the CSV of refused rows. */
  readonly cells: readonly string[];
}
