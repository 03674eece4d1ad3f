import { finished } from 'node:stream/promises';
import pgCopyStreams from 'pg-copy-streams';
import { type EventMetadata, EventStore, LogSealer, verifyLog } from '#event-store';
import { systemClock } from '#kernel';
import { createLogger, type Database } from '#platform';
import { against, type Bench, median, seconds } from './bench.js';
import { eventsOf } from './sample-events.js';
import { withDatabase } from './with-database.js';

const ROUNDS = 3;
const EVENTS_PER_STREAM = 20;
const STREAMS_PER_TRANSACTION = 50;
const METADATA: EventMetadata = { actor: { kind: 'system', id: 'worker' }, correlationId: 'run-deliveries-17', causationId: 104_211 };
const COLUMNS = 'position, transaction_id, stream, version, type, schema_version, data, metadata, recorded_at, prev_hash, hash';

/**
 * `verify`: events/s of the proof of a sealed log, against reading the same rows in the same order by COPY and looking at none of them: the
 * pace of the disk and of Postgres. In turns; medians of the rounds.
 */
export const verifyBench: Bench = {
  counts: 'events',
  defaultSize: 200_000,
  run: ({ size, say }) =>
    withDatabase(async (database) => {
      const eventCount = await fill(database, size, say);
      const rates = { ours: [] as number[], peer: [] as number[] };
      for (let round = 1; round <= ROUNDS; round += 1) {
        const peer = eventCount / (await seconds(() => readAll(database)));
        const ours = eventCount / (await seconds(() => prove(database, eventCount)));
        rates.ours.push(ours);
        rates.peer.push(peer);
        say(`round ${round}: ${Math.round(ours)} events/s proved, ${Math.round(peer)} read`);
      }
      return [against('verify', median(rates.ours), 'events/s', 'COPY of the same rows, unread', median(rates.peer))];
    }),
};

/** Answers how many events there are; seals are among them. */
async function fill(database: Database, size: number, say: (line: string) => void): Promise<number> {
  const store = new EventStore(database, systemClock);
  const events = eventsOf(EVENTS_PER_STREAM);
  for (let stream = 0; stream * EVENTS_PER_STREAM < size; stream += STREAMS_PER_TRANSACTION) {
    await database.transaction(async (tx) => {
      for (let index = stream; index < stream + STREAMS_PER_TRANSACTION; index += 1) {
        await store.append(tx, `delivery-2025-01-${index}`, 0, events(index), METADATA);
      }
    });
  }
  const logger = createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'bench' });
  await new LogSealer(database, store, systemClock, logger).seal();
  const [row] = await database.query<{ events: string }>('select count(*) as events from events');
  say(`${row?.events ?? '0'} events`);
  return Number(row?.events);
}

async function prove(database: Database, eventCount: number): Promise<void> {
  const proof = await verifyLog(database);
  if (proof.eventCount !== eventCount || proof.findings.length > 0) throw new Error('the log is not as it was written');
}

async function readAll(database: Database): Promise<void> {
  const client = await database.connection();
  try {
    const copy = pgCopyStreams.to(`copy (select ${COLUMNS} from events order by transaction_id, position) to stdout (format binary)`);
    await finished(client.query(copy).resume());
  } finally {
    client.release(true);
  }
}
