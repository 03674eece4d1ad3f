import { createHash } from 'node:crypto';
import { type Clock, DomainError } from '#kernel';
import type { Database, Tx } from '#platform';
import type { Event, EventMetadata, RecordedEvent } from './event.js';
import { canonicalJson, eventHash } from './event-hash.js';

/** Channel that every append notifies; the payload is empty, readers look for themselves. */
export const EVENTS_CHANNEL = 'openchargeback_events';

/** Where a reader of the whole log stands: after this transaction's event at this position. */
export interface Checkpoint {
  readonly transactionId: string;
  readonly position: number;
}

export const START: Checkpoint = { transactionId: '0', position: 0 };

export interface AppendOptions {
  /** Same key and same input again: nothing is appended and the first result is given back. Same key, other input: a conflict. */
  readonly idempotencyKey?: string;
}

export interface AppendResult {
  /** Position of the last event appended; hand it to a reader to wait for its own write. */
  readonly position: number;
  readonly version: number;
  /** True when the idempotency key was used before with the same input. */
  readonly repeated: boolean;
}

interface EventRow {
  position: string;
  transaction_id: string;
  stream: string;
  version: number;
  type: string;
  schema_version: number;
  data: object;
  metadata: EventMetadata;
  recorded_at: Date;
}

const COLUMNS = 'position, transaction_id::text as transaction_id, stream, version, type, schema_version, data, metadata, recorded_at';

