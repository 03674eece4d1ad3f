import type { PoolClient } from 'pg';
import { DomainError } from '#kernel';
import { BackgroundLoop, type Database, type Logger, type Tx } from '#platform';
import { EVENTS_CHANNEL } from './append-notice.js';
import { type EventStore, START } from './event-store.js';
import type { Projection } from './projection.js';
import { ProjectionRebuild, projectionLock, type RebuildProgress } from './projection-rebuild.js';

const BATCH_SIZE = 500;
/**
 * After events were followed, and when another process works on a projection, which it may leave behind at any event: those that come
 * meanwhile are followed together. Who has to see one at once brings its read models up to date ({@link ProjectionRunner.waitFor}).
 */
const REST_MS = 50;
/** When no notification comes (a lost connection, a pooler that swallows LISTEN), the log is looked at this often. */
const POLL_INTERVAL_MS = 500;
const DEFAULT_WAIT_MS = 30_000;

interface CheckpointRow {
  version: number;
  transaction_id: string;
  position: string;
}

/** Whether a batch waits for the process that works on its projection. */
type Turn = 'in turn' | 'if free';

export interface ProjectionState {
  readonly name: string;
  readonly version: number;
  readonly position: number;
  /** Events of the log that this projection has not seen. */
  readonly lag: number;
  /** A new version that is being built beside the tables in use; null most of the time. */
  readonly rebuilding: { readonly version: number; readonly lag: number; readonly startedAt: Date } | null;
}

/**
 * Brings read models up to date. One transaction per batch takes the projection's advisory lock, reads the checkpoint, applies the
 * next events and moves the checkpoint, so that several processes may call this at once and every event still counts once.
 */
