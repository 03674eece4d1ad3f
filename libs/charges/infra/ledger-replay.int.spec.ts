import { beforeAll, describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { ChangePeriodHandler } from '#periods';
import { by, TestProgram } from '#testing/program';
import { ChargesProjection } from '../projections/charges.projection.js';
import { LedgerReplay } from './ledger-replay.js';

const REVIEWER = by('reviewer@example.edu');

describe('a replay', () => {
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start();
    return () => program.stop();
  });

  function replay<Result>(work: (replay: LedgerReplay) => Promise<Result>): Promise<Result> {
    return LedgerReplay.run(program.services.database, program.get(ChargesProjection), () => Promise.resolve(), work);
  }

  it('is refused by the database what lies outside its own tables', async () => {
    const charge = `insert into %.review_log (position, import_id, line_no, period, action, amount, actor, recorded_at)
      values (1, 1, 1, '2025-03', 'approve', 1, 'nobody', now())`;
    await replay(async ({ session }) => {
      await session.query(charge.replace('%.', ''));
      expect(await session.query('select 1 from review_log')).toHaveLength(1);
      expect(await session.query('select 1 from public.review_log')).toHaveLength(0);
      await expect(session.query(charge.replace('%', 'public'))).rejects.toThrow(/read-only/);
      await expect(session.query('truncate public.review_log')).rejects.toThrow(/read-only/);
    });
    expect(await program.services.database.query('select 1 from review_log')).toHaveLength(0);
  });

  it('holds back no reader of the log, however long it takes', async () => {
    await replay(async ({ session }) => {
      await session.query(`insert into ledger_balances values ('2025-03', 'USD', '', '', '', '', '', '', 'clear', 1, 1, 1, 1, 1)`);
      const { position } = await program.get(ChangePeriodHandler).open(billingPeriod('2025-03'), REVIEWER);
      await program.services.projections.waitFor(position);
    });
  });

  it('leaves nothing behind, also after a failure', async () => {
    const leftOver = async (): Promise<number> => {
      const rows = await program.services.database.query(`select 1 from pg_class where relname = 'charges' and relpersistence = 't'`);
      return rows.length;
    };
    await expect(replay(() => Promise.reject(new Error('broken off')))).rejects.toThrow('broken off');
    await expect.poll(leftOver).toBe(0);
  });
});
