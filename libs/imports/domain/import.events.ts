import type { Event } from '#event-store';
import type { BillingPeriod, Currency } from '#kernel';
import type { DeliveryMode } from '#sources';
import type { ImportedLineFormat } from '#charge-lines';
import type { RefusedRow } from './refused-row.js';
import type { MissingColumn } from './focus/index.js';
import type { Unattributed } from './line-quality.js';
import type { LineTotalsReport } from './line-totals.js';
import type { AsAdjustments, Restatement } from './restatement.js';

/** What became of lines, against the lines held before (domain.md §2, "Line identity and re-import"). */
export type ImportOutcome = 'new' | 'unchanged' | 'revised' | 'withdrawn' | 'kept';

export interface OutcomeTotal {
  readonly outcome: ImportOutcome;
  readonly currency: Currency;
  readonly lineCount: number;
  /** Exact decimal; for revised lines what they say now. */
  readonly amount: string;
  /** For revised lines: what the lines they replace said. */
  readonly previousAmount: string | null;
}

/** What a PI pays, or has waiting for review, in the periods of an import, from all sources: without the import and with it. */
export interface PiChange {
  /** As the ledger names the PI; empty for charges without one. */
  readonly piEmail: string;
  readonly currency: Currency;
  /** Exact decimals. */
  readonly before: string;
  readonly after: string;
}

/** What an import found; the same for a dry run and a real one. */
export interface ImportReport {
  /** False for a file whose reading broke off: the report says what was found until then. */
  readonly readToEnd: boolean;
  readonly focusVersion: string | null;
  readonly deliveryMode: DeliveryMode;
  readonly warnings: readonly string[];
  readonly totals: LineTotalsReport;
  readonly outcomes: readonly OutcomeTotal[];
  /** The first refused rows; all of them are in the file `refusedRowsSha256`. */
  readonly refusedRows: readonly Omit<RefusedRow, 'cells'>[];
  readonly refusedRowsSha256: string | null;
  /** What the file says, and leaves unsaid, beside its money: data quality over time is made from it. Null in reports of older versions. */
  readonly quality: {
    /** Columns of the told FOCUS version (Cost and Usage) that the header lacks, with their feature level. */
    readonly missingColumns: readonly MissingColumn[];
    /** Lines without a value, per attribution field. */
    readonly unattributed: readonly Unattributed[];
  } | null;
  /** The PIs whose money in these periods changes most by this import, largest change first; null in reports of older versions. */
  readonly piChanges: {
    /** PIs with any change; charges without a PI count as one. */
    readonly piCount: number;
    /** At most 20. */
    readonly top: readonly PiChange[];
  } | null;
}

export interface ImportRequest {
  readonly source: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Lines of another period are flagged. */
  readonly expectedPeriod: BillingPeriod | null;
  readonly deliveryMode: DeliveryMode;
  /** Record what can be read and keep the refused rows aside, instead of refusing the file. */
  readonly allowPartial: boolean;
  /** The file restates a finalized period: its difference to what was billed is booked as adjustments. Null: it is imported. */
  readonly asAdjustments: AsAdjustments | null;
}

/** A file was handed in and waits to be read. */
export type ImportReceived = Event<'ImportReceived', ImportRequest & { importId: number }>;
/** The lines of the file count from here on. They are in `charge_lines` themselves; `linesDigest` is SHA-256 over them in order, as COPY writes them. */
export type ImportRecorded = Event<
  'ImportRecorded',
  {
    importId: number;
    source: string;
    periods: readonly BillingPeriod[];
    linesDigest: string;
    /** Which columns of the lines the digest covers: 1, all but the rule that attributed a line, of which there was none then; 2, all. */
    lineFormat: ImportedLineFormat;
    /** SHA-256 over the matches and withdrawals among the lines held before; null in events of schema version 1, which did not say. */
    matchesDigest: string | null;
    report: ImportReport;
  }
>;
/**
 * The file restates a finalized period: what differs from what was billed was booked in an open one, as the adjustment of the same number. None of its lines is
 * held for the restated period.
 */
export type ImportBooked = Event<'ImportBooked', { importId: number; source: string; report: ImportReport; restatement: Restatement }>;
/** The file was not recorded; no line of it counts. */
export type ImportRefused = Event<
  'ImportRefused',
  { importId: number; code: string; reason: string; problems: readonly { where: string; what: string }[]; report: ImportReport | null }
>;
/** A recorded import was taken back: its lines no longer count. */
export type ImportWithdrawn = Event<'ImportWithdrawn', { importId: number; periods: readonly BillingPeriod[]; reason: string }>;
/** The import was given up before it was recorded: no line of it counts, and the file may be handed in again. */
export type ImportCancelled = Event<'ImportCancelled', { importId: number; reason: string | null }>;

export type ImportEvent = ImportReceived | ImportRecorded | ImportBooked | ImportRefused | ImportWithdrawn | ImportCancelled;

export function importStream(importId: number): string {
  return `import-${importId}`;
}
