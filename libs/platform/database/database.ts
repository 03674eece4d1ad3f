import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientBase, Pool, PoolClient } from 'pg';
import type { DataSource, MigrationInterface, MixedList } from 'typeorm';
import { DomainError } from '#kernel';
import { openDataSource, poolOf, withoutPassword } from './connection.js';
import { prepareSchema, withOwner } from './schema-owner.js';
import { type Session, sessionOn } from './session.js';
import { Turns } from '../turns.js';

/** Postgres 15 is the oldest the schema is tested on. */
const MINIMUM_POSTGRES_VERSION = 15;

/** One transaction. */
export interface Tx extends Session {
  /** Calls back once the transaction is committed, and not at all if it is rolled back. */
  afterCommit(callback: () => void): void;
}

export interface DatabaseOptions {
  /** The role that the program works as. */
  readonly url: string;
  /** The role that owns the tables and makes them; undefined: the one of `url` does. */
  readonly ownerUrl?: string | undefined;
  readonly applicationName: string;
  readonly migrations: MixedList<new () => MigrationInterface>;
  readonly entities?: MixedList<new () => object>;
  readonly poolSize?: number;
  /** Told of errors on idle connections, such as 57P01 when the server stops. */
  readonly onIdleError?: (error: Error) => void;
}

const DEFAULT_POOL_SIZE = 12;

/** The Postgres behind everything: a pool, transactions, and the schema's migrations. */
export class Database {
  /**
   * Of transactions that nobody else's holds open, at most half as many as there are connections: what such a transaction asks for
   * besides its own connection, a query of the pool or a read model brought up to date, finds one free. Otherwise as many of them as there
   * are connections would wait for each other.
   */
  private readonly turns: Turns;
  private readonly insideTransaction = new AsyncLocalStorage<true>();

  private constructor(
    readonly dataSource: DataSource,
    readonly pool: Pool,
    readonly url: string,
    /** The role that the pool works as. */
    readonly role: string,
    /** What the operator should know although nothing is wrong. */
    readonly notices: readonly string[],
    private readonly options: DatabaseOptions,
  ) {
    this.turns = new Turns(Math.max(1, Math.floor((options.poolSize ?? DEFAULT_POOL_SIZE) / 2)));
  }

  /**
   * Connects, and brings the schema up to date as its owner; processes that start at once do so one after another.
   * @throws DomainError `database.unreachable`, `database.too-old`, or what {@link prepareSchema} finds wrong with the roles.
   */
  static async connect(options: DatabaseOptions): Promise<Database> {
    const { url, ownerUrl, applicationName, migrations, entities, poolSize = DEFAULT_POOL_SIZE, onIdleError } = options;
    const dataSource = await openDataSource({ url, key: 'database.url', applicationName, entities: entities ?? [], poolSize, onIdleError });
    try {
      const pool = poolOf(dataSource);
      const role = await checkServer(pool, url);
      const notices = await prepareSchema({ url, ownerUrl, applicationName, migrations, pool, role });
      return new Database(dataSource, pool, url, role, notices, options);
    } catch (error) {
      await dataSource.destroy();
      throw error;
    }
  }

  /**
   * Runs `work` on a connection of its own as the role that owns the tables, and closes it. Tables made there serve the
   * application role at once.
   */
  async asOwner<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result> {
    const { url, ownerUrl, applicationName } = this.options;
    return withOwner({ url, ownerUrl, applicationName }, work);
  }

  async query<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.pool.query(sql, [...parameters]);
    return result.rows as Row[];
  }

  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  async transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    if (this.insideTransaction.getStore() === true) return this.run(work);
    return this.turns.take(() => this.insideTransaction.run(true, () => this.run(work)));
  }

  private async run<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    const afterCommit: (() => void)[] = [];
    const tx: Tx = {
      ...sessionOn(client),
      afterCommit: (callback) => {
        afterCommit.push(callback);
      },
    };
    let result: Result;
    try {
      await client.query('begin');
      result = await work(tx);
      await client.query('commit');
    } catch (error) {
      // A connection that died can't roll back; what it did is gone with it, and the first error is the one to tell.
      const isUsable = await client.query('rollback').then(
        () => true,
        () => false,
      );
      client.release(!isUsable);
      throw error;
    }
    client.release();
    for (const callback of afterCommit) callback();
    return result;
  }

  /**
   * A connection outside the pool's turnover, for LISTEN and session locks. Release it with `release(true)`.
   * @param prepare what it is no use without: where that fails, it is closed, because kept, it would keep the pool from closing
   */
  async connection(prepare?: (client: PoolClient) => Promise<unknown>): Promise<PoolClient> {
    const client = await this.pool.connect();
    try {
      await prepare?.(client);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /**
   * Lends a connection for one piece of work. It is closed unless `work` resolves: a COPY that was left in the middle, or a transaction
   * that was, can't be taken up by the next user of the connection.
   */
  async withConnection<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.connection();
    let isThrough = false;
    try {
      const result = await work(client);
      isThrough = true;
      return result;
    } finally {
      client.release(!isThrough);
    }
  }

  /** Runs `work` on a connection of its own that sees one moment, whatever is written meanwhile, and can write nothing. */
  async snapshot<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.withConnection(async (client) => {
      await client.query(BEGIN_SNAPSHOT);
      const result = await work(sessionOn(client));
      await client.query('commit');
      return result;
    });
  }

  /**
   * As {@link snapshot}, for what is passed on piece by piece. The connection is taken when the first piece is asked for. It is closed if the
   * reader leaves early: whatever is under way then, a COPY or a cursor, ends with it.
   */
  async *streamSnapshot<Piece>(work: (session: Session) => AsyncIterable<Piece>): AsyncGenerator<Piece, void, void> {
    const client = await this.connection((fresh) => fresh.query(BEGIN_SNAPSHOT));
    let isThrough = false;
    try {
      yield* work(sessionOn(client));
      await client.query('commit');
      isThrough = true;
    } finally {
      client.release(!isThrough);
    }
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

const BEGIN_SNAPSHOT = 'begin isolation level repeatable read read only';

/** Answers the role of the connections. @throws DomainError `database.too-old`. */
async function checkServer(pool: Pool, url: string): Promise<string> {
  const { rows } = await pool.query<{ version: number; role: string }>(
    `select current_setting('server_version_num')::int / 10000 as version, current_user as role`,
  );
  const [{ version, role } = { version: 0, role: '' }] = rows;
  if (version < MINIMUM_POSTGRES_VERSION) {
    throw new DomainError(
      'database.too-old',
      'unavailable',
      `The database at ${withoutPassword(url)} is Postgres ${version}; OpenChargeback needs ${MINIMUM_POSTGRES_VERSION} or newer.`,
    );
  }
  return role;
}
