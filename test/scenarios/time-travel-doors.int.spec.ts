import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReviewChargesHandler } from '#charges';
import { by } from '#testing/program';
import type { ApiClient } from '../support/api-client.js';
import { commandLineBeside, type CommandRun } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface Moment {
  readonly position: number;
  readonly text: string;
  readonly by: { readonly id: string };
}

interface Sum {
  readonly billed: string;
  readonly lineCount: number;
}

interface Diff {
  readonly before: Sum;
  readonly after: Sum;
  readonly change: Sum;
  readonly rows: readonly { readonly piEmail: string; readonly change: Sum; readonly causes: readonly (Moment & { change: Sum })[] }[];
}

/** The history of a ledger through the API and on the command line. */
describe('looking back', () => {
  let api: TestApi;
  let viewer: ApiClient;
  let draft: number;
  let commandLine: (...args: string[]) => Promise<CommandRun>;

  beforeAll(async () => {
    api = await TestApi.start({ config: 'dev_mode: true\nreview:\n  flag_patterns: [gpu]\n' });
    const reviewer = await api.signedIn('reviewer');
    viewer = await api.signedIn('viewer');
    const path = join(api.own.folder, 'hpc_2025-03.csv');
    await writeFile(
      path,
      focusCsv([
        { billed: '1234.50', list: '2000' },
        { billed: '5', service: 'GPU nodes' },
      ]),
    );
    const { importId } = await reviewer.upload(path, { source: 'hpc' });
    await eventually(async () => {
      const { state } = await viewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'recorded' ? true : undefined;
    });
    draft = await api.own.services.store.lastPosition();
    const filter = { period: '2025-03' } as never;
    const { position } = await api.app.get(ReviewChargesHandler).dispose('approve', { filter }, 'announced', by('rita@example.edu'));
    await api.own.services.projections.waitFor(position);
    commandLine = await commandLineBeside(api);
  });

  afterAll(async () => {
    await api.stop();
  });

  const run = (...args: string[]): Promise<CommandRun> => commandLine('ledger', ...args);

  it('lists the moments to choose from, and shows the ledger as of one', async () => {
    const { moments } = await viewer.get<{ moments: Moment[] }>('/periods/2025-03/moments');
    expect(moments.map(({ text, by: who }) => [text, who.id])).toEqual([
      ['Period opened', 'reviewer@example.edu'],
      ['Import 1 recorded (hpc_2025-03.csv)', 'reviewer@example.edu'],
      ['1 charge approved', 'rita@example.edu'],
    ]);
    const then = await viewer.get<object>(`/periods/2025-03/ledger?asOf=${draft}`);
    expect(then).toMatchObject({
      asOf: { position: moments[1]?.position, text: moments[1]?.text },
      totals: { lineCount: 2, flaggedCount: 1, billed: '1234.50', list: '2000.00', discount: '765.50', rounding: '0' },
      rows: [{ piEmail: 'ada@example.edu', projectId: 'engine', fundOrg: 'MATH-100', billed: '1234.50', billedExact: '1234.5' }],
    });
    expect(await viewer.get<object>('/periods/2025-03/ledger')).toMatchObject({ totals: { flaggedCount: 0, billed: '1239.50' } });
    expect(await viewer.get<object>('/periods/2025-03/ledger?piEmail=bo@example.edu')).toMatchObject({
      totals: { lineCount: 0 },
      rows: [],
    });
    expect(await viewer.get<object>('/periods/2025-03/ledger?asOf=0')).toMatchObject({ asOf: { position: 0, at: null }, rows: [] });
  });

  it('compares two moments', async () => {
    const diff = await viewer.get<Diff>(`/periods/2025-03/ledger/diff?from=${draft}&to=now`);
    expect(diff).toMatchObject({ before: { billed: '1234.50' }, after: { billed: '1239.50' }, change: { billed: '5.00', lineCount: 1 } });
    expect(diff.rows).toMatchObject([
      { piEmail: 'ada@example.edu', causes: [{ text: '1 charge approved', note: 'announced', change: { billed: '5.00' } }] },
    ]);
  });

  it.each([
    [404, 'period.unknown', '/periods/2031-01/ledger'],
    [404, 'period.unknown', '/periods/2031-01/moments'],
    [404, 'moment.unknown', '/periods/2025-03/ledger?asOf=finalize'],
    [400, 'period.malformed', '/periods/2025-3/ledger'],
    [400, 'moment.malformed', '/periods/2025-03/ledger?asOf=yesterday'],
    [400, 'moment.malformed', '/periods/2025-03/ledger/diff?from=2026-02-30'],
    [400, 'moment.order', '/periods/2025-03/ledger/diff?from=now&to=0'],
    [400, 'request.invalid', '/periods/2025-03/ledger/diff?to=now'],
    [400, 'request.invalid', '/periods/2025-03/ledger?asof=now'],
  ])('answers %i %s to %s', async (status, code, path) => {
    await expect(viewer.get(path)).rejects.toMatchObject({ status, code });
  });

  it('shows all of it on the command line', async () => {
    const moments = await run('moments', '-p', '2025-03');
    expect(moments.result).toMatch(/POSITION {2}TIME[^]*Import 1 recorded \(hpc_2025-03\.csv\)/);

    const then = await run('show', '-p', '2025-03', '--as-of', String(draft));
    expect(then.exitCode).toBe(0);
    expect(then.result).toMatch(/^2025-03, as of position \d+, 2025-11-03 09:00:00Z: Import 1 recorded/);
    expect(then.result).toMatch(/ada@example\.edu +engine +MATH-100 +1 +2,000\.00 +765\.50 +1,234\.50 +1,234\.5\n/);
    expect(then.result).toMatch(/\nSum +1 +2,000\.00 +765\.50 +1,234\.50 +1,234\.5\n\nBilled with 1 charge waiting for review\./);

    const diff = await run('diff', '-p', '2025-03', '--from', String(draft));
    expect(diff.result).toMatch(
      /\nada@example\.edu engine +\+1 +1,234\.50 +\+5\.00 +1,239\.50\n {2}\d+ .* 1 charge approved: announced +rita@example\.edu +\+1 +\+5\.00\n/,
    );
    const lines = diff.result.split('\n');
    expect(lines.at(-1)).toMatch(/^Sum.* \+1 +1,234\.50 +\+5\.00 +1,239\.50$/);
    expect(new Set(lines.slice(-3).map((line) => line.lastIndexOf('.')))).toHaveProperty('size', 2);
  });

  it('has words for what is empty, and an exit code for what is wrong', async () => {
    expect((await run('show', '-p', '2025-03', '--as-of', '0')).result).toContain(
      'Before the first event of 2025-03: its ledger was empty.',
    );
    expect((await run('diff', '-p', '2025-03', '--from', 'now')).result).toContain('Nothing changed between the two.');
    for (const args of [
      ['show', '-p', '2025-03', '--as-of', 'yesterday'],
      ['diff', '-p', '2025-03', '--from', '2026-02-30'],
      ['diff', '-p', '2025-03'],
    ]) {
      const { exitCode, notes } = await run(...args);
      expect(exitCode, args.join(' ')).toBe(2);
      expect(notes).not.toBe('');
    }
    expect(await run('show', '-p', '2031-01')).toMatchObject({
      exitCode: 1,
      notes: expect.stringContaining('There is no period 2031-01') as string,
    });
  });

  it('answers a document with --json', async () => {
    const { result } = await run('diff', '-p', '2025-03', '--from', String(draft), '--pi', 'ADA@example.edu', '--json');
    expect(JSON.parse(result)).toMatchObject({ change: { billed: '5.00', lines: 1 }, rows: [{ causes: [{ note: 'announced' }] }] });
  });
});
