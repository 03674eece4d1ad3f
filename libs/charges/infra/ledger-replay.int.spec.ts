import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventStore, START } from '#event-store';
import { MIGRATIONS } from '#migrations';
import { Database } from '#platform';
import { createTestDatabase, TestClock, type TestDatabase } from '#testing';
import { ChargesProjection } from '../projections/charges.projection.js';
import { LedgerReplay } from './ledger-replay.js';

const PATIENCE = { timeout: 20_000 };

describe('a replay', () => {
  let own: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    own = await createTestDatabase();
    database = await Database.connect({ url: own.url, ownerUrl: own.ownerUrl, applicationName: 'spec', migrations: MIGRATIONS });
  });

  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  function replay<Result>(work: (replay: LedgerReplay) => Promise<Result>): Promise<Result> {
    return LedgerReplay.run(database, new ChargesProjection(), () => Promise.resolve(), work);
  }

  it('is refused by the database what lies outside its own tables', async () => {
    const insert = (table: string): string =>
      `insert into ${table} (position, import_id, line_no, period, action, amount, actor, recorded_at)
       values (1, 1, 1, '2025-03', 'approve', 1, 'nobody', now())`;
    await replay(async ({ session }) => {
      await session.query(insert('review_log'));
      expect(await session.query('select 1 from review_log')).toHaveLength(1);
      expect(await session.query('select 1 from public.review_log')).toHaveLength(0);
      await expect(session.query(insert('public.review_log'))).rejects.toThrow(/read-only/);
      await expect(session.query('delete from public.review_log')).rejects.toThrow(/read-only/);
    });
    expect(await database.query('select 1 from review_log')).toHaveLength(0);
  });

  it('holds back no reader of the log, however long it takes', async () => {
    const store = new EventStore(database, new TestClock());
    const metadata = { actor: { kind: 'system', id: 'spec' }, correlationId: 'spec' } as const;
    await replay(async ({ session }) => {
      await session.query(`insert into ledger_balances values ('2025-03', 'USD', '', '', '', '', '', '', 'clear', 1, 1, 1, 1, 1)`);
      await database.transaction((tx) => store.append(tx, 'diary', 0, [{ type: 'Noted', data: {} }], metadata));
      // Transactions of other test files hold readers back too, for a moment.
      await expect.poll(async () => (await store.readAfter(START, 1000)).map(({ stream }) => stream), PATIENCE).toContain('diary');
    });
  });

  it('leaves nothing behind, also after a failure', async () => {
    const leftOver = async (): Promise<number> =>
      (await database.query(`select 1 from pg_class where relname = 'charges' and relpersistence = 't'`)).length;
    await expect(replay(() => Promise.reject(new Error('broken off')))).rejects.toThrow('broken off');
    await expect.poll(leftOver, PATIENCE).toBe(0);
  });
});
