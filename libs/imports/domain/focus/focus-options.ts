import type { RulesOfSource } from '#attribution-rules';
import type { BillingPeriod, Currency } from '#kernel';

/** What a charge is attributed by; each comes from a tag (domain.md §2). */
export type AttributionField =
  | 'pi_email'
  | 'project_id'
  | 'fund_org'
  | 'cost_center'
  | 'account_code'
  | 'reference_1'
  | 'reference_2'
  | 'end_date'
  | 'reconciliation_end';

/** For each field the names of tags that may hold it; the first one that is there and not empty counts. */
export type TagMapping = Readonly<Record<AttributionField, readonly string[]>>;

export type CostBasis = 'billed' | 'effective';

export interface FocusLimits {
  /** Largest cell, in bytes of UTF-8. */
  readonly maxCellBytes: number;
  readonly maxColumns: number;
}

export const DEFAULT_FOCUS_LIMITS: FocusLimits = { maxCellBytes: 10 * 1024 * 1024, maxColumns: 2000 };

/** How one import is to be read: the settings of its source, of the ledger, and of the call. */
export interface FocusReaderOptions {
  readonly tagMapping: TagMapping;
  readonly ledgerCurrency: Currency;
  /** Lines of another period are flagged `period_mismatch`; null expects nothing. */
  readonly expectedPeriod: BillingPeriod | null;
  /** Regular expressions, found anywhere in ServiceName, ResourceId or ResourceName, whatever the case. */
  readonly flagPatterns: readonly string[];
  /** Regular expressions, anchored at the start, of which one must match a fund/org; none means that any will do. */
  readonly fundOrgPatterns: readonly string[];
  /** Why the chart of funds has no such fund/org on a day, `YYYY-MM-DD`; null if it has. Without one, nothing is held against a chart. */
  readonly fundProblem?: (fundOrg: string, day: string) => string | null;
  /** Rules that say who pays, whatever the tags say. Without them, the tags do. */
  readonly attributionRules?: RulesOfSource;
  readonly costBasis: CostBasis;
  /** The source's date format, such as `M/D/YY`, besides the ISO forms that are always read. */
  readonly dateFormat: string | null;
  /** The column that identifies a line between imports, such as AWS's `LineItemId`. */
  readonly lineIdColumn: string | null;
  /** Ends of charge and billing periods name the last day or second within; they are kept as FOCUS's exclusive ones. */
  readonly inclusivePeriodEnds?: boolean;
  readonly limits?: FocusLimits;
}
