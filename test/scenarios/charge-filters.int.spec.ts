import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysHandler } from '#identity';
import { ApiClient } from '../support/api-client.js';
import { ADMIN, ApiOffice, problemCode } from '../support/api-office.js';
import { type CommandRun, commandLineBeside } from '../support/command-line.js';

const CONFIG = `dev_mode: true
review: { fund_org_patterns: ["(BIO|MATH)-"], flag_patterns: ["licen[cs]e"] }
imports:
  known_sources: [{name: hpc, fund_org: RC-1}, {name: aws, fund_org: RC-2}]
`;
const COLUMNS =
  'BillingPeriodStart,ChargePeriodStart,BilledCost,BillingCurrency,BillingAccountId,SubAccountId,InvoiceId,ServiceName,ResourceId,Tags';

interface Row {
  readonly month?: string;
  readonly billed: string;
  readonly resource: string;
  readonly account?: string;
  readonly subAccount?: string;
  readonly invoice?: string;
  readonly fundOrg?: string;
  readonly pi?: string;
}

function csvOf(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ month = '2025-03', billed, resource, account = '', subAccount = '', invoice = '', fundOrg = 'MATH-100', pi = 'ada@x.edu' }) => {
      const tags = JSON.stringify({ pi_email: pi, project_id: 'engine', fund_org: fundOrg });
      return [`${month}-01`, `${month}-05`, billed, 'USD', account, subAccount, invoice, 'Compute', resource, tags]
        .map((text) => `"${text.replaceAll('"', '""')}"`)
        .join(',');
    },
  );
  return [COLUMNS, ...lines, ''].join('\n');
}

interface Charge {
  readonly id: string;
  readonly resourceId: string;
  readonly amount: string;
  readonly fundOrg: string;
  readonly partOf: string | null;
}

interface Charges {
  readonly charges: readonly Charge[];
  readonly count: number;
  readonly sums: readonly { currency: string; amount: string }[];
  readonly next: string | null;
}