/** The append-only log in Postgres: the program's memory and its audit. */
export class EventStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Appends events to a stream inside the caller's transaction.
   * @param expectedVersion version the caller decided on: 0 for a new stream.
   * @throws DomainError `stream.conflict` (retryable) if the stream has moved on, `idempotency.conflict` for a key used with other input.
   */
  async append(
    tx: Tx,
    stream: string,
    expectedVersion: number,
    events: readonly Event[],
    metadata: EventMetadata,
    options: AppendOptions = {},
  ): Promise<AppendResult> {
    const inputHash = options.idempotencyKey === undefined ? null : hashOfInput(stream, events);
    if (options.idempotencyKey !== undefined) {
      const earlier = await this.findByKey(tx, options.idempotencyKey, inputHash ?? '');
      if (earlier !== undefined) return earlier;
    }
    const [head] = await tx.query<{ version: number; hash: Buffer }>(
      'select version, hash from events where stream = $1 order by version desc limit 1',
      [stream],
    );
    const headVersion = head?.version ?? 0;
    if (headVersion !== expectedVersion) throw streamConflict(stream, expectedVersion, headVersion);

    // Milliseconds, as JavaScript keeps them: what is hashed is what is stored.
    const recordedAt = this.clock.now();
    let previous = head?.hash ?? null;
    const rows = events.map((event, index) => {
      const fields = {
        stream,
        version: expectedVersion + index + 1,
        type: event.type,
        schemaVersion: 1,
        data: event.data,
        metadata,
        recordedAt,
      };
      const hash = eventHash(previous, fields);
      const row = {
        version: fields.version,
        type: event.type,
        data: event.data,
        prev_hash: previous?.toString('hex') ?? null,
        hash: hash.toString('hex'),
        idempotency_key: index === 0 ? (options.idempotencyKey ?? null) : null,
        input_hash: index === 0 ? inputHash : null,
      };
      previous = hash;
      return row;
    });
    try {
      const inserted = await tx.query<{ position: string }>(
        `insert into events (stream, version, type, schema_version, data, metadata, recorded_at, idempotency_key, input_hash, prev_hash, hash)
         select $1, e.version, e.type, 1, e.data, $2, $3, e.idempotency_key, e.input_hash, decode(e.prev_hash, 'hex'), decode(e.hash, 'hex')
         from jsonb_to_recordset($4::jsonb)
           as e(version int, type text, data jsonb, prev_hash text, hash text, idempotency_key text, input_hash text)
         order by e.version
         returning position`,
        [stream, JSON.stringify(metadata), recordedAt, JSON.stringify(rows)],
      );
      await tx.query(`select pg_notify($1, '')`, [EVENTS_CHANNEL]);
      const position = Math.max(...inserted.map((row) => Number(row.position)));
      return { position, version: expectedVersion + events.length, repeated: false };
    } catch (error) {
      if (isUniqueViolation(error)) throw streamConflict(stream, expectedVersion, undefined);
      throw error;
    }
  }

  /** All events of a stream in order; empty for a stream that doesn't exist. */
  async readStream(stream: string, tx?: Tx): Promise<RecordedEvent[]> {
    const rows = await (tx ?? this.database).query<EventRow>(`select ${COLUMNS} from events where stream = $1 order by version`, [stream]);
    return rows.map(toRecorded);
  }

  /** Version of a stream's last event and its position; zeros for a stream that doesn't exist. */
  async head(stream: string, tx?: Tx): Promise<{ version: number; position: number }> {
    const [row] = await (tx ?? this.database).query<{ version: number; position: string }>(
      'select version, position from events where stream = $1 order by version desc limit 1',
      [stream],
    );
    return { version: row?.version ?? 0, position: Number(row?.position ?? 0) };
  }

  /**
   * The next events after a checkpoint, in an order in which none can appear later in between: only events of transactions
   * older than every running one are given out, so a transaction that commits late is never skipped.
   */
  async readAfter(checkpoint: Checkpoint, limit: number, tx?: Tx): Promise<RecordedEvent[]> {
    const rows = await (tx ?? this.database).query<EventRow>(
      `select ${COLUMNS} from events
       where (transaction_id, position) > ($1::xid8, $2::bigint) and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
       order by events.transaction_id, events.position limit $3`,
      [checkpoint.transactionId, checkpoint.position, limit],
    );
    return rows.map(toRecorded);
  }

  /** The newest matching events first, for audit pages. `before` is exclusive. */
  async readLatest(filter: EventFilter, limit: number, before?: number): Promise<RecordedEvent[]> {
    const rows = await this.database.query<EventRow>(
      `select ${COLUMNS} from events
       where ($1::bigint is null or position < $1) and ($2::text[] is null or type = any($2)) and ($3::text is null or stream = $3)
         and ($4::text is null or metadata->'actor'->>'id' = $4)
       order by position desc limit $5`,
      [before ?? null, filter.types ?? null, filter.stream ?? null, filter.actorId ?? null, limit],
    );
    return rows.map(toRecorded);
  }

  /** Where a reader starts who wants only what is not safe to read yet: everything before it has been given out by {@link readAfter}. */
  async horizon(): Promise<Checkpoint> {
    const [row] = await this.database.query<{ xmin: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as xmin');
    return { transactionId: row?.xmin ?? START.transactionId, position: 0 };
  }

  /** Position of the newest committed event, 0 for an empty log. */
  async lastPosition(): Promise<number> {
    const [row] = await this.database.query<{ position: string | null }>('select max(position) as position from events');
    return Number(row?.position ?? 0);
  }

  private async findByKey(tx: Tx, key: string, inputHash: string): Promise<AppendResult | undefined> {
    const [row] = await tx.query<{ position: string; version: number; input_hash: string }>(
      'select position, version, input_hash from events where idempotency_key = $1',
      [key],
    );
    if (row === undefined) return undefined;
    if (row.input_hash !== inputHash) {
      throw new DomainError(
        'idempotency.conflict',
        'conflict',
        `The idempotency key “${key}” was used before with different input. Use a new key for a new request.`,
      );
    }
    return { position: Number(row.position), version: row.version, repeated: true };
  }
}

export interface EventFilter {
  readonly types?: readonly string[];
  readonly stream?: string;
  readonly actorId?: string;
}

/** True for the refusal that a retry with fresh state may cure. */
export function isStreamConflict(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'stream.conflict';
}

function streamConflict(stream: string, expected: number, found: number | undefined): DomainError {
  const foundText = found === undefined ? 'a concurrent change' : `version ${found}`;
  return new DomainError(
    'stream.conflict',
    'conflict',
    `“${stream}” changed meanwhile: expected version ${expected}, found ${foundText}. Try again.`,
  );
}

function hashOfInput(stream: string, events: readonly Event[]): string {
  return createHash('sha256')
    .update(canonicalJson([stream, events.map((event) => [event.type, event.data])]))
    .digest('hex');
}

function toRecorded(row: EventRow): RecordedEvent {
  return {
    position: Number(row.position),
    transactionId: row.transaction_id,
    stream: row.stream,
    version: row.version,
    type: row.type,
    schemaVersion: row.schema_version,
    data: row.data,
    metadata: row.metadata,
    recordedAt: row.recorded_at,
  };
}

function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}
