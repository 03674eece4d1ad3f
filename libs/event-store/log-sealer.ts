import type { Clock } from '#kernel';
import { BackgroundLoop, type Database, type Logger, type Tx } from '#platform';
import type { EventMetadata } from './event.js';
import { type EventStore, START } from './event-store.js';
import { LOG_STREAM, type LogSealed, type SealedHead } from './log.events.js';
import { SealDigest } from './seal-digest.js';

/** How long events wait for a seal at most, while a process runs. */
const SEAL_INTERVAL_MS = 5 * 60_000;
const CHECK_INTERVAL_MS = 5_000;
/** Bounds the size of one seal, which names every stream that grew. */
const EVENTS_PER_SEAL = 10_000;
const SEAL_LOCK = 7_253_005;

const BY_ITSELF: EventMetadata = { actor: { kind: 'system', id: 'log' }, correlationId: 'seal' };

/** A seal as people write it down: see `formatSeal`. */
export interface Seal {
  /** Its version in the stream of the log: 1 for the first event there. */
  readonly version: number;
  readonly position: number;
  /** Of the event that is the seal, hex: whoever keeps it outside can tell later whether history was rewritten as a whole. */
  readonly hash: string;
  readonly sealedAt: Date;
  readonly data: LogSealed['data'];
}

/** Puts seals on the log: at intervals, and at once after events that are final. */
export class LogSealer {
  private readonly loop = new BackgroundLoop(() => this.follow());

  /** @param sealAtOnceAfter types of events that don't wait for the interval */
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly sealAtOnceAfter: readonly string[] = [],
  ) {}

  /** Seals all that is there and not sealed. Answers the newest seal; undefined for an empty log. */
  async seal(metadata: EventMetadata = BY_ITSELF): Promise<Seal | undefined> {
    while (await this.database.transaction((tx) => this.sealNext(tx, metadata)));
    return this.latest();
  }

  async latest(tx?: Tx): Promise<Seal | undefined> {
    const [row] = await (tx ?? this.database).query<{
      version: number;
      position: string;
      hash: string;
      recorded_at: Date;
      data: LogSealed['data'];
    }>(
      `select version, position, encode(hash, 'hex') as hash, recorded_at, data from events
       where stream = $1 and type = 'LogSealed' order by version desc limit 1`,
      [LOG_STREAM],
    );
    if (row === undefined) return undefined;
    return { version: row.version, position: Number(row.position), hash: row.hash, sealedAt: row.recorded_at, data: row.data };
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async follow(): Promise<void> {
    while (!this.loop.isStopped()) {
      try {
        if (await this.isDue()) await this.seal();
      } catch (error) {
        if (!this.loop.isStopped()) this.logger.warn({ err: error }, 'the log could not be sealed; trying again');
      }
      await this.loop.sleep(CHECK_INTERVAL_MS);
    }
  }

  private async isDue(): Promise<boolean> {
    const upTo = (await this.latest())?.data.upTo ?? START;
    const [row] = await this.database.query<{ waiting_since: Date | null; urgent: boolean | null }>(
      `select min(recorded_at) as waiting_since, bool_or(type = any($3)) as urgent from events
       where (transaction_id, position) > ($1::xid8, $2::bigint) and transaction_id < log_horizon() and type <> 'LogSealed'`,
      [upTo.transactionId, upTo.position, this.sealAtOnceAfter],
    );
    if (row?.waiting_since == null) return false;
    // A clock that was set back must not put seals off.
    return row.urgent === true || Math.abs(this.clock.now().getTime() - row.waiting_since.getTime()) >= SEAL_INTERVAL_MS;
  }

  /** Answers whether there may be more to seal. */
  private async sealNext(tx: Tx, metadata: EventMetadata): Promise<boolean> {
    await tx.query('select pg_advisory_xact_lock($1)', [SEAL_LOCK]);
    const before = (await this.latest(tx))?.data;
    const upTo = before?.upTo ?? START;
    const rows = await tx.query<{
      position: string;
      position_bytes: Buffer;
      transaction_id: string;
      stream: string;
      version: number;
      type: string;
      hash: Buffer;
    }>(
      `select position, int8send(position) as position_bytes, transaction_id::text as transaction_id, stream, version, type, hash from events
       where (transaction_id, position) > ($1::xid8, $2::bigint) and transaction_id < log_horizon()
       order by events.transaction_id, events.position limit $3`,
      [upTo.transactionId, upTo.position, EVENTS_PER_SEAL],
    );
    const last = rows.at(-1);
    // A seal alone is nothing to seal, or the log would never come to rest.
    if (last === undefined || rows.every((row) => row.type === 'LogSealed')) return false;
    const digest = new SealDigest(before?.digest ?? null);
    const heads = new Map<string, SealedHead>();
    for (const { position_bytes, stream, version, hash } of rows) {
      digest.add(position_bytes, hash);
      heads.set(stream, { stream, version, hash: hash.toString('hex') });
    }
    const sealed: LogSealed = {
      type: 'LogSealed',
      data: {
        upTo: { transactionId: last.transaction_id, position: Number(last.position) },
        eventCount: rows.length,
        digest: digest.hex(),
        heads: [...heads.values()].sort((a, b) => (a.stream < b.stream ? -1 : 1)),
      },
    };
    await this.store.append(tx, LOG_STREAM, (await this.store.head(LOG_STREAM, tx)).version, [sealed], metadata);
    return rows.length === EVENTS_PER_SEAL;
  }
}
