/** Cells of a row have room for so many at first; a header with more makes more. */
const FIRST_ROOM = 64;

/**
 * One row of a CSV file while it is in hand: where the text of each cell lies among the bytes, quotes removed. It is the scanner's own and
 * changes with the next row.
 */
export class CsvRow {
  /** The physical line on which the row begins. */
  lineNumber = 1;
  bytes: Buffer = Buffer.alloc(0);
  starts = new Int32Array(FIRST_ROOM);
  /** Exclusive. */
  ends = new Int32Array(FIRST_ROOM);
  /** How many cells the row has; more than `keptCount` where the limit on columns cut the list short. */
  cellCount = 0;
  keptCount = 0;
  /** Index of the first cell with text after its closing quote, or -1. */
  malformedCell = -1;
  /** Bytes of all cells, and one for each. */
  size = 0;

  /** The kept cells as text. */
  texts(): string[] {
    return Array.from({ length: this.keptCount }, (_, index) => this.text(index));
  }

  text(index: number): string {
    return this.bytes.toString('utf8', this.starts[index], this.ends[index]);
  }

  clear(lineNumber: number): void {
    this.lineNumber = lineNumber;
    this.cellCount = 0;
    this.keptCount = 0;
    this.malformedCell = -1;
    this.size = 0;
  }

  keep(start: number, end: number): void {
    if (this.keptCount === this.starts.length) {
      this.starts = enlarged(this.starts);
      this.ends = enlarged(this.ends);
    }
    this.starts[this.keptCount] = start;
    this.ends[this.keptCount] = end;
    this.keptCount += 1;
  }

  /** The bytes have moved towards the front. */
  shift(by: number): void {
    for (let i = 0; i < this.keptCount; i++) {
      this.starts[i] = (this.starts[i] ?? 0) - by;
      this.ends[i] = (this.ends[i] ?? 0) - by;
    }
  }
}

function enlarged(places: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(places.length * 2);
  larger.set(places);
  return larger;
}
