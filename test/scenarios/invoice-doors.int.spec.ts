import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysHandler } from '#identity';
import { by } from '#testing/program';
import { ApiClient, ApiProblem } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { invoicedCsv } from '../support/invoiced-csv.js';
import { TestApi } from '../support/test-api.js';

interface Invoice {
  readonly source: string;
  readonly invoiceId: string;
  readonly state: string;
  readonly difference: string;
}
interface InvoiceList {
  readonly invoices: readonly Invoice[];
  readonly count: number;
  readonly sources: readonly { source: string; openCount: number; isDemanded: boolean }[];
}

const FORBIDDEN = { status: 403, code: 'access.source' };
const INV_1 = { source: 'aws', period: '2025-03', invoiceId: 'INV/1 a' };

/** Provider invoices through the API. */
describe('invoices by the API', () => {
  let api: TestApi;
  let reviewer: ApiClient;
  let viewer: ApiClient;
  let admin: ApiClient;

  beforeAll(async () => {
    api = await TestApi.start();
    reviewer = await api.signedIn('reviewer');
    viewer = await api.signedIn('viewer');
    admin = await api.signedIn('admin');
    for (const [source, rows] of [
      ['aws', [{ billed: '98', invoice: 'INV/1 a' }]],
      ['hpc', [{ billed: '5', invoice: 'H-1' }]],
    ] as const) {
      const path = join(api.own.folder, `${source}.csv`);
      await writeFile(path, invoicedCsv(rows));
      await reviewer.upload(path, { source });
    }
    await eventually(async () => ((await list()).count === 2 ? true : undefined));
  });
  afterAll(() => api.stop());

  const list = (query = '', client = viewer): Promise<InvoiceList> => client.get<InvoiceList>(`/invoices?period=2025-03${query}`);
  async function refusal(request: Promise<unknown>): Promise<ApiProblem> {
    const error = await request.then(() => undefined).catch((thrown: unknown) => thrown);
    if (error instanceof ApiProblem) return error;
    throw new Error('this was not refused');
  }

  it('are announced by a reviewer, whatever stands in their id, and seen by a viewer', async () => {
    expect(await refusal(viewer.put('/invoices', { ...INV_1, amount: '100' }))).toMatchObject({ status: 403 });
    expect(await reviewer.put('/invoices', { ...INV_1, amount: '100.00', issuedOn: '2025-04-02' })).toMatchObject({
      ...{ source: 'aws', announced: true, changed: true },
      invoice: { invoiceId: 'INV/1 a', amount: '100', currency: 'USD' },
    });
    expect(await reviewer.put('/invoices', { ...INV_1, amount: '100' })).toMatchObject({ announced: false, changed: false });
    expect(await refusal(reviewer.put('/invoices', { ...INV_1, amount: 'x', currency: 'X' }))).toMatchObject({
      ...{ status: 400, code: 'invoices.invalid' },
      problems: [{ where: 'amount' }, { where: 'currency' }],
    });
    expect((await list('&source=AWS')).invoices).toMatchObject([{ state: 'difference', difference: '-2' }]);
    expect((await list('&state=difference&state=missing&text=inv')).count).toBe(1);
    expect(await list('&limit=1&offset=1')).toMatchObject({ count: 2, invoices: [{ invoiceId: 'H-1', state: 'unexpected' }] });
    expect(await refusal(viewer.get('/invoices'))).toMatchObject({ status: 400 });
    const detail = `/invoices/details?source=aws&period=2025-03&invoiceId=${encodeURIComponent('inv/1 A')}`;
    expect(await viewer.get(detail)).toMatchObject({
      ...{ invoices: [{ invoiceId: 'INV/1 a' }], imports: [{ lineCount: 1, billed: '98' }], elsewhere: [] },
      history: [{ action: 'expected', by: 'reviewer@example.edu' }],
    });
    expect(await refusal(viewer.get('/invoices/details?source=aws&period=2025-03'))).toMatchObject({
      status: 404,
      code: 'invoices.unknown',
    });
  });

  it('are accepted as they were seen, with a reason', async () => {
    const name = { ...INV_1, difference: '-2' };
    expect(await refusal(reviewer.post('/invoices/accept', { ...name, difference: '-3', reason: 'x' }))).toMatchObject({
      ...{ status: 409, code: 'invoices.difference-changed' },
    });
    expect(await refusal(reviewer.post('/invoices/accept', name))).toMatchObject({ status: 400 });
    expect(await refusal(viewer.post('/invoices/accept', { ...name, reason: 'x' }))).toMatchObject({ status: 403 });
    expect(await reviewer.post('/invoices/accept', { ...name, difference: '-2.00', reason: 'credit follows' })).toMatchObject({
      invoices: [{ state: 'accepted', acceptance: { reason: 'credit follows', holds: true } }],
    });
    expect(await reviewer.post('/invoices/reopen', INV_1)).toMatchObject({ invoices: [{ state: 'difference', acceptance: null }] });
    expect(await refusal(reviewer.post('/invoices/reopen', INV_1))).toMatchObject({ status: 409, code: 'invoices.not-accepted' });
  });

  it('come from a file, tried before', async () => {
    const content = 'invoice_id,period,amount\nINV-7,2025-03,5\nINV-8,2025-03,six\n';
    expect(await reviewer.uploadText('/invoices/import?source=aws&dryRun=true', 'i.csv', content)).toMatchObject({
      ...{ recorded: false, refusedRowCount: 1, refusedRows: [{ line: 3, column: 'amount', value: 'six' }] },
      sources: [{ source: 'aws', addedCount: 1 }],
    });
    expect(await refusal(reviewer.uploadText('/invoices/import?source=aws', 'i.csv', content))).toMatchObject({
      ...{ status: 400, code: 'invoices.refused-rows', problems: [{ where: 'line 3, amount' }] },
    });
    expect(await reviewer.uploadText('/invoices/import?source=aws', 'i.csv', content.replace('six', '6'))).toMatchObject({
      recorded: true,
    });
    expect(await reviewer.post('/invoices/withdraw', { ...INV_1, invoiceId: 'inv-8', reason: 'twice' })).toMatchObject({
      invoice: { amount: '6' },
    });
    expect((await list('&state=missing')).invoices.map(({ invoiceId }) => invoiceId)).toEqual(['INV-7']);
  });

  it('are demanded by an admin', async () => {
    expect(await refusal(reviewer.put('/invoices/demands', { source: 'hpc', demanded: true }))).toMatchObject({ status: 403 });
    expect(await admin.put('/invoices/demands', { source: 'hpc', demanded: true })).toMatchObject({ changed: true });
    expect((await list('&source=hpc')).sources).toMatchObject([{ source: 'hpc', isDemanded: true, openCount: 1 }]);
    const { checklist } = await viewer.get<{ checklist: readonly { check: string; text: string; overridable: boolean }[] }>(
      '/periods/2025-03',
    );
    expect(checklist.find(({ check }) => check === 'invoices')).toMatchObject({
      ...{ overridable: true, text: expect.stringMatching(/^no invoice of hpc is announced; 3 provider invoices do not match/) as string },
    });
  });

  it('are read with a key of their source, and no others', async () => {
    const { token, position } = await api.app
      .get(ApiKeysHandler)
      .issue({ name: 'hpc', scopes: ['charges:read'], sources: ['hpc'], expiresAt: null }, by('admin@example.edu'));
    await api.own.services.projections.waitFor(position);
    const key = new ApiClient(api.url, token);
    const own = await list('', key);
    expect([own.invoices.map(({ source }) => source), own.sources.map(({ source }) => source)]).toEqual([['hpc'], ['hpc']]);
    await expect(list('&source=aws', key)).rejects.toMatchObject(FORBIDDEN);
    await expect(key.get('/invoices/details?source=AWS&period=2025-03&invoiceId=INV-7')).rejects.toMatchObject(FORBIDDEN);
    await expect(key.put('/invoices', { ...INV_1, amount: '1' })).rejects.toMatchObject({ status: 403 });
  });

  it('are in the audit log, in words', async () => {
    const { events } = await admin.get<{ events: readonly { text: string }[] }>('/audit?stream=invoices-aws');
    expect(events.map(({ text }) => text)).toEqual([
      'Invoice INV-8 of aws for 2025-03 is expected no longer: twice',
      'i.csv announced invoices of aws: 2 added, 0 changed, 0 voided',
      'The difference of invoice INV/1 a of aws for 2025-03 is open again',
      'The difference of invoice INV/1 a of aws for 2025-03 was accepted: credit follows',
      'Invoice INV/1 a of aws for 2025-03 was announced: 100 USD',
    ]);
    expect((await admin.get<{ events: readonly { text: string }[] }>('/audit?stream=invoices-hpc')).events[0]?.text).toBe(
      'Invoices of hpc are demanded',
    );
  });
});
