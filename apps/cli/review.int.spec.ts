import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createTestDatabase } from '#testing';
import { focusCsv, tags } from '../../test/support/focus-csv.js';
import type { Terminal } from './output/terminal.js';
import { runCommandLine } from './run-command-line.js';

const PERIOD = ['-p', '2025-03'];
const GPU = { service: 'GPU nodes' };

/** The review from the command line, on everything that matches. */
describe('review on the command line', () => {
  let folder: string;
  let config: string;
  let database: { url: string; ownerUrl: string; drop(): Promise<void> };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-cli-review-'));
    database = await createTestDatabase();
    config = join(folder, 'config.yaml');
    const { url, ownerUrl } = database;
    const review = { flag_patterns: ['gpu'] };
    await writeFile(config, stringify({ dev_mode: true, data_dir: folder, database: { url, owner_url: ownerUrl }, review }));
    const file = join(folder, 'hpc.csv');
    const rows = [
      { billed: '-5', ...GPU, resource: 'refund' },
      { billed: '10', ...GPU, resource: 'node-1' },
      { billed: '1200.5', ...GPU, resource: 'node-2', tags: tags({ pi_email: 'grace@example.edu', project_id: 'loom' }) },
      { billed: '30', resource: 'node-3', tags: tags({ fund_org: '' }) },
      { billed: '40', resource: 'node-4' },
    ];
    await writeFile(file, focusCsv(rows));
    expect((await run('ingest', file, '-s', 'hpc')).exitCode).toBe(0);
  }, 60_000);

  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<{ exitCode: number; result: string; notes: string }> {
    const result: string[] = [];
    const notes: string[] = [];
    const terminal: Terminal = {
      result: (text) => result.push(text),
      note: (text) => notes.push(text),
      isInteractive: false,
      onInterrupt: () => () => undefined,
    };
    const exitCode = await runCommandLine(['-c', config, ...args], terminal);
    return { exitCode, result: result.join('\n'), notes: notes.join('\n') };
  }

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
});
