import type { Event } from '#event-store';
import type { BillingPeriod } from '#kernel';
import type { JournalFormat } from './journal-formats.js';

/** What a journal books, row by row, lies in `journal_bookings`; this proves it. */
export interface KeptBookings {
  readonly count: number;
  /** SHA-256, hex, over the rows in order as COPY prints them. */
  readonly digest: string;
}

/** A file for accounting was written and is kept. Money as decimals with the currency's digits. */
export type JournalExported = Event<
  'JournalExported',
  {
    readonly period: BillingPeriod;
    /** 1 for the first export of the period, whatever its format. */
    readonly number: number;
    readonly format: JournalFormat;
    /**
     * What wrote a template journal, and which of the versions saved in the program; null for a file. Null as a whole for other formats, and for
     * journals of programs that did not record it.
     */
    readonly template: { readonly name: string; readonly savedVersion: number | null } | null;
    readonly includeFlagged: boolean;
    /** Rows for what comes to nothing were asked for; formats that list what is billed have them anyway. */
    readonly includeZero: boolean;
    /** What the journal should have had and was written without, because the caller insisted. */
    readonly unbalancedBecause: readonly string[];
    /**
     * Null for a full journal. Of a delta the journals whose sum it starts from; none if nothing was booked, and the delta is a full journal.
     */
    readonly deltaFrom: readonly number[] | null;
    readonly fileName: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly rowCount: number;
    readonly debits: string;
    readonly credits: string;
    /** Digest of the ledger it was made from. */
    readonly ledgerDigest: string;
    /** Null for journals of programs that did not keep what they booked. */
    readonly bookings: KeptBookings | null;
  }
>;

/** Accounting has booked a journal. */
export type JournalPosted = Event<
  'JournalPosted',
  {
    readonly period: BillingPeriod;
    readonly number: number;
    /** Number of the document in the accounting system. */
    readonly documentNumber: string;
    /** Day of the posting there, `YYYY-MM-DD`. */
    readonly postedOn: string;
    readonly note: string | null;
  }
>;

/** A journal is not booked, and will not be: it was never handed over, was refused, or accounting has reversed it. */
export type JournalVoided = Event<
  'JournalVoided',
  {
    readonly period: BillingPeriod;
    readonly number: number;
    readonly reason: string;
  }
>;

/** The last mark on a journal was a mistake: the journal stands as it did before. */
export type JournalMarkWithdrawn = Event<
  'JournalMarkWithdrawn',
  {
    readonly period: BillingPeriod;
    readonly number: number;
    /** Which mark was taken back. */
    readonly mark: 'posted' | 'void';
    readonly reason: string;
  }
>;

export type JournalEvent = JournalExported | JournalPosted | JournalVoided | JournalMarkWithdrawn;

export function journalStream(period: BillingPeriod): string {
  return `journal-${period}`;
}
