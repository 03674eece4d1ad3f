import { describe, expect, it } from 'vitest';
import { type JobContext, JobHost, OnJob, OnJobExhausted, type QueueBackend } from '#jobs';
import { createLogger } from '#platform';
import { JOB_POLICIES } from './job-catalogue.js';
import type { FailureLog } from './job-host.js';
import type { AnyQueue, AnyWorker, QueuedJob, Work } from './queue-backend.js';

const SILENT = createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'spec' });
const SHORT_LIMIT_MS = 20;

/** A queue store that runs a job when the test says so. */
class HandDrivenQueue implements QueueBackend {
  readonly kind = 'postgres';
  work: Work | undefined;

  queue(): AnyQueue {
    throw new Error('nothing is queued here');
  }

  worker(_name: string, work: Work): AnyWorker {
    this.work = work;
    const worker = { on: () => worker, close: () => Promise.resolve() };
    return worker as unknown as AnyWorker;
  }
}

class FailuresInMemory implements FailureLog {
  readonly told: string[] = [];
  stands: 'sound' | 'exhausted' | 'retried' = 'sound';
  isAway = false;

  standing(): Promise<'sound' | 'exhausted' | 'retried'> {
    return Promise.resolve(this.stands);
  }

  exhausted(job: Parameters<FailureLog['exhausted']>[0]): Promise<void> {
    if (this.isAway) return Promise.reject(new Error('the log is away'));
    this.told.push(`${job.id} ${JSON.stringify(job.data)} exhausted after ${job.attempts}: ${job.reason}`);
    return Promise.resolve();
  }

  recovered(jobId: string): Promise<void> {
    this.told.push(`${jobId} recovered`);
    return Promise.resolve();
  }
}

/** Does what the test put in. */
class Handlers {
  work: (context: JobContext) => Promise<unknown> = () => Promise.resolve('done');
  hasOwnOutcome = false;

  @OnJob('imports.record')
  async record(_data: { importId: number }, context: JobContext): Promise<unknown> {
    return this.work(context);
  }

  @OnJob('imports.preview')
  async preview(): Promise<void> {
    return Promise.resolve();
  }

  @OnJobExhausted('imports.record')
  async giveUp(): Promise<boolean> {
    return Promise.resolve(this.hasOwnOutcome);
  }
}

class OneHandler {
  @OnJob('imports.record')
  async record(): Promise<void> {
    return Promise.resolve();
  }
}

function started(): { handlers: Handlers; failures: FailuresInMemory; run: (attempt: number) => Promise<unknown>; work: Work } {
  const queue = new HandDrivenQueue();
  const short = { ...JOB_POLICIES['imports.record'], timeLimitMs: SHORT_LIMIT_MS };
  const host = new JobHost(queue, SILENT, { ...JOB_POLICIES, 'imports.record': short });
  const handlers = new Handlers();
  const failures = new FailuresInMemory();
  host.register(handlers);
  host.recordFailuresIn(failures);
  host.start(['imports']);
  const { work } = queue;
  if (work === undefined) throw new Error('the host made no worker');
  return { handlers, failures, work, run: (attempt) => work.run(job(attempt)) };
}

function job(attempt: number): QueuedJob {
  return {
    id: 'import-7',
    name: 'imports.record',
    data: { importId: 7 },
    attemptsMade: attempt - 1,
    attempts: 3,
    updateProgress: () => Promise.resolve(),
  };
}

describe('a job host', () => {
  it('does not start with a job that has no handler', () => {
    const host = new JobHost(new HandDrivenQueue(), SILENT);
    host.register(new OneHandler());
    expect(() => {
      host.start(['imports']);
    }).toThrow('jobs without a handler: imports.preview');
  });

  it('does not take a second handler for a job', () => {
    const host = new JobHost(new HandDrivenQueue(), SILENT);
    host.register(new OneHandler());
    expect(() => {
      host.register(new OneHandler());
    }).toThrow('the job imports.record has two handlers');
  });

  it('records a failure when the last attempt failed, and not before', async () => {
    const { handlers, failures, run } = started();
    handlers.work = () => Promise.reject(new Error('disk full'));
    await expect(run(1)).rejects.toThrow('disk full');
    await expect(run(2)).rejects.toThrow('disk full');
    expect(failures.told).toEqual([]);
    await expect(run(3)).rejects.toThrow('disk full');
    expect(failures.told).toEqual(['import-7 {"importId":7} exhausted after 3: disk full']);
  });

  it('leaves a failure that is a fact of its area to the area', async () => {
    const { handlers, failures, run } = started();
    handlers.work = () => Promise.reject(new Error('550 no such mailbox'));
    handlers.hasOwnOutcome = true;
    await expect(run(3)).rejects.toThrow('550');
    expect(failures.told.filter((line) => line.includes('exhausted'))).toEqual([]);
  });

  it('does not run what is exhausted', async () => {
    const { handlers, failures, run } = started();
    failures.stands = 'exhausted';
    let runs = 0;
    handlers.work = () => Promise.resolve((runs += 1));
    expect(await run(1)).toBeUndefined();
    expect(runs).toBe(0);
  });

  it('tells when work that was retried is done, and of no other', async () => {
    const { failures, run } = started();
    expect(await run(1)).toBe('done');
    expect(failures.told).toEqual([]);
    failures.stands = 'retried';
    expect(await run(1)).toBe('done');
    expect(failures.told).toEqual(['import-7 recovered']);
  });

  it('gives up an attempt at its time limit and lets it report nothing more', async () => {
    const { handlers, failures, run } = started();
    let context: JobContext | undefined;
    handlers.work = (given) => {
      context = given;
      return new Promise(() => undefined);
    };
    await expect(run(3)).rejects.toMatchObject({ code: 'job.time-limit' });
    expect(context?.signal.aborted).toBe(true);
    await expect(context?.progress({ rows: 1 })).rejects.toMatchObject({ code: 'job.time-limit' });
    expect(failures.told).toEqual([expect.stringContaining(`It was not done within ${SHORT_LIMIT_MS} ms`)]);
  });

  it('aborts nothing that ends within its limit', async () => {
    const { handlers, run } = started();
    let signal: AbortSignal | undefined;
    handlers.work = (given) => {
      ({ signal } = given);
      return Promise.resolve();
    };
    await run(1);
    await new Promise((resolve) => setTimeout(resolve, SHORT_LIMIT_MS * 2));
    expect(signal?.aborted).toBe(false);
  });

  it('still fails the job when the log is away, so that the work is found without outcome later', async () => {
    const { handlers, failures, run } = started();
    handlers.work = () => Promise.reject(new Error('connection refused'));
    failures.isAway = true;
    await expect(run(3)).rejects.toThrow('connection refused');
  });

  it('records a job that took its process with it too often', async () => {
    const { failures, work } = started();
    await work.lost(job(1), new Error('job stalled more than allowable limit'));
    expect(failures.told).toEqual(['import-7 {"importId":7} exhausted after 1: job stalled more than allowable limit']);
  });
});
