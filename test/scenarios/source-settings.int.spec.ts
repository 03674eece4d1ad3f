import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, ApiProblem } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, type FocusRow } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface SourceDetail {
  readonly pattern: string;
  readonly inclusivePeriodEnds: boolean;
  readonly enabled: boolean;
  readonly lastImportId: number | null;
  readonly statedInConfig: readonly string[];
}

interface Change {
  readonly changes: readonly { setting: string; before: string; after: string }[];
}

interface Quality {
  readonly periods: readonly {
    period: string;
    importCount: number;
    lineCount: number;
    flagged: { share: number };
    unattributed: readonly { field: string; lineCount: number; share: number }[] | null;
    missingColumns: readonly { column: string; level: string; importCount: number }[] | null;
  }[];
  readonly imports: readonly { importId: number; state: string; periods: readonly string[]; unattributed: readonly object[] | null }[];
}

const CONFIG = `
dev_mode: true
imports: {known_sources: [{name: hpc, fund_org: IT-1}, {name: tape}]}
`;

/** The settings of a source through the API, and what its files come to. */
describe('sources', () => {
  let api: TestApi;
  let [admin, viewer]: (ApiClient | undefined)[] = [];
  let folder: string;

  beforeAll(async () => {
    api = await TestApi.start({ config: CONFIG });
    admin = await api.signedIn('admin');
    viewer = await api.signedIn('viewer');
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-sources-'));
  });
  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const client = (of: ApiClient | undefined): ApiClient => {
    if (of === undefined) throw new Error('nobody is signed in yet');
    return of;
  };
  const source = (name: string): Promise<SourceDetail> => client(viewer).get<SourceDetail>(`/sources/${name}`);
  const change = (settings: object, query = ''): Promise<Change> => client(admin).patch<Change>(`/sources/hpc${query}`, settings);

  async function refusal(request: Promise<unknown>): Promise<ApiProblem> {
    const error = await request.then(() => undefined).catch((thrown: unknown) => thrown);
    if (error instanceof ApiProblem) return error;
    throw new Error('this was not refused');
  }

  /** Hands a file in and waits for its outcome. */
  async function imported(fileName: string, content: string, fields: Readonly<Record<string, string>> = {}): Promise<number> {
    const path = join(folder, fileName);
    await writeFile(path, content);
    const { importId } = await client(admin).upload(path, fields);
    await eventually(async () => {
      const { state } = await client(admin).get<{ state: string }>(`/imports/${importId}`);
      return state === 'received' ? undefined : state;
    });
    return importId;
  }

  const lines = (importId: number): Promise<{ end: string; raw: { BillingPeriodEnd: string } }[]> =>
    api.own.services.database.query(
      `select to_char(charge_period_end at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as "end", other_columns::jsonb as raw
       from charge_lines where import_id = $1 order by line_no`,
      [importId],
    );

  it('are shown to viewers with all settings, and changed by admins', async () => {
    expect(await source('HPC')).toMatchObject({
      pattern: 'hpc',
      inclusivePeriodEnds: false,
      lastImportId: null,
      statedInConfig: ['fundOrg'],
    });
    expect(await refusal(client(viewer).patch('/sources/hpc', { fundOrg: 'IT-2' }))).toMatchObject({ status: 403 });
    expect(await refusal(source('nobody'))).toMatchObject({ status: 404, code: 'source.unknown' });
  });

  it('say what a change would do, and do nothing until it is made', async () => {
    const wanted = { inclusivePeriodEnds: true, pattern: ' heron_*.csv ' };
    const changes = [
      { setting: 'pattern', before: 'hpc', after: 'heron_*.csv' },
      { setting: 'inclusivePeriodEnds', before: 'false', after: 'true' },
    ];
    expect((await change(wanted, '?dryRun=true')).changes).toEqual(changes);
    expect(await source('hpc')).toMatchObject({ pattern: 'hpc' });
    expect((await change(wanted)).changes).toEqual(changes);
    expect(await source('hpc')).toMatchObject({ pattern: 'heron_*.csv', inclusivePeriodEnds: true });
    expect((await change(wanted)).changes).toEqual([]);
  });

  it('refuse what would fail when a file comes: each field with how to mend it', async () => {
    const wrong = { dateFormat: 'whenever', pattern: 'tape', accountCode: '70\n00' };
    const problem = await refusal(change(wrong, '?dryRun=true'));
    expect(problem).toMatchObject({ status: 400, code: 'source.invalid-settings' });
    expect(problem.problems.map(({ where }) => where).sort()).toEqual(['accountCode', 'dateFormat', 'pattern']);
    expect(problem.message).toMatch(/“tape” is the pattern of the source “tape” too/);
    expect((await refusal(change({ deliveryMode: 'overwrite' }))).problems).toMatchObject([{ where: 'deliveryMode' }]);
    expect((await refusal(change({ fundOrg: 'F'.repeat(101) }))).problems).toMatchObject([{ where: 'fundOrg' }]);
    expect((await refusal(client(admin).post('/sources', { name: 'x', pattern: ' ' }))).problems).toMatchObject([{ where: 'pattern' }]);
  });

  it('are guessed from file names, with the reason', async () => {
    const guess = (fileName: string): Promise<object> => client(viewer).get(`/imports/guess?fileName=${encodeURIComponent(fileName)}`);
    expect(await guess('heron_2025-Q3.csv')).toEqual({
      source: 'hpc',
      period: '2025-07',
      sourceReason: 'The name fits the pattern “heron_*.csv” of hpc.',
      periodReason: 'The name holds “2025-Q3”, and a quarter stands for its first month.',
    });
    await client(admin).post('/sources', { name: 'lake', pattern: 'lake' });
    expect(await guess('tape_lake.csv')).toMatchObject({
      source: null,
      sourceReason: expect.stringContaining('lake (“lake”), tape') as string,
    });
    await expect(imported('tape_lake.csv', focusCsv([{ billed: '1' }]))).rejects.toThrow(/equally long: lake \(“lake”\), tape \(“tape”\)/);
  });

  it('keep inclusive ends as FOCUS’s exclusive ones, and match the same lines as before', async () => {
    const file = (resource: string): string =>
      [
        'BillingPeriodStart,BillingPeriodEnd,ChargePeriodEnd,ResourceId,BilledCost',
        `2025-01-01,2025-01-31,2025-01-31T23:59:59Z,${resource},1`,
        '2025-01-01,2025-01-31,2025-01-15,b,2',
      ].join('\n');
    const exclusive = await imported('heron_2025-01.csv', file('a'));
    expect(await lines(exclusive)).toMatchObject([
      { end: '2025-02-01 00:00:00', raw: { BillingPeriodEnd: '2025-02-01T00:00:00Z' } },
      { end: '2025-01-16 00:00:00' },
    ]);
    await change({ inclusivePeriodEnds: false });
    const asWritten = await imported('heron_again_2025-01.csv', file('c'));
    expect(await lines(asWritten)).toMatchObject([{ end: '2025-01-31 23:59:59', raw: { BillingPeriodEnd: '2025-01-31' } }, {}]);
    const { report } = await client(admin).get<{ report: { outcomes: { outcome: string; lineCount: number }[] } }>(`/imports/${asWritten}`);
    expect(report.outcomes.map(({ outcome, lineCount }) => `${outcome} ${lineCount}`).sort()).toEqual(['kept 1', 'new 1', 'unchanged 1']);
  });

  it('take no file while they are disabled', async () => {
    await client(admin).patch('/sources/lake', { enabled: false });
    const problem = await refusal(imported('lake_2025-01.csv', focusCsv([{ billed: '1' }]), { source: 'lake' }));
    expect(problem).toMatchObject({ status: 409, code: 'source.disabled' });
    expect(await client(admin).patch<Change>('/sources/lake', { enabled: true })).toMatchObject({ changes: [{ setting: 'enabled' }] });
  });

  it('show how good their data is, period by period and import by import', async () => {
    const rows = (...billed: string[]): FocusRow[] => billed.map((amount, index) => ({ billed: amount, resource: `n${index}` }));
    const withoutFund: FocusRow = { billed: '9', resource: 'x', tags: { pi_email: 'ada@example.edu', project_id: 'engine' } };
    const first = await imported('tape_2025-03.csv', focusCsv([...rows('1', '2', '3'), withoutFund]));
    const withdrawn = await imported('tape_wrong_2025-03.csv', focusCsv([withoutFund, { ...withoutFund, resource: 'y' }]));
    await client(admin).post(`/imports/${withdrawn}/withdraw`, { reason: 'wrong file' });
    const refused = await imported('tape_bad_2025-04.csv', focusCsv([{ billed: 'n/a', period: '2025-04' }, ...rows('5')]));
    const older = await imported('tape_2025-02.csv', focusCsv([{ billed: '4', period: '2025-02' }]));
    // As the list of imports holds one that was recorded before these figures were kept.
    await api.own.services.database.query(`update imports set report = report || '{"quality": null}' where import_id = $1`, [older]);

    const quality = await eventually(async () => {
      const found = await client(viewer).get<Quality>('/sources/tape/quality');
      return found.imports.some(({ state }) => state === 'withdrawn') ? found : undefined;
    });
    expect(quality.periods.map(({ period }) => period)).toEqual(['2025-03', '2025-02']);
    const [march, february] = quality.periods;
    expect(march).toMatchObject({
      importCount: 1,
      withdrawnImportCount: 1,
      refusedImportCount: 1,
      lineCount: 4,
      flagged: { lineCount: 1, share: 0.25 },
      flags: [{ flag: 'missing_fund_org', lineCount: 1, share: 0.25 }],
    });
    expect(march?.unattributed).toContainEqual({ field: 'fundOrg', lineCount: 1, share: 0.25 });
    expect(march?.unattributed).toContainEqual({ field: 'piEmail', lineCount: 0, share: 0 });
    expect(march?.missingColumns).toContainEqual({ column: 'ServiceCategory', level: 'Mandatory', importCount: 1 });
    expect(february).toMatchObject({ lineCount: 1, unmeasuredImportCount: 1, unattributed: null, missingColumns: null });
    expect(quality.imports.map(({ importId, state }) => `${importId} ${state}`)).toEqual([
      `${older} recorded`,
      `${refused} refused`,
      `${withdrawn} withdrawn`,
      `${first} recorded`,
    ]);
    expect((await client(viewer).get<Quality>('/sources/tape/quality?periods=1')).periods).toHaveLength(1);
    expect(await client(viewer).get<Quality>('/sources/lake/quality')).toMatchObject({ periods: [], imports: [] });
  });
});
