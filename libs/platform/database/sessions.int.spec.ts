import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { to as copyTo } from 'pg-copy-streams';
import { MIGRATIONS } from '#migrations';
import { createTestDatabase, type TestDatabase } from '#testing';
import { Database } from './database.js';
import { type Session, sessionOn } from './session.js';

const MANY_ROWS = 'select n from generate_series(1, 1000000) n';

async function pidOf(session: Pick<Session, 'query'>): Promise<number | undefined> {
  const [row] = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
  return row?.pid;
}

async function* numbers(session: Session): AsyncGenerator<number> {
  await session.query(`declare numbers no scroll cursor for ${MANY_ROWS}`);
  for (;;) for (const { n } of await session.query<{ n: number }>('fetch 100 from numbers')) yield n;
}

async function* copied({ client }: Session): AsyncGenerator<number> {
  for await (const chunk of client.query(copyTo(`copy (${MANY_ROWS}) to stdout`)) as AsyncIterable<Buffer>) yield chunk.length;
}

/** With one connection, one that is not given back keeps the next from ever being served. */
describe('a connection that is lent out', () => {
  let home: TestDatabase;
  let database: Database;

  beforeEach(async () => {
    home = await createTestDatabase();
    database = await Database.connect({ ...home, applicationName: 'spec', migrations: MIGRATIONS, poolSize: 1 });
  });

  afterEach(async () => {
    await database.close();
    await home.drop();
  });

  it('is closed if it can’t be made ready, and handed over if it can', async () => {
    const before = await pidOf(database);
    await expect(database.connection((client) => client.query('listen'))).rejects.toThrow('syntax error');
    const client = await database.connection((fresh) => fresh.query(`set application_name = 'ready'`));
    const { rows } = await client.query<{ name: string; pid: number }>(
      `select current_setting('application_name') as name, pg_backend_pid() as pid`,
    );
    client.release(true);
    expect(rows[0]?.name).toBe('ready');
    expect(rows[0]?.pid).not.toBe(before);
  });

  it('goes back when the work is through, and is closed when the work fails, in a transaction or in a COPY', async () => {
    const before = await pidOf(database);
    expect(await database.withConnection((client) => pidOf(sessionOn(client)))).toBe(before);
    expect(await pidOf(database)).toBe(before);
    const failed = database.withConnection(async (client) => {
      await client.query(`begin; set local application_name = 'left'`);
      for await (const length of copied(sessionOn(client))) throw new Error(`no more than ${length}`);
    });
    await expect(failed).rejects.toThrow('no more than');
    expect(await pidOf(database)).not.toBe(before);
    expect(await database.query('show application_name')).toEqual([{ application_name: 'spec' }]);
  });

  it.each([
    ['a cursor', numbers],
    ['a COPY', copied],
  ])('is closed with %s that its reader leaves or that its reader fails on', async (_what, read) => {
    for (let turn = 0; turn < 2; turn += 1) {
      const before = await pidOf(database);
      const reading = async (): Promise<void> => {
        for await (const piece of database.streamSnapshot(read)) {
          if (turn === 1) throw new Error(`could not use ${piece}`);
          break;
        }
      };
      if (turn === 1) await expect(reading()).rejects.toThrow('could not use');
      else await reading();
      expect(await pidOf(database)).not.toBe(before);
    }
  });

  it('is not taken before anything is read, and goes back at the end', async () => {
    const before = await pidOf(database);
    const unread = database.streamSnapshot(numbers);
    const pids: (number | undefined)[] = [];
    for await (const pid of database.streamSnapshot(async function* (session) {
      yield await pidOf(session);
    }))
      pids.push(pid);
    expect([...pids, await pidOf(database)]).toEqual([before, before]);
    await unread.return();
    expect(await pidOf(database)).toBe(before);
  });

  it('is closed if a statement of a snapshot fails, which can write nothing', async () => {
    const before = await pidOf(database);
    await expect(database.snapshot((session) => session.query(`update periods set state = 'closed'`))).rejects.toThrow(
      'read-only transaction',
    );
    const second = await pidOf(database);
    expect(second).not.toBe(before);
    const stream = database.streamSnapshot(async function* (session) {
      yield* await session.query('select 1 / 0');
    });
    await expect(stream.next()).rejects.toThrow('division by zero');
    expect(await pidOf(database)).not.toBe(second);
  });
});

it('sees one moment in a snapshot, whatever is written meanwhile', async () => {
  const home = await createTestDatabase();
  const database = await Database.connect({ ...home, applicationName: 'spec', migrations: MIGRATIONS, poolSize: 2 });
  try {
    const count = async (session: Pick<Session, 'query'>): Promise<number> =>
      (await session.query(`select 1 from projections where name like 'spec-%'`)).length;
    const write = (name: string): Promise<unknown> =>
      database.query(`insert into projections (name, version, transaction_id, position) values ($1, 1, '0', 0)`, [name]);
    const whole = await database.snapshot(async (session) => [await count(session), await write('spec-1'), await count(session)]);
    expect([whole[0], whole[2]]).toEqual([0, 0]);
    const seen: number[] = [];
    for await (const found of database.streamSnapshot(async function* (session) {
      yield await count(session);
      yield await count(session);
    })) {
      await write(`spec-${seen.length + 2}`);
      seen.push(found);
    }
    expect([...seen, await count(database)]).toEqual([1, 1, 3]);
  } finally {
    await database.close();
    await home.drop();
  }
});
