import type { Readable } from 'node:stream';
import { DomainError } from '#kernel';
import type { ChargeLine, RefusedRow } from '../charge-line.js';
import { ChargeLineBuilder, isRefused } from './charge-line-builder.js';
import { CsvTokenizer, type CsvRow } from './csv-tokenizer.js';
import { readHeader, type FocusHeader } from './focus-header.js';
import { DEFAULT_FOCUS_LIMITS, type FocusReaderOptions } from './focus-options.js';
import { Utf8Text } from './utf8-text.js';

/** Some rows of a file, in the file's order within each list. */
export interface FocusBatch {
  readonly lines: readonly ChargeLine[];
  readonly refused: readonly RefusedRow[];
  /** Bytes of the (unpacked) file read so far. */
  readonly bytesRead: number;
}

/** Small enough that lines are done with before the garbage collector moves them: 500 reads a fifth faster than 2,000. */
const ROWS_PER_BATCH = 500;
/** A batch of wide rows ends earlier, so that memory stays bounded whatever the file. UTF-16 units. */
const TEXT_PER_BATCH = 4 * 1024 * 1024;

/**
 * Reads one FOCUS file, of any version, row by row in constant memory. Open it to learn what the header says, then take the batches, once.
 * Every row of the file comes out exactly once: as a charge line or as a refused row.
 */
export class FocusReader {
  private rowCount = 0;

  private constructor(
    readonly header: FocusHeader,
    private readonly rows: AsyncGenerator<RowPiece>,
    private readonly firstRows: RowPiece,
    private readonly builder: ChargeLineBuilder,
  ) {}

  /**
   * Reads as far as the header.
   * @throws DomainError `import.empty-file`, `import.wrong-data-set`, `import.missing-columns` and the other refusals of the header;
   * `import.encoding`, `import.not-text`, `import.nul-byte`; `import.pattern`, `import.date-format`; what the stream itself throws.
   */
  static async open(input: Readable, options: FocusReaderOptions): Promise<FocusReader> {
    const rows = readRows(input, options);
    try {
      for (;;) {
        const next = await rows.next();
        if (next.done === true) throw emptyFile();
        const [first, ...others] = next.value.rows;
        if (first === undefined) continue;
        const header = readHeader(first, options, (options.limits ?? DEFAULT_FOCUS_LIMITS).maxColumns);
        return new FocusReader(header, rows, { ...next.value, rows: others }, new ChargeLineBuilder(header, options));
      }
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

  /** @throws DomainError `import.unterminated-quote`, `import.cell-too-large`, `import.encoding`, `import.nul-byte`; what the stream itself throws. */
  async *batches(): AsyncGenerator<FocusBatch> {
    let lines: ChargeLine[] = [];
    let refused: RefusedRow[] = [];
    let size = 0;
    let bytesRead = 0;
    try {
      for await (const piece of prepend(this.firstRows, this.rows)) {
        bytesRead = piece.bytesRead;
        for (const row of piece.rows) {
          this.rowCount += 1;
          const built = this.builder.build(row);
          if (isRefused(built)) refused.push(built);
          else lines.push(built);
          size += row.size;
          if (lines.length + refused.length < ROWS_PER_BATCH && size < TEXT_PER_BATCH) continue;
          yield { lines, refused, bytesRead };
          lines = [];
          refused = [];
          size = 0;
        }
      }
    } catch (error) {
      // The report tells what was found until the reading broke off.
      if (lines.length + refused.length > 0) yield { lines, refused, bytesRead };
      throw error;
    }
    if (lines.length + refused.length > 0) yield { lines, refused, bytesRead };
  }
}

/** The batches alone, for a caller that asks nothing of the header. @throws DomainError as {@link FocusReader}. */
export async function* readFocus(input: Readable, options: FocusReaderOptions): AsyncGenerator<FocusBatch> {
  const reader = await FocusReader.open(input, options);
  yield* reader.batches();
}

interface RowPiece {
  readonly rows: readonly CsvRow[];
  readonly bytesRead: number;
}

async function* readRows(input: Readable, options: FocusReaderOptions): AsyncGenerator<RowPiece> {
  const tokenizer = new CsvTokenizer(options.limits ?? DEFAULT_FOCUS_LIMITS);
  const text = new Utf8Text();
  let bytesRead = 0;
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytesRead += bytes.length;
    const rows = tokenizer.push(text.decode(bytes, tokenizer.currentLine));
    if (rows.length > 0) yield { rows, bytesRead };
  }
  const rows = [...tokenizer.push(text.end(tokenizer.currentLine)), ...tokenizer.end()];
  yield { rows, bytesRead };
}

async function* prepend(first: RowPiece, rest: AsyncGenerator<RowPiece>): AsyncGenerator<RowPiece> {
  yield first;
  yield* rest;
}

function emptyFile(): DomainError {
  return new DomainError('import.empty-file', 'invalid', 'The file is empty: it has not even a header. Export it again.');
}
