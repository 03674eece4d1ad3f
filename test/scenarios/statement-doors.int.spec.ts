import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heldUp, undrawable } from '../../libs/statements/testing/drawing.js';
import type { ApiClient } from '../support/api-client.js';
import { commandLineBeside, type CommandRun } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, tags } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface Generated {
  readonly run: { readonly runId: number; readonly requestedBy: string };
  readonly statements: readonly { readonly sha256: string; readonly file: string }[];
}

const PERIOD = '2025-03';
const LOOM = tags({ pi_email: 'bob@example.edu', project_id: 'loom' });
const REEF = tags({ project_id: 'reef' });

/** Whatever is asked about statements, the command line and the API answer the same. */
describe('statements at both doors', () => {
  let api: TestApi;
  let reviewer: ApiClient;
  let cli: (...args: string[]) => Promise<CommandRun>;

  beforeAll(async () => {
    api = await TestApi.start();
    await api.signedIn('admin');
    reviewer = await api.signedIn('reviewer');
    cli = await commandLineBeside(api);
    await charge('a.csv', '12.50', tags());
    await charge('b.csv', '30', LOOM);
    await charge('c.csv', '1', REEF);
  });
  afterAll(() => api.stop());

  async function charge(name: string, billed: string, taggedAs: Readonly<Record<string, string>>): Promise<void> {
    const path = join(api.own.folder, name);
    await writeFile(path, focusCsv([{ billed, resource: name, tags: taggedAs }]));
    const { importId } = await reviewer.upload(path, { source: 'hpc' });
    await eventually(async () => {
      const { state } = await reviewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'recorded' ? true : undefined;
    });
  }

  const ask = <Answer>(body: object): Promise<Answer> => reviewer.post(`/periods/${PERIOD}/statement-runs`, body);
  const answered = async <Answer>(...args: string[]): Promise<Answer> => {
    const { exitCode, result, notes } = await cli('--json', ...args);
    expect(exitCode, notes).toBe(0);
    return JSON.parse(result) as Answer;
  };
  /** The code of a refusal, at either door. */
  const refusedAt = async (...args: string[]): Promise<string> => {
    const { exitCode, result } = await cli('--json', ...args);
    expect(exitCode).toBe(1);
    return (JSON.parse(result) as { error: { code: string } }).error.code;
  };

  it('are tried with the same answer, for all and for some; the previews are those of the API', async () => {
    for (const [args, body] of [
      [[], {}],
      [['--pi', 'ADA@example.edu'], { piEmails: ['ADA@example.edu'] }],
      [['--project', 'loom', 'reef'], { projectIds: ['loom', 'reef'] }],
    ] as const) {
      const fromCli = await answered<object>('generate', '-p', PERIOD, '--dry-run', ...args);
      expect(fromCli).toEqual({ period: PERIOD, ...(await ask<object>({ ...body, dryRun: true })) });
    }
    const folder = join(api.own.folder, 'previews');
    await answered('generate', '-p', PERIOD, '--dry-run', '--project', 'loom', '--previews', folder);
    const [name = '', ...others] = await readdir(folder);
    expect([name.startsWith('preview_'), others]).toEqual([true, []]);
    expect((await readFile(join(folder, name))).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await cli('generate', '-p', PERIOD, '--previews', folder)).toMatchObject({ exitCode: 2 });
  });

  it('are made for some by the command line, and the API shows that run and those statements', async () => {
    const { run, statements } = await answered<Generated>(
      'generate',
      '-p',
      PERIOD,
      '--pi',
      'bob@example.edu',
      '--project',
      'loom',
      '--send',
    );
    const { emails, failedJobs, ...shown } = await reviewer.get<Record<string, unknown>>(`/statement-runs/${run.runId}`);
    expect(run).toEqual(shown);
    expect([emails, failedJobs]).toMatchObject([{ count: 1, sent: 1 }, []]);
    const { statements: listed } = await reviewer.get<{ statements: object[] }>(`/statement-runs/${run.runId}/statements`);
    expect(statements.map(({ sha256: _sha256, file: _file, ...row }) => row)).toEqual(listed);
    const pdf = await reviewer.bytes(`/periods/${PERIOD}/statements/pdf?piEmail=bob@example.edu&projectId=loom`);
    expect(await readFile(statements[0]?.file ?? '')).toEqual(pdf);
    const { runs } = await answered<{ runs: object[] }>('statements', 'runs', 'list', '-p', PERIOD);
    expect({ runs }).toEqual(await reviewer.get(`/statement-runs?period=${PERIOD}`));
    expect(await answered('statements', 'runs', 'show', String(run.runId))).toEqual({ run, statements: listed });
  });

  it('are verified and compared with the same answer', async () => {
    await charge('d.csv', '2', LOOM);
    await answered('generate', '-p', PERIOD, '--project', 'loom');
    const scope = 'piEmail=bob@example.edu&projectId=loom';
    const { revisions } = await reviewer.get<{ revisions: { ledgerDigest: string }[] }>(`/periods/${PERIOD}/statements/revisions?${scope}`);
    const code = revisions[0]?.ledgerDigest.slice(0, 16) ?? '';
    expect(await answered('statements', 'verify', code)).toEqual(await reviewer.get(`/statements/verify/${code}`));
    expect((await cli('statements', 'verify', code)).result).toMatch(
      /^This statement was issued here:\n.*\n2025-03 +bob@example.edu +loom +r2 +32\.00 +USD +the newest/,
    );
    expect(await answered('statements', 'changes', 'BOB@example.edu', 'loom', '-p', PERIOD)).toEqual(
      await reviewer.get(`/periods/${PERIOD}/statements/changes?${scope}`),
    );
    expect((await cli('statements', 'changes', 'bob@example.edu', 'loom', '-p', PERIOD)).result).toMatch(
      /against revision 1:\n1 charges added, 0 gone, 0 changed; 30\.00 → 32\.00 due\.\n[^]*MATH-100 +Compute +30\.00 +32\.00\n[^]*added +4-2 +d\.csv +Compute +MATH-100 +2\.00/,
    );
  });

  it('are refused with the same words', async () => {
    for (const [args, call] of [
      [['generate', '-p', PERIOD, '--pi', 'nobody@example.edu'], () => ask({ piEmails: ['nobody@example.edu'] })],
      [['generate', '-p', '2031-01'], () => reviewer.post('/periods/2031-01/statement-runs')],
      [['statements', 'verify', '0123456789abcdef'], () => reviewer.get('/statements/verify/0123456789abcdef')],
      [['statements', 'runs', 'cancel', '1'], () => reviewer.post('/statement-runs/1/cancel')],
      [['statements', 'runs', 'retry', '1'], () => reviewer.post('/statement-runs/1/retry')],
      [['statements', 'runs', 'show', '999'], () => reviewer.get('/statement-runs/999')],
    ] as const) {
      const code = await refusedAt(...args);
      await expect(call()).rejects.toMatchObject({ code });
    }
    expect(await cli('statements', 'runs', 'show', 'x')).toMatchObject({ exitCode: 2 });
  });

  it('are cancelled and tried again from the command line too', async () => {
    // The server alone draws here, because the command line's own work begins when it is asked to make something.
    const drawable = undrawable(api.app, 'engine');
    const goOn = heldUp(api.app, 'reef');
    const { runId } = await ask<{ runId: number }>({});
    await eventually(async () => {
      const { failures } = await reviewer.get<{ failures: object[] }>(`/statement-runs/${runId}`);
      return failures.length === 1 ? true : undefined;
    });
    expect((await cli('statements', 'runs', 'cancel', String(runId), '--reason', 'too early')).result).toBe(
      `Run ${runId} is cancelled. The 0 statements that it made stay; nothing is sent.`,
    );
    goOn();
    drawable();
    expect((await cli('statements', 'runs', 'show', String(runId))).result).toMatch(
      /\nstate +cancelled\n[^]*\ncancelled +by .*: too early\n {2}ada@example\.edu, engine: engine has something that can't be drawn/,
    );
    const { run } = await answered<Generated>('statements', 'runs', 'retry', String(runId));
    expect(run).toMatchObject({ retryOf: runId, issued: 1, failures: [] });
    expect((await cli('statements', 'runs', 'list')).result).toMatch(/\n +\d+ +2025-03 +1 statement +completed +1 +0 +0 +no /);
  }, 90_000);
});
