import { Client } from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventStore, type Projection, ProjectionRunner, type RecordedEvent, Upcasting } from '#event-store';
import { MIGRATIONS } from '#migrations';
import { createLogger, Database, type Tx } from '#platform';
import { createTestDatabase, TestClock } from '#testing';

const METADATA = { actor: { kind: 'system', id: 'spec' }, correlationId: 'spec' } as const;
const SILENT = createLogger({ enabled: false, level: 'error', format: 'json', file: undefined }, { name: 'spec' });

/** Counts words; a newer version counts letters too and writes louder. */
class Words implements Projection {
  readonly name = 'words';
  readonly tables = ['words'];
  readonly eventTypes = ['Noted'];
  onApply: () => Promise<void> = () => Promise.resolve();

  constructor(
    readonly version: number,
    private readonly write: (text: string) => string = (text) => text,
  ) {}

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      const { text } = event.data as { text: string };
      await tx.query('insert into words values ($1, 1) on conflict (word) do update set count = words.count + 1', [this.write(text)]);
    }
    await this.onApply();
  }
}

describe('the rebuild of a read model', () => {
  let database: Database;
  let store: EventStore;

  beforeEach(async () => {
    const created = await createTestDatabase();
    database = await Database.connect({
      url: created.url,
      ownerUrl: created.ownerUrl,
      applicationName: 'spec',
      migrations: MIGRATIONS,
      poolSize: 20,
    });
    const owner = new Client({ connectionString: created.ownerUrl });
    await owner.connect();
    await owner.query(`create table words (word text primary key check (word <> ''), count int not null);
      create index words_by_count on words (count) where count > 1`);
    const [app] = await database.query<{ role: string }>('select current_user as role');
    await owner.query(`grant select, insert, update, delete on words to ${app?.role ?? ''}`);
    await owner.end();
    store = new EventStore(database, new TestClock());
    await note('a', 'b', 'a');
    return async () => {
      await database.close();
      await created.drop();
    };
  });

  async function note(...texts: string[]): Promise<void> {
    await database.transaction(async (tx) => {
      const { version } = await store.head('diary', tx);
      await store.append(
        tx,
        'diary',
        version,
        texts.map((text) => ({ type: 'Noted', data: { text } })),
        METADATA,
      );
    });
  }

  function runnerOf(projection: Projection, log = store): ProjectionRunner {
    const runner = new ProjectionRunner(database, log, SILENT);
    runner.register(projection);
    return runner;
  }

  const settle = async (runner: ProjectionRunner): Promise<void> => runner.waitFor(await store.lastPosition());
  const words = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await database.query<{ word: string; count: number }>('select * from words')).map(({ word, count }) => [word, count]),
    );

  it('makes the same rows, in a table with the same keys, indexes and rights', async () => {
    const runner = runnerOf(new Words(1));
    await settle(runner);
    const shape = async (): Promise<unknown> => [
      await database.query(`select indexdef from pg_indexes where tablename = 'words' order by 1`),
      await database.query(`select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'words'::regclass order by 1`),
      await database.query(`select relowner::regrole::text as owner, relacl::text from pg_class where oid = 'words'::regclass`),
    ];
    const before = await shape();
    // Somebody has meddled with the table: only a rebuild brings the truth back.
    await database.query(`update words set count = 99`);
    await runner.rebuild('words');
    expect(await words()).toEqual({ a: 2, b: 1 });
    expect(await shape()).toEqual(before);
    await note('b');
    await settle(runner);
    expect(await words()).toEqual({ a: 2, b: 2 });
    expect(await database.query('select * from projection_rebuilds')).toEqual([]);
  });

  it('leaves the table in use readable and up to date until the new one takes its place', async () => {
    const live = runnerOf(new Words(1));
    await settle(live);
    let during: unknown;
    await runnerOf(new Words(2, (text) => text.toUpperCase())).rebuild('words', async () => {
      if (during !== undefined) return;
      // The old program goes on while the new version is being built.
      await note('c');
      await settle(live);
      during = [await words(), (await live.states())[0]?.rebuilding?.version];
    });
    expect(during).toEqual([{ a: 2, b: 1, c: 1 }, 2]);
    expect(await words()).toEqual({ A: 2, B: 1, C: 1 });
    expect((await live.states())[0]).toMatchObject({ version: 2, lag: 0, rebuilding: null });
    // The old program must not write its rows into the new table.
    await expect(live.catchUp()).rejects.toMatchObject({ code: 'projection.newer' });
  });

  it('builds the tables of a newer program by itself', async () => {
    await settle(runnerOf(new Words(1)));
    const newer = runnerOf(new Words(2, (text) => text.toUpperCase()));
    newer.start();
    while ((await newer.states())[0]?.version !== 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await newer.stop();
    expect(await words()).toEqual({ A: 2, B: 1 });
  });

  it('leaves everything as it was when it breaks off, and begins again', async () => {
    const runner = runnerOf(new Words(1));
    await settle(runner);
    const failing = new Words(1);
    failing.onApply = () => Promise.reject(new Error('out of breath'));
    await expect(runnerOf(failing).rebuild('words')).rejects.toThrow('out of breath');
    expect(await words()).toEqual({ a: 2, b: 1 });
    await note('c');
    await settle(runner);
    await runner.rebuild('words');
    expect(await words()).toEqual({ a: 2, b: 1, c: 1 });
  });

  it('is done by one process at a time', async () => {
    const runner = runnerOf(new Words(1));
    await settle(runner);
    const slow = new Words(1);
    let refusal: unknown;
    slow.onApply = async (): Promise<void> => {
      await runner.rebuild('words').catch((error: unknown) => (refusal = error));
    };
    await runnerOf(slow).rebuild('words');
    expect(refusal).toMatchObject({ code: 'projection.rebuilding', kind: 'conflict' });
  });

  it('waits for readers instead of breaking their queries', async () => {
    const runner = runnerOf(new Words(1));
    await settle(runner);
    let rebuilt: Promise<void> | undefined;
    await database.transaction(async (tx) => {
      await tx.query('select * from words');
      rebuilt = runner.rebuild('words');
      // The reader's transaction holds the table; what it reads stays what it was.
      await tx.query('select pg_sleep(0.3)');
      expect(await tx.query('select count(*)::int as words from words')).toEqual([{ words: 2 }]);
    });
    await rebuilt;
    expect(await words()).toEqual({ a: 2, b: 1 });
  });

  it('reads events of older schema versions through their upcasters', async () => {
    const upcasting = new Upcasting([{ type: 'Noted', from: 1, upcast: (data) => ({ text: `old ${(data as { text: string }).text}` }) }]);
    const newer = new EventStore(database, new TestClock(), upcasting);
    await database.transaction(async (tx) => {
      await newer.append(tx, 'diary', 3, [{ type: 'Noted', data: { text: 'new' } }], METADATA);
    });
    await settle(runnerOf(new Words(1), newer));
    expect(await words()).toEqual({ 'old a': 2, 'old b': 1, new: 1 });
    expect((await newer.readStream('diary')).map((event) => event.schemaVersion)).toEqual([1, 1, 1, 2]);
  });
});
