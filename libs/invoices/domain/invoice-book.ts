import { isEvent, type RecordedEvent } from '#event-store';
import type { Currency } from '#kernel';
import type {
  ExpectedInvoice,
  InvoiceChanged,
  InvoiceDifference,
  InvoiceDifferenceAccepted,
  InvoiceDifferenceReopened,
  InvoiceExpected,
  InvoiceName,
  InvoicesDemanded,
  InvoicesImported,
  InvoiceWithdrawn,
} from './invoice.events.js';
import { invoiceKey } from './invoice-text.js';

/** What is known of the invoices of one source, as its events left it. */
export interface InvoiceBook {
  /** By {@link invoicePlace}. */
  readonly expected: ReadonlyMap<string, ExpectedInvoice>;
  /** By {@link differencePlace}. */
  readonly accepted: ReadonlyMap<string, InvoiceDifference>;
  readonly demanded: boolean;
}

export function invoicePlace({ invoiceId, period }: InvoiceName): string {
  return `${period} ${invoiceKey(invoiceId)}`;
}

export function differencePlace(name: InvoiceName & { readonly currency: Currency }): string {
  return `${name.currency} ${invoicePlace(name)}`;
}

/** The state of a source's stream. */
export function invoiceBook(events: readonly RecordedEvent[]): InvoiceBook {
  const expected = new Map<string, ExpectedInvoice>();
  const accepted = new Map<string, InvoiceDifference>();
  let demanded = false;
  for (const event of events) {
    if (isEvent<InvoicesImported>(event, 'InvoicesImported')) {
      for (const invoice of [...event.data.added, ...event.data.changed]) expected.set(invoicePlace(invoice), invoice);
      for (const invoice of event.data.withdrawn) expected.delete(invoicePlace(invoice));
    } else if (isEvent<InvoiceExpected>(event, 'InvoiceExpected') || isEvent<InvoiceChanged>(event, 'InvoiceChanged')) {
      const { source: _source, ...invoice } = event.data;
      expected.set(invoicePlace(invoice), invoice);
    } else if (isEvent<InvoiceWithdrawn>(event, 'InvoiceWithdrawn')) expected.delete(invoicePlace(event.data));
    else if (isEvent<InvoiceDifferenceAccepted>(event, 'InvoiceDifferenceAccepted')) accepted.set(differencePlace(event.data), event.data);
    else if (isEvent<InvoiceDifferenceReopened>(event, 'InvoiceDifferenceReopened')) accepted.delete(differencePlace(event.data));
    else if (isEvent<InvoicesDemanded>(event, 'InvoicesDemanded')) demanded = event.data.demanded;
  }
  return { expected, accepted, demanded };
}
