const NEEDS_QUOTES = /[",\r\n]/;

/** With one of these at its start, a cell is a formula to a spreadsheet (domain.md §7). */
export const FORMULA_STARTS: readonly string[] = ['=', '+', '-', '@', '\t', '\r'];

/** One row after RFC 4180, ended by CRLF. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Quotes a cell where RFC 4180 asks for it, and leaves it as it is elsewhere. */
export function csvCell(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Keeps a spreadsheet from running a text cell as a formula: an apostrophe goes before it. For text only; amounts are never
 * touched (domain.md §7).
 */
export function guardFormula(text: string): string {
  return FORMULA_STARTS.includes(text.charAt(0)) ? `'${text}` : text;
}
