import type { Readable } from 'node:stream';
import { DomainError } from '#kernel';
import type { LineInHand } from '../line-in-hand.js';
import type { RefusedRow } from '../refused-row.js';
import { ChargeLineBuilder, isRefused } from './charge-line-builder.js';
import { CsvScanner } from './csv-scanner.js';
import { readHeader, type FocusHeader } from './focus-header.js';
import { DEFAULT_FOCUS_LIMITS, type FocusReaderOptions } from './focus-options.js';
import { Utf8Check } from './utf8-check.js';

/** What a stretch of a file came to, besides the lines that were taken. */
export interface FocusBatch {
  readonly lineCount: number;
  /** In the file's order. */
  readonly refused: readonly RefusedRow[];
  /** Bytes of the (unpacked) file read so far. */
  readonly bytesRead: number;
}

/** So often, in bytes of cells, whoever reads has a moment to store and to tell how far it is: memory stays bounded whatever the file. */
const BYTES_PER_BATCH = 1024 * 1024;

/**
 * Reads one FOCUS file, of any version, row by row in constant memory. Open it to learn what the header says, then take the batches, once.
 * Every row of the file comes out exactly once: as a charge line or as a refused row.
 */
export class FocusReader {
  private rowCount = 0;

  private constructor(
    readonly header: FocusHeader,
    private readonly rows: FileRows,
    private readonly builder: ChargeLineBuilder,
  ) {}

  /**
   * Reads as far as the header.
   * @throws DomainError `import.empty-file`, `import.wrong-data-set`, `import.missing-columns` and the other refusals of the header;
   * `import.encoding`, `import.not-text`, `import.nul-byte`; `import.pattern`, `import.date-format`; what the stream itself throws.
   */
  static async open(input: Readable, options: FocusReaderOptions): Promise<FocusReader> {
    const limits = options.limits ?? DEFAULT_FOCUS_LIMITS;
    const rows = new FileRows(input, new CsvScanner(limits));
    try {
      const { scanner } = rows;
      while (!scanner.next()) if (!(await rows.readOn())) throw emptyFile();
      const { lineNumber, cellCount } = scanner.row;
      const header = readHeader({ lineNumber, cellCount, cells: scanner.row.texts() }, options, limits.maxColumns);
      return new FocusReader(header, rows, new ChargeLineBuilder(header, options));
    } catch (error) {
      input.destroy();
      throw error;
    }
  }

  /** What the report should say about the file as a whole; complete once all batches are taken. */
  get warnings(): readonly string[] {
    const ofRows = this.rowCount > 0 ? this.builder.warnings : ['The file has a header and no rows: nothing is charged.'];
    return [...this.header.warnings, ...ofRows];
  }

  /**
   * @param take gets every line at once, while it is in hand
   * @throws DomainError `import.unterminated-quote`, `import.cell-too-large`, `import.encoding`, `import.nul-byte`; what the stream itself throws.
   */
  async *batches(take: (line: LineInHand) => void): AsyncGenerator<FocusBatch> {
    const { rows } = this;
    try {
      for (;;) {
        const { batch, isFull, failure } = this.readBatch(take);
        // The report tells what was found until the reading broke off.
        if (batch.lineCount + batch.refused.length > 0) yield batch;
        if (failure !== null) throw failure.error;
        if (!isFull && !(await rows.readOn())) return;
      }
    } finally {
      await rows.close();
    }
  }

  /** Reads rows until a batch is full, or those that are complete are read. */
  private readBatch(take: (line: LineInHand) => void): { batch: FocusBatch; isFull: boolean; failure: { error: unknown } | null } {
    const { builder } = this;
    const { scanner, bytesRead } = this.rows;
    const refused: RefusedRow[] = [];
    let lineCount = 0;
    let size = 0;
    let failure: { error: unknown } | null = null;
    try {
      while (size < BYTES_PER_BATCH && scanner.next()) {
        this.rowCount += 1;
        const built = builder.build(scanner.row);
        if (isRefused(built)) refused.push(built);
        else {
          lineCount += 1;
          take(built);
        }
        size += scanner.row.size;
      }
    } catch (error) {
      failure = { error };
    }
    return { batch: { lineCount, refused, bytesRead }, isFull: size >= BYTES_PER_BATCH, failure };
  }
}

/** A file on its way into the scanner. */
class FileRows {
  bytesRead = 0;
  private readonly text = new Utf8Check();
  private readonly pieces: AsyncIterator<Buffer | string>;
  private ended = false;

  constructor(
    input: Readable,
    readonly scanner: CsvScanner,
  ) {
    this.pieces = (input as AsyncIterable<Buffer | string>)[Symbol.asyncIterator]();
  }

  /** Hands the next piece to the scanner. @returns false if there is none. */
  async readOn(): Promise<boolean> {
    if (this.ended) return false;
    const { scanner, text } = this;
    const next = await this.pieces.next();
    if (next.done === true) {
      this.ended = true;
      scanner.push(text.end(scanner.currentLine));
      scanner.end();
      return true;
    }
    const bytes = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
    this.bytesRead += bytes.length;
    scanner.push(text.pass(bytes, scanner.currentLine));
    return true;
  }

  async close(): Promise<void> {
    await this.pieces.return?.();
  }
}

function emptyFile(): DomainError {
  return new DomainError('import.empty-file', 'invalid', 'The file is empty: it has not even a header. Export it again.');
}
