import { DomainError } from '#kernel';
import { CsvRow } from './csv-row.js';

export interface CsvLimits {
  /** Largest cell, in bytes of UTF-8. */
  readonly maxCellBytes: number;
  /** Largest number of cells kept of a row. */
  readonly maxColumns: number;
}

const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
/** Whatever ends a cell is no greater than this; most of what is in one is greater. */
const LAST_END_OF_CELL = COMMA;
const FIRST_ROOM = 256 * 1024;

/** Where the next byte stands: before the first one of a cell, outside quotes, in them, or behind the closing one. */
type Place = 'begin' | 'unquoted' | 'in quotes' | 'behind quotes';

/**
 * Splits the bytes of a text in UTF-8, handed over in pieces, into CSV rows (RFC 4180; also lone CR or LF as line ends, blank lines skipped).
 * Cells stay bytes: a million of them become the bytes of COPY without ever having been texts. Doubled quotes are taken out where they lie, in a
 * copy of the piece.
 *
 * Own code, because csv-parser 3.2 loses what billing needs: it takes an unterminated quote for the end of the file, drops a
 * duplicate column, leaves a short row's missing cells out without a word unless the whole read is to fail, fixes the line end at
 * the first CR it meets, and counts rows, not the physical lines that a report must name.
 *
 * Work and memory are linear in the text: a cell that spans pieces is resumed, not read again from the start of its row.
 */
export class CsvScanner {
  /** The row that {@link next} found; valid until it is asked again or another piece comes. */
  readonly row = new CsvRow();
  private bytes: Buffer = Buffer.allocUnsafe(FIRST_ROOM);
  private length = 0;
  private ended = false;
  /** The next byte to look at. */
  private at = 0;
  private rowStart = 0;
  private isRowDone = true;
  private place: Place = 'begin';
  private cellStart = 0;
  /** Where the next byte of a quoted cell goes, and where what follows its closing quote began. */
  private cellEnd = 0;
  private behindStart = 0;
  private quoteLine = 0;
  /** Physical line of the next byte. */
  private line = 1;
  /** A CR ended the row before: a LF now belongs to it. */
  private afterCarriageReturn = false;

  constructor(private readonly limits: CsvLimits) {}

  /** Hands over the next piece. Take all rows of the pieces before with {@link next} first. */
  push(piece: Buffer): void {
    const from = this.isRowDone ? this.at : this.rowStart;
    const kept = this.length - from;
    const needed = kept + piece.length;
    if (needed > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(larger, 0, from, this.length);
      this.bytes = larger;
    } else if (from > 0 && kept > 0) {
      this.bytes.copyWithin(0, from, this.length);
    }
    piece.copy(this.bytes, kept);
    this.length = needed;
    this.at -= from;
    this.rowStart = 0;
    this.cellStart -= from;
    this.cellEnd -= from;
    this.behindStart -= from;
    if (!this.isRowDone) this.row.shift(from);
    this.row.bytes = this.bytes;
  }

  /** No more pieces come: {@link next} answers the last row, if the file did not end with a line end. */
  end(): void {
    this.ended = true;
  }

  /** The physical line on which the next byte lies. */
  get currentLine(): number {
    return this.afterCarriageReturn ? this.line - 1 : this.line;
  }

  /**
   * Goes to the next row that is complete.
   * @returns false if there is none before the next piece comes, or at all.
   * @throws DomainError `import.cell-too-large`, `import.row-too-large`, `import.unterminated-quote`.
   */
  next(): boolean {
    if (this.isRowDone) this.beginRow();
    while (this.at < this.length) {
      if (this.afterCarriageReturn && this.skipsLineFeed()) continue;
      if (this.place === 'begin') this.beginCell();
      if (this.isInQuotes() && !this.scanQuoted()) break;
      if (!this.scanToEndOfCell()) break;
      if (this.finishesRow()) return true;
    }
    return this.ended && this.endFile();
  }

  private beginRow(): void {
    this.isRowDone = false;
    this.rowStart = this.at;
    this.row.clear(this.line);
  }

  private skipsLineFeed(): boolean {
    this.afterCarriageReturn = false;
    if (this.bytes[this.at] !== LINE_FEED) return false;
    this.at += 1;
    this.rowStart = this.at;
    return true;
  }

  private beginCell(): void {
    const isQuoted = this.bytes[this.at] === QUOTE;
    this.place = isQuoted ? 'in quotes' : 'unquoted';
    if (isQuoted) {
      this.quoteLine = this.line;
      this.at += 1;
    }
    this.cellStart = this.at;
    this.cellEnd = this.at;
  }

  /** Asked again after {@link beginCell}, which may have found an opening quote. */
  private isInQuotes(): boolean {
    return this.place === 'in quotes';
  }

