import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import { type Event, type EventMetadata, EventStore } from '#event-store';
import { systemClock } from '#kernel';
import type { Database } from '#platform';
import { against, alone, type Bench, median, seconds } from './bench.js';
import { eventsOf } from './sample-events.js';
import { withDatabase } from './with-database.js';

const ROUNDS = 5;
const STREAMS_PER_CONNECTION = 100;
/** Appends of this size go so much faster that a round of them needs more events to last. */
const BULK = 1_000;
const BULK_FACTOR = 10;
const METADATA: EventMetadata = { actor: { kind: 'system', id: 'worker' }, correlationId: 'run-deliveries-17', causationId: 104_211 };
const HASH = randomBytes(32);

/** Appends `events` to one stream whose version is known. */
type Append = (stream: string, version: number, events: readonly Event[]) => Promise<unknown>;

/** A way to write, and what it needs on every connection. */
interface Writer {
  open(): Promise<{ readonly append: Append; readonly close: () => void }>;
}

interface Case {
  readonly name: string;
  readonly connections: number;
  readonly perTransaction: number;
  readonly factor: number;
}

const CASES: readonly Case[] = [
  { name: 'append', connections: 1, perTransaction: 1, factor: 1 },
  { name: 'append8Connections', connections: 8, perTransaction: 1, factor: 1 },
  { name: 'append1000PerTransaction', connections: 1, perTransaction: BULK, factor: BULK_FACTOR },
];

/**
 * `append`: events/s through the event store, against plain INSERTs of the same rows into a table of the same columns and indexes
 * without our triggers, on connections of the same pool. Both write in turns, each round starting with the other; medians of the rounds.
 */
export const appendBench: Bench = {
  counts: 'events',
  defaultSize: 2_000,
  run: ({ size, say }) =>
    withDatabase(async (database) => {
      await database.asOwner((client) => client.query('create table plain_events (like events including all)'));
      const store = storeWriter(database);
      const figures = [];
      for (const one of CASES) {
        say(`${one.name}: warming up`);
        const rounds = await alternate(one, Math.ceil((size * one.factor) / one.perTransaction), store, plainWriter(database), say);
        const peer = `plain INSERT, ${one.perTransaction} per transaction, ${one.connections === 1 ? 'one connection' : `${one.connections} connections`}`;
        figures.push(against(one.name, median(rounds.ours), 'events/s', peer, median(rounds.peer)));
      }
      say('plain INSERT, autocommit');
      const [single] = CASES;
      const autocommit = single === undefined ? [] : await autocommitRates(single, size, database);
      return [...figures, alone('plainInsertAutocommit', median(autocommit), 'events/s')];
    }),
};

async function alternate(
  one: Case,
  transactions: number,
  ours: Writer,
  peer: Writer,
  say: (line: string) => void,
): Promise<{ ours: number[]; peer: number[] }> {
  const rates = { ours: [] as number[], peer: [] as number[] };
  // Round 0 fills caches and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const order = round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const);
    const counted = round === 0 ? Math.ceil(transactions / 4) : transactions;
    for (const who of order) {
      const rate = await rateOf(one, counted, who === 'ours' ? ours : peer);
      if (round === 0) continue;
      rates[who].push(rate);
      say(`${one.name}, round ${round}, ${who}: ${Math.round(rate)} events/s`);
    }
  }
  return rates;
}

async function autocommitRates(one: Case, size: number, database: Database): Promise<number[]> {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await rateOf(one, size, plainWriter(database, { autocommit: true })));
  return rates;
}

/** Events per second. */
async function rateOf({ connections, perTransaction }: Case, transactions: number, writer: Writer): Promise<number> {
  const perConnection = Math.ceil(transactions / connections);
  const opened = await Promise.all(Array.from({ length: connections }, () => writer.open()));
  const events = eventsOf(perTransaction);
  const elapsed = await seconds(() =>
    Promise.all(
      opened.map(async ({ append }) => {
        const streams = newStreams();
        for (let index = 0; index < perConnection; index += 1) {
          const stream = streams[index % streams.length];
          if (stream === undefined) break;
          await append(stream.name, stream.version, events(index));
          stream.version += perTransaction;
        }
      }),
    ),
  );
  for (const { close } of opened) close();
  return (perConnection * connections * perTransaction) / elapsed;
}

function newStreams(): { name: string; version: number }[] {
  const run = randomBytes(6).toString('hex');
  return Array.from({ length: STREAMS_PER_CONNECTION }, (_, index) => ({ name: `delivery-2025-01-${run}-${index}`, version: 0 }));
}

function storeWriter(database: Database): Writer {
  const store = new EventStore(database, systemClock);
  return {
    open: async () => ({
      append: (stream, version, events) => database.transaction((tx) => store.append(tx, stream, version, events, METADATA)),
      close: () => undefined,
    }),
  };
}

/** Writes the rows that the store would: what it computes (hashes) is given. Several events of a transaction go in one statement. */
function plainWriter(database: Database, { autocommit = false } = {}): Writer {
  return {
    open: async () => {
      const client = await database.connection();
      const insert: Append = (stream, version, events) => client.query(insertOf(events.length), rowsOf(stream, version, events));
      return { append: autocommit ? insert : inTransaction(client, insert), close: () => client.release() };
    },
  };
}

function inTransaction(client: PoolClient, insert: Append): Append {
  return async (stream, version, events) => {
    await client.query('begin');
    await insert(stream, version, events);
    await client.query('commit');
  };
}

/** One row as values; of several, what they share as values and the rest as columns: the fastest that a plain INSERT has. */
function insertOf(rows: number): string {
  const source =
    rows === 1
      ? 'values ($1, $4, $5, $6, 1, $2, $3, $7, $8, pg_current_xact_id())'
      : `select $1, version, type, data, 1, $2::jsonb, $3::timestamptz, previous, hash, pg_current_xact_id()
         from unnest($4::int[], $5::text[], $6::jsonb[], $7::bytea[], $8::bytea[]) as e(version, type, data, previous, hash)`;
  return `insert into plain_events (stream, version, type, data, schema_version, metadata, recorded_at, prev_hash, hash, transaction_id) ${source}`;
}

function rowsOf(stream: string, version: number, events: readonly Event[]): unknown[] {
  const columns = [
    events.map((_, index) => version + index + 1),
    events.map(({ type }) => type),
    events.map(({ data }) => JSON.stringify(data)),
    events.map((_, index) => (version + index === 0 ? null : HASH)),
    events.map(() => HASH),
  ];
  return [stream, JSON.stringify(METADATA), systemClock.now(), ...(events.length === 1 ? columns.flat() : columns)];
}
