import { isEvent, type RecordedEvent } from '#event-store';
import type { BillingPeriod, Currency } from '#kernel';
import { invoicePlace } from './invoice-book.js';
import type {
  ExpectedInvoice,
  InvoiceChanged,
  InvoiceDifferenceAccepted,
  InvoiceDifferenceReopened,
  InvoiceExpected,
  InvoiceName,
  InvoicesImported,
  InvoiceWithdrawn,
} from './invoice.events.js';

export const INVOICE_ACTIONS = ['expected', 'changed', 'withdrawn', 'accepted', 'reopened'] as const;

/** Something that became of an invoice. */
export interface InvoiceHistoryEntry {
  readonly position: number;
  readonly action: (typeof INVOICE_ACTIONS)[number];
  /** What was announced, as it was left; null where that was not the matter. */
  readonly invoice: ExpectedInvoice | null;
  /** Of an acceptance: what was expected and recorded then, and in which currency. */
  readonly difference: { readonly currency: Currency; readonly expected: string | null; readonly recorded: string | null } | null;
  readonly reason: string | null;
  /** The file that did it; null: by hand. */
  readonly fileName: string | null;
  readonly by: string;
  readonly at: Date;
}

/** What the events of a source say of one invoice in one period, newest first. */
export function invoiceHistory(
  events: readonly RecordedEvent[],
  name: { invoiceId: string; period: BillingPeriod },
): InvoiceHistoryEntry[] {
  const place = invoicePlace(name);
  const isIt = (other: InvoiceName): boolean => invoicePlace(other) === place;
  return events.flatMap((event) => entriesOf(event, isIt)).reverse();
}

function entriesOf(event: RecordedEvent, isIt: (name: InvoiceName) => boolean): InvoiceHistoryEntry[] {
  const entry = (what: Partial<InvoiceHistoryEntry> & Pick<InvoiceHistoryEntry, 'action'>): InvoiceHistoryEntry => ({
    ...{ invoice: null, difference: null, reason: null, fileName: null, ...what },
    ...{ position: event.position, by: event.metadata.actor.id, at: event.recordedAt },
  });
  if (isEvent<InvoicesImported>(event, 'InvoicesImported')) {
    const { fileName, added, changed, withdrawn } = event.data;
    return [
      ...added.filter(isIt).map((invoice) => entry({ action: 'expected', invoice, fileName })),
      ...changed.filter(isIt).map((invoice) => entry({ action: 'changed', invoice, fileName })),
      ...withdrawn.filter(isIt).map(() => entry({ action: 'withdrawn', fileName })),
    ];
  }
  if (isEvent<InvoiceExpected>(event, 'InvoiceExpected') && isIt(event.data)) {
    return [entry({ action: 'expected', invoice: withoutSource(event.data) })];
  }
  if (isEvent<InvoiceChanged>(event, 'InvoiceChanged') && isIt(event.data)) {
    return [entry({ action: 'changed', invoice: withoutSource(event.data) })];
  }
  if (isEvent<InvoiceWithdrawn>(event, 'InvoiceWithdrawn') && isIt(event.data)) {
    return [entry({ action: 'withdrawn', reason: event.data.reason })];
  }
  if (isEvent<InvoiceDifferenceAccepted>(event, 'InvoiceDifferenceAccepted') && isIt(event.data)) {
    const { currency, expected, recorded, reason } = event.data;
    return [entry({ action: 'accepted', difference: { currency, expected, recorded }, reason })];
  }
  if (isEvent<InvoiceDifferenceReopened>(event, 'InvoiceDifferenceReopened') && isIt(event.data)) {
    return [entry({ action: 'reopened', reason: event.data.reason })];
  }
  return [];
}

function withoutSource({ source: _source, ...invoice }: ExpectedInvoice & { readonly source: string }): ExpectedInvoice {
  return invoice;
}
