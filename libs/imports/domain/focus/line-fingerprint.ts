import { hash } from 'node:crypto';
import type { CellValues } from './cell-values.js';
import { foldColumnName, isAmountColumn } from './focus-columns.js';

const FIRST_ROOM = 4096;
/** From so many bytes on, copying as a whole is faster than one by one. */
const LONG = 160;
const LINE_ID_PREFIX = Buffer.from('\0line-id\0');

/**
 * Tells which line of an earlier import a row restates (domain.md §2, line identity): 128 bits over every column but amounts, prices and
 * quantities, or over the source's declared line id. The order of columns, and columns that are null, make no difference.
 */
export class LineFingerprint {
  /** Columns that count, sorted by name. */
  private readonly columns: readonly { readonly index: number; readonly prefix: Buffer }[];
  private readonly lineIdIndex: number;
  private room = Buffer.allocUnsafe(FIRST_ROOM);
  private used = 0;

  constructor(foldedNames: readonly string[], lineIdColumn: string | null) {
    this.columns = foldedNames
      .map((name, index) => ({ index, name, prefix: Buffer.from(`${name}\0`) }))
      .filter((column) => !isAmountColumn(column.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    this.lineIdIndex = lineIdColumn === null ? -1 : foldedNames.indexOf(foldColumnName(lineIdColumn));
  }

  /**
   * A row without a line id falls back on its columns.
   * @returns 32 hexadecimal digits
   */
  of(values: CellValues): string {
    this.used = 0;
    const { bytes, starts, ends } = values;
    if (values.has(this.lineIdIndex)) {
      this.append(LINE_ID_PREFIX, 0, LINE_ID_PREFIX.length);
      this.append(bytes, starts[this.lineIdIndex] ?? 0, ends[this.lineIdIndex] ?? 0);
      return this.md5();
    }
    // No cell holds a NUL, so no two different rows give the same bytes.
    for (const { index, prefix } of this.columns) {
      const start = starts[index] ?? -1;
      if (start < 0) continue;
      this.append(prefix, 0, prefix.length);
      this.append(bytes, start, ends[index] ?? 0);
      this.room[this.used] = 0;
      this.used += 1;
    }
    return this.md5();
  }

  /** Appends, and leaves room for one byte more. */
  private append(source: Buffer, start: number, end: number): void {
    const length = end - start;
    if (this.used + length >= this.room.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.used + length + 1, this.room.length * 2));
      this.room.copy(larger, 0, 0, this.used);
      this.room = larger;
    }
    const { room, used } = this;
    if (length >= LONG) source.copy(room, used, start, end);
    else for (let i = 0; i < length; i++) room[used + i] = source[start + i] ?? 0;
    this.used = used + length;
  }

  /** MD5 names a line here and secures nothing; control totals and digests do that. */
  private md5(): string {
    return hash('md5', this.room.subarray(0, this.used), 'hex');
  }
}
