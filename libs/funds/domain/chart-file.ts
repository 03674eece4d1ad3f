import {
  columnKey,
  composedText,
  type CsvRecord,
  csvRecords,
  DomainError,
  raggedRow,
  type RefusedRow,
  refusedRow,
  separatorProblem,
  utf8Text,
} from '#kernel';
import { type FundInput, inputProblems } from './fund.decide.js';
import type { FundField } from './fund-text.js';

/** Some hundred bytes for each of the most funds: a file beyond is not a chart. */
const MAX_CHART_BYTES = 32 * 1024 * 1024;
export const MAX_CHART_ROWS = 100_000;

const COLUMNS: Readonly<Record<FundField, string>> = {
  fundOrg: 'fund_org',
  title: 'title',
  validFrom: 'valid_from',
  validTo: 'valid_to',
  owner: 'owner',
};
const FIELDS = Object.keys(COLUMNS) as readonly FundField[];

export interface ChartRow {
  readonly line: number;
  readonly fundOrg: string;
  /** What the row says; columns that the file lacks say nothing. */
  readonly input: FundInput;
}

export interface ChartFile {
  readonly rowCount: number;
  readonly rows: readonly ChartRow[];
  readonly refusedRows: readonly RefusedRow[];
  /** Every fund/org that the file names, in refused rows too. */
  readonly fundOrgs: ReadonlySet<string>;
  /** Columns of a chart that the file lacks: it says nothing about them. */
  readonly missingColumns: readonly string[];
  /** Columns that mean nothing here. */
  readonly ignoredColumns: readonly string[];
}

/**
 * Reads a chart of funds from CSV: columns `fund_org`, `title`, `valid_from`, `valid_to`, `owner` in any order and case, of which only
 * `fund_org` must be there.
 * @throws DomainError `funds.malformed-file`, `funds.not-a-chart`, `funds.file-too-large`.
 */
export function readChartFile(content: Uint8Array): ChartFile {
  const text = utf8Text(content);
  if (text === undefined) throw notAChart('It is not UTF-8 text; a spreadsheet writes that as “CSV UTF-8”.');
  const records = csvRecords(text, 'funds');
  const header = readHeader(records.next());
  const rows: ChartRow[] = [];
  const refusedRows: RefusedRow[] = [];
  const lineOf = new Map<string, number>();
  let rowCount = 0;
  for (const record of records) {
    rowCount += 1;
    if (rowCount > MAX_CHART_ROWS) throw tooLarge(`more than ${MAX_CHART_ROWS.toLocaleString('en')} rows`);
    const ragged = raggedRow(record, header.cellCount);
    if (ragged !== undefined) {
      refusedRows.push(ragged);
      continue;
    }
    const row = readRow(record, header);
    const refused = problemsOf(row, header, record, lineOf);
    refusedRows.push(...refused);
    if (!lineOf.has(row.fundOrg)) lineOf.set(row.fundOrg, row.line);
    if (refused.length === 0) rows.push(row);
  }
  if (rowCount === 0) throw notAChart('It has a header and no row; the chart stays as it is.');
  const missingColumns = FIELDS.filter((field) => !header.places.has(field)).map((field) => COLUMNS[field]);
  return { rowCount, rows, refusedRows, fundOrgs: new Set(lineOf.keys()), missingColumns, ignoredColumns: header.ignoredColumns };
}

/** @throws DomainError `funds.file-too-large`. */
export function requireChartSize(bytes: number): void {
  if (bytes > MAX_CHART_BYTES) throw tooLarge(`${bytes.toLocaleString('en')} bytes, more than ${MAX_CHART_BYTES.toLocaleString('en')}`);
}

export function refusedCell(line: number, field: FundField, value: string, reason: string): RefusedRow {
  return refusedRow(line, COLUMNS[field], value, reason);
}

interface Header {
  readonly cellCount: number;
  readonly places: ReadonlyMap<FundField, number>;
  readonly ignoredColumns: readonly string[];
}

function readHeader(first: IteratorResult<CsvRecord, unknown>): Header {
  if (first.done === true) throw notAChart('It is empty.');
  const { cells } = first.value;
  const places = new Map<FundField, number>();
  const ignoredColumns: string[] = [];
  for (const [place, cell] of cells.entries()) {
    const written = columnKey(cell);
    const field = FIELDS.find((each) => COLUMNS[each] === written);
    if (field === undefined) ignoredColumns.push(cell.trim());
    else if (places.has(field)) throw notAChart(`The column ${COLUMNS[field]} is there twice; keep one of them.`);
    else places.set(field, place);
  }
  if (!places.has('fundOrg')) {
    const names = cells.map((cell) => cell.trim()).join(', ');
    const lacks = `Its first line lacks the column fund_org (of ${Object.values(COLUMNS).join(', ')}); it has ${names.slice(0, 300)}.`;
    throw notAChart(separatorProblem(cells) ?? lacks);
  }
  return { cellCount: cells.length, places, ignoredColumns };
}

function readRow({ line, cells }: CsvRecord, { places }: Header): ChartRow {
  const text = (field: FundField): string => composedText(cells[places.get(field) ?? -1] ?? '');
  const input = Object.fromEntries(FIELDS.filter((field) => field !== 'fundOrg' && places.has(field)).map((field) => [field, text(field)]));
  return { line, fundOrg: text('fundOrg'), input };
}

function problemsOf(row: ChartRow, { places }: Header, { cells }: CsvRecord, lineOf: ReadonlyMap<string, number>): RefusedRow[] {
  const found = inputProblems(row.fundOrg, row.input).map(({ field, what }) =>
    refusedCell(row.line, field, cells[places.get(field) ?? -1] ?? '', what),
  );
  const earlier = row.fundOrg === '' ? undefined : lineOf.get(row.fundOrg);
  if (earlier === undefined) return found;
  return [...found, refusedCell(row.line, 'fundOrg', row.fundOrg, `It stands on line ${earlier} already; keep one of the two rows.`)];
}

function notAChart(why: string): DomainError {
  return new DomainError('funds.not-a-chart', 'invalid', `The file is no chart of funds. ${why}`);
}

function tooLarge(what: string): DomainError {
  return new DomainError('funds.file-too-large', 'too-large', `The file has ${what}; a chart may be merged from several files.`);
}
