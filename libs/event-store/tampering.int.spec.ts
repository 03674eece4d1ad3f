import { beforeEach, describe, expect, it } from 'vitest';
import { type Event, EventStore, type LogFinding, LogSealer, type Seal, verifyLog } from '#event-store';
import { MIGRATIONS } from '#migrations';
import { createLogger, Database } from '#platform';
import { createTestDatabase, tamper as tamperAsOwner, TestClock } from '#testing';
import { untilAllReadable } from './testing/all-readable.js';

const METADATA = { actor: { kind: 'system', id: 'spec' }, correlationId: 'spec' } as const;
const SILENT = createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'spec' });

/** A log of three streams with four events each, sealed or not, and somebody with the owner's rights who changes it without the program. */
describe('a log that was tampered with', () => {
  let created: Awaited<ReturnType<typeof createTestDatabase>>;
  let database: Database;
  let sealer: LogSealer;
  let store: EventStore;

  beforeEach(async () => {
    created = await createTestDatabase();
    database = await Database.connect({ url: created.url, applicationName: 'spec', migrations: MIGRATIONS });
    const clock = new TestClock();
    store = new EventStore(database, clock);
    sealer = new LogSealer(database, store, clock, SILENT);
    for (let version = 0; version < 4; version += 1) {
      for (const stream of ['a', 'b', 'c']) await append(stream, version, { type: 'Noted', data: { text: `${stream}${version + 1}` } });
    }
    return async () => {
      await database.close();
      await created.drop();
    };
  });

  const append = (stream: string, version: number, event: Event): Promise<unknown> =>
    database.transaction((tx) => store.append(tx, stream, version, [event], METADATA));

  const tamper = (...statements: string[]): Promise<void> => tamperAsOwner(created.ownerUrl, ...statements);

  async function seal(): Promise<Seal | undefined> {
    await untilAllReadable(database);
    return sealer.seal();
  }

  const findings = async (): Promise<readonly LogFinding[]> => (await verifyLog(database)).findings;
  const named = async (): Promise<string[]> =>
    (await findings()).map(({ kind, stream, version }) => [kind, stream, version].filter((part) => part !== null).join(' '));

  /** Whoever changes history well also makes the hash anew. */
  const rehash = (stream: string, version: number): Promise<void> =>
    tamper(
      `update events e set prev_hash = before.hash,
         hash = sha256(coalesce(before.hash, decode(repeat('00', 32), 'hex')) || convert_to(jsonb_build_array(
           e.stream, e.version, e.type, e.schema_version, e.data, e.metadata, (extract(epoch from e.recorded_at) * 1000000)::bigint)::text, 'UTF8'))
       from (select (select hash from events where stream = '${stream}' and version = ${version - 1}) as hash) before
       where e.stream = '${stream}' and e.version = ${version}`,
    );

  it('is clean as the program left it, sealed or not', async () => {
    expect(await verifyLog(database)).toMatchObject({ eventCount: 12, streamCount: 3, sealCount: 0, unsealedCount: 12, findings: [] });
    const sealed = await seal();
    expect(sealed).toMatchObject({ version: 1, data: { eventCount: 12 } });
    expect(await verifyLog(database)).toMatchObject({ eventCount: 13, streamCount: 4, sealCount: 1, unsealedCount: 1, findings: [] });
    await append('a', 4, { type: 'Noted', data: { text: 'later' } });
    await seal();
    expect(await verifyLog(database, { since: '1' })).toMatchObject({ eventCount: 3, sealCount: 1, unsealedCount: 1, findings: [] });
  });

  describe('changed', () => {
    it.each([
      ['data', `data = '{"text": "forged"}'`],
      ['metadata', `metadata = jsonb_set(metadata, '{actor,id}', '"somebody"')`],
      ['type', `type = 'Denied'`],
      ['time', `recorded_at = recorded_at + interval '1 day'`],
      ['time below what the program writes', `recorded_at = recorded_at + interval '1 microsecond'`],
      ['time without end', `recorded_at = 'infinity'`],
      ['schema version', `schema_version = 2`],
      ['hash', `hash = sha256('')`],
    ])('names the event whose %s is another', async (_, change) => {
      await tamper(`update events set ${change} where stream = 'b' and version = 4`);
      expect(await named()).toEqual(['changed b 4']);
    });

    it('names the event though its hash was made anew', async () => {
      await tamper(`update events set data = '{"text": "forged"}' where stream = 'b' and version = 2`);
      await rehash('b', 2);
      expect(await named()).toEqual(['changed b 2']);
    });

    it('finds by the seal that a whole stream was rewritten with its hashes', async () => {
      await seal();
      await tamper(`update events set data = '{"text": "forged"}' where stream = 'b' and version = 2`);
      for (const version of [2, 3, 4]) await rehash('b', version);
      expect(await named()).toEqual(['changed b 4']);
      expect((await findings())[0]?.what).toMatch(/rewritten together with its hashes/);
    });
  });

  describe('deleted', () => {
    it('names the first event that is missing', async () => {
      await tamper(`delete from events where stream = 'b' and version in (2, 3)`);
      expect(await named()).toEqual(['deleted b 2']);
      expect((await findings())[0]?.what).toBe('Versions 2 to 3 of “b” are missing.');
    });

    it('names it though the rest was renumbered', async () => {
      await tamper(
        `delete from events where stream = 'b' and version = 2`,
        `update events set version = 2 where stream = 'b' and version = 3`,
        `update events set version = 3 where stream = 'b' and version = 4`,
      );
      expect(await named()).toEqual(['deleted b 2']);
    });

    it('finds by the seal that the end of a stream is missing, also when the program went on meanwhile', async () => {
      await seal();
      await tamper(`delete from events where stream = 'b' and version > 2`);
      expect(await named()).toEqual(['deleted b 3']);
      for (const version of [2, 3, 4]) await append('b', version, { type: 'Noted', data: { text: 'again' } });
      expect(await named()).toEqual(['deleted b 3']);
    });
  });

  describe('inserted', () => {
    const forge = (stream: string, version: number, prev: string, hash: string): string =>
      `insert into events (stream, version, type, schema_version, data, metadata, recorded_at, transaction_id, prev_hash, hash)
       select '${stream}', ${version}, type, 1, '{"text": "forged"}', metadata, recorded_at, (select max(transaction_id) from events where stream = 'b'), ${prev}, ${hash} from events where stream = 'b' and version = 1`;

    it('names an event that was put at the end', async () => {
      await tamper(forge('b', 5, "sha256('x')", `sha256('y')`));
      expect(await named()).toEqual(['inserted b 5']);
    });

    it('names an event that was put between two', async () => {
      await tamper(
        `update events set version = 5 where stream = 'b' and version = 4`,
        `update events set version = 4 where stream = 'b' and version = 3`,
        forge('b', 3, `(select hash from events where stream = 'b' and version = 2)`, `sha256('y')`),
      );
      expect((await named())[0]).toBe('inserted b 3');
    });

    it('finds by the seal an event, and a stream, that were put in with right hashes', async () => {
      await seal();
      await tamper(forge('b', 5, 'null', `sha256('')`), forge('new', 1, 'null', `sha256('')`));
      await rehash('b', 5);
      await rehash('new', 1);
      expect((await named()).sort()).toEqual(['inserted b 5', 'inserted new 1']);
    });
  });

  describe('reordered', () => {
    it('names the first of two events that changed places', async () => {
      await tamper(
        `update events set version = 100 where stream = 'b' and version = 2`,
        `update events set version = 2 where stream = 'b' and version = 3`,
        `update events set version = 3 where stream = 'b' and version = 100`,
      );
      expect(await named()).toEqual(['reordered b 2']);
    });

    it('names an event that stands before its predecessor in the log', async () => {
      await tamper(`update events set transaction_id = '1' where stream = 'b' and version = 3`);
      expect(await named()).toEqual(['reordered b 3']);
    });

    it('finds by the seal that events of two streams changed places', async () => {
      await seal();
      await tamper(
        'alter table events alter column position drop identity',
        `with swapped as (select max(position) as p, max(transaction_id) as t, min(position) as q, min(transaction_id) as u from events where version = 4 and stream in ('b', 'c'))
         update events set position = case when stream = 'b' then p + 1000 else q + 1000 end, transaction_id = case when stream = 'b' then t else u end
         from swapped where version = 4 and stream in ('b', 'c')`,
        `update events set position = position - 1000 where position > 1000`,
      );
      expect(await named()).toEqual(['reordered log 1']);
    });
  });

  it('misses a stream that is gone as a whole, and the seal that knew it', async () => {
    await seal();
    await tamper(`delete from events where stream = 'b'`);
    expect(await named()).toEqual(['stream-gone b']);
    await append('d', 0, { type: 'Noted', data: { text: 'later' } });
    const sealed = await seal();
    await tamper(`delete from events where stream = 'log'`);
    await expect(verifyLog(database, { since: `2:${sealed?.hash ?? ''}` })).rejects.toMatchObject({ code: 'audit.unknown-seal' });
  });
});
