import { hash } from 'node:crypto';
import { foldColumnName, isAmountColumn } from './focus-columns.js';

/**
 * Tells which line of an earlier import a row restates (domain.md §2, line identity): 128 bits over every column but amounts, prices and
 * quantities, or over the source's declared line id. The order of columns, and columns that are null, make no difference.
 */
export class LineFingerprint {
  /** Columns that count, sorted by name. */
  private readonly columns: readonly { readonly index: number; readonly prefix: string }[];
  private readonly lineIdIndex: number;

  constructor(foldedNames: readonly string[], lineIdColumn: string | null) {
    this.columns = foldedNames
      .map((name, index) => ({ index, name, prefix: `${name}\0` }))
      .filter((column) => !isAmountColumn(column.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    this.lineIdIndex = lineIdColumn === null ? -1 : foldedNames.indexOf(foldColumnName(lineIdColumn));
  }

  /** @param values the row's cells, trimmed, null where the cell is null. A row without a line id falls back on its columns. */
  of(values: readonly (string | null)[]): string {
    const lineId = this.lineIdIndex === -1 ? null : (values[this.lineIdIndex] ?? null);
    if (lineId !== null) return md5Uuid(`\0line-id\0${lineId}`);
    // No cell holds a NUL, so no two different rows give the same text.
    let text = '';
    for (const column of this.columns) {
      const value = values[column.index];
      if (value !== null && value !== undefined) text += `${column.prefix}${value}\0`;
    }
    return md5Uuid(text);
  }
}

/** MD5 names a line here and secures nothing; control totals and digests do that. */
function md5Uuid(text: string): string {
  const hex = hash('md5', text, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
