import type { CsvRecord } from './csv-records.js';
import { DomainError } from './domain-error.js';

/** Findings that a refusal lists; a dry run shows more of them. */
const MOST_PROBLEMS = 100;
const LONGEST_VALUE_SHOWN = 100;
/** Postgres keeps no text with such characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu;

/** A row of a table that is handed in, which can't be taken, and why. */
export interface RefusedRow {
  readonly line: number;
  /** Empty if it is about the row as a whole. */
  readonly column: string;
  /** As written, and cut if it is long. */
  readonly value: string;
  readonly reason: string;
}

export function refusedRow(line: number, column: string, value: string, reason: string): RefusedRow {
  const shown = value.length > LONGEST_VALUE_SHOWN ? `${value.slice(0, LONGEST_VALUE_SHOWN)}…` : value;
  return { line, column, value: shown, reason };
}

/** Undefined if the row has a cell for each column. */
export function raggedRow({ line, cells }: CsvRecord, columnCount: number): RefusedRow | undefined {
  if (cells.length === columnCount) return undefined;
  return refusedRow(
    line,
    '',
    '',
    `The row has ${cells.length} cells and the header ${columnCount}; a text with a comma in it needs quotes.`,
  );
}

/** The refusal of a file with rows that can't be taken: `area` + `.refused-rows`. */
export function refusedRows(area: string, rows: readonly RefusedRow[]): DomainError {
  const count = new Set(rows.map(({ line }) => line)).size;
  const problems = rows.slice(0, MOST_PROBLEMS).map(({ line, column, value, reason }) => ({
    where: column === '' ? `line ${line}` : `line ${line}, ${column}`,
    what: value === '' ? reason : `${value}: ${reason}`,
  }));
  const detail = `${count === 1 ? 'A row' : `${count.toLocaleString('en')} rows`} of the file can't be taken, so nothing of it was. A dry run lists them; mend them and import the file again.`;
  return new DomainError(`${area}.refused-rows`, 'invalid', detail, problems);
}

/** Without its byte order mark; undefined if it is not UTF-8. */
export function utf8Text(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** Headers compare without regard to case, and blanks, `-` and `/` in them are as `_`. */
export function columnKey(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s/-]+/g, '_');
}

/** A sentence for a header of one cell that some other character separates. */
export function separatorProblem(header: readonly string[]): string | undefined {
  const separator = header.length === 1 ? [';', '\t'].find((each) => header[0]?.includes(each)) : undefined;
  return separator && `Its columns are separated by ${separator === ';' ? 'semicolons' : 'tabs'}; save it with commas.`;
}

/** The name of a file as an event can hold it. */
export function storableName(fileName: string): string {
  return fileName.replaceAll(UNPRINTABLE, '\ufffd');
}
