import { DomainError } from '#kernel';
import type { Logger } from '#platform';
import { JOB_POLICIES, type JobName, type JobPolicy, QUEUE_CONCURRENCY, type QueueName } from './job-catalogue.js';
import type { JobFailures } from './job-failures.js';
import { type AnyExhausted, type AnyHandler, exhaustedHandlersOf, type JobContext, jobHandlersOf } from './on-job.js';
import type { AnyWorker, QueueBackend, QueuedJob } from './queue-backend.js';

/** Where the host records what became of work that failed, and looks up what must not run. */
export type FailureLog = Pick<JobFailures, 'standing' | 'exhausted' | 'recovered'>;

/** The working side of the queues: finds the handlers, refuses to start with one missing or doubled, and runs them within their limits. */
export class JobHost {
  private readonly handlers = new Map<JobName, AnyHandler>();
  private readonly exhausted = new Map<JobName, AnyExhausted>();
  private failures: FailureLog | undefined;
  private workers: AnyWorker[] = [];

  constructor(
    private readonly backend: QueueBackend,
    private readonly logger: Logger,
    private readonly policies: Readonly<Record<JobName, JobPolicy>> = JOB_POLICIES,
  ) {}

  /** @throws Error on a second handler for a job. */
  register(provider: object): void {
    for (const [name, handler] of jobHandlersOf(provider)) {
      if (this.handlers.has(name)) throw new Error(`the job ${name} has two handlers`);
      this.handlers.set(name, handler);
    }
    for (const [name, handler] of exhaustedHandlersOf(provider)) this.exhausted.set(name, handler);
  }

  recordFailuresIn(failures: FailureLog): void {
    this.failures = failures;
  }

  /** Starts working on `queues`. @throws Error if a job of theirs has no handler. */
  start(queues: readonly QueueName[]): void {
    const missing = (Object.keys(this.policies) as JobName[]).filter(
      (name) => queues.includes(this.policies[name].queue) && !this.handlers.has(name),
    );
    if (missing.length > 0) throw new Error(`jobs without a handler: ${missing.join(', ')}`);
    const work = {
      run: (job: QueuedJob): Promise<unknown> => this.run(job),
      lost: (job: QueuedJob, error: Error): Promise<void> => this.giveUp(job, error),
    };
    this.workers = queues.map((queue) => {
      const worker = this.backend.worker(queue, work, QUEUE_CONCURRENCY[queue]);
      worker.on('error', (error) => {
        this.logger.warn({ err: error, queue }, 'queue store');
      });
      return worker;
    });
  }

  /** Lets running jobs end; `force` leaves them to be taken up elsewhere. */
  async stop(force = false): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close(force)));
    this.workers = [];
  }

  private async run(job: QueuedJob): Promise<unknown> {
    const name = job.name as JobName;
    const handler = this.handlers.get(name);
    if (handler === undefined) throw new Error(`the job ${name} has no handler`);
    try {
      const standing = (await this.failures?.standing(job.id)) ?? 'sound';
      // Queued in the moment between its last failure and the record of it, or by a step that knows nothing of failures.
      if (standing === 'exhausted') return undefined;
      const result = await this.withinLimit(name, job, (context) => handler(job.data, context));
      if (standing === 'retried') await this.failures?.recovered(job.id);
      return result;
    } catch (error) {
      const attempt = job.attemptsMade + 1;
      const last = attempt >= job.attempts;
      this.logger.error({ err: error, job: name, id: job.id, data: job.data, attempt, last }, 'job failed');
      // Before the queue forgets the job: killed in between, it is found stalled and run once more.
      if (last) await this.giveUp(job, error);
      throw error;
    }
  }

  /** Runs an attempt against its time limit. One that is given up can't be stopped from here; its signal tells it to write nothing more. */
  private async withinLimit(name: JobName, job: QueuedJob, attempt: (context: JobContext) => Promise<unknown>): Promise<unknown> {
    const { timeLimitMs } = this.policies[name];
    const controller = new AbortController();
    const { signal } = controller;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new DomainError('job.time-limit', 'unavailable', `It was not done within ${inWords(timeLimitMs)} and was given up.`);
        controller.abort(error);
        reject(error);
      }, timeLimitMs);
    });
    const progress = async (reported: object): Promise<void> => {
      signal.throwIfAborted();
      await job.updateProgress(reported);
    };
    try {
      return await Promise.race([attempt({ attempt: job.attemptsMade + 1, progress, signal }), limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Ends a job whose attempts are used up: with its area's own outcome where the failure is a fact of the area, else as `JobExhausted`.
   * If the log itself is away at this moment nothing is recorded, and nothing is lost: the work still has no outcome, so the reconciler
   * queues it again, and a failure that lasts is recorded then.
   */
  private async giveUp(job: QueuedJob, error: unknown): Promise<void> {
    const name = job.name as JobName;
    try {
      if ((await this.exhausted.get(name)?.(job.data, error)) === true) {
        await this.failures?.recovered(job.id);
        return;
      }
      const reason = error instanceof Error ? error.message : String(error);
      await this.failures?.exhausted({ id: job.id, name, data: job.data, attempts: job.attemptsMade + 1, reason });
    } catch (recordingError) {
      this.logger.error({ err: recordingError, job: name, id: job.id }, 'a failed job could not be recorded; it will be queued again');
    }
  }
}

function inWords(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 1) return `${milliseconds} ms`;
  return minutes < 120 ? `${minutes} minutes` : `${minutes / 60} hours`;
}
