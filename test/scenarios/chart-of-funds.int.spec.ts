import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, ApiProblem } from '../support/api-client.js';
import { TestApi } from '../support/test-api.js';

interface FundList {
  readonly funds: readonly { fundOrg: string; standing: string }[];
  readonly count: number;
  readonly chartCount: number;
  readonly next: string | null;
}

interface FundDetail {
  readonly title: string;
  readonly validTo: string | null;
  readonly history: readonly { action: string; fileName: string | null; reason: string | null; changedBy: string }[];
}

interface ImportAnswer {
  readonly recorded: boolean;
  readonly position: number;
  readonly duplicateOf: { importedBy: string } | null;
  readonly addedCount: number;
  readonly retiredCount: number;
  readonly refusedRowCount: number;
  readonly refusedRows: readonly { line: number; column: string; value: string }[];
}

interface AuditPage {
  readonly events: readonly { type: string; text: string; actor: { id: string }; data: { added?: readonly unknown[] } }[];
}

const CHART = '\ufeffFund Org,Title,Valid From,Valid To,Owner\r\nBIO-1,Biology,2025-01-01,,dean@example.edu\r\n"A/B C",Slashes,,,\r\n';

/** The chart of funds through the API. */
describe('the chart of funds', () => {
  let api: TestApi;
  let [admin, viewer]: (ApiClient | undefined)[] = [];

  beforeAll(async () => {
    api = await TestApi.start();
    admin = await api.signedIn('admin');
    viewer = await api.signedIn('viewer');
  });
  afterAll(() => api.stop());

  const client = (of: ApiClient | undefined): ApiClient => {
    if (of === undefined) throw new Error('nobody is signed in yet');
    return of;
  };
  const list = (query = ''): Promise<FundList> => client(viewer).get<FundList>(`/funds${query}`);
  const fund = (fundOrg: string): Promise<FundDetail> => client(viewer).get<FundDetail>(`/funds/${encodeURIComponent(fundOrg)}`);
  const send = (content: string, query = ''): Promise<ImportAnswer> =>
    client(admin).uploadText<ImportAnswer>(`/funds/import${query}`, 'chart.csv', content);

  async function refusal(request: Promise<unknown>): Promise<ApiProblem> {
    const error = await request.then(() => undefined).catch((thrown: unknown) => thrown);
    if (error instanceof ApiProblem) return error;
    throw new Error('this was not refused');
  }

  it('is empty until a fund is in it', async () => {
    expect(await list()).toEqual({ funds: [], count: 0, chartCount: 0, next: null });
  });

  it('takes a file after a dry run that changes nothing, and knows it again', async () => {
    expect(await send(CHART, '?dryRun=true')).toMatchObject({ recorded: false, addedCount: 2, refusedRowCount: 0, duplicateOf: null });
    expect((await list()).chartCount).toBe(0);
    expect(await send(CHART)).toMatchObject({ recorded: true, addedCount: 2 });
    expect(await list()).toMatchObject({ funds: [{ fundOrg: 'A/B C' }, { fundOrg: 'BIO-1' }], chartCount: 2 });
    expect(await send(CHART)).toMatchObject({ recorded: false, addedCount: 0, duplicateOf: { importedBy: 'admin@example.edu' } });
  });

  it('refuses a file whole, with the place of every fault', async () => {
    const content = 'fund_org,valid_from\nNEW-1,\nBIO-1,1.1.2025\n';
    expect(await send(content, '?dryRun=true')).toMatchObject({
      refusedRowCount: 1,
      refusedRows: [{ line: 3, column: 'valid_from', value: '1.1.2025' }],
    });
    expect(await refusal(send(content))).toMatchObject({
      status: 400,
      code: 'funds.refused-rows',
      problems: [{ where: 'line 3, valid_from' }],
    });
    expect(await refusal(send('name\nx\n'))).toMatchObject({ status: 400, code: 'funds.not-a-chart' });
    expect(await refusal(send(`fund_org\n${'x'.repeat(34_000_000)}\n`))).toMatchObject({ status: 413, code: 'funds.file-too-large' });
    expect(await refusal(fund('NEW-1'))).toMatchObject({ status: 404, code: 'funds.unknown' });
  });

  it('puts and retires a fund, and shows what became of it', async () => {
    const path = `/funds/${encodeURIComponent('A/B C')}`;
    expect(await client(admin).put(path, { title: 'Slash' })).toMatchObject({
      registered: false,
      changed: true,
      fund: { fundOrg: 'A/B C', title: 'Slash' },
    });
    expect(await client(admin).put(path, { title: 'Slash' })).toMatchObject({ changed: false });
    expect(await client(admin).put('/funds/NEW-9', {})).toMatchObject({ registered: true, changed: true });
    expect(await client(admin).post(`${path}/retire`, { lastDay: '2025-06-30', reason: 'closed' })).toMatchObject({
      fund: { validTo: '2025-06-30' },
    });
    expect(await refusal(client(admin).post(`${path}/retire`, { lastDay: '2025-07-31' }))).toMatchObject({
      status: 409,
      code: 'funds.retired',
    });
    expect(await refusal(client(admin).put(path, { validTo: '2025-02-30' }))).toMatchObject({
      status: 400,
      problems: [{ where: 'validTo' }],
    });
    const { history, ...facts } = await fund('A/B C');
    expect(facts).toMatchObject({ title: 'Slash', validTo: '2025-06-30', standing: 'ended' });
    expect(history).toMatchObject([
      { action: 'retired', reason: 'closed', fileName: null, changedBy: 'admin@example.edu' },
      { action: 'changed', reason: null },
      { action: 'registered', fileName: 'chart.csv' },
    ]);
  });

  it('is looked through by text and standing, page by page', async () => {
    expect((await list('?standing=ended')).funds).toMatchObject([{ fundOrg: 'A/B C' }]);
    expect((await list('?text=DEAN')).funds).toMatchObject([{ fundOrg: 'BIO-1' }]);
    const first = await list('?limit=2');
    expect(first).toMatchObject({ count: 3, next: 'BIO-1' });
    expect(await list(`?limit=2&after=${encodeURIComponent(first.next ?? '')}`)).toMatchObject({
      funds: [{ fundOrg: 'NEW-9' }],
      next: null,
    });
  });

  it('retires with replace what the file lacks', async () => {
    const replaced = await send('fund_org,title\nBIO-1,Biology\n', '?mode=replace&lastDay=2025-09-30');
    expect(replaced).toMatchObject({ recorded: true, retiredCount: 1 });
    expect((await fund('NEW-9')).validTo).toBe('2025-09-30');
  });

  it('is in the audit log as everything else, with long lists cut', async () => {
    await send(`fund_org\n${Array.from({ length: 250 }, (_, n) => `Z-${String(n)}`).join('\n')}\n`);
    const { events } = await client(admin).get<AuditPage>('/audit?stream=funds');
    expect(events.map(({ type }) => type)).toEqual([
      ...['ChartOfFundsImported', 'ChartOfFundsImported', 'FundRetired', 'FundRegistered', 'FundChanged', 'ChartOfFundsImported'],
    ]);
    expect(events[0]).toMatchObject({
      text: 'chart.csv was taken into the chart of funds: 250 added, 0 changed, 0 retired',
      actor: { id: 'admin@example.edu' },
    });
    expect(events[0]?.data.added?.slice(199)).toEqual([expect.objectContaining({ fundOrg: 'Z-199' }), '… and 50 more']);
    expect(events[2]?.text).toBe('Fund A/B C ends with 2025-06-30: closed');
  });
});
