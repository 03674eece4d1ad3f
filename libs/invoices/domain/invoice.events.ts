import type { Event } from '#event-store';
import type { BillingPeriod, Currency } from '#kernel';

/** Everything about the invoices of a source is one stream: a file announces any number of them at once, as one fact. */
export function invoicesStream(source: string): string {
  return `invoices-${source}`;
}

/** What a provider asks for with an invoice, for one billing period; an invoice over two periods is two of these. */
export interface ExpectedInvoice {
  /** As written. It is known again without regard to the case of its ASCII letters. */
  readonly invoiceId: string;
  readonly period: BillingPeriod;
  /** Exact decimal; negative for a credit note. */
  readonly amount: string;
  readonly currency: Currency;
  /** `YYYY-MM-DD`; null if nobody said. */
  readonly issuedOn: string | null;
  /** Empty: none. */
  readonly note: string;
}

/** An expected invoice of a period, by name. */
export interface InvoiceName {
  readonly invoiceId: string;
  readonly period: BillingPeriod;
}

/** What lines come to for an invoice, and what was expected; an empty `invoiceId` is that of lines without one. */
export interface InvoiceDifference extends InvoiceName {
  readonly currency: Currency;
  /** Exact decimal; null if no such invoice was announced. */
  readonly expected: string | null;
  /** Exact decimal; null if there are no such lines. */
  readonly recorded: string | null;
}

/** An invoice was announced by hand. */
export type InvoiceExpected = Event<'InvoiceExpected', ExpectedInvoice & { readonly source: string }>;
/** What was announced of an invoice was changed by hand; this is all of it as it is now. */
export type InvoiceChanged = Event<'InvoiceChanged', ExpectedInvoice & { readonly source: string }>;
/** An invoice is expected no longer. */
export type InvoiceWithdrawn = Event<'InvoiceWithdrawn', InvoiceName & { readonly source: string; readonly reason: string | null }>;

/** A table of invoices, or the Invoice Detail data set of FOCUS 1.4. */
export type InvoiceFileFormat = 'table' | 'focus';
export const INVOICE_FILE_FORMATS: readonly InvoiceFileFormat[] = ['table', 'focus'];

/** A file changed what is expected of a source: these invoices, each as it is now. The file itself is kept under its digest. */
export type InvoicesImported = Event<
  'InvoicesImported',
  {
    readonly source: string;
    readonly fileName: string;
    /** Of the file, hex SHA-256. */
    readonly sha256: string;
    readonly format: InvoiceFileFormat;
    /** Of the whole file, which may hold invoices of other sources too. */
    readonly rowCount: number;
    readonly addedCount: number;
    readonly changedCount: number;
    readonly withdrawnCount: number;
    readonly unchangedCount: number;
    readonly added: readonly ExpectedInvoice[];
    readonly changed: readonly ExpectedInvoice[];
    /** Those that the file says were voided. */
    readonly withdrawn: readonly InvoiceName[];
  }
>;

/** A reviewer found a difference in order, and said why. It holds for these very amounts: if lines or invoice come to others, it counts no more. */
export type InvoiceDifferenceAccepted = Event<
  'InvoiceDifferenceAccepted',
  InvoiceDifference & { readonly source: string; readonly reason: string }
>;
/** An accepted difference is to be explained again. */
export type InvoiceDifferenceReopened = Event<
  'InvoiceDifferenceReopened',
  InvoiceName & { readonly source: string; readonly currency: Currency; readonly reason: string | null }
>;
/** From now on, or no longer, every period must have the invoices of this source before it is finalized. */
export type InvoicesDemanded = Event<'InvoicesDemanded', { readonly source: string; readonly demanded: boolean }>;

export type InvoiceEvent =
  | InvoiceExpected
  | InvoiceChanged
  | InvoiceWithdrawn
  | InvoicesImported
  | InvoiceDifferenceAccepted
  | InvoiceDifferenceReopened
  | InvoicesDemanded;
