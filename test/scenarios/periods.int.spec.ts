import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.js';
import { commandLineBeside } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, type FocusRow } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface PeriodInfo {
  readonly state: string;
  readonly notes: string | null;
  readonly checklist: readonly { readonly check: string; readonly done: boolean; readonly text: string; readonly overridable: boolean }[];
  readonly history: readonly {
    readonly step: string;
    readonly by: { readonly kind: string; readonly id: string };
    readonly note: string | null;
    readonly forced: { readonly missing: readonly string[]; readonly reason: string } | null;
  }[];
}

interface ImportInfo {
  readonly state: string;
  readonly refusal: { readonly code: string; readonly reason: string; readonly problems: readonly unknown[] } | null;
}

const MARCH = '/periods/2025-03';
const FLAGGED: FocusRow = { billed: '5', service: 'GPU nodes', resource: 'gpu-1' };
const ALL = { filter: { period: '2025-03' } };

/** domain.md §4 through the doors, as people of each role. */
describe('a billing period', () => {
  let api: TestApi;
  let viewer: ApiClient;
  let reviewer: ApiClient;
  let admin: ApiClient;
  let files = 0;

  beforeEach(async () => {
    api = await TestApi.start({ config: 'dev_mode: true\nreview:\n  flag_patterns: [gpu]\n' });
    [viewer, reviewer, admin] = [await api.signedIn('viewer'), await api.signedIn('reviewer'), await api.signedIn('admin')];
    expect(await importRows([{ billed: '100.25' }, FLAGGED])).toMatchObject({ state: 'recorded' });
  });

  afterEach(() => api.stop());

  const read = (): Promise<PeriodInfo> => viewer.get(MARCH);
  const missing = async (): Promise<string[]> => (await read()).checklist.filter(({ done }) => !done).map(({ check }) => check);

  /** Hands a file in, and waits for what becomes of it. */
  async function importRows(rows: readonly FocusRow[]): Promise<ImportInfo & { importId: number }> {
    files += 1;
    const path = join(api.own.folder, `file-${files}.csv`);
    await writeFile(path, focusCsv(rows));
    const { importId } = await reviewer.upload(path, { source: 'hpc' });
    return eventually(async () => {
      const found = await viewer.get<ImportInfo & { importId: number }>(`/imports/${importId}`);
      return found.state === 'received' ? undefined : { ...found, importId };
    });
  }

  async function generate(): Promise<void> {
    const { runId } = await reviewer.post<{ runId: number }>(`${MARCH}/statement-runs`);
    await eventually(async () => {
      const run = await viewer.get<{ state: string }>(`/statement-runs/${runId}`);
      return run.state === 'completed' ? true : undefined;
    });
  }

  const refused = (call: Promise<unknown>, status: number, code: string, detail = /./): Promise<void> =>
    expect(call).rejects.toMatchObject({ status, code, message: expect.stringMatching(detail) as unknown as string });

  it('is closed, reopened with a reason and closed again by a reviewer, and remembers who, when and why', async () => {
    await reviewer.post(`${MARCH}/close`, { notes: ' Every file is in. ' });
    await refused(reviewer.post(`${MARCH}/close`), 409, 'period.wrong-state', /is closed; only a period that is open can be closed/);
    await refused(reviewer.post(`${MARCH}/reopen`), 400, 'request.invalid');
    await refused(reviewer.post(`${MARCH}/reopen`, { reason: '  ' }), 400, 'period.reason-missing', /Say why/);
    await reviewer.post(`${MARCH}/reopen`, { reason: 'A late file of the storage service' });
    await refused(reviewer.post(`${MARCH}/reopen`, { reason: 'again' }), 409, 'period.wrong-state', /is open; only/);
    await reviewer.post(`${MARCH}/close`, { notes: '' });

    const { state, history } = await read();
    expect(state).toBe('closed');
    const by = { kind: 'user', id: 'reviewer@example.edu' };
    expect(history).toMatchObject([
      { step: 'opened', by, note: null },
      { step: 'closed', by, note: 'Every file is in.' },
      { step: 'reopened', by, note: 'A late file of the storage service' },
      { step: 'closed', by, note: null },
    ]);
  });

  it('changes for reviewers, is finalized by admins, and only read by viewers', async () => {
    for (const [path, body] of [
      ['/periods', { period: '2025-04' }],
      [`${MARCH}/close`, {}],
      [`${MARCH}/reopen`, { reason: 'x' }],
      [`${MARCH}/finalize`, {}],
    ] as const) {
      await refused(viewer.post(path, body), 403, 'access.role');
    }
    await reviewer.post(`${MARCH}/close`);
    await refused(reviewer.post(`${MARCH}/finalize`, { force: { reason: 'I may not' } }), 403, 'access.role');
    expect((await read()).state).toBe('closed');
    await refused(reviewer.post('/periods', { period: '2025-03' }), 409, 'period.exists', /closed already\. Reopen it with a reason/);
    await refused(reviewer.post('/periods/2031-01/close'), 404, 'period.unknown');
  });

  it('that is closed takes no import and gives none back, but decisions', async () => {
    const first = await importRows([{ billed: '1', resource: 'tape-1' }]);
    await reviewer.post(`${MARCH}/close`);
    const late = await importRows([
      { billed: '7', resource: 'late-1' },
      { billed: '8', resource: 'late-2', period: '2025-04' },
    ]);
    expect(late).toMatchObject({
      state: 'refused',
      refusal: { code: 'import.period-shut', reason: expect.stringMatching(/2025-03.* closed/) as unknown },
    });
    await refused(reviewer.post(`/imports/${first.importId}/withdraw`, { reason: 'wrong file' }), 409, 'period.wrong-state', /is closed/);
    // All or nothing: the open month of the same file has nothing of it either.
    await refused(viewer.get('/periods/2025-04'), 404, 'period.unknown');
    await reviewer.post('/review/reject', ALL);
    await reviewer.post('/review/restore', ALL);
    await reviewer.post('/review/approve', ALL);
    expect(await missing()).not.toContain('review');
  });

  it('is finalized once the checklist has nothing left to ask, with notes', async () => {
    await refused(admin.post(`${MARCH}/finalize`), 409, 'period.wrong-state', /is open; only a period that is closed can be finalized/);
    await reviewer.post(`${MARCH}/close`);
    expect((await read()).checklist).toEqual([
      { check: 'review', done: false, overridable: false, text: '1 charge waits for review' },
      {
        check: 'statements',
        done: false,
        overridable: true,
        text: '1 statement is missing or out of date (ada@example.edu for engine); generate them',
      },
      { check: 'journal', done: false, overridable: true, text: 'no journal of the final ledger was exported' },
    ]);
    const everything = await admin.post(`${MARCH}/finalize`).catch((error: unknown) => error);
    expect(everything).toMatchObject({
      status: 409,
      code: 'period.not-ready',
      problems: [{ where: 'review' }, { where: 'statements' }, { where: 'journal' }],
    });

    await generate();
    await reviewer.post(`${MARCH}/journals`, { format: 'default' });
    expect(await missing()).toEqual(['review']);
    // The decision changes the ledger, so what was made of it before does not count any more.
    await reviewer.post('/review/approve', ALL);
    expect(await missing()).toEqual(['statements', 'journal']);
    expect((await read()).checklist.at(-1)?.text).toBe('no journal of the final ledger was exported; the last one is of an earlier ledger');
    await generate();
    await refused(admin.post(`${MARCH}/finalize`), 409, 'period.not-ready', /finalized yet: no journal of the final ledger/);
    await reviewer.post(`${MARCH}/journals`, { format: 'default' });
    expect((await read()).checklist.every(({ done }) => done)).toBe(true);

    await admin.post(`${MARCH}/finalize`, { notes: 'Booked as voucher 4711' });
    expect(await read()).toMatchObject({ state: 'finalized', notes: 'Booked as voucher 4711', checklist: [] });
    expect((await read()).history.at(-1)).toMatchObject({
      step: 'finalized',
      by: { id: 'admin@example.edu' },
      note: 'Booked as voucher 4711',
      forced: null,
    });
  });

  it('is finalized by force with a reason although statements and journal are missing, but never while charges wait', async () => {
    await reviewer.post(`${MARCH}/close`);
    const force = { force: { reason: ' Accounting takes the figures from the detail file. ' } };
    const waiting = await admin.post(`${MARCH}/finalize`, force).catch((error: unknown) => error);
    expect(waiting).toMatchObject({ status: 409, code: 'period.not-ready', problems: [{ where: 'review' }] });
    await reviewer.post('/review/reject', ALL);
    await refused(admin.post(`${MARCH}/finalize`, { force: { reason: ' ' } }), 400, 'period.reason-missing');
    await refused(admin.post(`${MARCH}/finalize`, { force: {} }), 400, 'request.invalid');
    await admin.post(`${MARCH}/finalize`, { ...force, notes: 'In a hurry' });
    expect((await read()).history.at(-1)).toMatchObject({
      step: 'finalized',
      note: 'In a hurry',
      forced: {
        missing: [expect.stringMatching(/^1 statement is missing/), 'no journal of the final ledger was exported'],
        reason: 'Accounting takes the figures from the detail file.',
      },
    });
  });

  it('that is finalized changes no more, whatever is tried, and can still be read and downloaded', async () => {
    const recorded = await importRows([{ billed: '2', resource: 'tape-1' }]);
    await reviewer.post('/review/reject', ALL);
    await reviewer.post(`${MARCH}/close`);
    await generate();
    const { number } = await reviewer.post<{ number: number }>(`${MARCH}/journals`, { format: 'default' });
    await admin.post(`${MARCH}/finalize`);
    const before = await viewer.get<object>(`${MARCH}/ledger`);

    const permanent = /Finalizing is permanent/;
    await refused(admin.post(`${MARCH}/close`), 409, 'period.wrong-state', permanent);
    await refused(admin.post(`${MARCH}/reopen`, { reason: 'please' }), 409, 'period.wrong-state', permanent);
    await refused(admin.post(`${MARCH}/finalize`, { force: { reason: 'again' } }), 409, 'period.wrong-state', permanent);
    await refused(admin.post('/periods', { period: '2025-03' }), 409, 'period.exists', /is finalized already/);
    await refused(admin.post('/review/approve', ALL), 409, 'period.wrong-state', /is finalized/);
    await refused(admin.post('/review/reject', ALL), 409, 'period.wrong-state', /is finalized/);
    await refused(admin.post('/review/restore', ALL), 409, 'period.wrong-state', /is finalized/);
    await refused(admin.post('/review/reattribute', { ...ALL, set: { projectId: 'other' } }), 409, 'period.wrong-state', /is finalized/);
    await refused(admin.post(`/imports/${recorded.importId}/withdraw`, { reason: 'x' }), 409, 'period.wrong-state', /is finalized/);
    await refused(admin.post(`${MARCH}/statement-runs`), 409, 'period.wrong-state', /is finalized/);
    expect(await importRows([{ billed: '9', resource: 'late' }])).toMatchObject({
      state: 'refused',
      refusal: { code: 'import.period-shut', reason: expect.stringMatching(/2025-03.* finalized/) as unknown },
    });

    expect(await viewer.get<object>(`${MARCH}/ledger`)).toEqual(before);
    expect((await viewer.bytes(`${MARCH}/journals/${number}/file`)).toString()).toContain('2025-03');
    expect((await viewer.bytes(`${MARCH}/statements/pdf?piEmail=ada@example.edu&projectId=engine`)).subarray(0, 5).toString()).toBe(
      '%PDF-',
    );
  });

  it('is closed, rehearsed and finalized from the command line', async () => {
    const run = await commandLineBeside(api);
    const open = await run('periods', 'finalize', '2025-03', '--dry-run');
    expect(open.exitCode).toBe(1);
    expect(open.result).toMatch(/blocking +the period is open to imports +periods close 2025-03/);
    expect((await run('periods', 'close', '2025-03', '-n', 'All in')).exitCode).toBe(0);

    const closed = await run('periods', 'finalize', '2025-03', '--dry-run', '--force', 'no statements wanted');
    expect(closed.exitCode).toBe(1);
    expect(closed.result).toMatch(/done +the period is closed to imports\n/);
    expect(closed.result).toMatch(/blocking +1 charge waits for review +review list -p 2025-03\n/);
    expect(closed.result).toMatch(/missing +no journal of the final ledger was exported +export-journal -p 2025-03\n/);
    expect(closed.result).toMatch(/Dry run\. It would be refused: .*1 charge waits for review\.$/);

    await reviewer.post('/review/reject', ALL);
    expect((await run('periods', 'finalize', '2025-03', '--dry-run')).exitCode).toBe(1);
    const ready = await run('--json', 'periods', 'finalize', '2025-03', '--dry-run', '--force', 'no statements wanted');
    expect(ready.exitCode).toBe(0);
    expect(JSON.parse(ready.result)).toMatchObject({ dryRun: true, state: 'closed', forced: true, refusal: null });
    expect((await read()).state).toBe('closed');

    expect((await run('periods', 'finalize', '2025-03', '-n', 'Booked')).notes).toMatch(/can't be finalized yet: 1 statement is missing/);
    expect((await run('periods', 'reopen', '2025-03', '--reason', 'a look')).exitCode).toBe(0);
    expect((await run('periods', 'close', '2025-03')).exitCode).toBe(0);
    expect((await run('periods', 'finalize', '2025-03', '-n', 'Booked', '--force', 'no statements wanted')).exitCode).toBe(0);
    const again = await run('periods', 'finalize', '2025-03', '--dry-run');
    expect(again).toMatchObject({ exitCode: 1, result: expect.stringMatching(/^Dry run\. It would be refused: .*permanent/) as unknown });

    const shown = await run('periods', 'show', '2025-03');
    expect(shown.result).toMatch(/^Period 2025-03 is finalized: 100\.25 USD billed/);
    expect(shown.result).toMatch(/ closed +All in\n/);
    expect(shown.result).toMatch(/ reopened +a look\n/);
    expect(shown.result).toMatch(/ finalized +Booked\n +By force: no statements wanted \(1 statement is missing .*; no journal/);
    expect((await run('periods', 'show', '2031-01')).exitCode).toBe(1);
  });
});
