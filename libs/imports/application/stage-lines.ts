import { addAbortSignal, Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { AttributionRules, type RulesOfSource } from '#attribution-rules';
import { ChartOfFunds, type FundChart } from '#funds';
import { type BillingPeriod, DomainError } from '#kernel';
import { PeriodRepository, type PeriodState } from '#periods';
import { APP_CONFIG, type AppConfig, FILE_STORAGE, type FileStorage } from '#platform';
import { type CurrentRules, ReviewRules } from '#review-rules';
import type { Part } from '#splits';
import { type DeliveryMode, SourceRegistry, type SourceSettings } from '#sources';
import { ChargeLineDigest } from '../domain/charge-line-format.js';
import { CopyText } from '../domain/copy-text.js';
import { FocusReader, type FocusReaderOptions, missingColumns, openFocusFile } from '../domain/focus/index.js';
import type { ImportReport } from '../domain/import.events.js';
import type { AsAdjustments } from '../domain/restatement.js';
import type { LineInHand } from '../domain/line-in-hand.js';
import { LineQuality } from '../domain/line-quality.js';
import { LineTotals } from '../domain/line-totals.js';
import type { RefusedRow } from '../domain/refused-row.js';
import { LineStore } from '../infra/line-store.js';
import { RestatedLines } from '../infra/restated-lines.js';
import { type Admission, admissionOf, type SeenPeriod } from './admission.js';
import { isRefusal, RefusedFile } from './refused-file.js';
import { RefusedRows } from './refused-rows.js';

/** Encoded lines are copied in pieces of about this size: long enough for COPY's pace, short enough to hold nobody up. */
const COPY_PIECE_BYTES = 6 * 1024 * 1024;
/** Pieces on their way at once, each on a connection of its own: reading a line takes less time than storing it. */
const PIECES_ON_THEIR_WAY = 2;

export interface StagingRequest {
  readonly importId: number;
  readonly source: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly expectedPeriod: BillingPeriod | null;
  readonly deliveryMode: DeliveryMode;
  readonly allowPartial: boolean;
  /** Left out or null: it is imported. */
  readonly asAdjustments?: AsAdjustments | null;
}

export interface ReadingProgress {
  readonly bytesRead: number;
  readonly bytes: number;
  readonly rows: number;
}

export interface StagedLines {
  readonly periods: readonly BillingPeriod[];
  readonly linesDigest: string;
  /** The lines' fingerprints come from a declared line id, wherever a line has one. */
  readonly byLineId: boolean;
  /** Rules that divide charges, as lines name them, and into what. */
  readonly dividingRules: ReadonlyMap<string, readonly Part[]>;
  readonly report: ImportReport;
}

/**
 * Reads a file and lays its lines ready in `charge_lines`, where nobody sees them until their import is recorded; those of a file that restates a finalized
 * period, which `charge_lines` does not take, in `restated_lines`.
 */
@Injectable()
export class StageLines {
  constructor(
    private readonly lines: LineStore,
    private readonly restated: RestatedLines,
    private readonly periods: PeriodRepository,
    private readonly sources: SourceRegistry,
    private readonly funds: ChartOfFunds,
    private readonly rules: ReviewRules,
    private readonly attributionRules: AttributionRules,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
  ) {}

  /**
   * @param signal ends the reading when it is aborted, and with it the writing
   * @throws DomainError of kind invalid, too-large or conflict for a file that is refused, carrying what is wrong; see {@link RefusedFile}.
   */
  async execute(
    request: StagingRequest,
    progress: (progress: ReadingProgress) => Promise<void>,
    signal: AbortSignal,
  ): Promise<StagedLines> {
    const isRestated = (request.asAdjustments ?? null) !== null;
    if (isRestated) await this.restated.discard(request.importId);
    else await this.lines.discardUnrecorded(request.importId);
    const source = await this.sources.find(request.source);
    if (source === null) throw new DomainError('source.unknown', 'not-found', `There is no source “${request.source}”.`);
    const packed = new CountedBytes(await this.storage.open(request.sha256));
    const file = openFocusFile(addAbortSignal(signal, packed.stream), {
      fileName: request.fileName,
      maxUnpackedBytes: this.config.imports.maxUnpackedBytes,
    });
    const [rules, chart] = [await this.rules.current(), await this.funds.snapshot()];
    const attributionRules = (await this.attributionRules.snapshot()).of(source.name);
    const options = this.readerOptions(source, request.expectedPeriod, rules, chart, attributionRules);
    const reader = await FocusReader.open(file, options);
    const table = isRestated ? this.restated.table : await this.lines.partitionOf(request.importId);
    const refused = new RefusedRows(this.storage, reader.header.columns);
    const reading = new Reading(
      request,
      refused,
      admissionOf(request),
      (encoded) => this.lines.copy(table, encoded),
      (period) => this.stateOf(period),
    );
    try {
      const brokeOff = await refusalOf(async () => {
        const take = (line: LineInHand): void => {
          reading.take(line);
        };
        for await (const batch of reader.batches(take)) {
          signal.throwIfAborted();
          await reading.settle(batch.refused);
          await progress({ bytesRead: packed.bytesRead, bytes: request.bytes, rows: reading.rowCount });
        }
        await reading.flush();
      });
      const report = await this.report(request, reader, reading, brokeOff === null);
      if (brokeOff !== null) throw RefusedFile.with(brokeOff, report);
      reading.refuseIfUnfit(report);
      return {
        ...{ periods: reading.periodsFound, linesDigest: reading.digest.hex(), byLineId: source.lineIdColumn !== '' },
        dividingRules: attributionRules?.dividing() ?? new Map<string, readonly Part[]>(),
        report,
      };
    } finally {
      // A piece that is still on its way would come in after the lines were taken away.
      await reading.idle();
      await refused.discard();
    }
  }

  private async report(request: StagingRequest, reader: FocusReader, reading: Reading, readToEnd: boolean): Promise<ImportReport> {
    return {
      readToEnd,
      focusVersion: reader.header.version,
      deliveryMode: request.deliveryMode,
      warnings: readToEnd || reading.rowCount > 0 ? reader.warnings : reader.header.warnings,
      totals: reading.totals.report(),
      outcomes: [],
      refusedRows: reading.refused.shown,
      refusedRowsSha256: await reading.refused.keep(),
      quality: {
        missingColumns: missingColumns(reader.header.columns, reader.header.version),
        unattributed: reading.quality.report(),
      },
      piChanges: null,
    };
  }

  private async stateOf(period: BillingPeriod): Promise<PeriodState> {
    return (await this.periods.find(period))?.state ?? 'absent';
  }

  private readerOptions(
    source: SourceSettings,
    expectedPeriod: BillingPeriod | null,
    rules: CurrentRules,
    chart: FundChart,
    attributionRules: RulesOfSource | null,
  ): FocusReaderOptions {
    const { tagMapping, currency } = this.config;
    return {
      tagMapping,
      ledgerCurrency: currency,
      expectedPeriod,
      flagPatterns: rules.flagPatterns,
      fundOrgPatterns: rules.fundOrgPatterns,
      costBasis: source.costBasis,
      dateFormat: source.dateFormat === '' ? null : source.dateFormat,
      lineIdColumn: source.lineIdColumn === '' ? null : source.lineIdColumn,
      inclusivePeriodEnds: source.inclusivePeriodEnds,
      ...(chart.isInUse ? { fundProblem: (fundOrg, day) => chart.problemOf(fundOrg, day) } : {}),
      ...(attributionRules === null ? {} : { attributionRules }),
    };
  }
}

/** Counts what is read of a file as it lies in storage: of a gzipped one the packed bytes, which its size is told in. */
class CountedBytes {
  bytesRead = 0;
  readonly stream: Readable;

  constructor(source: Readable) {
    this.stream = Readable.from(this.counted(source), { objectMode: false });
  }

  private async *counted(source: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      const data = chunk as Buffer;
      this.bytesRead += data.length;
      yield data;
    }
  }
}

