import type { ImportedLineFormat } from '#charge-lines';
import type { Event } from '#event-store';
import type { BillingPeriod, Currency } from '#kernel';

/** A credit takes a charge back, in full or in part; a debit charges more for it. */
export type AdjustmentKind = 'credit' | 'debit';
export const ADJUSTMENT_KINDS: readonly AdjustmentKind[] = ['credit', 'debit'];

/** A restatement is the difference between a period and a file that states it anew: it takes back and charges more. */
export type BookedKind = AdjustmentKind | 'restatement';
export const BOOKED_KINDS: readonly BookedKind[] = [...ADJUSTMENT_KINDS, 'restatement'];

/** Lines of an adjustment that have one source: the numbers from the first to the last. */
export interface AdjustedSource {
  readonly source: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

/** Exact sums of an adjustment's lines in one currency; those of a credit are negative. */
export interface AdjustmentTotal {
  readonly currency: Currency;
  readonly lineCount: number;
  readonly listCost: string;
  readonly amount: string;
}

/** The statement that the adjusted charges stand on. */
export interface AdjustedStatement {
  readonly piEmail: string;
  readonly projectId: string;
  /** The newest of the finalized period; null if none was made. */
  readonly revision: number | null;
}

/** The file of the source that states a finalized period anew. */
export interface RestatingFile {
  readonly source: string;
  readonly fileName: string;
  readonly sha256: string;
}

/**
 * Charges of a finalized period were corrected by new charge lines of an open one. The lines are rows of `charge_lines` under the adjustment's number, which is of
 * the same sequence as those of imports; which charge each corrects is a row of `charge_line_matches`. Both are proved by their digests. A restatement has the number of the
 * import that it books, and its lines have the numbers of the file's; those that correct no charge state what was not billed before.
 */
export type AdjustmentsBooked = Event<
  'AdjustmentsBooked',
  {
    readonly adjustmentId: number;
    /** The open period in which the lines are billed. */
    readonly period: BillingPeriod;
    /** The finalized period whose charges they correct. */
    readonly adjustedPeriod: BillingPeriod;
    /** The one charge that is corrected; null: all billed charges of the statement, or of a file. */
    readonly chargeId: string | null;
    /** Null: those of a file, which are of any PI. */
    readonly statement: AdjustedStatement | null;
    readonly kind: BookedKind;
    /** Null unless it is a restatement. */
    readonly restatement: RestatingFile | null;
    /** Exact decimal: how much was asked for; null if it was a share, or all that is left. */
    readonly amount: string | null;
    /** Exact decimal: which share of each charge was asked for. */
    readonly percent: string | null;
    readonly reason: string;
    readonly sources: readonly AdjustedSource[];
    /** Lines. */
    readonly count: number;
    readonly totals: readonly AdjustmentTotal[];
    readonly linesDigest: string;
    /** Which columns of the lines the digest covers. */
    readonly lineFormat: ImportedLineFormat;
    readonly matchesDigest: string;
  }
>;

/** Booked adjustments were taken back while their period was open; their lines stay on record. */
export type AdjustmentsWithdrawn = Event<
  'AdjustmentsWithdrawn',
  {
    readonly adjustmentId: number;
    readonly period: BillingPeriod;
    readonly count: number;
    readonly reason: string;
  }
>;

export type AdjustmentEvent = AdjustmentsBooked | AdjustmentsWithdrawn;

export function adjustmentStream(adjustmentId: number): string {
  return `adjustment-${adjustmentId}`;
}
