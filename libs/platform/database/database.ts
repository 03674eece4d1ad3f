import type { Pool, PoolClient } from 'pg';
import { DataSource, type EntityManager, type MigrationInterface, type MixedList } from 'typeorm';
import { DomainError } from '#kernel';

/** Postgres 15 is the oldest the schema is tested on. */
const MINIMUM_POSTGRES_VERSION = 15;

const MIGRATION_LOCK = 7_253_001;

/** One transaction. `query` answers rows; `client` is the bare connection (COPY, cursors); `manager` is TypeORM's view of the same transaction. */
export interface Tx {
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  readonly client: PoolClient;
  readonly manager: EntityManager;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly migrations: MixedList<new () => MigrationInterface>;
  readonly entities?: MixedList<new () => object>;
  readonly poolSize?: number;
  /** Told of errors on idle connections, such as 57P01 when the server stops. */
  readonly onIdleError?: (error: Error) => void;
}

/** The Postgres behind everything: a pool, transactions, and the schema's migrations. */
export class Database {
  private constructor(
    readonly dataSource: DataSource,
    readonly pool: Pool,
    readonly url: string,
  ) {}

  /**
   * Connects and brings the schema up to date; processes that start at once do so one after another.
   * @throws DomainError `database.unreachable` or `database.too-old`, one sentence each.
   */
  static async connect(options: DatabaseOptions): Promise<Database> {
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: options.applicationName,
      migrations: options.migrations,
      entities: options.entities ?? [],
      migrationsTableName: 'schema_migrations',
      migrationsTransactionMode: 'each',
      poolSize: options.poolSize ?? 12,
      poolErrorHandler: options.onIdleError ?? ((): void => undefined),
      extra: { connectionTimeoutMillis: 10_000, options: '-c timezone=UTC' },
    });
    try {
      await dataSource.initialize();
    } catch (error) {
      throw new DomainError(
        'database.unreachable',
        'unavailable',
        `The database at ${withoutPassword(options.url)} cannot be reached: ${messageOf(error)}. Check database.url, or leave it out to use the embedded Postgres.`,
      );
    }
    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    pool.on('error', options.onIdleError ?? ((): void => undefined));
    const database = new Database(dataSource, pool, options.url);
    try {
      await database.checkVersion();
      await database.migrate();
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }

  async query<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.pool.query(sql, [...parameters]);
    return result.rows as Row[];
  }

  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  async transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      await runner.startTransaction('READ COMMITTED');
      const tx: Tx = {
        client,
        manager: runner.manager,
        query: async <Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> => {
          const result = await client.query(sql, [...parameters]);
          return result.rows as Row[];
        },
      };
      const result = await work(tx);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) {
        // A connection that died can't roll back; what it did is gone with it, and the first error is the one to tell.
        await runner.rollbackTransaction().catch(() => undefined);
      }
      throw error;
    } finally {
      await runner.release().catch(() => undefined);
    }
  }

  /** A connection outside the pool's turnover, for LISTEN and session locks. Release it with `release(true)`. */
  async connection(): Promise<PoolClient> {
    return this.pool.connect();
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private async checkVersion(): Promise<void> {
    const [row] = await this.query<{ version: number }>(`select current_setting('server_version_num')::int / 10000 as version`);
    const version = row?.version ?? 0;
    if (version < MINIMUM_POSTGRES_VERSION) {
      throw new DomainError(
        'database.too-old',
        'unavailable',
        `The database at ${withoutPassword(this.url)} is Postgres ${version}; OpenChargeback needs ${MINIMUM_POSTGRES_VERSION} or newer.`,
      );
    }
  }

  private async migrate(): Promise<void> {
    const lock = await this.pool.connect();
    try {
      await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      await this.dataSource.runMigrations();
      await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    } finally {
      lock.release();
    }
  }
}

/** The URL as it may be shown: user and password left out. */
function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
  } catch {
    return 'the configured URL';
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
