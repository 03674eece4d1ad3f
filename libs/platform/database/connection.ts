import type { Pool } from 'pg';
import { DataSource, type MigrationInterface, type MixedList } from 'typeorm';
import { DomainError } from '#kernel';

export const MIGRATIONS_TABLE = 'schema_migrations';

const CONNECTION_TIMEOUT_MS = 10_000;

/**
 * What every session has, whatever the server's default: times in UTC; names that mean the schema `public` and none that somebody
 * put before it; and read committed, which the program's locks are made for – said once here, because saying it at the start of each
 * transaction costs a round trip.
 */
export const SESSION_SETTINGS = '-c timezone=UTC -c search_path=public -c default_transaction_isolation=read\\ committed';

interface ConnectionOptions {
  readonly url: string;
  /** The key of the configuration that holds `url`, for the error. */
  readonly key: 'database.url' | 'database.owner_url';
  readonly applicationName: string;
  readonly poolSize: number;
  readonly migrations?: MixedList<new () => MigrationInterface>;
  readonly entities?: MixedList<new () => object>;
  readonly onIdleError?: ((error: Error) => void) | undefined;
}

/** @throws DomainError `database.unreachable`. */
export async function openDataSource(options: ConnectionOptions): Promise<DataSource> {
  const onIdleError = options.onIdleError ?? ((): void => undefined);
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    migrations: options.migrations ?? [],
    entities: options.entities ?? [],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    poolSize: options.poolSize,
    poolErrorHandler: onIdleError,
    extra: { connectionTimeoutMillis: CONNECTION_TIMEOUT_MS, options: SESSION_SETTINGS },
  });
  try {
    await dataSource.initialize();
  } catch (error) {
    throw unreachable(options.url, options.key, error);
  }
  const pool = poolOf(dataSource);
  pool.on('error', onIdleError);
  // The pool listens to idle connections only. One that is lent out and lost between two statements would end the process; with a
  // listener its next statement tells of it.
  pool.on('acquire', (client) => client.on('error', bearLoss));
  pool.on('release', (_error, client) => client.off('error', bearLoss));
  return dataSource;
}

function bearLoss(): void {
  // Told by the next statement.
}

export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

export function unreachable(url: string, key: ConnectionOptions['key'], error: unknown): DomainError {
  const wayOut = key === 'database.url' ? 'leave it out to use the embedded Postgres' : 'leave it out to work with one role';
  return new DomainError(
    'database.unreachable',
    'unavailable',
    `The database at ${withoutPassword(url)} cannot be reached: ${messageOf(error)}. Check ${key}, or ${wayOut}.`,
  );
}

/** The URL as it may be shown: user and password left out. */
export function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
  } catch {
    return 'the configured URL';
  }
}

export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
