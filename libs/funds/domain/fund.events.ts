import type { Event } from '#event-store';

/** The whole chart is one stream: a file changes thousands of funds at once, as one fact. */
export const FUNDS_STREAM = 'funds';

/** A fund/org as the chart describes it. */
export interface Fund {
  /** As in charges and journals: trimmed, in Unicode's composed form, and its case counts. */
  readonly fundOrg: string;
  /** Empty: none. */
  readonly title: string;
  /** First day on which it may be charged, `YYYY-MM-DD`; null: no beginning. */
  readonly validFrom: string | null;
  /** Last day on which it may be charged; null: no end. Before `validFrom` if it was retired before it began. */
  readonly validTo: string | null;
  /** Who answers for it; empty: nobody named. */
  readonly owner: string;
}

/** A fund/org came into the chart by hand. */
export type FundRegistered = Event<'FundRegistered', Fund>;
/** A fund/org was changed by hand; this is all of it as it is now. */
export type FundChanged = Event<'FundChanged', Fund>;
/** A fund/org ends: `validTo` is its last day from now on; the rest is as it was. */
export type FundRetired = Event<'FundRetired', Fund & { readonly reason: string | null }>;

/** A fund/org was taken out of the chart, as if it had never been in it: a mistake, which a day would not put right. */
export type FundRemoved = Event<'FundRemoved', { readonly fundOrg: string; readonly reason: string | null }>;

/** `merge` leaves funds alone that the file lacks; `replace` retires them. */
export type ChartImportMode = 'merge' | 'replace';
export const CHART_IMPORT_MODES: readonly ChartImportMode[] = ['merge', 'replace'];

/** A file changed the chart: these funds, each as it is now. The file itself is kept under its digest. */
export type ChartOfFundsImported = Event<
  'ChartOfFundsImported',
  {
    readonly fileName: string;
    /** Of the file, hex SHA-256. */
    readonly sha256: string;
    readonly mode: ChartImportMode;
    /** With `replace`: the last day of funds that the file lacks. */
    readonly lastDay: string | null;
    readonly rowCount: number;
    readonly addedCount: number;
    readonly changedCount: number;
    readonly retiredCount: number;
    readonly unchangedCount: number;
    readonly added: readonly Fund[];
    readonly changed: readonly Fund[];
    readonly retired: readonly Fund[];
  }
>;
export type FundEvent = FundRegistered | FundChanged | FundRetired | FundRemoved | ChartOfFundsImported;
