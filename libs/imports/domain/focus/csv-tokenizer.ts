import { DomainError } from '#kernel';

/** One row of a CSV file: its cells as written (quotes removed) and the physical line on which it begins. */
export interface CsvRow {
  readonly lineNumber: number;
  readonly cells: string[];
  /** How many cells the row has; more than `cells.length` where the limit on columns cut the list short. */
  readonly cellCount: number;
  /** Index of the first cell with text after its closing quote, or -1. */
  readonly malformedCell: number;
  /** Length of the row's text, in UTF-16 units: what a reader needs to bound a batch. */
  readonly size: number;
}

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

/**
 * Splits text, handed over in pieces, into CSV rows (RFC 4180; also lone CR or LF as line ends, blank lines skipped).
 *
 * Own code, because csv-parser 3.2 loses what billing needs: it takes an unterminated quote for the end of the file, drops a
 * duplicate column, leaves a short row's missing cells out without a word unless the whole read is to fail, fixes the line end at
 * the first CR it meets, and counts rows, not the physical lines that a report must name.
 *
 * Work and memory are linear in the text: a cell that spans pieces is resumed, not read again from the start of its row.
 */
export class CsvTokenizer {
  private cells: string[] = [];
  private cellCount = 0;
  private malformedCell = -1;
  private rowSize = 0;
  private rowLine = 1;
  /** Physical line of the next character. */
  private line = 1;
  /** Text held back because its meaning depends on what follows. */
  private held = '';
  /** How much of the held text has been looked at already. */
  private heldScanned = 0;
  private insideQuotes = false;
  private quoteLine = 0;
  /** Parts of a quoted cell that is not complete yet. */
  private parts: string[] = [];
  private partsSize = 0;

  /** A cell of this many UTF-16 units or fewer (three bytes of UTF-8 each, at most) needs no closer look. */
  private readonly carefreeSize: number;

  constructor(private readonly limits: CsvLimits) {
    this.carefreeSize = Math.floor(limits.maxCellBytes / 3);
  }

  /**
   * Takes the next piece and answers the rows that it completes.
   * @throws DomainError `import.cell-too-large`.
   */
  push(piece: string): CsvRow[] {
    return this.scan(this.held + piece, false);
  }

  /**
   * Ends the text and answers the last row, if the file did not end with a line end.
   * @throws DomainError `import.unterminated-quote`.
   */
  end(): CsvRow[] {
    return this.scan(this.held, true);
  }

  /** The physical line on which the next character lies. */
  get currentLine(): number {
    return this.line;
  }

  private scan(text: string, isEnd: boolean): CsvRow[] {
    const rows: CsvRow[] = [];
    const length = text.length;
    let position = 0;
    let scanned = this.heldScanned;
    this.held = '';
    this.heldScanned = 0;

    while (position < length) {
      if (!this.insideQuotes && this.parts.length === 0 && text.charCodeAt(position) === QUOTE) {
        this.insideQuotes = true;
        this.quoteLine = this.line;
        position += 1;
      }
      if (this.insideQuotes) {
        position = this.scanQuoted(text, position, isEnd);
        if (this.isInsideQuotes()) break;
        // A closing quote has been found: what follows it decides whether the cell is well formed.
      }
      const begin = position;
      position += scanned;
      scanned = 0;
      let code = -1;
      while (position < length) {
        code = text.charCodeAt(position);
        if (code === COMMA || code === LINE_FEED || code === CARRIAGE_RETURN) break;
        position += 1;
      }
      const complete = position < length && (code !== CARRIAGE_RETURN || position + 1 < length || isEnd);
      if (!complete && !isEnd) {
        this.held = text.slice(begin);
        this.heldScanned = position - begin;
        if (this.held.length > this.limits.maxCellBytes) throw this.cellTooLarge();
        break;
      }
      this.finishCell(text.slice(begin, position));
      if (position >= length) break;
      position += 1;
      if (code === COMMA) continue;
      if (code === CARRIAGE_RETURN && text.charCodeAt(position) === LINE_FEED) position += 1;
      this.line += 1;
      this.finishRow(rows);
    }

    if (isEnd) {
      if (this.insideQuotes) throw unterminatedQuote(this.quoteLine);
      // A comma at the very end of the file opens one more, empty cell.
      if (this.cellCount > 0 && length === 0) this.finishCell('');
      this.finishRow(rows);
    }
    return rows;
  }

