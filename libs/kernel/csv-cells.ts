const NEEDS_QUOTES = /[",\r\n]/;
const STARTS_A_FORMULA = /^[=+\-@\t\r]/;

/** One row after RFC 4180, ended by CRLF. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Quotes a cell where RFC 4180 asks for it, and leaves it as it is elsewhere. */
export function csvCell(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Keeps a spreadsheet from running a text cell as a formula: an apostrophe goes before `=`, `+`, `-`, `@`, tab or CR.
 * For text only; amounts are never touched (domain.md §7).
 */
export function guardFormula(text: string): string {
  return STARTS_A_FORMULA.test(text) ? `'${text}` : text;
}
