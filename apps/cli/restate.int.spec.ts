import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';
import { focusCsv } from '../../test/support/focus-csv.js';

/** A vendor restates a finalized month, and the office books it from the command line. */
describe('booking a restated month on the command line', () => {
  let office: CommandLine;
  let file: string;
  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);
  const january = focusCsv([
    { period: '2025-01', billed: '1200.5', resource: 'node-1' },
    { period: '2025-01', billed: '9', resource: 'node-2' },
  ]);
  const restated = focusCsv([
    { period: '2025-01', billed: '1190.25', resource: 'node-1' },
    { period: '2025-01', billed: '4', resource: 'node-3', tags: { pi_email: 'bob@example.edu', project_id: 'wheel' } },
  ]);
  const ASKED = ['-s', 'hpc', '--mode', 'replace', '--as-adjustments', '2025-02'];

  beforeAll(async () => {
    office = await CommandLine.start();
    await run('ingest', await office.file('january.csv', january), '-s', 'hpc');
    await run('periods', 'close', '2025-01');
    await run('periods', 'finalize', '2025-01', '--force', 'nothing is billed by this test');
    await run('ingest', await office.file('february.csv', focusCsv([{ period: '2025-02', billed: '30' }])), '-s', 'hpc');
    file = await office.file('january-2.csv', restated);
  });
  afterAll(() => office.stop());

  it('is told the way by the refusal', async () => {
    const { exitCode, result } = await run('ingest', file, '-s', 'hpc', '--mode', 'replace');
    expect(exitCode).toBe(1);
    expect(result).toContain('--mode replace --as-adjustments PERIOD');
  });

  it('shows the difference, books it, and tells of it', async () => {
    const asked = ['ingest', file, ...ASKED, '--reason', 'Restated by the vendor'];
    const tried = await run(...asked, '--dry-run');
    expect(tried.exitCode).toBe(0);
    expect(tried.result).toMatch(/→ hpc: would be booked\n/);
    expect(tried.result).toMatch(/\n {2}Would be booked in 2025-02: 3 charges, 1 of them for review\n/);
    expect(tried.result).toMatch(/AGAINST WHAT WAS BILLED OF 2025-01 +LINES +BILLED +IN THE FILE +DIFFERENCE/);
    expect(tried.result).toMatch(/revised: other amounts than billed +1 +1,200\.50 +1,190\.25 +-10\.25 +USD\n/);
    expect(tried.result).toMatch(/withdrawn: billed, but not in the file +1 +9\.00 +0\.00 +-9\.00 +USD\n/);
    expect(tried.result).toMatch(/new: in the file, but not billed +1 +0\.00 +4\.00 +4\.00 +USD\n/);
    expect(tried.result).toMatch(/ada@example\.edu +30\.00 +10\.75 +-19\.25 +USD\n/);
    expect((await run('adjustments', 'list')).result).toBe('There are no adjustments.');

    const booked = await run(...asked);
    expect([booked.exitCode, booked.result]).toEqual([
      0,
      expect.stringMatching(/→ hpc: booked, import 4\n[^]*Booked as adjustment 4 in 2025-02: 3 charges/),
    ]);
    expect((await run('imports', 'list', '--state', 'booked')).result).toContain('january-2.csv');
    expect((await run('adjustments', 'list')).result).toMatch(
      /\n4 +booked +2025-02 +2025-01 by january-2\.csv +3 +-15\.25 USD +Restated by the vendor$/,
    );
    expect((await run('adjustments', 'show', '4')).result).toMatch(
      /a restatement of -15\.25 USD in 2025-02\n {2}corrects 2025-01 by january-2\.csv of 2025-01\n[^]*\n4-2 +1-2 +hpc/,
    );
    expect((await run(...asked)).result).toMatch(/known already as import 4, nothing changed/);
    const again = await run('ingest', await office.file('january-3.csv', `${restated}\n`), ...ASKED, '--reason', 'Once more');
    expect(again.result).toContain('Nothing is booked: the file says of 2025-01 what was billed, with its adjustments.');
    expect((await run('adjustments', 'withdraw', '4', '--reason', 'The first file was right')).result).toBe('Adjustment 4 is withdrawn.');
    expect((await run('imports', 'list', '--state', 'withdrawn')).result).toContain('january-2.csv');
  });

  it('says what is wrong usage', async () => {
    expect((await run('ingest', file, ...ASKED)).exitCode).toBe(2);
    expect((await run('ingest', file, '-s', 'hpc', '--reason', 'x')).exitCode).toBe(2);
    expect((await run('ingest', file, '-s', 'hpc', '--mode', 'replace', '--as-adjustments', 'February', '--reason', 'x')).exitCode).toBe(2);
    const merged = await run('ingest', file, '-s', 'hpc', '--as-adjustments', '2025-02', '--reason', 'x');
    expect([merged.exitCode, merged.result]).toEqual([1, expect.stringContaining('in delivery mode replace only')]);
  });
});