  /** Asked again after {@link scanQuoted}, which may have found the closing quote. */
  private isInsideQuotes(): boolean {
    return this.insideQuotes;
  }

  /** Reads on inside quotes and answers the position after the closing quote, or the text's end if it is not there yet. */
  private scanQuoted(text: string, from: number, isEnd: boolean): number {
    let position = from;
    let hasDoubled = false;
    for (;;) {
      const quote = text.indexOf('"', position);
      const next = quote + 1;
      if (quote === -1 || (next === text.length && !isEnd)) {
        // A quote or a CR at the end of the piece is held back: the next piece may begin with its other half.
        let end = quote === -1 ? text.length : quote;
        if (quote === -1 && !isEnd && end > position && text.charCodeAt(end - 1) === CARRIAGE_RETURN) end -= 1;
        this.addPart(text.slice(from, end), hasDoubled);
        this.held = text.slice(end);
        return text.length;
      }
      if (text.charCodeAt(next) === QUOTE) {
        hasDoubled = true;
        position = next + 1;
        continue;
      }
      this.addPart(text.slice(from, quote), hasDoubled);
      this.insideQuotes = false;
      return next;
    }
  }

  private addPart(written: string, hasDoubled: boolean): void {
    // Not replaceAll: that leaves a chain of pieces behind, which costs whoever looks at the text first.
    const part = hasDoubled ? written.replace(/""/g, '"') : written;
    this.parts.push(part);
    this.partsSize += part.length;
    this.line += countLineEnds(part);
    if (this.partsSize > this.limits.maxCellBytes) throw this.cellTooLarge();
  }

  private finishCell(unquoted: string): void {
    let cell = unquoted;
    if (this.parts.length > 0) {
      if (!isBlank(unquoted) && this.malformedCell === -1) this.malformedCell = this.cellCount;
      cell = this.parts.length === 1 ? (this.parts[0] ?? '') : this.parts.join('');
      if (!isBlank(unquoted)) cell += unquoted;
      this.parts = [];
      this.partsSize = 0;
    }
    if (cell.length > this.carefreeSize && Buffer.byteLength(cell) > this.limits.maxCellBytes) throw this.cellTooLarge();
    if (this.cells.length < this.limits.maxColumns) this.cells.push(cell);
    this.cellCount += 1;
    this.rowSize += cell.length + 1;
    if (this.rowSize > this.limits.maxCellBytes * 2) throw rowTooLarge(this.rowLine, this.limits);
  }

  private finishRow(rows: CsvRow[]): void {
    const { cells, cellCount } = this;
    const blank = cellCount === 0 || (cellCount === 1 && isBlank(cells[0] ?? ''));
    if (!blank) {
      rows.push({ lineNumber: this.rowLine, cells, cellCount, malformedCell: this.malformedCell, size: this.rowSize });
    }
    this.cells = [];
    this.cellCount = 0;
    this.malformedCell = -1;
    this.rowSize = 0;
    this.rowLine = this.line;
  }

  private cellTooLarge(): DomainError {
    const line = this.insideQuotes ? this.quoteLine : this.line;
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
    `The row that begins on line ${line} is larger than ${limits.maxCellBytes * 2} characters. Check that the file is a CSV file with one charge per row.`,
  );
}

function unterminatedQuote(line: number): DomainError {
  return new DomainError(
    'import.unterminated-quote',
    'invalid',
    `A quote is opened on line ${line} and never closed, so everything after it is one cell. Close the quote, or export the file again if it was cut short.`,
  );
}

function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== SPACE && code !== TAB) return false;
  }
  return true;
}

/** CRLF, LF and CR each end one line. */
function countLineEnds(text: string): number {
  if (!text.includes('\n') && !text.includes('\r')) return 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LINE_FEED || (code === CARRIAGE_RETURN && text.charCodeAt(i + 1) !== LINE_FEED)) count += 1;
  }
  return count;
}
