import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysHandler } from '#identity';
import { by } from '#testing/program';
import { heldUp, undrawable } from '../../libs/statements/testing/drawing.js';
import { openPdf, textOfPages } from '../../libs/statements/testing/pdf-text.js';
import { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, tags } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface Scope {
  readonly piEmail: string;
  readonly projectId: string;
}

interface Run {
  readonly runId: number;
  readonly state: string;
  readonly scope: object;
  readonly planned: number | null;
  readonly issued: number;
  readonly unchanged: number;
  readonly failures: readonly (Scope & { reason: string })[];
  readonly retryOf: number | null;
  readonly retriedBy: number | null;
  readonly cancelledBy: string | null;
  readonly cancelReason: string | null;
  readonly emails: { planned: boolean; count: number; waiting: number; sent: number } | null;
}

interface Statement extends Scope {
  readonly revision: number;
  readonly due: string;
  readonly ledgerDigest: string;
  readonly isNewest: boolean;
}

interface DryRun {
  readonly statements: readonly (Scope & { due: string; revision: number })[];
  readonly failures: readonly (Scope & { reason: string })[];
  readonly unchanged: number;
  readonly sum: { due: string };
}

const PERIOD = '2025-03';
const ADA = { piEmail: 'ada@example.edu', projectId: 'engine' };
const REEF = { piEmail: 'ada@example.edu', projectId: 'reef' };
const BOB = { piEmail: 'bob@example.edu', projectId: 'loom' };
const EYE = { piEmail: 'eve@example.edu', projectId: 'reef' };

