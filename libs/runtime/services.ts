import { ADJUSTMENT_UPCASTERS } from '#adjustments';
import { ATTRIBUTION_RULE_UPCASTERS } from '#attribution-rules';
import { REVIEW_UPCASTERS } from '#charges';
import { DELIVERY_UPCASTERS } from '#deliveries';
import { EventStore, LogSealer, ProjectionRunner, Upcasting } from '#event-store';
import { IMPORT_UPCASTERS } from '#imports';
import { JOURNAL_UPCASTERS } from '#journals';
import { JobHost, JobQueues, JobRelay, postgresQueueBackend, prepareQueueSchema, type QueueBackend, redisQueueBackend } from '#jobs';
import { type Clock, systemClock } from '#kernel';
import { MIGRATIONS } from '#migrations';
import {
  type AppConfig,
  createMailTransport,
  Database,
  type FileStorage,
  LocalFileStorage,
  type Logger,
  type MailTransport,
  type RunningPostgres,
  startEmbeddedPostgres,
} from '#platform';
import { SOURCE_UPCASTERS, SourceEntity } from '#sources';
import { STATEMENT_UPCASTERS } from '#statements';

export interface ServiceOptions {
  readonly config: AppConfig;
  readonly logger: Logger;
  /** Shown in pg_stat_activity: `openchargeback api`. */
  readonly name: string;
  readonly clock?: Clock;
}

/** What is final is sealed at once. */
const SEALED_AT_ONCE = ['PeriodFinalized'];

/** What every process of the program stands on. */
export interface Services {
  readonly config: AppConfig;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly database: Database;
  readonly store: EventStore;
  readonly sealer: LogSealer;
  readonly projections: ProjectionRunner;
  readonly backend: QueueBackend;
  readonly queues: JobQueues;
  readonly relay: JobRelay;
  readonly host: JobHost;
  readonly storage: FileStorage;
  readonly mail: MailTransport;
  /** Lets go of everything, last of all of the embedded Postgres. */
  close(): Promise<void>;
}

/**
 * Connects to the configured Postgres and Redis, or brings up the embedded ones (docs/adr/0006).
 * @throws DomainError of kind unavailable or invalid, one sentence each, with nothing left running.
 */
export async function startServices({ config, logger, name, clock = systemClock }: ServiceOptions): Promise<Services> {
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of opened.reverse()) await end();
    opened.length = 0;
  };
  try {
    const { url, ownerUrl } = config.database;
    const database = await Database.connect({
      ...(url === undefined ? await embedded(config, logger, opened) : { url, ownerUrl }),
      applicationName: name,
      migrations: MIGRATIONS,
      entities: [SourceEntity],
      onIdleError: (error) => {
        logger.debug({ err: error }, 'idle database connection');
      },
    });
    opened.push(() => database.close());
    for (const notice of database.notices) logger.warn(notice);
    const backend = config.redis.url === undefined ? await postgresQueues(database) : await redisQueueBackend(config.redis.url);
    const queues = new JobQueues(backend);
    opened.push(() => queues.close());
    const mail = createMailTransport(config);
    opened.push(() => mail.close());
    const store = new EventStore(
      database,
      clock,
      new Upcasting([
        ...ADJUSTMENT_UPCASTERS,
        ...ATTRIBUTION_RULE_UPCASTERS,
        ...DELIVERY_UPCASTERS,
        ...IMPORT_UPCASTERS,
        ...JOURNAL_UPCASTERS,
        ...REVIEW_UPCASTERS,
        ...SOURCE_UPCASTERS,
        ...STATEMENT_UPCASTERS,
      ]),
    );
    if (await store.continueRestoredLog()) logger.warn('the log was restored from a copy: its order goes on where the copy ended');
    return {
      config,
      logger,
      clock,
      database,
      store,
      sealer: new LogSealer(database, store, clock, logger, SEALED_AT_ONCE),
      projections: new ProjectionRunner(database, store, logger),
      backend,
      queues,
      relay: new JobRelay(database, store, queues, logger),
      host: new JobHost(backend, logger),
      storage: new LocalFileStorage(config.storage.dir),
      mail,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function postgresQueues(database: Database): Promise<QueueBackend> {
  await prepareQueueSchema(database);
  return postgresQueueBackend(database.url);
}

async function embedded(config: AppConfig, logger: Logger, opened: (() => Promise<void>)[]): Promise<{ url: string; ownerUrl: string }> {
  const postgres: RunningPostgres = await startEmbeddedPostgres({ dataDir: config.dataDir, logger });
  opened.push(() => postgres.stop());
  return postgres;
}