/** @returns the refusal that ended the work, or null if it came to its end; what is not the file's fault is thrown. */
async function refusalOf(work: () => Promise<void>): Promise<DomainError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
}

/** One pass over a file: encodes, copies, counts. Copying stops at the first finding that refuses the file; counting goes on. */
class Reading {
  readonly totals = new LineTotals();
  readonly quality = new LineQuality();
  readonly digest = new ChargeLineDigest();
  rowCount = 0;
  private readonly seen = new Map<BillingPeriod, SeenPeriod>();
  private readonly importId: string;
  private readonly written = new CopyText(COPY_PIECE_BYTES);
  /** In the order in which they were sent. */
  private readonly copying: Promise<void>[] = [];

  constructor(
    private readonly request: StagingRequest,
    readonly refused: RefusedRows,
    private readonly admission: Admission,
    private readonly copy: (encodedLines: Buffer) => Promise<void>,
    private readonly stateOf: (period: BillingPeriod) => Promise<PeriodState>,
  ) {
    this.importId = String(request.importId);
  }

  get periodsFound(): BillingPeriod[] {
    return [...this.seen.keys()].sort();
  }

  /** Takes a line while it is in hand. */
  take(line: LineInHand): void {
    const { lineNumber } = line;
    this.rowCount += 1;
    const period = this.seen.get(line.period);
    if (period === undefined) this.seen.set(line.period, { state: null, lineCount: 1, firstLine: lineNumber, lastLine: lineNumber });
    else {
      period.lineCount += 1;
      period.lastLine = lineNumber;
    }
    this.totals.add(line);
    this.quality.add(line.attributionByTags);
    line.writeTo(this.written, this.importId);
  }

