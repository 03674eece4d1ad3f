import type { Event } from '#event-store';
import type { BillingPeriod } from '#kernel';
import type { JournalFormat } from './journal-formats.js';

/** A file for accounting was written and is kept. Money as decimals with the currency's digits. */
export type JournalExported = Event<
  'JournalExported',
  {
    readonly period: BillingPeriod;
    /** 1 for the first export of the period, whatever its format. */
    readonly number: number;
    readonly format: JournalFormat;
    readonly includeFlagged: boolean;
    /** What the journal should have had and was written without, because the caller insisted. */
    readonly unbalancedBecause: readonly string[];
    readonly fileName: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly rowCount: number;
    readonly debits: string;
    readonly credits: string;
    /** Digest of the ledger it was made from. */
    readonly ledgerDigest: string;
  }
>;

export function journalStream(period: BillingPeriod): string {
  return `journal-${period}`;
}
