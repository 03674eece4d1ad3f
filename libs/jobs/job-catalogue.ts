/**
 * Every kind of background work, its payload and how it is run. Payloads carry ids only; what they stand for is in the log.
 * Names are frozen: jobs of an older release may still wait in a queue.
 */
export interface JobCatalogue {
  /** Parse a received file and record its lines, or refuse it. */
  'imports.record': { importId: number };
  /** The same without recording anything; the report is the job's result. */
  'imports.preview': {
    previewId: string;
    source: string;
    fileName: string;
    sha256: string;
    bytes: number;
    expectedPeriod: string | null;
    deliveryMode: string;
    allowPartial: boolean;
  };
  /** Find out which statements a run has to make. */
  'statements.plan-run': { runId: number };
  /** Render and issue the statement at `index` of the run's plan. */
  'statements.render': { runId: number; index: number };
  /** End a run whose statements are all settled; queue its emails if it is to send. */
  'statements.finish-run': { runId: number };
  /** Queue the emails of a run that is to send. */
  'deliveries.queue': { runId: number };
  /** Send one email. */
  'deliveries.send': { deliveryId: string };
}

export type JobName = keyof JobCatalogue;

export const QUEUES = ['imports', 'statements', 'rendering', 'deliveries'] as const;
export type QueueName = (typeof QUEUES)[number];

export interface JobPolicy {
  readonly queue: QueueName;
  /** Runs in all, the first included. */
  readonly attempts: number;
  /** Wait before the second attempt; doubled for each further one. */
  readonly backoffMs: number;
  /** How long a finished job is kept for those who ask for its result. */
  readonly keepResultSeconds: number;
}

export const JOB_POLICIES: { readonly [Name in JobName]: JobPolicy } = {
  'imports.record': { queue: 'imports', attempts: 5, backoffMs: 1_000, keepResultSeconds: 0 },
  'imports.preview': { queue: 'imports', attempts: 2, backoffMs: 1_000, keepResultSeconds: 3_600 },
  'statements.plan-run': { queue: 'statements', attempts: 5, backoffMs: 1_000, keepResultSeconds: 0 },
  'statements.render': { queue: 'rendering', attempts: 3, backoffMs: 1_000, keepResultSeconds: 0 },
  'statements.finish-run': { queue: 'statements', attempts: 5, backoffMs: 1_000, keepResultSeconds: 0 },
  'deliveries.queue': { queue: 'statements', attempts: 5, backoffMs: 1_000, keepResultSeconds: 0 },
  'deliveries.send': { queue: 'deliveries', attempts: 6, backoffMs: 2_000, keepResultSeconds: 0 },
};

/** Jobs that one process works on at a time, per queue. */
export const QUEUE_CONCURRENCY: { readonly [Name in QueueName]: number } = { imports: 2, statements: 1, rendering: 4, deliveries: 4 };

/** A job to be done, with an id made from business identity: the same work is never queued twice. */
export type JobRequest = { [Name in JobName]: { readonly name: Name; readonly id: string; readonly data: JobCatalogue[Name] } }[JobName];
