import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';

const FILE = `BillingPeriodStart,ChargePeriodStart,BilledCost,BillingCurrency,ServiceName,ResourceId,Tags
2025-03-01,2025-03-05,12.5,USD,Compute,gpu-1,"{""pi_email"": ""ada@example.edu"", ""project_id"": ""p"", ""fund_org"": ""F""}"
2025-03-01,2025-03-06,8,USD,Compute,gpu-2,{}
`;

/** Attribution rules from the command line. */
describe('rules on the command line', () => {
  let office: CommandLine;
  let file: string;
  let later: string;
  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  beforeAll(async () => {
    office = await CommandLine.start();
    file = await office.file('hpc.csv', FILE);
    later = await office.file('later.csv', FILE.replaceAll('gpu-', 'gpu-1'));
  });
  afterAll(() => office.stop());

  it('says that there are none, and tries one out before it is added', async () => {
    expect((await run('rules', 'list')).result).toMatch(/^There are no attribution rules/);
    expect((await run('ingest', file, '-s', 'hpc')).exitCode).toBe(0);
    const { result } = await run('rules', 'test', '--resource-id', 'GPU-*', '--pi', 'bea@example.edu');
    expect(result).toMatch(/^In 2025-03: 2 charges match; 2 charges would change: 20\.5 USD\.\n/);
    expect(result).toMatch(/\nada@example\.edu +bea@example\.edu +1 +12\.50 +USD\n/);
    expect(result).toMatch(/\n1-3 +2025-03-06 +Compute +gpu-2 +8\.00 +USD +PI – → bea@example\.edu$/);
    expect((await run('rules', 'list')).result).toMatch(/^There are no/);
  });

  it('adds, applies, edits, moves and shows rules', async () => {
    const added = await run(
      'rules',
      'add',
      '--name',
      'GPU nodes',
      '--resource-id',
      'GPU-*',
      '--pi',
      'Bea@example.edu',
      '--project',
      'cells',
    );
    expect(added.result).toMatch(/^Rule 1 \(“GPU nodes”\) stands at place 1: resource id GPU-\* → PI bea@example\.edu, project cells\./);
    expect((await run('rules', 'apply', '1', '--dry-run')).result).toMatch(/2 charges would change/);
    expect((await run('rules', 'apply', '1', '--note', 'as agreed')).result).toBe(
      'Rule R1.1 (“GPU nodes”) reattributed 2 charges: 20.5 USD (2025-03 2).',
    );
    expect((await run('rules', 'apply', '1')).result).toMatch(/attributes every charge as it is; nothing was changed\.$/);
    expect((await run('charges', 'show', '1-2')).result).toMatch(/“Rule R1\.1: GPU nodes\. as agreed”/);
    const report = await run('ingest', later, '-s', 'hpc');
    expect(report.result).toMatch(/ATTRIBUTED BY RULE +LINES +CHARGED\n +R1\.1 +2 +20\.50 +USD/);
    const [charge] = /\d+-2\b/.exec((await run('review', 'list')).result) ?? ['2-2'];
    expect((await run('charges', 'show', charge)).result).toMatch(
      /Attributed by rule R1\.1 when it was imported, where its tags say otherwise: PI ada@example\.edu → bea@example\.edu; project p → cells \(`rules show R1\.1`\)\./,
    );
    expect((await run('rules', 'edit', '1', '--project', '', '--valid-to', '2025-12-31')).result).toBe(
      'Rule 1 is now R1.2: resource id GPU-* → PI bea@example.edu.',
    );
    expect((await run('rules', 'edit', '1', '--name', 'GPU nodes')).result).toBe('Rule 1 is so already.');
    await run('rules', 'add', '--name', 'all of tape', '--source', 'tape', '--fund-org', 'STOR-1', '--place', '1');
    expect((await run('rules', 'move', '1', '1')).result).toBe('Rule 1 (“GPU nodes”) stands at place 1.');
    expect((await run('rules', 'disable', '2', '--reason', 'sold')).result).toBe('Rule 2 (“all of tape”) is disabled.');
    expect((await run('rules', 'list')).result).toMatch(/\n1 +R1\.3 +GPU nodes .*\n2 +R2\.2 +all of tape .* disabled$/);
    expect((await run('rules', 'show', 'R1.1')).result).toMatch(
      /^R1\.1 +now R1\.3\n[^]*\nsets +PI bea@example\.edu, project cells\n[^]*R1\.2 .* changed /,
    );
    expect((await run('rules', 'enable', '2')).exitCode).toBe(0);
  });

  it.each([
    [2, ['rules', 'add', '--name', 'x', '--valid-from', 'soon']],
    [2, ['rules', 'show', 'three']],
    [2, ['rules', 'move', '1', '0']],
    [1, ['rules', 'add', '--name', 'x', '--pi', 'a@example.edu']],
    [1, ['rules', 'show', 'R1.99']],
    [1, ['rules', 'edit', '99', '--name', 'x']],
    [1, ['rules', 'apply', '1', '-p', '2024-01']],
  ])('ends with %i: %j', async (exitCode, args) => {
    expect(await run(...args)).toMatchObject({ exitCode, result: '' });
  });
});
