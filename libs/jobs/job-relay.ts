import type { PoolClient } from 'pg';
import { type Checkpoint, EVENTS_CHANNEL, type EventStore, type RecordedEvent, START } from '#event-store';
import { BackgroundLoop, type Database, type Logger } from '#platform';
import type { JobRequest } from './job-catalogue.js';
import type { JobQueues } from './job-queues.js';

/** Turns an event into the work it asks for. */
export type JobTrigger = (event: RecordedEvent) => readonly JobRequest[];

/** Leaves out what must not be queued now. */
export type PendingFilter = (requests: readonly JobRequest[]) => Promise<readonly JobRequest[]>;

/** Work that was asked for and has no outcome yet, found in the read models; what the reconciler queues again. */
export type PendingWork = () => Promise<readonly JobRequest[]>;

const RELAY_LOCK = 7_253_002;
const RELAY_CHECKPOINT = 'relay';
const BATCH_SIZE = 500;
const POLL_INTERVAL_MS = 1_000;
const RECONCILE_INTERVAL_MS = 5_000;
const LEADERSHIP_RETRY_MS = 2_000;

/**
 * Follows the log and queues the work that events ask for. Every worker process runs one; a session-level advisory lock in
 * Postgres makes one of them the leader. The checkpoint moves after the jobs are queued, so a crash in between queues them a second
 * time under the same ids, which is a no-op. The reconciler makes good for a queue store that was wiped.
 */
export class JobRelay {
  private readonly triggers: JobTrigger[] = [];
  private readonly pending: PendingWork[] = [];
  private filter: PendingFilter = (requests) => Promise.resolve(requests);
  private readonly loop = new BackgroundLoop(() => this.run());

  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly queues: JobQueues,
    private readonly logger: Logger,
  ) {}

  onEvent(trigger: JobTrigger): void {
    this.triggers.push(trigger);
  }

  reconcile(pending: PendingWork): void {
    this.pending.push(pending);
  }

  /** Lets `filter` decide what of the pending work the reconciler queues. */
  filterPending(filter: PendingFilter): void {
    this.filter = filter;
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async run(): Promise<void> {
    while (!this.loop.isStopped()) {
      let session: PoolClient | undefined;
      try {
        const client = await this.database.connection();
        session = client;
        client.on('error', () => {
          this.loop.wake();
        });
        const result = await client.query<{ leader: boolean }>('select pg_try_advisory_lock($1) as leader', [RELAY_LOCK]);
        if (result.rows[0]?.leader === true) await this.lead(client);
        else await this.loop.sleep(LEADERSHIP_RETRY_MS);
      } catch (error) {
        if (!this.loop.isStopped()) {
          this.logger.warn({ err: error }, 'the relay lost its footing; trying again');
          await this.loop.sleep(POLL_INTERVAL_MS);
        }
      } finally {
        // Ending the session ends the leadership.
        session?.release(true);
      }
    }
  }

  private async lead(client: PoolClient): Promise<void> {
    client.on('notification', () => {
      this.loop.wake();
    });
    await client.query(`listen ${EVENTS_CHANNEL}`);
    let checkpoint = await this.readCheckpoint();
    let reconcileAt = performance.now();
    while (!this.loop.isStopped()) {
      // Proves that the session, and with it the lock, is still ours.
      await client.query('select 1');
      const pause = this.loop.sleep(POLL_INTERVAL_MS);
      const events = await this.store.readAfter(checkpoint, BATCH_SIZE);
      const last = events.at(-1);
      if (last !== undefined) {
        await this.queues.enqueue(events.flatMap((event) => this.triggers.flatMap((trigger) => [...trigger(event)])));
        checkpoint = { transactionId: last.transactionId, position: last.position };
        await this.writeCheckpoint(checkpoint);
      }
      if (performance.now() >= reconcileAt) {
        reconcileAt = performance.now() + RECONCILE_INTERVAL_MS;
        for (const pending of this.pending) await this.queues.enqueue(await this.filter(await pending()));
      }
      if (events.length < BATCH_SIZE) await pause;
    }
  }

  private async readCheckpoint(): Promise<Checkpoint> {
    const [row] = await this.database.query<{ transaction_id: string; position: string }>(
      'select transaction_id::text as transaction_id, position from projections where name = $1',
      [RELAY_CHECKPOINT],
    );
    return row === undefined ? START : { transactionId: row.transaction_id, position: Number(row.position) };
  }

  private async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.database.query(
      `insert into projections (name, version, transaction_id, position) values ($1, 1, $2::xid8, $3)
       on conflict (name) do update set transaction_id = excluded.transaction_id, position = excluded.position`,
      [RELAY_CHECKPOINT, checkpoint.transactionId, checkpoint.position],
    );
  }
}
