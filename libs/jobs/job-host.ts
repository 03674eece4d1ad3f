import type { Logger } from '#platform';
import { JOB_POLICIES, type JobName, QUEUE_CONCURRENCY, type QueueName } from './job-catalogue.js';
import { type AnyExhausted, type AnyHandler, exhaustedHandlersOf, jobHandlersOf } from './on-job.js';
import type { AnyWorker, QueueBackend, QueuedJob } from './queue-backend.js';

/** The working side of the queues: finds the handlers, refuses to start with one missing or doubled, and runs them. */
export class JobHost {
  private readonly handlers = new Map<JobName, AnyHandler>();
  private readonly exhausted = new Map<JobName, AnyExhausted>();
  private workers: AnyWorker[] = [];

  constructor(
    private readonly backend: QueueBackend,
    private readonly logger: Logger,
  ) {}

  /** @throws Error on a second handler for a job. */
  register(provider: object): void {
    for (const [name, handler] of jobHandlersOf(provider)) {
      if (this.handlers.has(name)) throw new Error(`the job ${name} has two handlers`);
      this.handlers.set(name, handler);
    }
    for (const [name, handler] of exhaustedHandlersOf(provider)) this.exhausted.set(name, handler);
  }

  /** Starts working on `queues`. @throws Error if a job of theirs has no handler. */
  start(queues: readonly QueueName[]): void {
    const missing = (Object.keys(JOB_POLICIES) as JobName[]).filter(
      (name) => queues.includes(JOB_POLICIES[name].queue) && !this.handlers.has(name),
    );
    if (missing.length > 0) throw new Error(`jobs without a handler: ${missing.join(', ')}`);
    this.workers = queues.map((queue) => {
      const worker = this.backend.worker(queue, (job) => this.run(job), QUEUE_CONCURRENCY[queue]);
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
      return await handler(job.data, { attempt: job.attemptsMade + 1, progress: (progress) => job.updateProgress(progress) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const last = job.attemptsMade + 1 >= job.attempts;
      this.logger.error({ err: error, job: name, data: job.data, attempt: job.attemptsMade + 1, last }, 'job failed');
      if (last) await this.exhausted.get(name)?.(job.data, reason);
      throw error;
    }
  }
}
