import type { CsvDialect, SourceProfile, FocusRow } from './focus-row.js';

const PLAIN: CsvDialect = { byteOrderMark: false, newline: '\n', quotes: 'needed', finalNewline: true };
/** Journals are CSV with CRLF (domain.md §7). */
const JOURNAL: CsvDialect = { ...PLAIN, newline: '\r\n' };

function cell(text: string, dialect: CsvDialect): string {
  return dialect.quotes === 'all' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function writeCsv(records: readonly (readonly string[])[], dialect: CsvDialect): string {
  const body = records.map((record) => record.map((text) => cell(text, dialect)).join(',')).join(dialect.newline);
  return `${dialect.byteOrderMark ? '\ufeff' : ''}${body}${dialect.finalNewline ? dialect.newline : ''}`;
}

export function writeFocusCsv(profile: SourceProfile, rows: readonly FocusRow[]): string {
  return writeCsv([profile.columns, ...rows.map((row) => profile.columns.map((column) => row[column] ?? ''))], profile.dialect);
}

export function writeTable(records: readonly (readonly string[])[]): string {
  return writeCsv(records, PLAIN);
}

export function writeJournal(records: readonly (readonly string[])[]): string {
  return writeCsv(records, JOURNAL);
}