  /** Reads on inside quotes. @returns whether the closing quote was found. */
  private scanQuoted(): boolean {
    const { bytes, length } = this;
    let { at, cellEnd: to } = this;
    let isClosed = false;
    while (at < length) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        const isLast = at + 1 === length;
        // Whether it closes the cell is told by the next byte.
        if (isLast && !this.ended) break;
        at += 1;
        isClosed = isLast || bytes[at] !== QUOTE;
        if (isClosed) break;
      } else if (byte <= CARRIAGE_RETURN && (byte === CARRIAGE_RETURN || (byte === LINE_FEED && bytes[at - 1] !== CARRIAGE_RETURN))) {
        this.line += 1;
      }
      bytes[to] = byte;
      to += 1;
      at += 1;
    }
    this.at = at;
    this.cellEnd = to;
    if (to - this.cellStart > this.limits.maxCellBytes) throw this.cellTooLarge();
    if (!isClosed) return false;
    this.place = 'behind quotes';
    this.behindStart = at;
    return true;
  }

  /** Reads on outside quotes. @returns whether the cell's end was found. */
  private scanToEndOfCell(): boolean {
    const { bytes, length } = this;
    let { at } = this;
    while (at < length) {
      const byte = bytes[at] ?? 0;
      if (byte <= LAST_END_OF_CELL && (byte === COMMA || byte === LINE_FEED || byte === CARRIAGE_RETURN)) break;
      at += 1;
    }
    this.at = at;
    if (at < length) return true;
    const size = this.place === 'unquoted' ? at - this.cellStart : this.cellEnd - this.cellStart + at - this.behindStart;
    if (size > this.limits.maxCellBytes) throw this.cellTooLarge();
    return false;
  }

  /** At the byte that ended a cell. @returns whether the cell was the last one of a row that is not blank. */
  private finishesRow(): boolean {
    const byte = this.bytes[this.at];
    this.finishCell();
    this.at += 1;
    if (byte === COMMA) return false;
    this.line += 1;
    this.afterCarriageReturn = byte === CARRIAGE_RETURN;
    return this.finishRow();
  }

  private finishCell(): void {
    const { row, bytes, limits, cellStart } = this;
    let end = this.at;
    if (this.place === 'behind quotes') {
      end = this.cellEnd;
      if (!isBlank(bytes, this.behindStart, this.at)) {
        if (row.malformedCell === -1) row.malformedCell = row.cellCount;
        bytes.copyWithin(end, this.behindStart, this.at);
        end += this.at - this.behindStart;
      }
    }
    const size = end - cellStart;
    if (size > limits.maxCellBytes) throw this.cellTooLarge();
    if (row.keptCount < limits.maxColumns) row.keep(cellStart, end);
    row.cellCount += 1;
    row.size += size + 1;
    if (row.size > limits.maxCellBytes * 2) throw rowTooLarge(row.lineNumber, limits);
    this.place = 'begin';
  }

  /** @returns false for a blank row, instead of which the next one begins. */
  private finishRow(): boolean {
    const { row } = this;
    if (row.cellCount === 1 && isBlank(this.bytes, row.starts[0] ?? 0, row.ends[0] ?? 0)) {
      this.beginRow();
      return false;
    }
    this.isRowDone = true;
    return true;
  }

  private endFile(): boolean {
    if (this.place === 'in quotes') throw unterminatedQuote(this.quoteLine);
    if (this.place === 'begin') {
      if (this.row.cellCount === 0) return false;
      // A comma at the very end of the file opens one more, empty cell.
      this.beginCell();
    }
    this.finishCell();
    return this.finishRow();
  }

  private cellTooLarge(): DomainError {
    const line = this.place === 'unquoted' ? this.line : this.quoteLine;
    return new DomainError(
      'import.cell-too-large',
      'too-large',
      `The cell that begins on line ${line} is larger than ${this.limits.maxCellBytes} bytes. ` +
        'Most often a quote that is opened there is never closed; mend the line, or leave the column out of the export.',
    );
  }
}

function rowTooLarge(line: number, limits: CsvLimits): DomainError {
  return new DomainError(
    'import.row-too-large',
    'too-large',
    `The row that begins on line ${line} is larger than ${limits.maxCellBytes * 2} bytes. Check that the file is a CSV file with one charge per row.`,
  );
}

function unterminatedQuote(line: number): DomainError {
  return new DomainError(
    'import.unterminated-quote',
    'invalid',
    `A quote is opened on line ${line} and never closed, so everything after it is one cell. Close the quote, or export the file again if it was cut short.`,
  );
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (byte !== SPACE && byte !== TAB) return false;
  }
  return true;
}
