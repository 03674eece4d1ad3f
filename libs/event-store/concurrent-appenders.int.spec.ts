import { expect, it } from 'vitest';
import { type Checkpoint, EventStore, isStreamConflict, type RecordedEvent, START, verifyLog } from '#event-store';
import { MIGRATIONS } from '#migrations';
import { Database } from '#platform';
import { createTestDatabase, TestClock } from '#testing';
import { allReadable } from './testing/all-readable.js';

const APPENDERS = 64;
const STREAMS = 8;
const EVENTS_EACH = 12;
const METADATA = { actor: { kind: 'system', id: 'spec' }, correlationId: 'spec' } as const;

it('shows a subscriber every event once and every stream in order, whoever appends and however long transactions last', async () => {
  const created = await createTestDatabase();
  const database = await Database.connect({ url: created.url, applicationName: 'spec', migrations: MIGRATIONS, poolSize: APPENDERS + 8 });
  try {
    const store = new EventStore(database, new TestClock());
    let working = APPENDERS;
    const seen: RecordedEvent[] = [];
    const subscriber = (async (): Promise<void> => {
      let checkpoint: Checkpoint = START;
      for (;;) {
        const isLastLook = working === 0 && (await allReadable(database));
        const events = await store.readAfter(checkpoint, 7);
        seen.push(...events);
        checkpoint = events.at(-1) ?? checkpoint;
        if (isLastLook && events.length === 0) return;
      }
    })();

    const appendOne = (appender: number, event: number): Promise<void> =>
      database.transaction(async (tx) => {
        // Some take their transaction id long before they append, some keep it long after; both hold others up and are overtaken.
        if ((appender + event) % 5 === 0) await tx.query('select pg_current_xact_id(), pg_sleep(0.02)');
        const stream = `busy-${(appender + event) % STREAMS}`;
        const { version } = await store.head(stream, tx);
        await store.append(tx, stream, version, [{ type: 'Noted', data: { text: `${appender}/${event}` } }], METADATA);
        if ((appender + event) % 7 === 0) await tx.query('select pg_sleep(0.01)');
      });
    await Promise.all(
      Array.from({ length: APPENDERS }, async (_, appender) => {
        for (let event = 0; event < EVENTS_EACH; event += 1) {
          for (;;) {
            try {
              await appendOne(appender, event);
              break;
            } catch (error) {
              if (!isStreamConflict(error)) throw error;
            }
          }
        }
        working -= 1;
      }),
    );
    await subscriber;

    const texts = seen.map((event) => (event.data as { text: string }).text);
    expect(texts).toHaveLength(APPENDERS * EVENTS_EACH);
    expect(new Set(texts).size).toBe(APPENDERS * EVENTS_EACH);
    for (let stream = 0; stream < STREAMS; stream += 1) {
      const versions = seen.filter((event) => event.stream === `busy-${stream}`).map((event) => event.version);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    }
    expect((await verifyLog(database)).findings).toEqual([]);
  } finally {
    await database.close();
    await created.drop();
  }
});
