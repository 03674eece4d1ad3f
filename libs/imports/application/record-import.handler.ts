import { Injectable } from '@nestjs/common';
import { LINE_FORMAT, matchesDigest } from '#charge-lines';
import { type EventMetadata, EventStore, type RecordedEvent } from '#event-store';
import { type JobCatalogue, type JobContext, OnJob, OnJobExhausted } from '#jobs';
import { DomainError } from '#kernel';
import { PeriodGuard, requirePeriodStates } from '#periods';
import { Database, dryRun, type Tx } from '#platform';
import { type ChargesSplit, ImportedSplits } from '#splits';
import { foldImport, type Import } from '../domain/import.js';
import { type ImportEvent, type ImportReport, importStream } from '../domain/import.events.js';
import { LineComparison } from '../infra/line-comparison.js';
import type { Restatement } from '../domain/restatement.js';
import { LineStore } from '../infra/line-store.js';
import { requireEqualTotals } from './equal-totals.js';
import { isRefusal, RefusedFile } from './refused-file.js';
import { RestatePeriod } from './restate-period.js';
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
    private readonly restating: RestatePeriod,
    private readonly splits: ImportedSplits,
  ) {}

  @OnJob('imports.record')
  async record({ importId }: JobCatalogue['imports.record'], context: JobContext): Promise<void> {
    const events = (await this.store.readStream(importStream(importId))) as unknown as (ImportEvent &
      Pick<RecordedEvent, 'position' | 'metadata'>)[];
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
      const proceed = async (): Promise<void> => {
        if (!(await this.isOpen(importId))) throw new NoLongerWanted();
        context.signal.throwIfAborted();
      };
      const { request } = current;
      if (request.asAdjustments === null) await this.recordLines(request, staged, metadata, proceed);
      else {
        // Adjustments are booked by whoever handed the file in: it is a decision on what people pay.
        const byThePerson = { ...metadata, actor: events[0]?.metadata.actor ?? WORKER };
        await this.restating.record({ request, asked: request.asAdjustments, staged }, byThePerson, proceed);
      }
    } catch (error) {
      // Cancelled, or brought to its end by another attempt: then whatever went wrong here has no meaning any more.
      const { state } = await this.read(importId);
      if (state !== 'received') {
        await this.clearAway(importId, state);
        return;
      }
      // The attempt that runs instead of this one has its own answer.
      if (!isRefusal(error) || context.signal.aborted) throw error;
      await this.refuse(current.request, error, error instanceof RefusedFile ? error.report : found, metadata);
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
  ): Promise<{ report: ImportReport; restatement: Restatement | null }> {
    const { asAdjustments: asked = null } = request;
    try {
      const staged = await this.staging.execute(request, progress, signal);
      try {
        if (asked !== null) return { report: staged.report, restatement: await this.restating.preview({ request, asked, staged }) };
        return { report: await this.reportOf(request, staged), restatement: null };
      } catch (error) {
        throw isRefusal(error) ? RefusedFile.with(error, staged.report) : error;
      }
    } finally {
      await this.discard(request.importId);
    }
  }

  /** What recording its lines would report: the same work, rolled back. */
  private async reportOf(request: StagingRequest, staged: StagedLines): Promise<ImportReport> {
    return dryRun((conclude) =>
      this.guard.changeLedger(staged.periods, async (tx, states) => {
        requirePeriodStates(states, ['open'], `The import of ${request.fileName}`);
        return conclude((await this.compare(tx, request, staged, true)).report);
      }),
    );
  }

  private async recordLines(
    request: StagingRequest,
    staged: StagedLines,
    metadata: EventMetadata,
    proceed: () => Promise<void>,
  ): Promise<void> {
    const { importId, source, fileName } = request;
    const { periods, linesDigest } = staged;
    await this.guard.changeLedger(periods, async (tx, states) => {
      await proceed();
      requirePeriodStates(states, ['open'], `The import of ${fileName}`);
      await this.guard.openMissing(tx, states, periods, metadata);
      const { report, splits } = await this.compare(tx, request, staged, false);
      const matches = await matchesDigest(tx.client, importId);
      await proceed();
      const data = { importId, source, periods, linesDigest, lineFormat: LINE_FORMAT, matchesDigest: matches, report };
      await this.store.append(tx, importStream(importId), 1, [{ type: 'ImportRecorded', data }], metadata);
      await this.splits.record(tx, splits, metadata);
    });
  }

  /** Matches the lines with what is held, divides those that are to be, and proves that what was read is what is stored. */
  private async compare(
    tx: Tx,
    request: StagingRequest,
    staged: StagedLines,
    isDryRun: boolean,
  ): Promise<{ readonly report: ImportReport; readonly splits: readonly ChargesSplit[] }> {
    const { importId, source, deliveryMode } = request;
    await this.lines.holdStaged(tx, importId);
    const { periods, byLineId, dividingRules } = staged;
    const { lineCount } = staged.report.totals;
    const matched = await this.lines.match(tx, importId, { source, periods, mode: deliveryMode, byLineId, lineCount });
    const splits = await this.splits.write(tx, { importId, source, periods, rules: dividingRules }, isDryRun);
    const splitIds = splits.map(({ data }) => data.splitId);
    const { stored, outcomes, piChanges } = await this.comparison.of(tx, importId, source, { periods, matched, lineCount, splitIds });
    requireEqualTotals(importId, staged.report, stored);
    return { report: { ...staged.report, outcomes, piChanges }, splits };
  }

  private async refuse(request: StagingRequest, error: DomainError, report: ImportReport | null, metadata: EventMetadata): Promise<void> {
    const { importId } = request;
    await this.discard(importId);
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
    if (state === 'cancelled') await this.discard(importId);
  }

  private async discard(importId: number): Promise<void> {
    await this.lines.discardUnrecorded(importId);
    await this.restating.discard(importId);
  }
}
