import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { FileStorage, StoredFile } from '#platform';
import type { RefusedRow } from '../domain/refused-row.js';
import { refusedRowCsv, refusedRowsHeader } from '../domain/refused-rows-csv.js';

/** So many refused rows are in a report; all of them are in the CSV. */
const SHOWN = 100;

/** The refused rows of a file, written to storage while it is read: memory holds the first of them, however many there are. */
export class RefusedRows {
  /** The first refused rows, for the report. */
  readonly shown: Omit<RefusedRow, 'cells'>[] = [];
  count = 0;
  private sink: PassThrough | null = null;
  private stored: Promise<StoredFile> | null = null;

  constructor(
    private readonly storage: Pick<FileStorage, 'put'>,
    private readonly columns: readonly string[],
  ) {}

  /** @throws what the storage throws; then {@link discard} remains. */
  async add(rows: readonly RefusedRow[]): Promise<void> {
    if (rows.length === 0) return;
    let csv = this.count === 0 ? refusedRowsHeader(this.columns) : '';
    this.count += rows.length;
    for (const row of rows) {
      csv += refusedRowCsv(row);
      if (this.shown.length === SHOWN) continue;
      const { cells: _cells, ...told } = row;
      this.shown.push(told);
    }
    const { sink, stored } = this.open();
    if (sink.write(csv)) return;
    // The storage failing is the one reason for which no room would ever be made.
    await Promise.race([once(sink, 'drain'), stored]);
  }

  /** Ends the writing. @returns the CSV in storage, or null where no row was refused. @throws what the storage throws. */
  async keep(): Promise<string | null> {
    if (this.sink === null || this.stored === null) return null;
    this.sink.end();
    return (await this.stored).sha256;
  }

  /** Leaves nothing in storage, unless {@link keep} is through already. */
  async discard(): Promise<void> {
    if (this.sink === null) return;
    this.sink.destroy();
    await this.stored?.catch(() => undefined);
  }

  private open(): { sink: PassThrough; stored: Promise<StoredFile> } {
    const sink = this.sink ?? new PassThrough();
    const stored = this.stored ?? this.storage.put(sink);
    if (this.stored === null) {
      // Awaited when room is short, and at the end; until then a failure must not count as unhandled.
      stored.catch(() => undefined);
    }
    this.sink = sink;
    this.stored = stored;
    return { sink, stored };
  }
}
