import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventStore, LogSealer, START, verifyLog } from '#event-store';
import { MIGRATIONS } from '#migrations';
import { createLogger, Database } from '#platform';
import { createTestDatabase, tamper, TestClock } from '#testing';
import { untilAllReadable } from './testing/all-readable.js';

const METADATA = { actor: { kind: 'system', id: 'spec' }, correlationId: 'spec' } as const;
const SILENT = createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'spec' });

let created: Awaited<ReturnType<typeof createTestDatabase>>;
let database: Database;
let store: EventStore;

beforeEach(async () => {
  created = await createTestDatabase();
  database = await Database.connect({ url: created.url, ownerUrl: created.ownerUrl, applicationName: 'spec', migrations: MIGRATIONS });
  store = new EventStore(database, new TestClock());
});
afterEach(async () => {
  await database.close();
  await created.drop();
});

const note = (version: number, text: string): Promise<unknown> =>
  database.transaction((tx) => store.append(tx, 'diary', version, [{ type: 'Noted', data: { text } }], METADATA));

const texts = async (): Promise<unknown[]> =>
  (await store.readAfter(START, 100)).filter(({ stream }) => stream === 'diary').map(({ data }) => (data as { text: string }).text);

/** What a dump from a server with many more transactions behind it looks like in this one. */
function comeFromABusierServer(): Promise<void> {
  return tamper(
    created.ownerUrl,
    `update events set transaction_id = (transaction_id::text::bigint + 1000000000)::text::xid8,
      data = case when type = 'LogSealed' then jsonb_set(data, '{upTo,transactionId}', to_jsonb(((data #>> '{upTo,transactionId}')::bigint + 1000000000)::text)) else data end`,
  );
}

it('goes on in the order where a restored log stood, and tells it in the log', async () => {
  await note(0, 'first');
  await note(1, 'second');
  await comeFromABusierServer();
  expect(await texts()).toEqual([]);

  expect(await store.continueRestoredLog()).toBe(true);
  await note(2, 'third');
  await untilAllReadable(database);
  expect(await texts()).toEqual(['first', 'second', 'third']);
  expect(await store.readStream('log')).toMatchObject([{ type: 'LogRestored', data: { idOffset: expect.any(Number) as number } }]);
  await new LogSealer(database, store, new TestClock(), SILENT).seal();
  expect((await verifyLog(database)).findings).toEqual([]);
});

it('leaves a log alone that is where it was written', async () => {
  await note(0, 'first');
  expect(await store.continueRestoredLog()).toBe(false);
  await comeFromABusierServer();
  expect(await store.continueRestoredLog()).toBe(true);
  expect(await store.continueRestoredLog()).toBe(false);
});
