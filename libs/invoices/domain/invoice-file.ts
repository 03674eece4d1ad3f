import {
  columnKey,
  type CsvRecord,
  csvRecords,
  composedText,
  type Currency,
  Decimal,
  DomainError,
  foldIdentifier,
  raggedRow,
  type RefusedRow,
  refusedRow,
  separatorProblem,
  utf8Text,
} from '#kernel';
import { invoicePlace } from './invoice-book.js';
import type { InvoiceInput } from './invoice.decide.js';
import type { InvoiceFileFormat, InvoiceName } from './invoice.events.js';
import { dayOf, invoiceProblems, type InvoiceTexts, periodOf } from './invoice-text.js';

/** Some hundred bytes for each of the most rows. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_FILE_ROWS = 200_000;

type Column = keyof InvoiceTexts | 'source' | 'status';
type Columns = Readonly<Partial<Record<Column, string>>>;

/** What columns are called, as `columnKey` of the kernel writes them. */
const TABLE: Columns = {
  source: 'source',
  invoiceId: 'invoice_id',
  period: 'period',
  amount: 'amount',
  currency: 'currency',
  issuedOn: 'date',
  note: 'note',
};
/** FOCUS 1.4, Invoice Detail: a row per detail of an invoice. */
const FOCUS: Columns = {
  invoiceId: 'InvoiceId',
  period: 'BillingPeriodStart',
  amount: 'BilledCost',
  currency: 'BillingCurrency',
  issuedOn: 'InvoiceIssueDate',
  status: 'InvoiceIssueStatus',
};
const NEEDED: Readonly<Record<InvoiceFileFormat, readonly Column[]>> = {
  table: ['invoiceId', 'period', 'amount'],
  focus: ['invoiceId', 'period', 'amount', 'currency'],
};
/** What tells Invoice Detail from FOCUS's other data sets, folded; one of them will do beside the columns that it needs. */
const OF_INVOICE_DETAIL = [
  'invoicedetailid',
  'invoicedetaildescription',
  'invoicedetailgrain',
  'invoicedetailcreated',
  'invoiceissuestatus',
];
/** No other data set says when a charge ran. */
const OF_COST_AND_USAGE = 'chargeperiodstart';
const NULL = /^null$/i;

export interface FileInvoice {
  /** Of the first row about it. */
  readonly line: number;
  /** Folded; null if the file does not say. */
  readonly source: string | null;
  readonly name: InvoiceName;
  /** Null: the provider voided the invoice. */
  readonly input: InvoiceInput | null;
}

export interface InvoiceFile {
  readonly format: InvoiceFileFormat;
  readonly rowCount: number;
  /** Rows of voided invoices, which count for nothing. */
  readonly voidedRowCount: number;
  /** In the order of the file. */
  readonly invoices: readonly FileInvoice[];
  readonly refusedRows: readonly RefusedRow[];
  /** Columns that mean nothing here. */
  readonly ignoredColumns: readonly string[];
}

/**
 * Reads invoices from CSV: a table with the columns `invoice_id`, `period`, `amount`, and if wished `source`, `currency`, `date`, `note`; or
 * FOCUS Invoice Detail, whose rows are summed up by invoice and billing period.
 * @param ledger currency of rows that name none
 * @throws DomainError `invoices.malformed-file`, `invoices.not-invoices`, `invoices.file-too-large`.
 */
export function readInvoiceFile(content: Uint8Array, ledger: Currency): InvoiceFile {
  const text = utf8Text(content);
  if (text === undefined) {
    throw notInvoices('It is not UTF-8 text; a spreadsheet writes that as “CSV UTF-8”, and a compressed file has to be unpacked first.');
  }
  const records = csvRecords(text, 'invoices');
  const header = readHeader(records.next());
  const refusedRows: RefusedRow[] = [];
  const found = new Map<string, FileInvoice>();
  let rowCount = 0;
  let voidedRowCount = 0;
  for (const record of records) {
    rowCount += 1;
    if (rowCount > MAX_FILE_ROWS) throw tooLarge(`more than ${MAX_FILE_ROWS.toLocaleString('en')} rows`);
    const row = readRow(record, header, ledger);
    if (!('name' in row)) {
      refusedRows.push(...row.refused);
      continue;
    }
    if (row.input === null) voidedRowCount += 1;
    const place = `${row.source ?? ''} ${invoicePlace(row.name)}`;
    const before = found.get(place);
    if (before === undefined) found.set(place, row);
    else if (header.format === 'focus') {
      const summed = added(before, row);
      if (typeof summed === 'string') refusedRows.push(refusedCell(header, row.line, 'currency', row.input?.currency ?? '', summed));
      else found.set(place, summed);
    } else {
      const reason = `It stands on line ${before.line} for the same period already; keep one of the two rows.`;
      refusedRows.push(refusedCell(header, row.line, 'invoiceId', row.name.invoiceId, reason));
    }
  }
  if (rowCount === 0) throw notInvoices('It has a header and no row.');
  const { format, ignoredColumns } = header;
  return { format, rowCount, voidedRowCount, invoices: [...found.values()], refusedRows, ignoredColumns };
}

/** @throws DomainError `invoices.file-too-large`. */
export function requireFileSize(bytes: number): void {
  if (bytes > MAX_FILE_BYTES) throw tooLarge(`${bytes.toLocaleString('en')} bytes, more than ${MAX_FILE_BYTES.toLocaleString('en')}`);
}

