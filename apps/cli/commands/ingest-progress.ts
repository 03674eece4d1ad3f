import type { Progress } from '../output/progress.js';
import type { Session } from '../session.js';

/** How far the reading of a file is, as its reader tells it. */
export interface FileProgress {
  readonly bytesRead: number;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * How far several files are that are read side by side: on a terminal one bar for all, by their bytes; in a pipe each file's own lines.
 * The size of a file is known once it is handed in; until all are, the bar is of those that were.
 */
export class IngestProgress {
  private readonly files = new Map<number, FileProgress>();
  private readonly shown = new Map<number, Progress>();
  private doneCount = 0;

  private constructor(
    private readonly session: Session,
    private readonly names: readonly string[],
    private readonly doing: string,
    /** Undefined in a pipe. */
    private readonly bar: Progress | undefined,
  ) {}

  static async start(session: Session, names: readonly string[], isDryRun: boolean): Promise<IngestProgress> {
    const doing = isDryRun ? 'reading' : 'importing';
    const label = names.length === 1 ? `${doing} ${names.join('')}` : `${doing} ${names.length} files`;
    const bar = session.terminal.isInteractive ? await session.progress(label) : undefined;
    return new IngestProgress(session, names, doing, bar);
  }

  /** The file is being taken in. */
  async begin(index: number): Promise<void> {
    const name = this.names[index] ?? '';
    if (this.bar === undefined) this.shown.set(index, await this.session.progress(`${this.doing} ${name}`));
    else this.bar.update(this.share(), `taking in ${name}`);
  }

  reached(index: number, progress: FileProgress): void {
    this.files.set(index, progress);
    this.shown.get(index)?.update(progress.bytes === 0 ? undefined : progress.bytesRead / progress.bytes, `${progress.rows} rows`);
    this.bar?.update(this.share(), this.detail());
  }

  /** @param outcome for a pipe, where nothing else tells before the end that one of several files is through */
  done(index: number, outcome: string): void {
    const { bytes, rows } = this.files.get(index) ?? { bytes: 0, rows: 0 };
    this.files.set(index, { bytes, bytesRead: bytes, rows });
    this.doneCount += 1;
    this.bar?.update(this.share(), this.detail());
    if (this.bar !== undefined || this.names.length === 1 || this.session.options.json === true) return;
    this.session.terminal.note(`${this.names[index] ?? ''}: ${outcome}`);
  }

  end(): void {
    this.bar?.end();
    for (const progress of this.shown.values()) progress.end();
  }

  private share(): number | undefined {
    let [bytesRead, bytes] = [0, 0];
    for (const file of this.files.values()) {
      bytesRead += file.bytesRead;
      bytes += file.bytes;
    }
    return bytes === 0 ? undefined : bytesRead / bytes;
  }

  private detail(): string {
    const rows = [...this.files.values()].reduce((sum, file) => sum + file.rows, 0);
    return this.names.length === 1 ? `${rows} rows` : `${this.doneCount} of ${this.names.length} done, ${rows} rows`;
  }
}
