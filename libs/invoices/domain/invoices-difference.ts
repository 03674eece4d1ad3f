import { type Currency, type RefusedRow, refusedRow } from '#kernel';
import { type InvoiceBook, invoicePlace } from './invoice-book.js';
import { isSameInvoice, otherCurrency, withInput } from './invoice.decide.js';
import type { ExpectedInvoice, InvoiceFileFormat } from './invoice.events.js';
import { columnName, type FileInvoice } from './invoice-file.js';

export interface InvoiceChange {
  readonly before: ExpectedInvoice;
  readonly after: ExpectedInvoice;
}

/** What a file makes of the expected invoices of one source, in the order of the file. Invoices that it does not name stay as they are. */
export interface InvoicesDifference {
  readonly added: readonly ExpectedInvoice[];
  readonly changed: readonly InvoiceChange[];
  /** Voided by the provider. */
  readonly withdrawn: readonly ExpectedInvoice[];
  readonly unchangedCount: number;
  /** Rows that don't go together with what is known. */
  readonly refusedRows: readonly RefusedRow[];
}

export function compareInvoices(
  book: InvoiceBook,
  invoices: readonly FileInvoice[],
  { format, ledger }: { readonly format: InvoiceFileFormat; readonly ledger: Currency },
): InvoicesDifference {
  const added: ExpectedInvoice[] = [];
  const changed: InvoiceChange[] = [];
  const withdrawn: ExpectedInvoice[] = [];
  const refusedRows: RefusedRow[] = [];
  const expected = new Map(book.expected);
  let unchangedCount = 0;
  for (const { name, input } of invoices) {
    const place = invoicePlace(name);
    const before = book.expected.get(place) ?? null;
    if (input === null) {
      if (before === null) unchangedCount += 1;
      else withdrawn.push(before);
      expected.delete(place);
      continue;
    }
    const after = withInput(before, name, input, ledger);
    expected.set(place, after);
    if (before === null) added.push(after);
    else if (isSameInvoice(before, after)) unchangedCount += 1;
    else changed.push({ before, after });
  }
  // All of the file at once: it may move every period of an invoice to another currency.
  for (const { line, name } of invoices) {
    const after = expected.get(invoicePlace(name));
    const other = after === undefined ? undefined : otherCurrency({ expected }, after);
    if (other !== undefined) refusedRows.push(refusedRow(line, columnName(format, 'currency'), after?.currency ?? '', other));
  }
  return { added, changed, withdrawn, unchangedCount, refusedRows };
}
