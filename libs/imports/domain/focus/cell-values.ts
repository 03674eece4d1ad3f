import type { CsvRow } from './csv-row.js';

const BLANK = 32;
const DELETE = 127;
const [CAPITAL_N, CAPITAL_U, CAPITAL_L] = [78, 85, 76];
const [SMALL_N, SMALL_U, SMALL_L] = [110, 117, 108];
/** `NULL`, `null`. */
const NULL_LENGTH = 4;

/** The values of a row's cells, as places among its bytes: without surrounding blanks; null is an empty cell, `NULL` or `null` (domain.md §2). */
export class CellValues {
  bytes: Buffer = Buffer.alloc(0);
  /** -1 where the value is null. */
  readonly starts: Int32Array;
  /** Exclusive. */
  readonly ends: Int32Array;

  constructor(columnCount: number) {
    this.starts = new Int32Array(columnCount).fill(-1);
    this.ends = new Int32Array(columnCount);
  }

  /** @param row with as many cells as there are columns. */
  take(row: CsvRow): void {
    const { bytes, keptCount } = row;
    this.bytes = bytes;
    for (let i = 0; i < keptCount; i++) {
      let start = row.starts[i] ?? 0;
      let end = row.ends[i] ?? 0;
      if (start < end && !(isPlain(bytes[start]) && isPlain(bytes[end - 1]))) {
        // Beyond ASCII there are blanks too (no-break space): only plain characters at both ends need no trimming.
        const text = bytes.toString('utf8', start, end).trimStart();
        start = end - Buffer.byteLength(text);
        end = start + Buffer.byteLength(text.trimEnd());
      }
      this.starts[i] = start === end || (end - start === NULL_LENGTH && isNull(bytes, start)) ? -1 : start;
      this.ends[i] = end;
    }
  }

  /** @param index of a column in the file, -1 for one that it lacks */
  has(index: number): boolean {
    return index !== -1 && this.starts[index] !== -1;
  }

  /** @param index of a column that {@link has} a value */
  start(index: number): number {
    return this.starts[index] ?? -1;
  }

  end(index: number): number {
    return this.ends[index] ?? -1;
  }

  text(index: number): string | null {
    return this.has(index) ? this.bytes.toString('utf8', this.start(index), this.end(index)) : null;
  }
}

function isPlain(byte: number | undefined): boolean {
  return byte !== undefined && byte > BLANK && byte < DELETE;
}

function isNull(bytes: Buffer, at: number): boolean {
  const [first, second, third, fourth] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  if (first === CAPITAL_N) return second === CAPITAL_U && third === CAPITAL_L && fourth === CAPITAL_L;
  return first === SMALL_N && second === SMALL_U && third === SMALL_L && fourth === SMALL_L;
}