  /** What takes time of a batch whose lines were taken. */
  async settle(refused: readonly RefusedRow[]): Promise<void> {
    this.rowCount += refused.length;
    for (const row of refused) this.totals.addRefused(row);
    await this.refused.add(refused);
    for (const [period, seen] of this.seen) seen.state ??= await this.stateOf(period);
    if (this.written.isFull) await this.flushPiece();
  }

  async flush(): Promise<void> {
    await this.flushPiece();
    await Promise.all(this.copying);
  }

  /** Nothing is being copied any more, whether that went well or not. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.copying);
  }

  /** @throws RefusedFile. */
  refuseIfUnfit(report: ImportReport): void {
    const refusal = this.admission.refusal(this.seen);
    if (refusal !== null) throw RefusedFile.with(refusal, report);
    if (this.refused.count === 0 || this.request.allowPartial) return;
    const [first] = this.refused.shown;
    throw new RefusedFile(
      'import.row-errors',
      `${this.refused.count} of ${this.rowCount} rows can't be read${
        first === undefined ? '' : `; the first is line ${first.lineNumber}, column ${first.column}: ${first.reason}`
      } ${(this.request.asAdjustments ?? null) === null ? 'Nothing was stored. Mend the file, or import it with --allow-partial to record the other rows.' : 'Nothing was booked. Mend the file: what it leaves out would be credited.'}`,
      this.refused.shown.map((row) => ({ where: `line ${row.lineNumber}, ${row.column}`, what: row.reason })),
      report,
    );
  }

  private get isUnfit(): boolean {
    return this.admission.isRefused(this.seen) || (this.refused.count > 0 && !this.request.allowPartial);
  }

  /** Hands a piece to COPY as soon as there is room, so that reading and writing overlap and memory stays bounded. */
  private async flushPiece(): Promise<void> {
    const encoded = this.written.take();
    if (encoded.length === 0) return;
    this.digest.update(encoded);
    if (this.copying.length === PIECES_ON_THEIR_WAY) await this.copying.shift();
    if (this.isUnfit) return;
    const copying = this.copy(encoded).then(() => {
      this.written.giveBack(encoded);
    });
    // Awaited when room is needed; until then a failure must not count as unhandled.
    copying.catch(() => undefined);
    this.copying.push(copying);
  }
}
