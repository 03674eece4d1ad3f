import type { Socket } from 'node:net';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Event, type EventMetadata, EventStore, type Projection, ProjectionRunner, type RecordedEvent, START } from '#event-store';
import { MIGRATIONS } from '#migrations';
import { createLogger, Database, type Tx } from '#platform';
import { createTestDatabase, TestClock } from '#testing';
import { eventually } from '../../test/support/eventually.js';
import { untilAllReadable } from './testing/all-readable.js';

const METADATA: EventMetadata = { actor: { kind: 'system', id: 'spec' }, correlationId: 'spec' };
const noted = (text: string): Event => ({ type: 'Noted', data: { text } });

describe('the event store', () => {
  let created: Awaited<ReturnType<typeof createTestDatabase>>;
  let database: Database;
  let store: EventStore;

  beforeAll(async () => {
    created = await createTestDatabase();
    const { url, ownerUrl } = created;
    database = await Database.connect({ url, ownerUrl, applicationName: 'spec', migrations: MIGRATIONS, poolSize: 20 });
    await database.asOwner((owner) =>
      owner.query('create table notes (position bigint primary key, stream text not null, text text not null)'),
    );
    store = new EventStore(database, new TestClock());
  });

  afterAll(async () => {
    await database.close();
    await created.drop();
  });

  const append = (stream: string, version: number, ...texts: string[]): ReturnType<EventStore['append']> =>
    database.transaction((tx) => store.append(tx, stream, version, texts.map(noted), METADATA));

  it('reads back what was appended, in order, with who and when', async () => {
    await append('diary-1', 0, 'first', 'second');
    await append('diary-1', 2, 'third');
    const events = await store.readStream('diary-1');
    expect(events.map((event) => [event.version, event.data])).toEqual([
      [1, { text: 'first' }],
      [2, { text: 'second' }],
      [3, { text: 'third' }],
    ]);
    expect(events[0]?.metadata).toEqual(METADATA);
    expect(events[0]?.recordedAt).toEqual(new TestClock().now());
  });

  it('refuses an append that expected another version, and appends nothing', async () => {
    await append('diary-2', 0, 'one');
    await expect(append('diary-2', 0, 'again')).rejects.toMatchObject({ code: 'stream.conflict', kind: 'conflict' });
    await expect(append('diary-2', 5, 'far ahead')).rejects.toMatchObject({ code: 'stream.conflict' });
    expect(await store.readStream('diary-2')).toHaveLength(1);
  });

  it('appends to many streams at once, in the order given', async () => {
    const streams = Array.from({ length: 20 }, (_, index) => `many-${19 - index}`);
    const position = await database.transaction((tx) =>
      store.appendEach(
        tx,
        streams.map((stream) => ({ stream, expectedVersion: 0, events: [noted('one'), noted('two')], metadata: METADATA })),
      ),
    );
    const read = await store.readStreams(streams);
    const inOrder = [...read.values()].flat().sort((a, b) => a.position - b.position);
    expect(inOrder.map(({ stream, version }) => [stream, version])).toEqual(
      streams.flatMap((stream) => [1, 2].map((version) => [stream, version])),
    );
    expect(inOrder.at(-1)?.position).toBe(position);
    expect(await database.transaction((tx) => store.appendEach(tx, []))).toBe(0);
  });

  it('appends to none of several streams if one has moved on, and names it', async () => {
    await append('several-2', 0, 'earlier');
    const both = ['several-1', 'several-2'].map((stream) => ({ stream, expectedVersion: 0, events: [noted('late')], metadata: METADATA }));
    await expect(database.transaction((tx) => store.appendEach(tx, both))).rejects.toMatchObject({
      code: 'stream.conflict',
      detail: expect.stringContaining('“several-2” changed meanwhile: expected version 0, found version 1') as string,
    });
    expect(await store.readStream('several-1')).toEqual([]);
    expect(await store.readStream('several-2')).toHaveLength(1);
  });

  it('lets one of two concurrent appends to several streams through, whole', async () => {
    const all = ['race-1', 'race-2', 'race-3'];
    const race = (text: string): Promise<number> =>
      database.transaction((tx) =>
        store.appendEach(
          tx,
          all.map((stream) => ({ stream, expectedVersion: 0, events: [noted(text)], metadata: METADATA })),
        ),
      );
    const results = await Promise.allSettled([race('mine'), race('yours')]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'stream.conflict' } });
    const texts = [...(await store.readStreams(all)).values()].flat().map(({ data }) => (data as { text: string }).text);
    expect(texts).toHaveLength(3);
    expect(new Set(texts).size).toBe(1);
  });

  it('lets one of two concurrent appends through', async () => {
    const results = await Promise.allSettled([append('diary-3', 0, 'mine'), append('diary-3', 0, 'yours')]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await store.readStream('diary-3')).toHaveLength(1);
  });

  it('takes a repeated request for the same once, and refuses the key with other input', async () => {
    const keyed = (text: string): ReturnType<EventStore['append']> =>
      database.transaction((tx) => store.append(tx, 'diary-4', 0, [noted(text)], METADATA, { idempotencyKey: 'key-1' }));
    const first = await keyed('same');
    expect(await keyed('same')).toEqual({ ...first, repeated: true });
    await expect(keyed('other')).rejects.toMatchObject({ code: 'idempotency.conflict' });
    expect(await store.readStream('diary-4')).toHaveLength(1);
  });

  it('refuses to change or remove a fact, whoever asks', async () => {
    await append('diary-5', 0, 'fact');
    const change = `update events set data = '{}' where stream = 'diary-5'`;
    for (const sql of [change, `delete from events where stream = 'diary-5'`, 'truncate events']) {
      await expect(database.query(sql)).rejects.toThrow(/permission denied/);
      await expect(database.asOwner((owner) => owner.query(sql))).rejects.toThrow(/append-only/);
    }
  });

  it('gives a reader no event behind which an earlier one may still appear', async () => {
    let letSlowOneCommit: () => void = () => undefined;
    let appended: () => void = () => undefined;
    const hasAppended = new Promise<void>((resolve) => (appended = resolve));
    const slow = database.transaction(async (tx) => {
      await store.append(tx, 'diary-slow', 0, [noted('slow')], METADATA);
      appended();
      await new Promise<void>((resolve) => (letSlowOneCommit = resolve));
    });
    await hasAppended;
    await append('diary-fast', 0, 'fast');
    const seenBefore = (await everythingAfterStart()).map((event) => event.stream);
    expect(seenBefore).not.toContain('diary-fast');
    letSlowOneCommit();
    await slow;
    await untilAllReadable(database);
    const seenAfter = (await everythingAfterStart()).map((event) => event.stream);
    expect(seenAfter).toEqual(expect.arrayContaining(['diary-slow', 'diary-fast']));
    expect(seenAfter.slice(0, seenBefore.length)).toEqual(seenBefore);
  });

  async function everythingAfterStart(): Promise<RecordedEvent[]> {
    return store.readAfter(START, 100_000);
  }

  it('applies every event to a projection once, though two runners and slow transactions work at the same time', async () => {
    const runners = [0, 1].map(() => {
      const runner = new ProjectionRunner(
        database,
        store,
        createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'spec' }),
      );
      runner.register(new NotesProjection());
      return runner;
    });
    for (const runner of runners) runner.start();
    await Promise.all(
      Array.from({ length: 8 }, async (_, stream) => {
        for (let version = 0; version < 25; version += 1) {
          await database.transaction(async (tx) => {
            await store.append(tx, `busy-${stream}`, version, [noted(`${stream}/${version}`)], METADATA);
            // Keeps the transaction open for a while after its position was taken.
            if (version % 5 === stream % 5) await tx.query('select pg_sleep(0.01)');
          });
        }
      }),
    );
    await runners[0]?.waitFor(await store.lastPosition());
    await Promise.all(runners.map((runner) => runner.stop()));
    const rows = await database.query<{ stream: string; text: string }>(
      `select stream, text from notes where stream like 'busy-%' order by position`,
    );
    expect(rows).toHaveLength(200);
    for (let stream = 0; stream < 8; stream += 1) {
      const texts = rows.filter((row) => row.stream === `busy-${stream}`).map((row) => row.text);
      expect(texts).toEqual(Array.from({ length: 25 }, (_, version) => `${stream}/${version}`));
    }
  });

  it('gives a connection back that was lost before it listened to the log, so that the pool can close', async () => {
    const { url, ownerUrl } = created;
    const own = await Database.connect({ url, ownerUrl, applicationName: 'spec', migrations: MIGRATIONS, poolSize: 4 });
    const silent = createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'spec' });
    const runner = new ProjectionRunner(own, new EventStore(own, new TestClock()), silent);
    let lost = 0;
    own.pool.once('acquire', (client) => {
      lost += 1;
      (client as PoolClient & { connection: { stream: Socket } }).connection.stream.destroy();
    });
    runner.start();
    // The second one listens.
    await eventually(() => Promise.resolve(own.pool.totalCount > own.pool.idleCount && lost === 1 ? true : undefined));
    await runner.stop();
    await own.close();
    expect(own.pool.totalCount).toBe(0);
  });

  it('passes a projection over events that do not concern it, however many, and stops at one that does', async () => {
    const runner = new ProjectionRunner(
      database,
      store,
      createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'spec' }),
    );
    const seen: string[] = [];
    runner.register({
      name: 'rare',
      version: 1,
      tables: [],
      eventTypes: ['Rare'],
      apply: (_, events) => {
        seen.push(...events.map(({ stream }) => stream));
        return Promise.resolve();
      },
    });
    await runner.waitFor(await store.lastPosition());
    await append('common', 0, ...Array.from({ length: 1_200 }, (_, index) => String(index)));
    await runner.waitFor(await store.lastPosition());
    expect(seen).toEqual([]);
    const rare: Event = { type: 'Rare', data: {} };
    await append('common', 1_200, 'before');
    await database.transaction((tx) => store.append(tx, 'rare', 0, [rare], METADATA));
    const last = await append('common', 1_201, 'after');
    await runner.waitFor(last.position);
    expect(seen).toEqual(['rare']);
    expect((await runner.states()).find(({ name }) => name === 'rare')).toMatchObject({ position: last.position, lag: 0 });
  });

  it('says so when a projection cannot reach a position in time', async () => {
    const runner = new ProjectionRunner(
      database,
      store,
      createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'spec' }),
    );
    runner.register(new NotesProjection());
    await expect(runner.waitFor(9_999_999, undefined, 50)).rejects.toMatchObject({ code: 'projection.behind' });
  });
});

class NotesProjection implements Projection {
  readonly name = 'notes';
  readonly version = 1;
  readonly tables = ['notes'];
  readonly eventTypes = ['Noted'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      await tx.query('insert into notes values ($1, $2, $3)', [event.position, event.stream, (event.data as { text: string }).text]);
    }
  }
}
