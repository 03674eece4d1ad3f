import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPdf, textOfPages } from '../../libs/statements/testing/pdf-text.js';
import type { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface Money {
  readonly list: string;
  readonly discount: string;
  readonly due: string;
}

interface ChargeThere {
  readonly chargeId: string;
  readonly fundOrg: string;
  readonly amount: string;
}

interface Changes {
  readonly since: number;
  readonly addedCount: number;
  readonly goneCount: number;
  readonly changedCount: number;
  readonly before: Money;
  readonly after: Money;
  readonly services: readonly { fundOrg: string; serviceName: string; before: Money; after: Money }[];
  readonly charges: readonly { resource: string; before: ChargeThere | null; after: ChargeThere | null }[];
}

const PERIOD = '2025-03';
const REEF = tags({ project_id: 'reef', fund_org: 'BIO-1' });
const STATEMENT = 'piEmail=ada@example.edu&projectId=reef';

/** A revision is new only if the ledger below it changed, and it says by what. By the API alone. */
describe('the revisions of a statement', () => {
  let api: TestApi;
  let reviewer: ApiClient;
  let fileCount = 0;

  beforeAll(async () => {
    api = await TestApi.start();
    await api.signedIn('admin');
    reviewer = await api.signedIn('reviewer');
  });
  afterAll(() => api.stop());

  async function importRows(rows: readonly FocusRow[], fields: Record<string, string> = {}): Promise<number> {
    fileCount += 1;
    const path = join(api.own.folder, `charges-${fileCount}.csv`);
    await writeFile(path, focusCsv(rows));
    const { importId } = await reviewer.upload(path, { source: 'hpc', ...fields });
    await eventually(async () => {
      const { state } = await reviewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'recorded' ? true : undefined;
    });
    return importId;
  }

  /** @returns how many statements the run made. */
  async function run(): Promise<number> {
    const { runId } = await reviewer.post<{ runId: number }>(`/periods/${PERIOD}/statement-runs`);
    return eventually(async () => {
      const { state, issued, failures } = await reviewer.get<{ state: string; issued: number; failures: object[] }>(
        `/statement-runs/${runId}`,
      );
      expect(failures).toEqual([]);
      return state === 'completed' ? issued : undefined;
    });
  }

  const changes = (more = ''): Promise<Changes> => reviewer.get(`/periods/${PERIOD}/statements/changes?${STATEMENT}${more}`);
  const pdfText = async (revision: number): Promise<string> => {
    const pdf = await reviewer.bytes(`/periods/${PERIOD}/statements/pdf?${STATEMENT}&revision=${revision}`);
    return (await textOfPages(await openPdf(pdf))).join('\n');
  };

  async function reattribute(chargeId: string, fields: object): Promise<void> {
    await reviewer.post('/review/reattribute', { ids: [chargeId], set: fields });
  }

  const FIRST: FocusRow[] = [
    { billed: '10.005', list: '20', resource: 'alpha', tags: REEF },
    { billed: '5', resource: 'beta', tags: REEF },
    { billed: '7.50', service: 'Storage', resource: 'gamma', tags: REEF },
    { billed: '1', resource: 'delta', tags: REEF },
  ];

  it('begin with one that has nothing to be compared with', async () => {
    await importRows(FIRST);
    expect(await run()).toBe(1);
    await expect(changes()).rejects.toMatchObject({ status: 404, code: 'statement.first-revision' });
    await expect(reviewer.get(`/periods/${PERIOD}/statements/changes?piEmail=no@example.edu&projectId=reef`)).rejects.toMatchObject({
      status: 404,
      code: 'statement.unknown',
    });
    expect(await pdfText(1)).not.toContain('What changed');
    expect(await run()).toBe(0);
  });

  it('tell what was added, what is gone and what changed, and the money of each service and fund/org', async () => {
    // alpha is revised, gamma is gone, epsilon is new, beta is paid by another fund/org; delta stays.
    const second = await importRows(
      [
        { ...FIRST[0], billed: '12.50', list: '20' },
        FIRST[1] ?? { billed: '' },
        FIRST[3] ?? { billed: '' },
        { billed: '100', service: 'GPU', resource: 'epsilon', tags: REEF },
      ],
      { deliveryMode: 'replace' },
    );
    await reattribute('1-3', { fundOrg: 'ART-7' });
    expect(await run()).toBe(1);
    const found = await changes();
    expect(found).toMatchObject({ since: 1, addedCount: 1, goneCount: 1, changedCount: 2 });
    expect([found.before, found.after]).toEqual([
      { list: '33.50', discount: '9.99', due: '23.51' },
      { list: '126.00', discount: '7.50', due: '118.50' },
    ]);
    expect(found.services.map(({ fundOrg, serviceName, before, after }) => `${fundOrg} ${serviceName} ${before.due} ${after.due}`)).toEqual(
      ['ART-7 Compute 0.00 5.00', 'BIO-1 Compute 16.01 13.50', 'BIO-1 GPU 0.00 100.00', 'BIO-1 Storage 7.50 0.00'],
    );
    const written = ({ chargeId, fundOrg, amount }: ChargeThere): string => `${chargeId} ${fundOrg} ${amount}`;
    expect(found.charges.map(({ resource, before, after }) => [resource, before && written(before), after && written(after)])).toEqual([
      ['epsilon', null, `${second}-5 BIO-1 100`],
      ['gamma', '1-4 BIO-1 7.5', null],
      ['alpha', '1-2 BIO-1 10.005', `${second}-2 BIO-1 12.5`],
      ['beta', '1-3 BIO-1 5', '1-3 ART-7 5'],
    ]);
    expect((await changes('&limit=1')).charges).toHaveLength(1);
    const text = await pdfText(2);
    expect(text).toContain('1 charge added, 1 charge gone, 2 charges changed. The amount due was $23.51 and is $118.50.');
    expect(await pdfText(1)).toContain('$23.51');
  });

  it('are not made for a change that was taken back before the run', async () => {
    await reattribute('1-3', { projectId: 'engine' });
    await reattribute('1-3', { projectId: 'reef' });
    const withdrawn = await importRows([{ billed: '9', resource: 'zeta', tags: REEF }]);
    await reviewer.post(`/imports/${withdrawn}/withdraw`, { reason: 'a test' });
    expect(await run()).toBe(0);
  });

  it('see a charge that was revised twice in between as one that changed', async () => {
    await importRows([{ billed: '101', service: 'GPU', resource: 'epsilon', tags: REEF }]);
    const last = await importRows([{ billed: '102', service: 'GPU', resource: 'epsilon', tags: REEF }]);
    expect(await run()).toBe(1);
    expect(await changes()).toMatchObject({
      since: 2,
      addedCount: 0,
      goneCount: 0,
      changedCount: 1,
      charges: [{ before: { amount: '100' }, after: { chargeId: `${last}-2`, amount: '102' } }],
    });
    expect((await changes('&revision=2')).since).toBe(1);
  });

  it('come to an empty one when every charge has gone elsewhere, and the sums of both sides are those of the statements', async () => {
    const { charges } = await reviewer.get<{ charges: { id: string }[] }>(
      `/charges?period=${PERIOD}&projectId=reef&standing=clear&standing=approved`,
    );
    await reviewer.post('/review/reattribute', { ids: charges.map(({ id }) => id), set: { projectId: 'engine' } });
    expect(await run()).toBe(2);
    const { revisions } = await reviewer.get<{ revisions: (Money & { revision: number })[] }>(
      `/periods/${PERIOD}/statements/revisions?${STATEMENT}`,
    );
    expect(revisions.map(({ due }) => due)).toEqual(['0.00', '120.50', '118.50', '23.51']);
    for (const { revision, list, discount, due } of revisions.filter(({ revision: each }) => each > 1)) {
      expect((await changes(`&revision=${revision}`)).after).toEqual({ list, discount, due });
    }
    expect(await changes()).toMatchObject({ goneCount: 4, addedCount: 0, changedCount: 0 });
  });
});
