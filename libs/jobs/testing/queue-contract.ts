import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobHost, JobQueues, type JobRequest, OnJob, OnJobExhausted, type QueueBackend } from '#jobs';
import { createLogger } from '#platform';
import { JOB_POLICIES, type JobName, type JobPolicy } from '../job-catalogue.js';

const SILENT = createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'contract' });

/** The program's policies with pauses that don't keep a test waiting. */
const IN_A_HURRY = {
  ...JOB_POLICIES,
  'imports.record': { ...JOB_POLICIES['imports.record'], backoffMs: 10 },
  'imports.preview': { ...JOB_POLICIES['imports.preview'], backoffMs: 10 },
} satisfies Record<JobName, JobPolicy>;

const preview = (id: string): JobRequest => ({
  name: 'imports.preview',
  id: `preview-${id}`,
  data: {
    previewId: id,
    source: 'aws',
    fileName: 'a.csv',
    sha256: '',
    bytes: 0,
    expectedPeriod: null,
    deliveryMode: 'merge',
    allowPartial: false,
  },
});

/** Handlers that write down what they were asked to do. */
class Recorder {
  readonly done: string[] = [];
  readonly failures: string[] = [];
  failuresLeft = 0;
  /** Recordings that never end. */
  recordingsToHang = 0;
  isBroken = false;
  /** Set: work waits for {@link release} after telling that it began. */
  hold = false;
  readonly began = deferred();
  readonly held = deferred();

  @OnJob('imports.record')
  async record({ importId }: { importId: number }): Promise<void> {
    if (this.recordingsToHang > 0) {
      this.recordingsToHang -= 1;
      await new Promise(() => undefined);
    }
    if (this.isBroken) {
      this.failures.push(`record ${importId}`);
      throw new Error('broken');
    }
    this.done.push(`record ${importId}`);
  }

  @OnJob('imports.preview')
  async preview(
    { previewId }: { previewId: string },
    context: { attempt: number; progress(progress: object): Promise<void> },
  ): Promise<object> {
    await context.progress({ rows: 7 });
    this.began.resolve();
    if (this.hold) await this.held.promise;
    if (this.failuresLeft > 0) {
      this.failuresLeft -= 1;
      throw new Error(`attempt ${context.attempt} failed`);
    }
    this.done.push(`preview ${previewId} in attempt ${context.attempt}`);
    return { rows: 7 };
  }

  @OnJobExhausted('imports.preview')
  async giveUp({ previewId }: { previewId: string }, error: unknown): Promise<boolean> {
    this.failures.push(`${previewId}: ${error instanceof Error ? error.message : String(error)}`);
    return Promise.resolve(true);
  }
}

/**
 * What the program relies on in a queue store; both stores must pass the same suite.
 * @param backend makes a backend on an empty store
 */