/** A month with everything that charges are looked for by: accounts, invoices, rules, divided charges and a correction of the month before. */
describe('charges are found', () => {
  let office: ApiOffice;
  let viewer: ApiClient;
  let reviewer: ApiClient;
  let run: (...args: string[]) => Promise<CommandRun>;
  let hpc: number;
  let aws: number;
  let split: number;
  let adjustment: number;

  beforeAll(async () => {
    office = await ApiOffice.start(CONFIG);
    ({ viewer, reviewer } = office.people);
    run = await commandLineBeside(office.api);
    await reviewer.post('/attribution-rules', {
      name: 'Racks of the biologists',
      match: { source: 'hpc', resourceId: 'rack-*' },
      set: { fundOrg: 'BIO-1' },
    });
    await reviewer.post('/attribution-rules', {
      name: 'A shared node',
      match: { source: 'hpc', resourceId: 'shared-*' },
      parts: [{ percent: '25', fundOrg: 'BIO-2' }, { fundOrg: 'MATH-2' }],
    });
    await office.handIn(csvOf([{ month: '2025-02', billed: '50', resource: 'old-1', account: 'acct-1' }]), { source: 'hpc' });
    await office.makeStatements('2025-02');
    await office.finalize('2025-02');
    hpc = await office.handIn(
      csvOf([
        { billed: '1', resource: 'node-1', account: 'acct-1', subAccount: 'sub-a', invoice: 'INV-1' },
        { billed: '2', resource: 'node-2', account: 'acct-1', subAccount: 'sub-b', invoice: ' inv-1' },
        { billed: '4', resource: 'rack-1', account: 'acct-2', subAccount: 'sub-a', invoice: 'INV-2' },
        { billed: '8', resource: 'shared-1', account: 'acct-2', invoice: 'INV-2' },
        { billed: '16', resource: 'license-1', account: 'acct-2', fundOrg: 'MATH-200' },
        { billed: '32', resource: 'licence-2', fundOrg: 'MATH-200', pi: 'bob@x.edu' },
      ]),
      { source: 'hpc' },
    );
    aws = await office.handIn(csvOf([{ billed: '64', resource: 'bucket-1', account: 'acct-1', invoice: 'INV-10' }]), { source: 'aws' });
    ({ splitId: split } = await reviewer.post<{ splitId: number }>('/splits', {
      ids: [await idOf('node-2')],
      parts: [{ percent: '50', fundOrg: 'BIO-3' }, { fundOrg: 'BIO-4' }],
    }));
    ({ adjustmentId: adjustment } = await reviewer.post<{ adjustmentId: number }>('/adjustments', {
      chargeId: await idOf('old-1'),
      period: '2025-03',
      percent: '10',
      reason: 'Outage',
    }));
    await office.settle();
  });
  afterAll(() => office.stop());

  const asked = (query: string): Promise<Charges> => viewer.get<Charges>(`/charges?limit=500&${query}`);
  const shown = ({ resourceId, amount }: Charge): string => `${resourceId} ${amount}`;
  const idOf = async (resource: string): Promise<string> =>
    (await asked('')).charges.find(({ resourceId, partOf }) => resourceId === resource && partOf === null)?.id ?? 'unknown';

  const NODES = ['node-1 1', 'node-2 2', 'node-2 1', 'node-2 1'];
  const SHARED = ['shared-1 8', 'shared-1 2', 'shared-1 6'];

  /** By query, by the same on the command line, and what they find. */
  const FILTERS: readonly (readonly [query: string, flags: readonly string[], found: readonly string[]])[] = [
    ['fundOrg=MATH-200', ['--fund-org', 'MATH-200'], ['license-1 16', 'licence-2 32']],
    ['fundOrg=BIO-1', ['--fund-org', 'BIO-1'], ['rack-1 4']],
    ['fundOrg=BIO-1&piEmail=bob@x.edu', ['--fund-org', 'BIO-1', '--pi', 'bob@x.edu'], []],
    ['kind=adjustment', ['--kind', 'adjustment'], ['old-1 -5']],
    ['kind=part', ['--kind', 'part'], ['shared-1 2', 'shared-1 6', 'node-2 1', 'node-2 1']],
    ['kind=imported&kind=adjustment&text=node', ['--kind', 'imported', 'adjustment', '--text', 'node'], ['node-1 1', 'node-2 2']],
    ['billingAccountId=acct-1', ['--billing-account', 'acct-1'], [...NODES, 'bucket-1 64', 'old-1 50', 'old-1 -5']],
    [
      'billingAccountId=acct-1&source=hpc&period=2025-03&kind=imported',
      ['--billing-account', 'acct-1', '--source', 'HPC', '-p', '2025-03', '--kind', 'imported'],
      ['node-1 1', 'node-2 2'],
    ],
    ['billingAccountId=', ['--billing-account', ''], ['licence-2 32']],
    ['subAccountId=sub-a', ['--sub-account', 'sub-a'], ['node-1 1', 'rack-1 4']],
    ['invoiceId=inv-1', ['--invoice', 'inv-1'], NODES],
    ['invoiceId=INV-2&kind=imported', ['--invoice', 'INV-2', '--kind', 'imported'], ['rack-1 4', 'shared-1 8']],
    ['attributionRule=R1', ['--rule', 'R1'], ['rack-1 4']],
    ['attributionRule=R2', ['--rule', 'R2'], SHARED],
    ['attributionRule=r2.1&kind=part', ['--rule', 'r2.1', '--kind', 'part'], ['shared-1 2', 'shared-1 6']],
    ['attributionRule=R2.2', ['--rule', 'R2.2'], []],
    ['flag=pattern_match:licen[cs]e', ['--reason', 'pattern_match:licen[cs]e'], ['license-1 16', 'licence-2 32']],
  ];

  it.each(FILTERS)('by %s, over HTTP, as CSV and on the command line', async (query, flags, found) => {
    const { charges, count, sums } = await asked(query);
    expect(charges.map(shown).sort()).toEqual([...found].sort());
    expect(count).toBe(found.length);
    const listed = await run('--json', 'charges', 'list', ...flags);
    expect(listed.exitCode).toBe(0);
    const page = JSON.parse(listed.result) as { items: readonly Charge[]; count: number; amounts: Charges['sums'] };
    expect(page.items.map(({ id }) => id)).toEqual(charges.map(({ id }) => id));
    expect([page.count, page.amounts]).toEqual([count, sums]);
    const csv = (await viewer.bytes(`/charges/export.csv?${query}`)).toString();
    expect(
      csv
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',')[0]),
    ).toEqual(charges.map(({ id }) => id));
    expect((await run('charges', 'export', ...flags)).result).toBe(csv);
  });

  it('by the number of what brought them: an import, an adjustment or a split', async () => {
    expect((await asked(`importId=${aws}`)).charges.map(shown)).toEqual(['bucket-1 64']);
    expect((await asked(`importId=${adjustment}`)).charges.map(shown)).toEqual(['old-1 -5']);
    const parts = await asked(`importId=${split}`);
    expect(parts.charges.map(({ amount, fundOrg }) => `${amount} ${fundOrg}`)).toEqual(['1 BIO-3', '1 BIO-4']);
    expect(parts).toMatchObject({ count: 2, sums: [{ currency: 'USD', amount: '2' }], next: null });
    expect(await asked('importId=4711')).toMatchObject({ charges: [], count: 0, sums: [] });
    expect((await run('charges', 'list', '--import', String(split))).result).toContain('2 charges; 2 USD in all.');
    expect((await run('charges', 'list', '--import', '4711')).result).toBe('No charge matches.');
  });

  it('page by page, with the count of all', async () => {
    const first = await viewer.get<Charges>(`/charges?importId=${hpc}&subAccountId=sub-a&limit=1`);
    const second = await viewer.get<Charges>(`/charges?importId=${hpc}&subAccountId=sub-a&limit=1&after=${first.next ?? ''}`);
    expect([first, second].map(({ charges, count }) => [charges.map(shown), count])).toEqual([
      [['node-1 1'], 2],
      [['rack-1 4'], 2],
    ]);
    expect(second.next).toBeNull();
  });

  it('and refused is what nobody can mean', async () => {
    expect(await problemCode(asked('attributionRule=3'))).toBe('400 charge.malformed-rule');
    expect(await problemCode(asked('kind=divided'))).toBe('400 request.invalid');
    expect(await problemCode(asked('importId=first'))).toBe('400 request.invalid');
    expect((await run('charges', 'list', '--rule', '3')).exitCode).toBe(1);
    expect((await run('charges', 'list', '--kind', 'divided')).exitCode).toBe(2);
    expect((await run('charges', 'list', '--import', 'first')).exitCode).toBe(2);
    expect((await run('--json', 'charges', 'export')).exitCode).toBe(2);
  });

  it('only of its sources by a key that is bound to some', async () => {
    const key = { name: 'aws', scopes: ['charges:read' as const], sources: ['aws'], expiresAt: null };
    const { token, position } = await office.api.app.get(ApiKeysHandler).issue(key, ADMIN);
    await office.api.own.services.projections.waitFor(position);
    const bound = new ApiClient(office.api.url, token);
    expect((await bound.get<Charges>('/charges?billingAccountId=acct-1')).charges.map(shown)).toEqual(['bucket-1 64']);
    expect((await bound.get<Charges>(`/charges?importId=${hpc}`)).count).toBe(0);
    expect((await bound.bytes(`/charges/export.csv?importId=${split}`)).toString().trim().split('\n')).toHaveLength(1);
  });

  it('and written to a file by the command line', async () => {
    const file = join(office.api.own.folder, 'found', 'charges.csv');
    const written = await run('--json', 'charges', 'export', '--invoice', 'INV-1', '-o', file);
    expect(JSON.parse(written.result)).toEqual({ count: 4, file });
    expect((await readFile(file)).equals(await viewer.bytes('/charges/export.csv?invoiceId=INV-1'))).toBe(true);
  });

  it('and decided on as they were found', async () => {
    const filter = { period: '2025-03', fundOrg: 'MATH-200', billingAccountId: 'acct-2', kind: ['imported'], importId: hpc };
    const tried = await reviewer.post<{ count: number }>('/review/approve?dryRun=true', { filter });
    expect(tried).toMatchObject({ count: 1, amounts: [{ currency: 'USD', amount: '16' }] });
    expect(await reviewer.post('/review/approve', { filter, seen: { count: 1 } })).toMatchObject({ count: 1 });
    const options = ['-p', '2025-03', '--of-fund-org', 'MATH-200', '--billing-account', '', '--fund-org', 'MATH-300', '--dry-run'];
    expect((await run('review', 'reattribute', ...options)).result).toContain('1 charge: 32 USD');
    expect((await run('review', 'approve', '-p', '2025-03', '--fund-org', 'MATH-200', '--dry-run')).result).toContain('1 charge: 32 USD');
  });
});
