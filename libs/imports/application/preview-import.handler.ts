import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { nextLinesNumber } from '#charge-lines';
import type { EventMetadata } from '#event-store';
import { type JobCatalogue, type JobContext, JobFailures, JobQueues, OnJob, OnJobExhausted } from '#jobs';
import { type BillingPeriod, billingPeriod, DomainError, isBillingPeriod } from '#kernel';
import { Database } from '#platform';
import { DELIVERY_MODES, type DeliveryMode, SourceRegistry } from '#sources';
import type { ImportReport } from '../domain/import.events.js';
import type { Restatement } from '../domain/restatement.js';
import type { ReceiveImport } from './receive-import.handler.js';
import { RecordImportHandler } from './record-import.handler.js';
import { isRefusal, RefusedFile } from './refused-file.js';
import { Restatements } from './restatements.js';
import { NoLongerWanted, watchedProgress } from './watched-progress.js';

/** A dry run's answer: the report, or why the file would be refused. */
export interface PreviewOutcome {
  readonly accepted: boolean;
  readonly refusal: {
    readonly code: string;
    readonly reason: string;
    readonly problems: readonly { where: string; what: string }[];
  } | null;
  readonly report: ImportReport | null;
  /** What would be booked as adjustments; null unless that was asked for. */
  readonly restatement: Restatement | null;
}

export interface PreviewState {
  readonly previewId: string;
  readonly state: 'waiting' | 'active' | 'completed' | 'failed';
  readonly progress: object | null;
  readonly outcome: PreviewOutcome | null;
}

/** Dry runs of imports: the same code as the real thing, rolled back, with the same report. No event tells of them. */
@Injectable()
export class PreviewImportHandler {
  constructor(
    private readonly database: Database,
    private readonly queues: JobQueues,
    private readonly failures: JobFailures,
    private readonly sources: SourceRegistry,
    private readonly recorder: RecordImportHandler,
    private readonly restatements: Restatements,
  ) {}

  /** Starts a dry run. @throws DomainError `source.unknown`: a dry run registers no source; else as for an import. */
  async start(request: ReceiveImport): Promise<{ previewId: string }> {
    const source = await this.sources.find(request.source);
    if (source === null) {
      throw new DomainError(
        'source.unknown',
        'not-found',
        `There is no source “${request.source}” yet; a dry run registers none. Add it first.`,
      );
    }
    const deliveryMode = request.deliveryMode ?? source.deliveryMode;
    const asAdjustments = this.restatements.accepted(request, deliveryMode);
    const previewId = randomUUID();
    await this.queues.enqueue([
      {
        name: 'imports.preview',
        id: previewJobId(previewId),
        data: {
          ...request,
          previewId,
          stagingId: await nextLinesNumber(this.database, true),
          source: source.name,
          deliveryMode,
          asAdjustments,
        },
      },
    ]);
    return { previewId };
  }

  /** @throws DomainError `preview.unknown` for one that was never started or is forgotten (after an hour). */
  async state(previewId: string): Promise<PreviewState> {
    const job = await this.queues.state('imports.preview', previewJobId(previewId));
    if (job === undefined) throw unknownPreview(previewId);
    if (job.state === 'failed')
      throw new DomainError(
        'preview.failed',
        'unavailable',
        `The dry run failed: ${job.failedReason ?? 'no reason given'}. Start it again.`,
      );
    return {
      previewId,
      state: job.state,
      progress: job.progress,
      outcome: job.state === 'completed' ? (job.result as PreviewOutcome) : null,
    };
  }

  /**
   * Ends a dry run, whatever it is doing, and forgets it and its report; a failed one leaves the list of failed work.
   * @returns the position of what was recorded about that, or undefined.
   * @throws DomainError `preview.unknown`.
   */
  async cancel(previewId: string, metadata: EventMetadata): Promise<number | undefined> {
    const jobId = previewJobId(previewId);
    const known = await this.queues.forget('imports.preview', jobId);
    const position = await this.database.transaction((tx) => this.failures.giveUp(tx, jobId, metadata));
    if (!known && position === undefined) throw unknownPreview(previewId);
    return position;
  }

  @OnJob('imports.preview')
  async run(data: JobCatalogue['imports.preview'], context: JobContext): Promise<PreviewOutcome | null> {
    const isWanted = (): Promise<boolean> => this.isWanted(data.previewId);
    if (!(await isWanted())) return null;
    const importId = data.stagingId ?? (await nextLinesNumber(this.database, true));
    try {
      const asked = data.asAdjustments ?? null;
      const asAdjustments = asked === null ? null : { ...asked, period: billingPeriod(asked.period) };
      const found = await this.recorder.preview(
        { ...data, importId, expectedPeriod: asPeriod(data.expectedPeriod), deliveryMode: asMode(data.deliveryMode), asAdjustments },
        { progress: watchedProgress((reported) => context.progress(reported), isWanted), signal: context.signal },
      );
      return { accepted: true, refusal: null, ...found };
    } catch (error) {
      if (error instanceof NoLongerWanted) return null;
      if (!isRefusal(error)) throw error;
      const refusal = { code: error.code, reason: error.detail, problems: error.problems };
      return { accepted: false, refusal, report: error instanceof RefusedFile ? error.report : null, restatement: null };
    }
  }

  /** @returns true if there is nothing left to fail: somebody cancelled it before its attempts were used up. */
  @OnJobExhausted('imports.preview')
  async settled({ previewId }: JobCatalogue['imports.preview']): Promise<boolean> {
    return !(await this.isWanted(previewId));
  }

  private async isWanted(previewId: string): Promise<boolean> {
    return (await this.queues.state('imports.preview', previewJobId(previewId))) !== undefined;
  }
}

function unknownPreview(previewId: string): DomainError {
  return new DomainError(
    'preview.unknown',
    'not-found',
    `There is no dry run ${previewId}: it was cancelled, or its hour is over. Start it again.`,
  );
}

function previewJobId(previewId: string): string {
  return `preview-${previewId}`;
}

function asPeriod(text: string | null): BillingPeriod | null {
  return text !== null && isBillingPeriod(text) ? text : null;
}

function asMode(text: string): DeliveryMode {
  return DELIVERY_MODES.find((mode) => mode === text) ?? 'merge';
}
