import type { ClientBase, PoolClient } from 'pg';
import { DomainError } from '#kernel';
import type { Database } from '#platform';
import { type EventStore, START } from './event-store.js';
import type { Projection } from './projection.js';

const BATCH_SIZE = 500;
/** Readers hold the tables for as long as their queries run; the swap gives way to them and tries again. */
const SWAP_LOCK_TIMEOUT_MS = 3_000;
const SWAP_RETRY_MS = 500;
const LOCK_NOT_AVAILABLE = '55P03';

/** Locks out the batches of the tables in use; see `ProjectionRunner`. @param name an SQL expression */
export function projectionLock(name: string): string {
  return `hashtextextended('projection:' || ${name}, 0)`;
}
const REBUILD_LOCK = `hashtextextended('rebuild:' || $1, 0)`;

/** @param seenEvents events of the log that the new tables have seen @param knownEvents events that the log held at the start */
export type RebuildProgress = (seenEvents: number, knownEvents: number) => void | Promise<void>;

/**
 * Makes the tables of a projection anew from the first event, in a schema of their own that comes first in the search path, while those in
 * use go on being read and brought up to date. Then puts them in place of the old ones in one short transaction. A rebuild that is broken
 * off leaves the tables in use as they are; the next one begins again.
 */
export class ProjectionRebuild {
  private readonly schema: string;

  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly projection: Projection,
  ) {
    this.schema = `rebuild_${projection.name.replaceAll('-', '_')}`;
  }

  /** @throws DomainError `projection.rebuilding` if somebody else is at it. */
  async run(progress: RebuildProgress = (): void => undefined): Promise<void> {
    const { name } = this.projection;
    const session = await this.database.connection();
    try {
      const { rows } = await session.query<{ free: boolean }>(`select pg_try_advisory_lock(${REBUILD_LOCK}) as free`, [name]);
      if (rows[0]?.free !== true) {
        throw new DomainError('projection.rebuilding', 'conflict', `${name} is being rebuilt by another process. Wait until it is done.`);
      }
      await this.database.asOwner((owner) => this.prepare(owner));
      const [log] = await this.database.query<{ events: string }>('select count(*) as events from events');
      let seen = 0;
      for (let batch = await this.runBatch(); batch > 0; batch = await this.runBatch()) {
        seen += batch;
        await progress(seen, Math.max(seen, Number(log?.events ?? 0)));
      }
      while (!(await this.swap(session))) await new Promise((resolve) => setTimeout(resolve, SWAP_RETRY_MS));
    } finally {
      // Ends the session and with it the locks.
      session.release(true);
    }
  }

  /** Empty tables with the columns, constraints, indexes and rights of those in use. */
  private async prepare(owner: ClientBase): Promise<void> {
    const schema = owner.escapeIdentifier(this.schema);
    await owner.query('begin');
    await owner.query(`drop schema if exists ${schema} cascade`);
    await owner.query(`create schema ${schema}`);
    for (const table of this.projection.tables) {
      const inUse = `public.${owner.escapeIdentifier(table)}`;
      const fresh = `${schema}.${owner.escapeIdentifier(table)}`;
      await owner.query(
        `create table ${fresh} (like ${inUse} including defaults including constraints including generated including storage)`,
      );
      for (const statement of await this.definitions(owner, table, inUse, fresh)) await owner.query(statement);
    }
    await owner.query(
      `insert into projection_rebuilds (name, version, transaction_id, position, started_at) values ($1, $2, $3::xid8, $4, now())
       on conflict (name) do update set version = excluded.version, transaction_id = excluded.transaction_id, position = excluded.position, started_at = excluded.started_at`,
      [this.projection.name, this.projection.version, START.transactionId, START.position],
    );
    await owner.query('commit');
  }

  /** Keys and indexes under the names they have, which migrations speak of, and the rights of whoever may use the table. */
  private async definitions(owner: ClientBase, table: string, inUse: string, fresh: string): Promise<string[]> {
    const schema = owner.escapeIdentifier(this.schema);
    const { rows } = await owner.query<{ statement: string }>(
      `select format('alter table %s add constraint %I %s', $2::text, conname, pg_get_constraintdef(oid)) as statement
         from pg_constraint where conrelid = $1::regclass and contype in ('p', 'u', 'x')
       union all
       select regexp_replace(pg_get_indexdef(indexrelid), ' ON public\\.', ' ON ' || $3::text || '.')
         from pg_index where indrelid = $1::regclass and not exists (select from pg_constraint where conindid = indexrelid)
       union all
       select distinct format('grant usage on schema %s to %s', $3::text, case grantee when 0 then 'public' else grantee::regrole::text end)
         from pg_class, aclexplode(relacl) where oid = $1::regclass
       union all
       select format('grant %s on %s to %s', privilege_type, $2::text, case grantee when 0 then 'public' else grantee::regrole::text end)
         from pg_class, aclexplode(relacl) where oid = $1::regclass`,
      [inUse, fresh, schema],
    );
    const { rowCount } = await owner.query('select from pg_trigger where tgrelid = $1::regclass and not tgisinternal', [inUse]);
    if (rowCount !== 0) throw new Error(`${table} has triggers, which a rebuilt table would not have`);
    return rows.map(({ statement }) => statement);
  }

  /** Answers the number of events seen: 0 once the new tables are as far as can be read. */
  private async runBatch(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const [checkpoint] = await tx.query<{ transaction_id: string; position: string }>(
        'select transaction_id::text as transaction_id, position from projection_rebuilds where name = $1 for update',
        [this.projection.name],
      );
      if (checkpoint === undefined) throw new Error(`the rebuild of ${this.projection.name} has lost its checkpoint`);
      const events = await this.store.readAfter(
        { transactionId: checkpoint.transaction_id, position: Number(checkpoint.position) },
        BATCH_SIZE,
        tx,
      );
      const last = events.at(-1);
      if (last === undefined) return 0;
      const relevant = events.filter(({ type }) => this.projection.eventTypes.includes(type));
      if (relevant.length > 0) {
        await tx.query(`set local search_path = ${tx.client.escapeIdentifier(this.schema)}, public`);
        await this.projection.apply(tx, relevant);
      }
      await tx.query('update public.projection_rebuilds set transaction_id = $2::xid8, position = $3 where name = $1', [
        this.projection.name,
        last.transactionId,
        last.position,
      ]);
      return events.length;
    });
  }

  /** Answers false if readers kept the tables busy; nothing has changed then. */
  private async swap(session: PoolClient): Promise<boolean> {
    const { name } = this.projection;
    await session.query(`select pg_advisory_lock(${projectionLock('$1')})`, [name]);
    try {
      while ((await this.runBatch()) > 0);
      await this.database.asOwner((owner) => this.putInPlace(owner));
      return true;
    } catch (error) {
      if (isLockTimeout(error)) return false;
      throw error;
    } finally {
      await session.query(`select pg_advisory_unlock(${projectionLock('$1')})`, [name]);
    }
  }

  private async putInPlace(owner: ClientBase): Promise<void> {
    const schema = owner.escapeIdentifier(this.schema);
    const tables = this.projection.tables.map((table) => owner.escapeIdentifier(table));
    await owner.query('begin');
    await owner.query(`set local lock_timeout = ${SWAP_LOCK_TIMEOUT_MS}`);
    if (tables.length > 0) await owner.query(`lock table ${tables.map((table) => `public.${table}`).join(', ')} in access exclusive mode`);
    for (const table of tables) {
      await owner.query(`drop table public.${table}`);
      await owner.query(`alter table ${schema}.${table} set schema public`);
    }
    await owner.query(`drop schema ${schema}`);
    await owner.query(
      `update projections p set version = r.version, transaction_id = r.transaction_id, position = r.position
       from projection_rebuilds r where p.name = r.name and p.name = $1`,
      [this.projection.name],
    );
    await owner.query('delete from projection_rebuilds where name = $1', [this.projection.name]);
    await owner.query('commit');
  }
}

function isLockTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}
