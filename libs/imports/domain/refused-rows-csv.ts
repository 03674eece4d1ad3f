import type { RefusedRow } from './charge-line.js';

/** The refused rows of an import as CSV: where and why each was refused, then the row as the file has it. */
export function* refusedRowsCsv(columns: readonly string[], rows: readonly RefusedRow[]): Generator<string> {
  yield csvRow(['refused_line', 'refused_column', 'refused_value', 'refused_reason', ...columns]);
  for (const row of rows) yield csvRow([String(row.lineNumber), row.column, row.value, row.reason, ...row.cells]);
}

function csvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
