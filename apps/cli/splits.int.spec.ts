import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';
import { focusCsv } from '../../test/support/focus-csv.js';

const SHARED = ['--part', '60% fund_org=MATH-200', '--part', 'rest pi=Bob@example.edu project=wheel fund_org=BIO-1'];

/** Charges are divided over several payers from the command line. */
describe('divided charges on the command line', () => {
  let office: CommandLine;
  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  beforeAll(async () => {
    office = await CommandLine.start();
    const march = focusCsv([
      { billed: '10', list: '20', resource: 'node-1' },
      { billed: '0.333333', resource: 'node-2' },
      { billed: '1000', resource: 'licence-1' },
    ]);
    await run('ingest', await office.file('march.csv', march), '-s', 'hpc');
  });
  afterAll(() => office.stop());

  it('shows what it would divide, divides it, and tells of it', async () => {
    expect((await run('splits', 'list')).result).toBe('No charge is divided.');
    const tried = await run('review', 'split', '1-2', ...SHARED, '--dry-run');
    expect(tried.result).toMatch(
      /^CHARGE .*\n1-2 +1 +60% +node-1 +ada@example\.edu +engine +MATH-200 +12\.00 +6\.00\n1-2 +2 +rest +node-1 +bob@example\.edu +wheel +BIO-1 +8\.00 +4\.00\n/,
    );
    expect(tried.result).toMatch(/\nWould divide 1 charge into 2 parts: 10 USD\. Nothing was changed\.$/);
    expect((await run('splits', 'list')).result).toBe('No charge is divided.');
    const done = await run('review', 'split', '-p', '2025-03', '--text', 'node', '--expect', '2', ...SHARED, '--note', 'shared nodes');
    expect(done.result).toMatch(/\nSplit \d+: 2 charges divided into 4 parts, 10\.333333 USD\.$/);
    const splitId = /Split (\d+)/.exec(done.result)?.[1] ?? '';
    expect((await run('splits', 'list', '-p', '2025-03')).result).toMatch(
      /\n\d+ +2025-03 .* 2 +0 +4 +10\.333333 USD +60% fund\/org MATH-200, rest PI bob@example\.edu project wheel fund\/org BIO-1$/,
    );
    expect((await run('splits', 'show', splitId)).result).toMatch(/“shared nodes”\n\nCHARGE [^]*\n1-3 +2 +rest +node-2 .* 0\.1333332$/m);
    expect((await run('charges', 'show', '1-2')).result).toMatch(
      new RegExp(
        `: split, 10 USD [^]*\nDivided into\n[^]*\n  ${splitId}-1 +60% +ada@example\\.edu +engine +MATH-200 +clear +6\\.00\n[^]*divided it, with 1 more`,
      ),
    );
    const part = (await run('charges', 'show', `${splitId}-2`)).result;
    expect(part).toMatch(
      /\nPart of\n {2}rest of charge 1-2 over 10 USD: part 2 of 2\n {2}Paid by PI bob@example\.edu, project wheel, fund\/org BIO-1\n {2}.* split \d+ by .*: “shared nodes”\n/,
    );
    expect(part).toMatch(
      new RegExp(`\nThe rest went to\n  PART .*\n  ${splitId}-1 +60% +ada@example\\.edu +engine +MATH-200 +clear +6\\.00\n\n`),
    );
    expect(part).not.toMatch(/\nTags\n/);
    expect(part).not.toMatch(/\nImports\n/);
    expect((await run('review', 'list', '--standing', 'split')).result).toMatch(/2 charges; 10\.333333 USD in all/);
  });

  it('puts together again what a charge, or a split, was divided into', async () => {
    const splits = JSON.parse((await run('--json', 'splits', 'list')).result) as { splits: { splitId: number }[] };
    const splitId = String(splits.splits[0]?.splitId);
    expect((await run('review', 'unsplit', `${splitId}-1`, '--dry-run')).result).toBe(
      'Would put together 1 charge: 10 USD. Nothing was changed.',
    );
    expect((await run('review', 'unsplit', `${splitId}-1`, '--note', 'not shared')).result).toBe('Put together again 1 charge: 10 USD.');
    expect((await run('splits', 'show', splitId)).result).toContain('1 of them put together again');
    expect((await run('review', 'unsplit', '--split', splitId)).result).toBe('Put together again 1 charge: 0.333333 USD.');
    const nothing = await run('review', 'unsplit', '1-4');
    expect([nothing.exitCode, nothing.notes]).toMatchObject([1, expect.stringMatching(/1-4.*only a divided charge/)]);
  });

  it('makes rules that divide, shows what they would, and takes the parts away', async () => {
    const asked = ['--resource-id', 'licence-*', '--part', '300 fund_org=MATH-200', '--part', 'rest fund_org=BIO-1'];
    expect((await run('rules', 'test', ...asked)).result).toMatch(
      / 300 ada@example\.edu engine MATH-200; 700 ada@example\.edu engine BIO-1$/m,
    );
    const added = await run('rules', 'add', '--name', 'licence', ...asked);
    expect(added.result).toContain('resource id licence-* → divides: 300 fund/org MATH-200, rest fund/org BIO-1.');
    expect((await run('rules', 'apply', '1')).result).toMatch(/divided 1 charge: 1,000 USD/);
    expect((await run('splits', 'list')).result).toMatch(/ R1\.1 +1 +0 +2 +1,000 USD/);
    const changed = await run('rules', 'edit', '1', '--no-parts', '--fund-org', 'BIO-1');
    expect(changed.result).toMatch(/R1\.2: resource id licence-\* → fund\/org BIO-1\.$/);
    expect((await run('rules', 'show', 'R1.1')).result).toContain('divides: 300 fund/org MATH-200');
    expect((await run('rules', 'edit', '1', '--no-parts', '--part', 'rest')).exitCode).toBe(2);
  });

  it('says what is wrong usage, and what is refused', async () => {
    const wrong: readonly (readonly string[])[] = [
      ['review', 'split', '1-2'],
      ['review', 'split', ...SHARED],
      ['review', 'split', '1-2', '-p', '2025-03', '--text', 'node', ...SHARED],
      ['review', 'split', '1-2', '--part', 'most fund_org=A', '--part', 'rest'],
      ['review', 'unsplit'],
      ['review', 'unsplit', '1-2', '--split', '2'],
      ['splits', 'show', 'x'],
    ];
    for (const args of wrong) expect([args, (await run(...args)).exitCode]).toEqual([args, 2]);
    const refused = await run('--json', 'review', 'split', '1-2', '--part', '60% fund_org=A', '--part', '30% fund_org=B');
    expect([refused.exitCode, JSON.parse(refused.result)]).toMatchObject([1, { error: { code: 'split.parts' } }]);
    expect((await run('splits', 'show', '999')).notes).toContain('There is no split 999');
  });
});
