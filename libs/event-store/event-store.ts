import { createHash } from 'node:crypto';
import { type Clock, DomainError } from '#kernel';
import type { Database, Tx } from '#platform';
import { AppendNotice } from './append-notice.js';
import type { Event, EventMetadata, RecordedEvent } from './event.js';
import { canonicalJson } from './canonical-json.js';
import { LOG_STREAM, type LogRestored } from './log.events.js';
import { Upcasting } from './upcasting.js';

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

/** What one stream is to get; see {@link EventStore.append}. */
export interface StreamAppend {
  readonly stream: string;
  readonly expectedVersion: number;
  readonly events: readonly Event[];
  readonly metadata: EventMetadata;
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

interface AppendRow {
  readonly outcome: 'appended' | 'repeated' | 'key-conflict' | 'moved';
  readonly last_position: string | null;
  readonly last_version: number;
}

/** Prepared once per connection: planning it takes longer than running it. */
const APPEND = 'select outcome, last_position, last_version from append_events($1, $2, $3::jsonb, $4::jsonb, $5, $6, $7)';

const APPEND_EACH = `select outcome, last_position, last_version
  from jsonb_array_elements($1::jsonb) as element,
    jsonb_to_record(element) as given(stream text, "expectedVersion" int, events jsonb, metadata jsonb),
    append_events(given.stream, "expectedVersion", events, metadata, $2, null, null)`;

const RESTORE_LOCK = 7_253_004;

const COLUMNS = 'position, transaction_id::text as transaction_id, stream, version, type, schema_version, data, metadata, recorded_at';

/** The append-only log in Postgres: the program's memory and its audit. */
export class EventStore {
  private readonly notice: AppendNotice;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly upcasting = new Upcasting(),
  ) {
    this.notice = new AppendNotice(database);
  }

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
    const written = this.written(events);
    const key = options.idempotencyKey ?? null;
    const result = await this.callAppend(tx, [
      stream,
      expectedVersion,
      JSON.stringify(written),
      JSON.stringify(metadata),
      this.clock.now(),
      key,
      key === null ? null : hashOfInput(stream, events),
    ]);
    if (result === undefined) throw streamConflict(stream, expectedVersion, undefined);
    switch (result.outcome) {
      case 'appended':
        tx.afterCommit(() => {
          this.notice.send();
        });
        return { position: Number(result.last_position), version: result.last_version, repeated: false };
      case 'repeated':
        return { position: Number(result.last_position), version: result.last_version, repeated: true };
      case 'moved':
        throw streamConflict(stream, expectedVersion, result.last_version);
      case 'key-conflict':
        throw new DomainError(
          'idempotency.conflict',
          'conflict',
          `The idempotency key “${key ?? ''}” was used before with different input. Use a new key for a new request.`,
        );
    }
  }

  /**
   * Appends to many streams inside the caller's transaction, in the order given and in one round trip: to all of them or to none.
   * @returns the position of the last event appended, 0 for no appends.
   * @throws DomainError `stream.conflict` (retryable) if one of the streams has moved on.
   */
  async appendEach(tx: Tx, appends: readonly StreamAppend[]): Promise<number> {
    if (appends.length === 0) return 0;
    const given = appends.map((append) => ({ ...append, events: this.written(append.events) }));
    let rows: readonly AppendRow[];
    try {
      ({ rows } = await tx.client.query<AppendRow>(APPEND_EACH, [JSON.stringify(given), this.clock.now()]));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new DomainError('stream.conflict', 'conflict', 'One of several streams changed at the same moment. Try again.');
    }
    for (const [index, { stream, expectedVersion }] of appends.entries()) {
      const row = rows[index];
      if (row?.outcome !== 'appended') throw streamConflict(stream, expectedVersion, row?.last_version);
    }
    tx.afterCommit(() => {
      this.notice.send();
    });
    return Number(rows.at(-1)?.last_position ?? 0);
  }

  private written(events: readonly Event[]): object[] {
    return events.map(({ type, data }) => ({ type, schemaVersion: this.upcasting.currentVersion(type), data }));
  }

  /** Undefined if another transaction appended to the stream, or used the key, since this statement began. */
  private async callAppend(tx: Tx, parameters: readonly unknown[]): Promise<AppendRow | undefined> {
    try {
      const { rows } = await tx.client.query<AppendRow>({ name: 'append-events', text: APPEND, values: [...parameters] });
      return rows[0];
    } catch (error) {
      if (isUniqueViolation(error)) return undefined;
      throw error;
    }
  }

  /** All events of a stream in order; empty for a stream that doesn't exist. */
  async readStream(stream: string, tx?: Tx): Promise<RecordedEvent[]> {
    const rows = await (tx ?? this.database).query<EventRow>(`select ${COLUMNS} from events where stream = $1 order by version`, [stream]);
    return rows.map((row) => this.toRecorded(row));
  }

  /** All events of several streams, by stream; of one that doesn't exist there are none. */
  async readStreams(streams: readonly string[], tx?: Tx): Promise<Map<string, RecordedEvent[]>> {
    const rows = await (tx ?? this.database).query<EventRow>(
      `select ${COLUMNS} from events where stream = any($1) order by stream, version`,
      [streams],
    );
    const found = new Map<string, RecordedEvent[]>();
    for (const row of rows) {
      const event = this.toRecorded(row);
      const events = found.get(event.stream);
      if (events === undefined) found.set(event.stream, [event]);
      else events.push(event);
    }
    return found;
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
       where (transaction_id, position) > ($1::xid8, $2::bigint) and transaction_id < log_horizon()
       order by events.transaction_id, events.position limit $3`,
      [checkpoint.transactionId, checkpoint.position, limit],
    );
    return rows.map((row) => this.toRecorded(row));
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
    return rows.map((row) => this.toRecorded(row));
  }

  /** Where a reader starts who wants only what is not safe to read yet: everything before it has been given out by {@link readAfter}. */
  async horizon(): Promise<Checkpoint> {
    const [row] = await this.database.query<{ xmin: string }>('select log_horizon()::text as xmin');
    return { transactionId: row?.xmin ?? START.transactionId, position: 0 };
  }

  /** Position of the newest committed event, 0 for an empty log. */
  async lastPosition(): Promise<number> {
    const [row] = await this.database.query<{ position: string | null }>('select max(position) as position from events');
    return Number(row?.position ?? 0);
  }

  /**
   * Finds out whether the log has come into another cluster than the one that wrote it (a restored dump), where transaction ids count
   * from lower numbers: the order of the log would then turn around, and readers would not see what was there. If so, a new epoch begins.
   * To be called before anything is read or appended. @returns true if an epoch began.
   */
  async continueRestoredLog(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [RESTORE_LOCK]);
      // No committed event can be of a transaction that this cluster has not begun yet, unless another cluster wrote it.
      const [row] = await tx.query<{ ahead: string | null }>(
        `select (max(transaction_id)::text::bigint - log_id_offset() - pg_snapshot_xmax(pg_current_snapshot())::text::bigint)::text as ahead from events`,
      );
      if (row?.ahead == null || Number(row.ahead) < 0) return false;
      const [epoch] = await tx.query<{ id_offset: string }>(
        `insert into log_epochs (id_offset, began_at) select log_id_offset() + $1::bigint + 1, $2 returning id_offset`,
        [row.ahead, this.clock.now()],
      );
      const restored: LogRestored = { type: 'LogRestored', data: { idOffset: Number(epoch?.id_offset) } };
      const { version } = await this.head(LOG_STREAM, tx);
      await this.append(tx, LOG_STREAM, version, [restored], {
        actor: { kind: 'system', id: 'log' },
        correlationId: `epoch-${epoch?.id_offset}`,
      });
      return true;
    });
  }

  private toRecorded(row: EventRow): RecordedEvent {
    return {
      position: Number(row.position),
      transactionId: row.transaction_id,
      stream: row.stream,
      version: row.version,
      type: row.type,
      schemaVersion: row.schema_version,
      data: this.upcasting.upcast(row.type, row.schema_version, row.data),
      metadata: row.metadata,
      recordedAt: row.recorded_at,
    };
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
  const foundText = found === undefined || found === expected ? 'a concurrent change' : `version ${found}`;
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

function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}