export class ProjectionRunner {
  private readonly projections = new Map<string, Projection>();
  private readonly loop = new BackgroundLoop(() => this.follow());

  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly logger: Logger,
  ) {}

  /** @throws Error on a second projection of one name: a programming mistake that must not start. */
  register(projection: Projection): void {
    if (this.projections.has(projection.name)) throw new Error(`two projections are named ${projection.name}`);
    this.projections.set(projection.name, projection);
  }

  /** Applies everything that is safe to read now. Answers the number of events that concerned a projection, and those read with them. */
  async catchUp(names: readonly string[] = this.names): Promise<number> {
    const concerned = await this.passOver(names.map((name) => this.find(name)));
    // Side by side: a list of imports need not wait until a million charges are placed.
    const seen = await Promise.all(concerned.map((projection) => this.catchUpOne(projection, 'in turn')));
    return seen.reduce<number>((sum, events) => sum + (events ?? 0), 0);
  }

  /**
   * Answers when the projections have applied the event at `position`, doing the work itself if nobody else does.
   * @throws DomainError `projection.behind` after `timeoutMs`.
   */
  async waitFor(position: number, names?: readonly string[], timeoutMs = DEFAULT_WAIT_MS): Promise<void> {
    if (position <= 0) return;
    const chosen = names ?? [...this.projections.keys()];
    const deadline = process.hrtime.bigint() + BigInt(timeoutMs) * 1_000_000n;
    for (;;) {
      const behind = await this.namesBehind(position, chosen);
      if (behind.length === 0) return;
      const seen = await this.catchUp(behind);
      if (process.hrtime.bigint() > deadline) {
        throw new DomainError(
          'projection.behind',
          'unavailable',
          `${behind.join(', ')} did not reach position ${position} of the log in ${timeoutMs / 1000} s. Try again in a moment.`,
        );
      }
      if (seen === 0) await pause(10);
    }
  }

  /** Follows the log until {@link stop}. */
  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** How every projection stands, by name. */
  async states(): Promise<ProjectionState[]> {
    const rows = await this.database.query<{
      name: string;
      version: number;
      position: string;
      lag: string;
      new_version: number | null;
      new_lag: string;
      started_at: Date;
    }>(
      `select p.name, p.version, p.position, r.version as new_version, r.started_at,
              (select count(*) from events e where (e.transaction_id, e.position) > (p.transaction_id, p.position)) as lag,
              (select count(*) from events e where (e.transaction_id, e.position) > (r.transaction_id, r.position)) as new_lag
       from projections p left join projection_rebuilds r using (name) order by p.name`,
    );
    return rows.map((row) => ({
      name: row.name,
      version: row.version,
      position: Number(row.position),
      lag: Number(row.lag),
      rebuilding: row.new_version === null ? null : { version: row.new_version, lag: Number(row.new_lag), startedAt: row.started_at },
    }));
  }

  /**
   * Makes a projection's tables anew from the first event, beside those in use, and puts them in their place.
   * @throws DomainError `projection.unknown`, or `projection.rebuilding` if another process is at it
   */
  async rebuild(name: string, progress?: RebuildProgress): Promise<void> {
    await new ProjectionRebuild(this.database, this.store, this.find(name)).run(progress);
  }

  get names(): string[] {
    return [...this.projections.keys()];
  }

  /**
   * Moves the checkpoints of those projections that none of their next events concerns past these events, all in one statement, and answers
   * the others. Most events concern few projections; a batch of its own for each would be most of the work of following the log.
   */
  private async passOver(projections: readonly Projection[]): Promise<Projection[]> {
    const asked = JSON.stringify(projections.map(({ name, version, eventTypes }) => ({ name, version, types: eventTypes })));
    for (;;) {
      const rows = await this.database.query<{ name: string; concerned: boolean; more: boolean }>(
        `with asked as (select * from jsonb_to_recordset($1::jsonb) as a(name text, version int, types text[])),
         found as materialized (
           select a.name, p.transaction_id, p.position, n.transaction_ids[n.count] as last_transaction_id, n.positions[n.count] as last_position, n.count,
             p.version is distinct from a.version or n.concerned as concerned
           from asked a left join projections p on p.name = a.name
             cross join lateral (
               select count(*)::int as count, array_agg(next.transaction_id order by next.transaction_id, next.position) as transaction_ids,
                 array_agg(next.position order by next.transaction_id, next.position) as positions,
                 coalesce(bool_or(next.type = any(a.types)), false) as concerned
               from (
                 select e.transaction_id, e.position, e.type from events e
                 where (e.transaction_id, e.position) > (p.transaction_id, p.position) and e.transaction_id < log_horizon()
                 order by e.transaction_id, e.position limit ${BATCH_SIZE}) next) n),
         free as materialized (
           select * from found
           where case when concerned or count = 0 then false else pg_try_advisory_xact_lock(${projectionLock('found.name')}) end),
         passed as (
           -- Where the checkpoint moved since it was read, it stays where it is now.
           update projections p set transaction_id = f.last_transaction_id, position = f.last_position from free f
           where p.name = f.name and p.transaction_id = f.transaction_id and p.position = f.position
           returning p.name)
         select found.name, concerned, count = ${BATCH_SIZE} as more
         from found left join passed using (name) where concerned or passed.name is not null`,
        [asked],
      );
      if (rows.some(({ concerned, more }) => more && !concerned)) continue;
      const concerned = new Set(rows.filter((row) => row.concerned).map(({ name }) => name));
      return projections.filter(({ name }) => concerned.has(name));
    }
  }

  /** @returns how many events it saw; undefined if another process was at it and its turn was not waited for */
  private async catchUpOne(projection: Projection, turn: Turn): Promise<number | undefined> {
    let seen = 0;
    let batch: number | 'outdated' | 'busy';
    do {
      batch = await this.runBatch(projection, turn);
      if (batch === 'busy') return undefined;
      if (batch === 'outdated') return seen + (await this.bringUpToVersion(projection));
      seen += batch;
    } while (batch === BATCH_SIZE);
    return seen;
  }

  /** The program is newer than the tables. Answers 0 while another process builds the new ones. */
  private async bringUpToVersion(projection: Projection): Promise<number> {
    this.logger.info({ projection: projection.name, version: projection.version }, 'building a new version of a read model');
    try {
      await this.rebuild(projection.name);
      return 1;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'projection.rebuilding') return 0;
      throw error;
    }
  }

  private find(name: string): Projection {
    const projection = this.projections.get(name);
    if (projection === undefined) {
      throw new DomainError('projection.unknown', 'not-found', `There is no projection “${name}”; there are ${this.names.join(', ')}.`);
    }
    return projection;
  }

  private async runBatch(projection: Projection, turn: Turn): Promise<number | 'outdated' | 'busy'> {
    return this.database.transaction(async (tx) => {
      if (!(await this.lock(tx, projection, turn))) return 'busy';
      const current = (await this.checkpointOf(tx, projection.name)) ?? (await this.begin(tx, projection));
      if (current.version < projection.version) return 'outdated';
      if (current.version > projection.version) throw newerTables(projection, current.version);
      const events = await this.store.readAfter(
        { transactionId: current.transaction_id, position: Number(current.position) },
        BATCH_SIZE,
        tx,
      );
      const last = events.at(-1);
      if (last === undefined) return 0;
      const relevant = events.filter((event) => projection.eventTypes.includes(event.type));
      if (relevant.length > 0) await projection.apply(tx, relevant);
      const moved = await tx.query(
        `update projections set transaction_id = $2::xid8, position = $3
         where name = $1 and transaction_id = $4::xid8 and position = $5 returning name`,
        [projection.name, last.transactionId, last.position, current.transaction_id, current.position],
      );
      if (moved.length !== 1) throw new Error(`the checkpoint of ${projection.name} moved under its own lock`);
      return events.length;
    });
  }

  private async lock(tx: Tx, projection: Projection, turn: Turn): Promise<boolean> {
    if (turn === 'in turn') {
      await tx.query(`select pg_advisory_xact_lock(${projectionLock('$1')})`, [projection.name]);
      return true;
    }
    const [row] = await tx.query<{ free: boolean }>(`select pg_try_advisory_xact_lock(${projectionLock('$1')}) as free`, [projection.name]);
    return row?.free === true;
  }

  private async checkpointOf(tx: Tx, name: string): Promise<CheckpointRow | undefined> {
    const [row] = await tx.query<CheckpointRow>(
      'select version, transaction_id::text as transaction_id, position from projections where name = $1',
      [name],
    );
    return row;
  }

  private async begin(tx: Tx, projection: Projection): Promise<CheckpointRow> {
    await tx.query(`insert into projections (name, version, transaction_id, position) values ($1, $2, $3::xid8, $4)`, [
      projection.name,
      projection.version,
      START.transactionId,
      START.position,
    ]);
    return { version: projection.version, transaction_id: START.transactionId, position: String(START.position) };
  }

  private async namesBehind(position: number, names: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ name: string }>(
      `select p.name from projections p, events e
       where e.position = $1 and p.name = any($2) and (p.transaction_id, p.position) >= (e.transaction_id, e.position)`,
      [position, names],
    );
    const reached = new Set(rows.map((row) => row.name));
    return names.filter((name) => !reached.has(name));
  }

  private async follow(): Promise<void> {
    let listener: PoolClient | undefined;
    while (!this.loop.isStopped()) {
      try {
        listener ??= await this.listen();
        // Woken meanwhile, it doesn't sleep.
        const pending = this.loop.sleep(POLL_INTERVAL_MS);
        const seen = await this.followOnce();
        if (seen.every((events) => events === 0)) await pending;
        else await pause(REST_MS);
      } catch (error) {
        if (this.loop.isStopped()) break;
        this.logger.error({ err: error }, 'a projection failed; trying again');
        listener?.release(true);
        listener = undefined;
        await this.loop.sleep(POLL_INTERVAL_MS);
      }
    }
    listener?.release(true);
  }

  /** Like {@link catchUp}, but what another process works on is left to it: to wait for it would only be to find nothing. */
  private async followOnce(): Promise<(number | undefined)[]> {
    const concerned = await this.passOver([...this.projections.values()]);
    return Promise.all(concerned.map((projection) => this.catchUpOne(projection, 'if free')));
  }

  private async listen(): Promise<PoolClient> {
    const wake = (): void => {
      this.loop.wake();
    };
    return this.database.connection((client) => {
      client.on('notification', wake);
      client.on('error', wake);
      return client.query(`listen ${EVENTS_CHANNEL}`);
    });
  }
}

function newerTables(projection: Projection, version: number): DomainError {
  return new DomainError(
    'projection.newer',
    'unavailable',
    `The read model ${projection.name} is of version ${version}, made by a newer program than this one, which makes version ${projection.version}. Run the newer program.`,
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
