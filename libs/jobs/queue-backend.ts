import { Queue, type QueueOptions, UnrecoverableError, Worker, type WorkerOptions } from 'bullmq';
import { createPostgresBackend } from 'bullmq';
import { withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { DomainError } from '#kernel';

const MINIMUM_REDIS_VERSION = [6, 2] as const;
const PING_TIMEOUT_MS = 5_000;

/** How a job is worked on; the queue's own job object stays inside this lib. */
export interface QueuedJob {
  readonly id: string;
  readonly name: string;
  readonly data: object;
  readonly attemptsMade: number;
  readonly attempts: number;
  updateProgress(progress: object): Promise<void>;
}

export type AnyQueue = Queue<object, unknown, string>;
export type AnyWorker = Worker<object, unknown, string>;

/** What a worker does with jobs. */
export interface Work {
  run(job: QueuedJob): Promise<unknown>;
  /** The queue gave the job up without running it once more: it was lost with its process too often. */
  lost(job: QueuedJob, error: Error): Promise<void>;
}

/** Makes queues and workers on the store that the configuration names: Redis, or the Postgres that holds everything else. */
export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  queue(name: string): AnyQueue;
  worker(name: string, work: Work, concurrency: number): AnyWorker;
}

/** Short enough that the work of a killed process is taken up within seconds. */
const WORKER_TIMING = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 20 } as const;

/** @param databaseUrl of a database whose queue schema is prepared, see `prepareQueueSchema`. */
export function postgresQueueBackend(databaseUrl: string): QueueBackend {
  const { Queue: PostgresQueue, Worker: PostgresWorker } = withBackend(createPostgresBackend);
  const connection = (max: number): { connectionString: string; migrate: boolean; max: number } => ({
    connectionString: databaseUrl,
    migrate: false,
    max,
  });
  return {
    kind: 'postgres',
    queue: (name) => new PostgresQueue<object, unknown, string>(name, { connection: connection(2) }) as unknown as AnyQueue,
    worker: (name, work, concurrency) =>
      tellingLost(
        new PostgresWorker<object, unknown, string>(name, (job) => work.run(asQueuedJob(job)), {
          connection: connection(4),
          concurrency,
          ...WORKER_TIMING,
        }) as unknown as AnyWorker,
        work,
      ),
  };
}

/** @throws DomainError `redis.unreachable` or `redis.too-old`, one sentence each. */
export async function redisQueueBackend(redisUrl: string): Promise<QueueBackend> {
  await checkRedis(redisUrl);
  const options = (): QueueOptions => ({ connection: { url: redisUrl, maxRetriesPerRequest: null } });
  return {
    kind: 'redis',
    queue: (name) => new Queue<object, unknown, string>(name, options()),
    worker: (name, work, concurrency) =>
      tellingLost(
        new Worker<object, unknown, string>(name, (job) => work.run(asQueuedJob(job)), {
          ...(options() as WorkerOptions),
          concurrency,
          ...WORKER_TIMING,
        }),
        work,
      ),
  };
}

async function checkRedis(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: PING_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const version = /redis_version:(\d+)\.(\d+)/.exec(await redis.info('server'));
    const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
    const [wantedMajor, wantedMinor] = MINIMUM_REDIS_VERSION;
    if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
      throw new DomainError(
        'redis.too-old',
        'unavailable',
        `The Redis at redis.url is ${major}.${minor}; OpenChargeback needs 6.2 or newer.`,
      );
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError(
      'redis.unreachable',
      'unavailable',
      `The Redis at redis.url cannot be reached: ${reason}. Check redis.url, or leave it out to keep the queues in Postgres.`,
    );
  } finally {
    redis.disconnect();
  }
}

/** Jobs that stalled too often never reach the handler again; the queue fails them itself, with an error of this kind. */
function tellingLost(worker: AnyWorker, work: Work): AnyWorker {
  return worker.on('failed', (job, error) => {
    if (job !== undefined && error instanceof UnrecoverableError) void work.lost(asQueuedJob(job), error);
  });
}

function asQueuedJob(job: {
  id?: string | undefined;
  name: string;
  data: object;
  attemptsMade: number;
  opts: { attempts?: number };
  updateProgress(progress: object): Promise<void>;
}): QueuedJob {
  return {
    id: job.id ?? '',
    name: job.name,
    data: job.data,
    attemptsMade: job.attemptsMade,
    attempts: job.opts.attempts ?? 1,
    updateProgress: (progress) => job.updateProgress(progress),
  };
}