export function describeQueueContract(name: string, backend: () => Promise<QueueBackend>): void {
  describe(`the queues on ${name}`, () => {
    let store: QueueBackend;
    let queues: JobQueues;
    let hosts: JobHost[] = [];

    beforeEach(async () => {
      store = await backend();
      queues = new JobQueues(store, IN_A_HURRY);
    });

    afterEach(async () => {
      await Promise.all(hosts.map((host) => host.stop(true)));
      hosts = [];
      await queues.close();
    });

    function host(recorder: Recorder, limits: Partial<JobPolicy> = {}): JobHost {
      const started = new JobHost(store, SILENT, { ...IN_A_HURRY, 'imports.record': { ...IN_A_HURRY['imports.record'], ...limits } });
      started.register(recorder);
      started.start(['imports']);
      hosts.push(started);
      return started;
    }

    it('does every job once, however often it is asked for while it waits', async () => {
      const requests: JobRequest[] = Array.from({ length: 50 }, (_, index) => ({
        name: 'imports.record',
        id: `import-${index}`,
        data: { importId: index },
      }));
      await queues.enqueue(requests);
      await queues.enqueue(requests);
      const recorder = new Recorder();
      host(recorder);
      await until(() => recorder.done.length >= 50);
      await queues.enqueue([preview('last')]);
      await until(() => recorder.done.includes('preview last in attempt 1'));
      expect([...recorder.done].sort()).toEqual([...requests.map((_, index) => `record ${index}`), 'preview last in attempt 1'].sort());
    });

    it('takes an id again once its job is done and forgotten', async () => {
      const recorder = new Recorder();
      host(recorder);
      const request: JobRequest = { name: 'imports.record', id: 'import-1', data: { importId: 1 } };
      await queues.enqueue([request]);
      await until(() => recorder.done.length === 1);
      await until(async () => (await queues.state('imports.record', 'import-1')) === undefined);
      await queues.enqueue([request]);
      await until(() => recorder.done.length === 2);
    });

    it('tells state, progress and result to those who ask', async () => {
      expect(await queues.state('imports.preview', 'preview-p')).toBeUndefined();
      await queues.enqueue([preview('p')]);
      expect(await queues.state('imports.preview', 'preview-p')).toMatchObject({ state: 'waiting' });
      const recorder = new Recorder();
      recorder.hold = true;
      host(recorder);
      await recorder.began.promise;
      expect(await queues.state('imports.preview', 'preview-p')).toMatchObject({ state: 'active', progress: { rows: 7 } });
      recorder.held.resolve();
      await until(async () => (await queues.state('imports.preview', 'preview-p'))?.state === 'completed');
      expect(await queues.state('imports.preview', 'preview-p')).toMatchObject({ result: { rows: 7 } });
    });

    it('forgets a job at once, whether it waits or is being worked on, and tells how far those are that are', async () => {
      await queues.enqueue([preview('w'), preview('a')]);
      expect(await queues.forget('imports.preview', 'preview-w')).toBe(true);
      expect(await queues.state('imports.preview', 'preview-w')).toBeUndefined();
      expect(await queues.forget('imports.preview', 'preview-w')).toBe(false);
      const recorder = new Recorder();
      recorder.hold = true;
      host(recorder);
      await recorder.began.promise;
      expect(await queues.progressOf('imports.preview')).toEqual(new Map([['preview-a', { rows: 7 }]]));
      expect(await queues.progressOf('imports.record')).toEqual(new Map());
      expect(await queues.forget('imports.preview', 'preview-a')).toBe(true);
      expect(await queues.state('imports.preview', 'preview-a')).toBeUndefined();
      recorder.held.resolve();
      await until(() => recorder.done.length === 1);
      expect(recorder.done).toEqual(['preview a in attempt 1']);
      expect(await queues.state('imports.preview', 'preview-a')).toBeUndefined();
    });

    it('tries a failed job again', async () => {
      const recorder = new Recorder();
      recorder.failuresLeft = 1;
      host(recorder);
      await queues.enqueue([preview('r')]);
      await until(() => recorder.done.length === 1);
      expect(recorder.done).toEqual(['preview r in attempt 2']);
      expect(recorder.failures).toEqual([]);
    });

    it('hands a job whose attempts are used up to whoever records the failure', async () => {
      const recorder = new Recorder();
      recorder.failuresLeft = 99;
      host(recorder);
      await queues.enqueue([preview('x')]);
      await until(async () => (await queues.state('imports.preview', 'preview-x'))?.state === 'failed');
      expect(recorder.failures).toEqual(['x: attempt 2 failed']);
      expect(await queues.state('imports.preview', 'preview-x')).toMatchObject({ failedReason: 'attempt 2 failed' });
    });

    it('runs a job again that failed for good and is queued under the same id', async () => {
      const recorder = new Recorder();
      recorder.failuresLeft = 2;
      host(recorder);
      await queues.enqueue([preview('y')]);
      // This one is kept for those who ask, so that it stands in the way of its own id.
      await until(async () => (await queues.state('imports.preview', 'preview-y'))?.state === 'failed');
      await queues.enqueue([preview('y')]);
      await until(async () => (await queues.state('imports.preview', 'preview-y'))?.state === 'completed');
      expect(recorder.done).toEqual(['preview y in attempt 1']);
    });

    it('runs a job again that failed for good, was forgotten, and is queued under the same id', async () => {
      const recorder = new Recorder();
      recorder.isBroken = true;
      host(recorder);
      const request: JobRequest = { name: 'imports.record', id: 'import-9', data: { importId: 9 } };
      await queues.enqueue([request]);
      await until(() => recorder.failures.length === IN_A_HURRY['imports.record'].attempts);
      await until(async () => (await queues.state('imports.record', 'import-9')) === undefined);
      recorder.isBroken = false;
      await queues.enqueue([request]);
      await until(() => recorder.done.length === 1);
    });

    it('gives an attempt up that hangs, and tries again', async () => {
      const recorder = new Recorder();
      recorder.recordingsToHang = 1;
      host(recorder, { timeLimitMs: 100 });
      await queues.enqueue([{ name: 'imports.record', id: 'import-3', data: { importId: 3 } }]);
      await until(() => recorder.done.length === 1);
      expect(recorder.recordingsToHang).toBe(0);
    });

    it('takes up the work of a worker that went away in the middle of it', async () => {
      const lost = new Recorder();
      lost.hold = true;
      const losing = host(lost);
      await queues.enqueue([preview('s')]);
      await lost.began.promise;
      await losing.stop(true);
      const finder = new Recorder();
      host(finder);
      await until(() => finder.done.length === 1);
      expect(finder.done[0]).toContain('preview s');
      expect(lost.done).toEqual([]);
    });

    it('counts what waits', async () => {
      await queues.enqueue([preview('1'), preview('2')]);
      expect((await queues.counts()).find((row) => row.queue === 'imports')).toMatchObject({ waiting: 2, active: 0 });
    });
  });
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(holds, { timeout: 40_000, interval: 20 }).toBe(true);
}
