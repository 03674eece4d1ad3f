import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type JobCatalogue, type JobContext, JobQueues, OnJob } from '#jobs';
import { type BillingPeriod, DomainError, isBillingPeriod } from '#kernel';
import { Database } from '#platform';
import { DELIVERY_MODES, type DeliveryMode, SourceRegistry } from '#sources';
import type { ImportReport } from '../domain/import.events.js';
import { nextImportId, type ReceiveImport } from './receive-import.handler.js';
import { isRefusal, RecordImportHandler } from './record-import.handler.js';
import { RefusedFile } from './stage-lines.js';

/** A dry run's answer: the report, or why the file would be refused. */
export interface PreviewOutcome {
  readonly accepted: boolean;
  readonly refusal: {
    readonly code: string;
    readonly reason: string;
    readonly problems: readonly { where: string; what: string }[];
  } | null;
  readonly report: ImportReport | null;
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
    private readonly sources: SourceRegistry,
    private readonly recorder: RecordImportHandler,
  ) {}

  /** Starts a dry run. @throws DomainError `source.unknown`: a dry run registers no source. */
  async start(request: ReceiveImport): Promise<{ previewId: string }> {
    const source = await this.sources.find(request.source);
    if (source === null) {
      throw new DomainError(
        'source.unknown',
        'not-found',
        `There is no source “${request.source}” yet; a dry run registers none. Add it first.`,
      );
    }
    const previewId = randomUUID();
    await this.queues.enqueue([
      {
        name: 'imports.preview',
        id: previewJobId(previewId),
        data: { ...request, previewId, source: source.name, deliveryMode: request.deliveryMode ?? source.deliveryMode },
      },
    ]);
    return { previewId };
  }

  /** @throws DomainError `preview.unknown` for one that was never started or is forgotten (after an hour). */
  async state(previewId: string): Promise<PreviewState> {
    const job = await this.queues.state('imports.preview', previewJobId(previewId));
    if (job === undefined)
      throw new DomainError(
        'preview.unknown',
        'not-found',
        `There is no dry run ${previewId}; results are kept for an hour. Start it again.`,
      );
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

  @OnJob('imports.preview')
  async run(data: JobCatalogue['imports.preview'], context: JobContext): Promise<PreviewOutcome> {
    const importId = await nextImportId(this.database);
    try {
      const report = await this.recorder.preview(
        { ...data, importId, expectedPeriod: asPeriod(data.expectedPeriod), deliveryMode: asMode(data.deliveryMode) },
        context,
      );
      return { accepted: true, refusal: null, report };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const refusal = { code: error.code, reason: error.detail, problems: error.problems };
      return { accepted: false, refusal, report: error instanceof RefusedFile ? error.report : null };
    }
  }
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
