import { Injectable } from '@nestjs/common';
import { LINE_FORMAT, matchesDigest } from '#charge-lines';
import { type EventMetadata, EventStore } from '#event-store';
import { type JobCatalogue, type JobContext, OnJob, OnJobExhausted } from '#jobs';
import { Decimal, DomainError } from '#kernel';
import { PeriodGuard, requirePeriodStates } from '#periods';
import { Database, type Tx } from '#platform';
import { foldImport, type Import } from '../domain/import.js';
import { type ImportEvent, type ImportReport, importStream } from '../domain/import.events.js';
import { LineComparison, type StoredTotal } from '../infra/line-comparison.js';
import { LineStore } from '../infra/line-store.js';
import { isRefusal, RefusedFile } from './refused-file.js';
import { type ReadingProgress, StageLines, type StagedLines, type StagingRequest } from './stage-lines.js';
import { NoLongerWanted, watchedProgress } from './watched-progress.js';

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
    private readonly comparison: LineComparison,
  ) {}

  @OnJob('imports.record')
  async record({ importId }: JobCatalogue['imports.record'], context: JobContext): Promise<void> {
    const events = (await this.store.readStream(importStream(importId))) as unknown as (ImportEvent & { position: number })[];
    const current = foldImport(importId, events);
    if (current.state !== 'received') {
      await this.clearAway(importId, current.state);
      return;
    }
    const metadata: EventMetadata = { actor: WORKER, correlationId: importStream(importId), causationId: events[0]?.position ?? 0 };
    let found: ImportReport | null = null;
    try {
      const progress = watchedProgress(
        (reported) => context.progress(reported),
        () => this.isOpen(importId),
      );
      const staged = await this.staging.execute(current.request, progress, context.signal);
      found = staged.report;
      await this.guard.changeLedger(staged.periods, async (tx, states) => {
        if (!(await this.isOpen(importId))) throw new NoLongerWanted();
        requirePeriodStates(states, ['open'], `The import of ${current.request.fileName}`);
        await this.guard.openMissing(tx, states, staged.periods, metadata);
        const report = await this.compare(tx, current.request, staged);
        const { periods, linesDigest } = staged;
        const matches = await matchesDigest(tx.client, importId);
        context.signal.throwIfAborted();
        await this.store.append(
          tx,
          importStream(importId),
          1,
          [
            {
              type: 'ImportRecorded',
              data: {
                importId,
                source: current.request.source,
                periods,
                linesDigest,
                lineFormat: LINE_FORMAT,
                matchesDigest: matches,
                report,
              },
            },
          ],
          metadata,
        );
      });
    } catch (error) {
      // Cancelled, or brought to its end by another attempt: then whatever went wrong here has no meaning any more.
      const { state } = await this.read(importId);
      if (state !== 'received') {
        await this.clearAway(importId, state);
        return;
      }
      // The attempt that runs instead of this one has its own answer.
      if (!isRefusal(error) || context.signal.aborted) throw error;
      await this.refuse(importId, error, error instanceof RefusedFile ? error.report : found, metadata);
    }
  }

  /** @returns true if there is nothing left to fail: somebody cancelled the import before its attempts were used up. */
  @OnJobExhausted('imports.record')
  async settled({ importId }: JobCatalogue['imports.record']): Promise<boolean> {
    return !(await this.isOpen(importId));
  }

  /** What recording the file would report; nothing stays. */
  async preview(
    request: StagingRequest,
    { progress, signal }: { progress: (progress: ReadingProgress) => Promise<void>; signal: AbortSignal },
  ): Promise<ImportReport> {
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
          if (!(error instanceof DryRunDone)) throw isRefusal(error) ? RefusedFile.with(error, staged.report) : error;
        });
      return report ?? staged.report;
    } finally {
      await this.lines.discardUnrecorded(request.importId);
    }
  }

  /** Matches the lines with what is held, and proves that what was read is what is stored. */
  private async compare(tx: Tx, request: StagingRequest, staged: StagedLines): Promise<ImportReport> {
    const { importId, source, deliveryMode } = request;
    await this.lines.holdStaged(tx, importId);
    const { periods, byLineId } = staged;
    const { lineCount } = staged.report.totals;
    const matched = await this.lines.match(tx, importId, { source, periods, mode: deliveryMode, byLineId, lineCount });
    const { stored, outcomes, piChanges } = await this.comparison.of(tx, importId, source, staged.periods, matched, lineCount);
    requireEqualTotals(importId, staged.report, stored);
    return { ...staged.report, outcomes, piChanges };
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

  private async read(importId: number): Promise<Import> {
    return foldImport(importId, (await this.store.readStream(importStream(importId))) as unknown as ImportEvent[]);
  }

  /** Whether the import still waits for its outcome. */
  private async isOpen(importId: number): Promise<boolean> {
    return (await this.store.head(importStream(importId))).version === 1;
  }

  /** What was staged of a cancelled import goes; whoever reads it, or did before its process died, comes by here. */
  private async clearAway(importId: number, state: Import['state']): Promise<void> {
    if (state === 'cancelled') await this.lines.discardUnrecorded(importId);
  }
}

/** Money in = money held (design.md, invariant 1). @throws Error when the table and the count of the file differ. */
function requireEqualTotals(importId: number, report: ImportReport, stored: readonly StoredTotal[]): void {
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

class DryRunDone extends Error {}
