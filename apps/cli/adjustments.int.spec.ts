import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';
import { focusCsv, tags } from '../../test/support/focus-csv.js';

/** What is finalized is put right from the command line. */
describe('adjustments on the command line', () => {
  let office: CommandLine;
  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  beforeAll(async () => {
    office = await CommandLine.start();
    const january = focusCsv([
      { period: '2025-01', billed: '1200.5', list: '2401', resource: 'node-1' },
      { period: '2025-01', billed: '9', resource: 'node-2', tags: tags({ project_id: 'loom' }) },
    ]);
    await run('ingest', await office.file('january.csv', january), '-s', 'hpc');
    await run('periods', 'close', '2025-01');
    await run('periods', 'finalize', '2025-01', '--force', 'nothing is billed by this test');
    await run('ingest', await office.file('february.csv', focusCsv([{ period: '2025-02', billed: '3' }])), '-s', 'hpc');
  });
  afterAll(() => office.stop());

  it('shows what it would book, books it, and tells of it', async () => {
    expect((await run('adjustments', 'list')).result).toBe('There are no adjustments.');
    const asked = ['adjust', 'charge', '1-2', '--in', '2025-02', '--percent', '10', '--reason', 'Half a day of outage'];
    const tried = await run(...asked, '--dry-run');
    expect(tried.result).toMatch(/^CORRECTS .*\n1-2 +hpc +Compute +node-1 +MATH-100 +1,200\.50 +-240\.10 +-120\.05 +1,080\.45\n/);
    expect(tried.result).toMatch(/Would book 1 charge in 2025-02: -120\.05 USD\. Nothing was changed\.$/);
    const booked = await run(...asked);
    expect(booked.result).toMatch(/\nAdjustment 3: 1 charge booked in 2025-02, -120\.05 USD\.$/);
    expect((await run('adjustments', 'list', '--of', '2025-01')).result).toMatch(
      /\n3 +booked +2025-02 +1-2 +ada@example\.edu +engine +1 +-120\.05 USD +Half a day of outage$/,
    );
    expect((await run('adjustments', 'show', '3')).result).toMatch(/a credit of -120\.05 USD in 2025-02[^]*\n3-1 +1-2 +hpc/);
    expect((await run('charges', 'show', '1-2')).result).toMatch(
      /charge 3-1 in 2025-02 corrects 1-2 of 2025-01 by -120\.05: “Half a day of outage”/,
    );
    const own = (await run('charges', 'show', '3-1')).result;
    expect(own).toContain('booked it as an adjustment: “Half a day of outage”');
    expect(own).not.toContain('Imports');
  });

  it('credits a statement, charges more, and withdraws', async () => {
    const where = ['--in', '2025-02', '--reason', 'Wrong grant'];
    expect((await run('adjust', 'statement', 'ada@example.edu', 'loom', '2025-01', ...where)).result).toMatch(
      /booked in 2025-02, -9 USD\.$/,
    );
    const again = await run('--json', 'adjust', 'statement', 'ada@example.edu', 'loom', '2025-01', ...where);
    expect([again.exitCode, JSON.parse(again.result)]).toMatchObject([1, { error: { code: 'adjustment.nothing-left' } }]);
    expect((await run('adjust', 'charge', '1-3', ...where, '--debit', '--amount', '2')).result).toMatch(/, 2 USD\.$/);
    expect((await run('adjustments', 'withdraw', '4', '--reason', 'It was the right one')).result).toBe('Adjustment 4 is withdrawn.');
    expect((await run('adjustments', 'list')).result).toMatch(/\n4 +withdrawn /);
    expect((await run('show', 'ada@example.edu', '-p', '2025-02')).result).toMatch(/-115\.05/);
  });

  it('says what is wrong usage, and what is refused', async () => {
    expect((await run('adjust', 'charge', '1-2', '--in', 'February', '--reason', 'x')).exitCode).toBe(2);
    expect((await run('adjust', 'charge', '1-2', '--reason', 'x')).exitCode).toBe(2);
    expect((await run('adjustments', 'show', 'x')).exitCode).toBe(2);
    const refused = await run('adjust', 'charge', '2-2', '--in', '2025-02', '--reason', 'x');
    expect(refused.exitCode).toBe(1);
    expect(refused.notes).toMatch(/Period 2025-02 is open: its charges are not adjusted but put right themselves/);
  });
});
