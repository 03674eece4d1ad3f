import { JOB_POLICIES, type JobName, type JobPolicy, type JobRequest, QUEUES, type QueueName } from './job-catalogue.js';
import type { AnyQueue, QueueBackend } from './queue-backend.js';

export interface JobState {
  readonly state: 'waiting' | 'active' | 'completed' | 'failed';
  readonly progress: object | null;
  readonly result: unknown;
  readonly failedReason: string | null;
}

const FORGOTTEN = 'forgotten';

/** The giving side of the queues. */
export class JobQueues {
  private readonly queues = new Map<QueueName, AnyQueue>();

  constructor(
    private readonly backend: QueueBackend,
    private readonly policies: Readonly<Record<JobName, JobPolicy>> = JOB_POLICIES,
  ) {}

  /** Queues work; a job of the same id that waits or runs already makes this a no-op, a failed one gives way. */
  async enqueue(asked: readonly JobRequest[]): Promise<void> {
    const requests = [...new Map(asked.map((request) => [request.id, request])).values()];
    for (const queueName of QUEUES) {
      const members = requests.filter((request) => this.policies[request.name].queue === queueName);
      if (members.length === 0) continue;
      await this.forgetFailed(members);
      await this.queue(queueName).addBulk(
        members.map((request) => {
          const policy = this.policies[request.name];
          return {
            name: request.name,
            data: request.data,
            opts: {
              jobId: request.id,
              attempts: policy.attempts,
              backoff: { type: 'exponential', delay: policy.backoffMs },
              removeOnComplete: policy.keepCompletedSeconds > 0 ? { age: policy.keepCompletedSeconds } : true,
              removeOnFail: policy.keepFailedSeconds > 0 ? { age: policy.keepFailedSeconds } : true,
            },
          };
        }),
      );
    }
  }

  /** How a job stands; undefined once it is forgotten (done without a result to keep, or the queue was wiped). */
  async state(name: JobName, id: string): Promise<JobState | undefined> {
    const queue = this.queue(this.policies[name].queue);
    // State first: a job that is completed then has its result when it is read.
    const state = await queue.getJobState(id);
    const job = await queue.getJob(id);
    if (job === undefined || isForgotten(job.data)) return undefined;
    return {
      state: state === 'completed' || state === 'failed' || state === 'active' ? state : 'waiting',
      progress: typeof job.progress === 'object' ? job.progress : null,
      result: job.returnvalue,
      failedReason: state === 'failed' ? job.failedReason : null,
    };
  }

  /** How far the jobs of a kind are that are being worked on right now, by their ids: one look, however many wait. */
  async progressOf(name: JobName): Promise<ReadonlyMap<string, object>> {
    const active = await this.queue(this.policies[name].queue).getActive();
    return new Map(
      active.flatMap((job) =>
        job.name === name && job.id !== undefined && typeof job.progress === 'object' ? [[job.id, job.progress]] : [],
      ),
    );
  }

  /**
   * Takes a job out of its queue, whatever it is doing. One that is being worked on can't be stopped from here: it counts as unknown from
   * now on, and its handler, if it asks for its own state, finds that out. @returns false if there is no such job.
   */
  async forget(name: JobName, id: string): Promise<boolean> {
    const job = await this.queue(this.policies[name].queue).getJob(id);
    if (job === undefined || isForgotten(job.data)) return false;
    // Marked first: a job that is taken up in this moment can't be removed any more.
    await job.updateData({ ...job.data, [FORGOTTEN]: true });
    // Refused for one that is being worked on.
    await job.remove().catch(() => undefined);
    return true;
  }

  /** Jobs per queue and state, for the system page and metrics. */
  async counts(): Promise<{ queue: QueueName; waiting: number; active: number; delayed: number; failed: number }[]> {
    return Promise.all(
      QUEUES.map(async (queue) => {
        const counts = await this.queue(queue).getJobCounts('waiting', 'active', 'delayed', 'failed');
        return {
          queue,
          waiting: counts['waiting'] ?? 0,
          active: counts['active'] ?? 0,
          delayed: counts['delayed'] ?? 0,
          failed: counts['failed'] ?? 0,
        };
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.queues.clear();
  }

  /** A failed job that is kept for those who ask about it would keep its id from being queued again. */
  private async forgetFailed(requests: readonly JobRequest[]): Promise<void> {
    for (const { name, id } of requests) {
      const { queue, keepFailedSeconds } = this.policies[name];
      if (keepFailedSeconds === 0) continue;
      const kept = await this.queue(queue).getJob(id);
      if (kept !== undefined && (await kept.isFailed())) await kept.remove();
    }
  }

  private queue(name: QueueName): AnyQueue {
    let queue = this.queues.get(name);
    if (queue === undefined) {
      queue = this.backend.queue(name);
      // A store that is away for a moment must not end the process; the reconciler queues the work again.
      queue.on('error', () => undefined);
      this.queues.set(name, queue);
    }
    return queue;
  }
}

function isForgotten(data: object): boolean {
  return FORGOTTEN in data;
}