/** What the columns are called in files of that format. */
export function columnName(format: InvoiceFileFormat, column: Column): string {
  return (format === 'table' ? TABLE : FOCUS)[column] ?? column;
}

interface Header {
  readonly format: InvoiceFileFormat;
  readonly cellCount: number;
  readonly places: ReadonlyMap<Column, number>;
  readonly ignoredColumns: readonly string[];
}

function readHeader(first: IteratorResult<CsvRecord, unknown>): Header {
  if (first.done === true) throw notInvoices('It is empty.');
  const { cells } = first.value;
  const folded = cells.map((cell) => cell.trim().toLowerCase());
  const format = folded.some((name) => OF_INVOICE_DETAIL.includes(name)) ? 'focus' : 'table';
  if (folded.includes(OF_COST_AND_USAGE)) {
    throw notInvoices('It is FOCUS Cost and Usage: import it as charges, which invoices are held against.');
  }
  const columns = Object.entries(format === 'table' ? TABLE : FOCUS) as [Column, string][];
  const places = new Map<Column, number>();
  const ignoredColumns: string[] = [];
  for (const [place, cell] of folded.entries()) {
    const written = format === 'table' ? columnKey(cell) : cell;
    const [column, name] = columns.find(([, each]) => each.toLowerCase() === written) ?? [];
    if (column === undefined) ignoredColumns.push(cells[place]?.trim() ?? '');
    else if (places.has(column)) throw notInvoices(`The column ${name ?? ''} is there twice; keep one of them.`);
    else places.set(column, place);
  }
  const missing = NEEDED[format].filter((column) => !places.has(column)).map((column) => columnName(format, column));
  if (missing.length > 0) throw notInvoices(missingColumns(format, missing, cells));
  return { format, cellCount: cells.length, places, ignoredColumns };
}

function missingColumns(format: InvoiceFileFormat, missing: readonly string[], cells: readonly string[]): string {
  const separator = separatorProblem(cells);
  if (separator !== undefined) return separator;
  const lacks = `Its first line lacks ${missing.join(', ')}`;
  if (format === 'focus') return `${lacks}, which FOCUS Invoice Detail has.`;
  const all = Object.values(TABLE).join(', ');
  const names = cells.map((cell) => cell.trim()).join(', ');
  return `${lacks} (of ${all}; FOCUS Invoice Detail is taken too); it has ${names.slice(0, 300)}.`;
}

interface RefusedCells {
  readonly refused: readonly RefusedRow[];
}

function readRow(record: CsvRecord, header: Header, ledger: Currency): FileInvoice | RefusedCells {
  const { line, cells } = record;
  const { format, cellCount, places } = header;
  const ragged = raggedRow(record, cellCount);
  if (ragged !== undefined) return { refused: [ragged] };
  const text = (column: Column): string => {
    const cell = composedText(cells[places.get(column) ?? -1] ?? '');
    return format === 'focus' && NULL.test(cell) ? '' : cell;
  };
  const texts = {
    invoiceId: text('invoiceId'),
    period: text('period'),
    amount: text('amount'),
    currency: text('currency') || (format === 'table' ? ledger : ''),
    issuedOn: text('issuedOn'),
    note: text('note'),
  };
  const source = places.has('source') ? foldIdentifier(text('source')) : null;
  const refused = invoiceProblems(texts).map(({ where, what }) => refusedCell(header, line, where, texts[where], what));
  if (source === '') refused.push(refusedCell(header, line, 'source', '', 'Say of which source the invoice is.'));
  const period = periodOf(texts.period);
  if (refused.length > 0 || period === undefined) return { refused };
  const isVoided = text('status').toLowerCase() === 'voided';
  const input: InvoiceInput = {
    amount: texts.amount,
    currency: texts.currency,
    // A data set that does not know the day yet says nothing of it; an empty cell of a table takes it away.
    ...(!places.has('issuedOn') || (texts.issuedOn === '' && format === 'focus') ? {} : { issuedOn: dayOf(texts.issuedOn) ?? '' }),
    ...(places.has('note') ? { note: texts.note } : {}),
  };
  return { line, source, name: { invoiceId: texts.invoiceId, period }, input: isVoided ? null : input };
}

/** Two rows about one invoice and period, or why they don't go together. A voided row counts for nothing beside one that is not. */
function added(one: FileInvoice, other: FileInvoice): FileInvoice | string {
  if (other.input === null) return one;
  if (one.input === null) return { ...other, line: one.line };
  if (one.input.currency?.toUpperCase() !== other.input.currency?.toUpperCase()) {
    return `The invoice is in ${one.input.currency ?? ''} on line ${one.line}; an invoice has one currency.`;
  }
  const amount = Decimal.parse(one.input.amount ?? '0').plus(Decimal.parse(other.input.amount ?? '0'));
  return { ...one, input: { ...other.input, ...one.input, amount: amount.toString() } };
}

function refusedCell({ format }: Header, line: number, column: Column, value: string, reason: string): RefusedRow {
  return refusedRow(line, columnName(format, column), value, reason);
}

function notInvoices(why: string): DomainError {
  return new DomainError('invoices.not-invoices', 'invalid', `The file holds no invoices that can be read. ${why}`);
}

function tooLarge(what: string): DomainError {
  return new DomainError('invoices.file-too-large', 'too-large', `The file has ${what}; hand the invoices in with several files.`);
}
