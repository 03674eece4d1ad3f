import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { focusCsv, tags } from '../../test/support/focus-csv.js';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';

const PERIOD = ['-p', '2025-03'];
const GPU = { service: 'GPU nodes' };

/** The review from the command line, on everything that matches. */
describe('review on the command line', () => {
  let office: CommandLine;

  beforeAll(async () => {
    office = await CommandLine.start({ review: { flag_patterns: ['gpu'] } });
    const rows = [
      { billed: '-5', ...GPU, resource: 'refund' },
      { billed: '10', ...GPU, resource: 'node-1' },
      { billed: '1200.5', ...GPU, resource: 'node-2', tags: tags({ pi_email: 'grace@example.edu', project_id: 'loom' }) },
      { billed: '30', resource: 'node-3', tags: tags({ fund_org: '' }) },
      { billed: '40', resource: 'node-4' },
    ];
    const file = await office.file('hpc.csv', focusCsv(rows));
    expect((await run('ingest', file, '-s', 'hpc')).exitCode).toBe(0);
  }, 60_000);

  afterAll(() => office.stop());

  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  async function amounts(...filter: string[]): Promise<string[]> {
    const { result } = await run('--json', 'review', 'list', ...filter);
    return (JSON.parse(result) as { items: { amount: string }[] }).items.map(({ amount }) => amount);
  }

  it.each([
    [[], ['-5', '10', '1200.5', '30']],
    [
      ['--amount-from=-5', '--amount-to', '10'],
      ['-5', '10'],
    ],
    [['--text', 'NODE-3'], ['30']],
    [
      ['--reason', 'pattern_match', '--amount-from', '1E1'],
      ['10', '1200.5'],
    ],
    [['--standing', 'clear'], ['40']],
    [['--standing', 'clear', 'flagged', '--pi', 'grace@example.edu'], ['1200.5']],
  ])('lists what waits, or what else is asked for: %j', async (filter, expected) => {
    expect(await amounts(...PERIOD, ...filter)).toEqual(expected);
  });

  it('lists page by page', async () => {
    const first = await run('review', 'list', '--limit', '3');
    expect(first.result).toMatch(/The first 3 of 4 charges; 1,235.5 USD in all. Go on with --after 2025-03.1.\d+.$/);
    const [, after = ''] = /--after (\S+)\.$/.exec(first.result) ?? [];
    expect((await run('review', 'list', '--limit', '3', '--after', after)).result).toMatch(/30 .*\n\n1 of 4 charges; 1,235.5 USD in all.$/);
  });

  it('says what a decision would touch, and changes nothing', async () => {
    const tried = await run('review', 'approve', ...PERIOD, '--reason', 'pattern_match', '--dry-run');
    expect(tried).toMatchObject({ exitCode: 0, result: 'Would approve 3 charges: 1,205.5 USD. Nothing was changed.' });
    expect(await amounts()).toHaveLength(4);
  });

  it('decides on just as many as expected, or on none', async () => {
    const refused = await run('review', 'reject', ...PERIOD, '--amount-from', '1000', '--expect', '2');
    expect([refused.exitCode, refused.notes]).toEqual([1, expect.stringContaining('1 (1200.5 USD) match now, not the 2 that were shown')]);
    const done = await run('review', 'reject', ...PERIOD, '--amount-from', '1000', '--expect', '1', '--note', 'too much');
    expect(done.result).toBe('Rejected 1 charge: 1,200.5 USD.');
    expect((await run('review', 'restore', ...PERIOD, '--project', 'loom')).result).toBe('Back in review: 1 charge: 1,200.5 USD.');
  });

  it('reattributes everything of a project, or what stands as asked', async () => {
    const set = ['--project', 'orbit', '--account', '7044'];
    expect((await run('review', 'reattribute', ...PERIOD, '--of-project', 'engine', '--standing', 'clear', ...set)).result).toBe(
      'Reattributed 1 charge: 40 USD.',
    );
    const tried = await run('review', 'reattribute', ...PERIOD, '--of-project', 'engine', ...set, '--dry-run');
    expect(tried.result).toBe('Would reattribute 3 charges: 35 USD. Nothing was changed.');
    expect((await run('review', 'reattribute', ...PERIOD, '--of-pi', 'ada@example.edu', ...set)).result).toContain(
      'Reattributed 4 charges',
    );
    expect(await amounts('--standing', 'clear', '--standing', 'flagged', '--project', 'orbit')).toEqual(['-5', '10', '30', '40']);
  });

  it.each([
    [['review', 'approve', ...PERIOD, '--amount-from', '1,5'], 'Write an amount'],
    [['review', 'approve', ...PERIOD, '--expect', 'many'], 'Write a whole number'],
    [['review', 'approve', '--id', '1-1', '--source', 'hpc'], 'not both'],
    [['review', 'reattribute', ...PERIOD], 'Say what to set'],
    [['review', 'list', '--standing', 'lost'], 'Allowed choices'],
  ])('ends with 2 for %j', async (args, why) => {
    const { exitCode, notes } = await run(...args);
    expect([exitCode, notes]).toEqual([2, expect.stringContaining(why)]);
  });

  it('has rules that are shown, tried and set, and flags again by them', async () => {
    expect((await run('review', 'rules', 'show')).result).toMatch(
      /Flag patterns:\n {2}gpu\nFund\/org patterns: none.*\nVersion 1, of .* by config\.$/,
    );
    const trial = await run('review', 'rules', 'test', ...PERIOD, '--flag-pattern', 'node-4', '--fund-org-pattern', '^MATH');
    expect(trial.result).toMatch(/pattern_match:node-4 +1 +40 USD +1 +40 USD +0 +\d+-6 Compute, node-4/);
    expect(trial.result).toContain('Fund/org pattern ^MATH takes 4 charges.');
    expect(trial.result).toMatch(/1 charge \(40 USD\) would wait for review, .*\nNothing was changed\.$/);
    expect((await run('review', 'rules', 'set', '--flag-pattern', 'node-4', '(')).notes).toContain('The flag pattern “(” does not compile');
    expect((await run('review', 'rules', 'set', '--flag-pattern', 'node-4')).result).toContain(
      'They count for what is imported from now on',
    );
    expect((await run('review', 'rules', 'set', '--flag-pattern', 'node-4')).result).toBe('The patterns are set so already.');
    const tried = await run('review', 're-flag', ...PERIOD, '--dry-run');
    expect(tried.result).toMatch(/would wait for review/);
    expect((await run('review', 're-flag', ...PERIOD, '--expect', '77')).exitCode).toBe(1);
    expect((await run('review', 're-flag', ...PERIOD, '--note', 'new rules')).result).toMatch(/1 charge \(40 USD\) wait for review now/);
    expect((await run('review', 're-flag', ...PERIOD)).result).toContain('all of them are flagged so already');
    expect((await run('review', 'rules', 'set', '--flag-pattern', '')).result).toContain('Flag patterns: none');
    expect((await run('review', 'rules', 'set')).exitCode).toBe(2);
    expect((await run('review', 're-flag')).exitCode).toBe(2);
  });
});
