/**
 * Every kind of background work, its payload and how it is run. Payloads carry ids only; what they stand for is in the log.
 * Names are frozen: jobs of an older release may still wait in a queue, and the log holds them.
 */
export interface JobCatalogue {
  /** Parse a received file and record its lines, or refuse it. */
  'imports.record': { importId: number };
  /** The same without recording anything; the report is the job's result. */
  'imports.preview': {
    previewId: string;
    /** Under which its lines are staged: negative, unlike the number of any import. Jobs of older releases lack it. */
    stagingId?: number;
    source: string;
    fileName: string;
    sha256: string;
    bytes: number;
    expectedPeriod: string | null;
    deliveryMode: string;
    allowPartial: boolean;
    /** Jobs of older releases lack it: they are imports. */
    asAdjustments?: { period: string; reason: string } | null;
  };
  /** Find out which statements a run has to make. */
  'statements.plan-run': { runId: number };
  /** Render and issue the statement at `index` of the run's plan. */
  'statements.render': { runId: number; index: number };
  /** End a run whose statements are all settled; queue its emails if it is to send. */
  'statements.finish-run': { runId: number };
  /** Queue the emails of a run that is to send. */
  'deliveries.queue': { runId: number };
  /** Send one email: what releases before batches queued. */
  'deliveries.send': { deliveryId: string };
  /** Send the emails that one transaction queued, as far as they lie in this batch of log positions. */
  'deliveries.send-batch': { transactionId: string; batch: number };
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
  /** A run that takes longer is given up and counts as a failed attempt. Far above what honest work can take: it is there for work that hangs. */
  readonly timeLimitMs: number;
  /** How long the queue keeps a job that is done, for those who ask for its result; 0: not at all. */
  readonly keepCompletedSeconds: number;
  /** How long the queue keeps a job whose attempts are used up; 0: not at all. Why it failed is in the log, whatever the queue forgets. */
  readonly keepFailedSeconds: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FORGOTTEN = { keepCompletedSeconds: 0, keepFailedSeconds: 0 } as const;
const KEPT_FOR_AN_HOUR = { keepCompletedSeconds: 3_600, keepFailedSeconds: 3_600 } as const;

export const JOB_POLICIES: { readonly [Name in JobName]: JobPolicy } = {
  // Ten million rows at 500 a second, a hundredth of the usual pace, take five and a half hours.
  'imports.record': { queue: 'imports', attempts: 5, backoffMs: 1_000, timeLimitMs: 6 * HOUR_MS, ...FORGOTTEN },
  'imports.preview': { queue: 'imports', attempts: 2, backoffMs: 1_000, timeLimitMs: 6 * HOUR_MS, ...KEPT_FOR_AN_HOUR },
  'statements.plan-run': { queue: 'statements', attempts: 5, backoffMs: 1_000, timeLimitMs: 30 * MINUTE_MS, ...FORGOTTEN },
  // A statement of a million charges takes about three minutes to draw. Two minutes of attempts outlast a disk that is full until somebody makes room.
  'statements.render': { queue: 'rendering', attempts: 8, backoffMs: 1_000, timeLimitMs: 30 * MINUTE_MS, ...FORGOTTEN },
  'statements.finish-run': { queue: 'statements', attempts: 5, backoffMs: 1_000, timeLimitMs: 10 * MINUTE_MS, ...FORGOTTEN },
  'deliveries.queue': { queue: 'statements', attempts: 5, backoffMs: 1_000, timeLimitMs: 30 * MINUTE_MS, ...FORGOTTEN },
  // The transport gives a silent server up long before. Eight and a half minutes of attempts outlast greylisting, which is five as a rule.
  'deliveries.send': { queue: 'deliveries', attempts: 8, backoffMs: 4_000, timeLimitMs: 15 * MINUTE_MS, ...FORGOTTEN },
  // A rate limit of one message a minute takes three hours for as many batches as are sent at a time.
  'deliveries.send-batch': { queue: 'deliveries', attempts: 8, backoffMs: 4_000, timeLimitMs: 4 * HOUR_MS, ...FORGOTTEN },
};

/** Jobs that one process works on at a time, per queue. Of a statement most is waiting for the database and the disk. */
export const QUEUE_CONCURRENCY: { readonly [Name in QueueName]: number } = { imports: 2, statements: 1, rendering: 8, deliveries: 3 };

/** A job to be done, with an id made from business identity: the same work is never queued twice. */
export type JobRequest = { [Name in JobName]: { readonly name: Name; readonly id: string; readonly data: JobCatalogue[Name] } }[JobName];

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(JOB_POLICIES, name);
}
