import { Inject, Injectable } from '@nestjs/common';
import { type EventMetadata, EventStore } from '#event-store';
import { type JobCatalogue, type JobContext, OnJob } from '#jobs';
import { type Clock, CLOCK, Decimal, DomainError } from '#kernel';
import { PeriodGuard, requirePeriodStates } from '#periods';
import { Database, type Tx } from '#platform';
import { foldImport } from '../domain/import.js';
import { type ImportEvent, type ImportReport, importStream } from '../domain/import.events.js';
import { matchesDigest } from '../infra/line-proof.js';
import { LineStore } from '../infra/line-store.js';
import { RefusedFile, type ReadingProgress, StageLines, type StagedLines, type StagingRequest } from './stage-lines.js';

const PROGRESS_INTERVAL_MS = 250;
const WORKER: EventMetadata['actor'] = { kind: 'system', id: 'imports' };

/**
 * Reads a received file and records it as a fact, or records why it was refused. All or nothing, however often it is tried, and however
 * many attempts run at once: staged lines are unique per import and line number, taking them away and recording them exclude each other,
 * and whoever comes second finds the stream moved on. A technical failure is no verdict on the file: the import stays received.
 */
@Injectable()
export class RecordImportHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly guard: PeriodGuard,
    private readonly staging: StageLines,
    private readonly lines: LineStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @OnJob('imports.record')
  async record({ importId }: JobCatalogue['imports.record'], context: JobContext): Promise<void> {
    const events = (await this.store.readStream(importStream(importId))) as unknown as (ImportEvent & { position: number })[];
    const current = foldImport(importId, events);
    if (current.state !== 'received') return;
    const metadata: EventMetadata = { actor: WORKER, correlationId: importStream(importId), causationId: events[0]?.position ?? 0 };
    try {
      const staged = await this.staging.execute(current.request, this.throttled(context), context.signal);
      await this.guard.changeLedger(staged.periods, async (tx, states) => {
        requirePeriodStates(states, ['open'], `The import of ${current.request.fileName}`);
        await this.guard.openMissing(tx, states, staged.periods, metadata);
        const report = await this.compare(tx, current.request, staged);
        const { periods, linesDigest } = staged;
        const found = await matchesDigest(tx.client, importId);
        context.signal.throwIfAborted();
        await this.store.append(
          tx,
          importStream(importId),
          1,
          [
            {
              type: 'ImportRecorded',
              data: { importId, source: current.request.source, periods, linesDigest, matchesDigest: found, report },
            },
          ],
          metadata,
        );
      });
    } catch (error) {
      // The attempt that runs instead of this one has its own answer.
      if (!isRefusal(error) || context.signal.aborted) throw error;
      await this.refuse(importId, error, error instanceof RefusedFile ? error.report : null, metadata);
    }
  }

  /** What recording the file would report; nothing stays. */
  async preview(request: StagingRequest, { progress, signal }: Pick<JobContext, 'progress' | 'signal'>): Promise<ImportReport> {
    try {
      const staged = await this.staging.execute(request, progress, signal);
      let report: ImportReport | undefined;
      await this.guard
        .changeLedger(staged.periods, async (tx, states) => {
          requirePeriodStates(states, ['open'], `The import of ${request.fileName}`);
          report = await this.compare(tx, request, staged);
          throw new DryRunDone();
        })
        .catch((error: unknown) => {
          if (!(error instanceof DryRunDone)) throw error;
        });
      return report ?? staged.report;
    } finally {
      await this.lines.discardUnrecorded(request.importId);
    }
  }

  /** Matches the lines with what is held, and proves that what was read is what is stored. */
  private async compare(tx: Tx, request: StagingRequest, staged: StagedLines): Promise<ImportReport> {
    const { importId, source, deliveryMode } = request;
    await this.lines.match(tx, importId, source, staged.periods, deliveryMode);
    await this.checkControlTotals(tx, importId, staged.report);
    return { ...staged.report, outcomes: await this.lines.outcomes(tx, importId, source, staged.periods) };
  }

  /** Money in = money held (design.md, invariant 1). @throws Error when the table and the count of the file differ. */
  private async checkControlTotals(tx: Tx, importId: number, report: ImportReport): Promise<void> {
    const stored = await this.lines.sums(tx, importId);
    const read = report.totals.periods;
    const agrees =
      stored.length === read.length &&
      read.every((total) => {
        const held = stored.find((row) => row.period === total.period && row.currency === total.currency);
        return (
          held?.lineCount === total.lineCount &&
          Decimal.parse(held.amount).equals(Decimal.parse(total.amount)) &&
          Decimal.parse(held.listCost).equals(Decimal.parse(total.listCost))
        );
      });
    if (!agrees) throw new Error(`import ${importId}: what was read and what is stored differ`);
  }

  private async refuse(importId: number, error: DomainError, report: ImportReport | null, metadata: EventMetadata): Promise<void> {
    await this.lines.discardUnrecorded(importId);
    await this.database.transaction(async (tx) => {
      const { version } = await this.store.head(importStream(importId), tx);
      if (version !== 1) return;
      const { code, detail: reason, problems } = error;
      await this.store.append(
        tx,
        importStream(importId),
        1,
        [{ type: 'ImportRefused', data: { importId, code, reason, problems, report } }],
        metadata,
      );
    });
  }

  private throttled(context: JobContext): (progress: ReadingProgress) => Promise<void> {
    let last = 0;
    return async (progress) => {
      const now = this.clock.now().getTime();
      if (now - last < PROGRESS_INTERVAL_MS) return;
      last = now;
      await context.progress(progress);
    };
  }
}

class DryRunDone extends Error {}

/**
 * A refusal is the file's or the period's fault and trying again changes nothing; anything else is tried again. A file that the storage
 * can't give is not the file's fault.
 */
export function isRefusal(error: unknown): error is DomainError {
  if (!(error instanceof DomainError)) return false;
  if (error.code === 'stream.conflict' || error.code.startsWith('storage.')) return false;
  return error.kind === 'invalid' || error.kind === 'too-large' || error.kind === 'conflict';
}
