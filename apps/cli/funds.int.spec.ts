import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';

const CHART = 'fund_org,title,valid_from,valid_to,owner\nBIO-1,Biology,2025-01-01,,dean@example.edu\nMATH-2,"Mathematics, pure",,,\n';

/** The chart of funds from the command line, as an operator keeps it. */
describe('funds on the command line', () => {
  let office: CommandLine;

  beforeAll(async () => {
    office = await CommandLine.start();
  });

  afterAll(() => office.stop());

  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  it('says that no chart is in use while none is', async () => {
    expect(await run('funds', 'list')).toMatchObject({ exitCode: 0, result: expect.stringMatching(/^No fund is in the chart/) as string });
  });

  it('tries a file and takes it, once', async () => {
    const path = await office.file('chart.csv', CHART);
    const tried = await run('funds', 'import', path, '--dry-run');
    expect(tried.result).toBe(
      [
        'chart.csv: 2 would be added, 0 would be changed, 0 would be retired, 0 unchanged.',
        '  + BIO-1: Biology, from 2025-01-01, to –, owner dean@example.edu',
        '  + MATH-2: Mathematics, pure, from –, to –, owner –',
      ].join('\n'),
    );
    expect((await run('funds', 'list')).result).toMatch(/^No fund/);
    expect((await run('funds', 'import', path)).result).toMatch(/^chart.csv: 2 added, 0 changed, 0 retired, 0 unchanged\./);
    expect((await run('funds', 'import', path)).result).toMatch(
      /^chart.csv is the last file that was imported \(.* UTC, by .*\); nothing changes\.$/,
    );
    expect((await run('funds', 'list', '--search', 'PURE')).result).toMatch(/^FUND\/ORG .*\nMATH-2 +Mathematics, pure +– +– +–$/);
  });

  it('refuses a file with a wrong row, whole, and says where', async () => {
    const path = await office.file('wrong.csv', 'fund_org,valid_to\nNEW-1,\nBIO-1,31.12.2025\n');
    const tried = await run('funds', 'import', path, '--dry-run');
    expect(tried.exitCode).toBe(1);
    expect(tried.result).toMatch(/\n3 +valid_to +31\.12\.2025 +“31\.12\.2025” is no day; write it as 2025-07-31\.\n/);
    const refused = await run('--json', 'funds', 'import', path);
    expect(refused.exitCode).toBe(1);
    expect(refused.result + refused.notes).toContain('funds.refused-rows');
    expect((await run('funds', 'show', 'NEW-1')).exitCode).toBe(1);
  });

  it('sets, retires and shows a fund', async () => {
    expect((await run('funds', 'set', 'ART/3 x', '--title', 'Art', '--valid-from', '2025-02-01')).result).toBe(
      'ART/3 x is in the chart of funds: Art, from 2025-02-01, to –, owner –.',
    );
    expect((await run('funds', 'set', 'ART/3 x', '--title', 'Arts', '--valid-from', '')).result).toBe(
      'ART/3 x is changed:\n  title: Art → Arts\n  valid from: 2025-02-01 → –',
    );
    expect((await run('funds', 'set', 'ART/3 x', '--title', 'Arts')).result).toBe('ART/3 x is set so already.');
    expect((await run('funds', 'retire', 'ART/3 x', '--last-day', '2025-06-30', '--reason', 'closed')).result).toBe(
      'ART/3 x is valid until 2025-06-30.',
    );
    expect(await run('funds', 'retire', 'ART/3 x', '--last-day', '2025-07-31')).toMatchObject({ exitCode: 1, result: '' });
    const { result } = await run('funds', 'show', 'ART/3 x');
    expect(result).toMatch(/^valid to +2025-06-30$/m);
    expect(result).toMatch(/^today +ended$/m);
    expect(result).toMatch(/ retired +Arts +– +2025-06-30 +– +\S+ +closed\n.* changed .*\n.* registered /);
  });

  it('retires with replace what a file lacks', async () => {
    const path = await office.file('less.csv', 'fund_org,title,Dean\nMATH-2,"Mathematics, pure",x\n');
    expect((await run('funds', 'import', path, '--mode', 'replace', '--last-day', '2025-05-31')).result).toBe(
      [
        'less.csv: 0 added, 0 changed, 2 retired with 2025-05-31, 1 unchanged.',
        '  ART/3 x:',
        '    valid to: 2025-06-30 → 2025-05-31',
        '  BIO-1:',
        '    valid to: – → 2025-05-31',
        'The file says nothing about valid_from, valid_to, owner; what the chart says there stays.',
        'Columns without meaning here: Dean.',
      ].join('\n'),
    );
  });

  it.each([
    [2, ['funds', 'set', 'X', '--valid-from', 'soon']],
    [2, ['funds', 'retire', 'X', '--last-day', '1/2/25']],
    [2, ['funds', 'list', '--limit', '0']],
    [2, ['funds', 'import', 'chart.csv', '--last-day', '2025-01-01']],
    [1, ['funds', 'set', 'X', '--valid-from', '2025-02-30']],
    [1, ['funds', 'retire', 'nobody']],
    [1, ['funds', 'import', 'nowhere.csv']],
  ])('ends with %i: %j', async (exitCode, args) => {
    expect(await run(...args)).toMatchObject({ exitCode, result: '' });
  });
});