/** Statement runs as reviewers have them: for all or for some, tried, cancelled, tried again. By the API alone. */
describe('a statement run', () => {
  let api: TestApi;
  let reviewer: ApiClient;
  let fileCount = 0;

  beforeAll(async () => {
    api = await TestApi.start();
    await api.signedIn('admin');
    reviewer = await api.signedIn('reviewer');
    await charge('12.50', ADA);
    await charge('1.00', REEF);
    await charge('30.00', BOB);
    await charge('4.00', EYE);
  });
  afterAll(() => api.stop());

  async function charge(billed: string, { piEmail, projectId }: Scope): Promise<void> {
    fileCount += 1;
    const path = join(api.own.folder, `charges-${fileCount}.csv`);
    const row = { billed, resource: `node-${fileCount}`, tags: tags({ pi_email: piEmail, project_id: projectId }) };
    await writeFile(path, focusCsv([row]));
    const { importId } = await reviewer.upload(path, { source: 'hpc' });
    await eventually(async () => {
      const { state } = await reviewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'recorded' ? true : undefined;
    });
  }

  const ask = (body: object = {}): Promise<{ runId: number; position: number }> => reviewer.post(`/periods/${PERIOD}/statement-runs`, body);
  const tryRun = (body: object = {}): Promise<DryRun> => reviewer.post(`/periods/${PERIOD}/statement-runs`, { ...body, dryRun: true });
  const get = (runId: number): Promise<Run> => reviewer.get(`/statement-runs/${runId}`);
  const made = async (runId: number): Promise<string[]> => {
    const { statements } = await reviewer.get<{ statements: Statement[] }>(`/statement-runs/${runId}/statements`);
    return statements.map(({ piEmail, projectId, revision }) => `${piEmail} ${projectId} ${revision}`);
  };
  const current = async (): Promise<Statement[]> =>
    (await reviewer.get<{ statements: Statement[] }>(`/periods/${PERIOD}/statements`)).statements;

  async function ended(runId: number): Promise<Run> {
    return eventually(async () => {
      const run = await get(runId);
      return run.state === 'completed' || run.state === 'cancelled' ? run : undefined;
    });
  }

  it('is tried before: what it would make, in money and as a PDF that says what it is; nothing is recorded', async () => {
    const position = await api.own.services.store.lastPosition();
    const all = await tryRun();
    expect(all).toMatchObject({ failures: [], unchanged: 0, sum: { list: '47.50', discount: '0.00', due: '47.50' } });
    expect(all.statements.map(({ piEmail, projectId, due }) => `${piEmail} ${projectId} ${due}`)).toEqual([
      'ada@example.edu engine 12.50',
      'ada@example.edu reef 1.00',
      'bob@example.edu loom 30.00',
      'eve@example.edu reef 4.00',
    ]);
    expect((await tryRun({ projectIds: ['reef'] })).statements).toMatchObject([REEF, EYE]);
    const pdf = await reviewer.bytes(`/periods/${PERIOD}/statements/preview?piEmail=bob@example.edu&projectId=loom`);
    const text = (await textOfPages(await openPdf(pdf))).join('\n');
    expect(text).toContain('Preview: this statement has not been issued');
    expect(text).toContain('$30.00');
    expect(await api.own.services.store.lastPosition()).toBe(position);
    expect(await current()).toEqual([]);
  });

  it('is for one PI and one project, if it is asked for that; PIs are known however they are written', async () => {
    const { runId } = await ask({ piEmails: [' ADA@example.edu'], projectIds: ['reef'] });
    expect(await ended(runId)).toMatchObject({
      state: 'completed',
      planned: 1,
      issued: 1,
      scope: { piEmails: ['ada@example.edu'], projectIds: ['reef'], statements: null },
    });
    expect(await made(runId)).toEqual(['ada@example.edu reef 1']);
    expect((await current()).map(({ projectId }) => projectId)).toEqual(['reef']);
  });

  it('is refused for those who have nothing in the period, and names them', async () => {
    await expect(ask({ piEmails: ['ada@example.edu', 'nobody@example.edu'] })).rejects.toMatchObject({
      status: 404,
      code: 'statement-run.empty-scope',
      problems: [{ where: 'nobody@example.edu' }],
    });
    await expect(ask({ piEmails: ['bob@example.edu'], projectIds: ['engine'] })).rejects.toMatchObject({ status: 404 });
    await expect(ask({ piEmails: [] })).rejects.toMatchObject({ status: 404 });
  });

  it('sends to those it is for, and to nobody else, all that they have', async () => {
    const { runId } = await ask({ piEmails: ['ada@example.edu'], send: true });
    const run = await eventually(async () => {
      const found = await get(runId);
      return found.emails !== null && found.emails.planned && found.emails.waiting === 0 ? found : undefined;
    });
    expect(run).toMatchObject({ issued: 1, unchanged: 1, emails: { count: 1, sent: 1 } });
    const { deliveries } = await reviewer.get<{ deliveries: { piEmail: string; statements: object[] }[] }>(`/deliveries?period=${PERIOD}`);
    expect(deliveries.map(({ piEmail, statements }) => [piEmail, statements.length])).toEqual([['ada@example.edu', 2]]);
  });

  it('goes on without a statement that can’t be made, says why, and tries it again when asked', async () => {
    const drawable = undrawable(api.app, 'loom');
    expect(await tryRun()).toMatchObject({ statements: [EYE], failures: [{ ...BOB, reason: expect.stringContaining('loom') as string }] });
    const { runId } = await ask();
    const run = await ended(runId);
    expect(run).toMatchObject({
      state: 'completed',
      planned: 2,
      issued: 1,
      failures: [{ ...BOB, reason: "loom has something that can't be drawn" }],
    });
    expect(await made(runId)).toEqual(['eve@example.edu reef 1']);

    drawable();
    const { runId: again } = await reviewer.post<{ runId: number }>(`/statement-runs/${runId}/retry`);
    expect(again).not.toBe(runId);
    expect(await ended(again)).toMatchObject({ issued: 1, failures: [], retryOf: runId, scope: { statements: [BOB] } });
    expect(await get(runId)).toMatchObject({ retriedBy: again });
    expect(await made(again)).toEqual(['bob@example.edu loom 1']);
    await expect(reviewer.post(`/statement-runs/${again}/retry`)).rejects.toMatchObject({
      status: 409,
      code: 'statement-run.nothing-failed',
    });
  }, 90_000);

  it('is one at a time in a period, and can be cancelled: what it made stays, and nothing is made or sent after', async () => {
    await charge('2.00', EYE);
    await charge('3.00', BOB);
    const goOn = heldUp(api.app, 'loom');
    const { runId } = await ask({ send: true });
    await eventually(async () => ((await get(runId)).issued === 1 ? true : undefined));
    expect(await get(runId)).toMatchObject({ state: 'running', planned: 2 });
    expect((await ask({ send: true })).runId).toBe(runId);
    await expect(ask({ projectIds: ['loom'] })).rejects.toMatchObject({ status: 409, code: 'statement-run.under-way' });
    await expect(reviewer.post(`/statement-runs/${runId}/retry`)).rejects.toMatchObject({
      status: 409,
      code: 'statement-run.nothing-failed',
    });

    await reviewer.post(`/statement-runs/${runId}/cancel`, { reason: 'the wrong month' });
    goOn();
    const run = await get(runId);
    expect(run).toMatchObject({
      state: 'cancelled',
      issued: 1,
      emails: null,
      cancelledBy: 'reviewer@example.edu',
      cancelReason: 'the wrong month',
    });
    await expect(reviewer.post(`/statement-runs/${runId}/cancel`)).rejects.toMatchObject({ status: 409, code: 'statement-run.ended' });
    await expect(reviewer.post('/statement-runs/99/cancel')).rejects.toMatchObject({ status: 404, code: 'statement-run.unknown' });

    // The next run is through when everything that was queued before it is, and makes what was left.
    const next = await ended((await ask()).runId);
    expect(next).toMatchObject({ state: 'completed', issued: 1, failures: [] });
    expect(await made(runId)).toEqual(['eve@example.edu reef 2']);
    expect(await made(next.runId)).toEqual(['bob@example.edu loom 2']);
    expect(await get(runId)).toEqual(run);
    const { deliveries } = await reviewer.get<{ deliveries: { piEmail: string }[] }>(`/deliveries?period=${PERIOD}`);
    expect(deliveries.map(({ piEmail }) => piEmail)).not.toContain('eve@example.edu');
  });

  it('is for viewers to look at, and not to ask for, to cancel or to retry', async () => {
    const viewer = await api.signedIn('viewer');
    expect((await viewer.get<{ runs: Run[] }>(`/statement-runs?period=${PERIOD}`)).runs.length).toBeGreaterThan(3);
    for (const path of [`/periods/${PERIOD}/statement-runs`, '/statement-runs/1/cancel', '/statement-runs/1/retry']) {
      await expect(viewer.post(path)).rejects.toMatchObject({ status: 403 });
    }
  });

  describe('verified by its code', () => {
    const verify = async (code: string, client = reviewer): Promise<Statement[]> =>
      (await client.get<{ statements: Statement[] }>(`/statements/verify/${code}`)).statements;

    it('says what was issued, and whether it is the newest', async () => {
      const newest = (await current()).find(({ projectId }) => projectId === 'loom');
      const code = newest?.ledgerDigest.slice(0, 16) ?? '';
      expect(await verify(code)).toMatchObject([{ ...BOB, revision: 2, due: '33.00', isNewest: true }]);
      expect(await verify(`${code.slice(0, 4)}-${code.slice(4, 10)}`.toUpperCase())).toMatchObject([{ ...BOB, revision: 2 }]);
      const { revisions } = await reviewer.get<{ revisions: Statement[] }>(
        `/periods/${PERIOD}/statements/revisions?piEmail=bob@example.edu&projectId=loom`,
      );
      expect(await verify(revisions.at(-1)?.ledgerDigest ?? '')).toMatchObject([{ ...BOB, revision: 1, due: '30.00', isNewest: false }]);
    });

    it('knows nothing of other codes, and takes no guesses', async () => {
      await expect(verify('0123456789abcdef')).rejects.toMatchObject({ status: 404, code: 'statement.unknown-code' });
      for (const code of ['0123', '%25%25%25%25%25%25%25%25', '________', 'z'.repeat(16), '0'.repeat(65)]) {
        await expect(verify(code)).rejects.toMatchObject({ status: 400, code: 'statement.malformed-code' });
      }
    });

    it('tells strangers nothing, and programs as far as their key reaches', async () => {
      const [statement] = await current();
      const code = statement?.ledgerDigest.slice(0, 16) ?? '';
      const stranger = new ApiClient(api.url);
      for (const each of [code, '0123456789abcdef', 'no code']) await expect(verify(each, stranger)).rejects.toMatchObject({ status: 401 });
      expect(await verify(code, await keyFor(['charges:read'], null))).toHaveLength(1);
      await expect(verify(code, await keyFor(['charges:read'], ['hpc']))).rejects.toMatchObject({ status: 403, code: 'access.source' });
      await expect(verify(code, await keyFor(['journals:read'], null))).rejects.toMatchObject({ status: 403, code: 'access.scope' });
    });

    async function keyFor(scopes: ('charges:read' | 'journals:read')[], sources: string[] | null): Promise<ApiClient> {
      const issued = await api.app
        .get(ApiKeysHandler)
        .issue({ name: 'auditor', scopes, sources, expiresAt: null }, by('admin@example.edu'));
      await api.own.services.projections.waitFor(issued.position);
      return new ApiClient(api.url, issued.token);
    }
  });
});
