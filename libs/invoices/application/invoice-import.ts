import { type Currency, DomainError, type RefusedRow, refusedRow, storableName } from '#kernel';
import type { InvoiceBook } from '../domain/invoice-book.js';
import type { InvoiceFileFormat, InvoicesImported } from '../domain/invoice.events.js';
import type { FileInvoice, InvoiceFile } from '../domain/invoice-file.js';
import { compareInvoices, type InvoicesDifference } from '../domain/invoices-difference.js';

/** A file in storage that holds invoices. */
export interface InvoiceUpload {
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Of which source the invoices are; null if each row says so. */
  readonly source: string | null;
}

/** What a file does to the invoices of one source, or would do. */
export interface SourceImport extends Omit<InvoicesDifference, 'refusedRows'> {
  readonly source: string;
}

/** What a file does, or would do. */
export interface InvoiceImportReport {
  readonly fileName: string;
  readonly sha256: string;
  readonly format: InvoiceFileFormat;
  readonly rowCount: number;
  /** Rows of voided invoices, which count for nothing. */
  readonly voidedRowCount: number;
  readonly ignoredColumns: readonly string[];
  /** In the order of their names. */
  readonly sources: readonly SourceImport[];
  /** In the order of lines; with any, nothing of the file is taken. */
  readonly refusedRows: readonly RefusedRow[];
}

/** A file that was read, and what it is read by. */
export interface OpenedInvoiceFile {
  readonly upload: InvoiceUpload;
  readonly file: InvoiceFile;
  /** Of the sources that it names. */
  readonly known: ReadonlySet<string>;
  readonly ledger: Currency;
}

/** @throws DomainError `invoices.source-missing`. */
export async function reportOf(
  { upload, file, known, ledger }: OpenedInvoiceFile,
  bookOf: (source: string) => Promise<InvoiceBook>,
): Promise<InvoiceImportReport> {
  const { format, rowCount, voidedRowCount, ignoredColumns } = file;
  const refusedRows = [...file.refusedRows];
  const bySource = new Map<string, FileInvoice[]>();
  for (const invoice of file.invoices) {
    const source = invoice.source ?? upload.source;
    if (source === null) {
      const detail = 'The file does not say of which source its invoices are. Name the source, or add a column “source” to the table.';
      throw new DomainError('invoices.source-missing', 'invalid', detail);
    }
    const problem =
      upload.source !== null && source !== upload.source
        ? `The file is handed in for ${upload.source}; hand in the rows of ${source} for themselves, or name no source.`
        : known.has(source)
          ? undefined
          : `There is no source ${source}; write the name of one from the list of sources, or add it there.`;
    if (problem !== undefined) {
      refusedRows.push(refusedRow(invoice.line, 'source', source, problem));
      continue;
    }
    const others = bySource.get(source);
    if (others === undefined) bySource.set(source, [invoice]);
    else others.push(invoice);
  }
  const sources: SourceImport[] = [];
  // In one order for everybody: two files at the same moment would else wait for each other for ever.
  for (const [source, invoices] of [...bySource].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const { refusedRows: refused, ...difference } = compareInvoices(await bookOf(source), invoices, { format, ledger });
    refusedRows.push(...refused);
    sources.push({ source, ...difference });
  }
  refusedRows.sort((one, other) => one.line - other.line);
  const fileName = storableName(upload.fileName);
  return { fileName, sha256: upload.sha256, format, rowCount, voidedRowCount, ignoredColumns, sources, refusedRows };
}

/** Null if the file changes nothing of the source. */
export function importedEvent(report: InvoiceImportReport, difference: SourceImport): InvoicesImported | null {
  const { fileName, sha256, format, rowCount } = report;
  const { source, added, unchangedCount } = difference;
  const changed = difference.changed.map(({ after }) => after);
  const withdrawn = difference.withdrawn.map(({ invoiceId, period }) => ({ invoiceId, period }));
  if (added.length + changed.length + withdrawn.length === 0) return null;
  const counts = { addedCount: added.length, changedCount: changed.length, withdrawnCount: withdrawn.length, unchangedCount };
  return { type: 'InvoicesImported', data: { source, fileName, sha256, format, rowCount, ...counts, added, changed, withdrawn } };
}
