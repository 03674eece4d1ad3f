import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface Charge {
  readonly id: string;
  readonly standing: string;
  readonly flags: readonly string[];
  readonly piEmail: string;
  readonly projectId: string;
  readonly amount: string;
}

interface Charges {
  readonly charges: readonly Charge[];
  readonly count: number;
  readonly sums: readonly { readonly currency: string; readonly list: string; readonly amount: string }[];
}

interface Reviewed {
  readonly count: number;
  readonly amounts: readonly { readonly currency: string; readonly amount: string }[];
  readonly position: number;
}

interface Decision {
  readonly chargeId: string;
  readonly action: string;
  readonly amount: string;
  readonly note: string | null;
  readonly actor: string;
}

const CONFIG = 'dev_mode: true\nreview:\n  flag_patterns: [gpu]\n';
const GPU = { service: 'GPU nodes' };
const VERBS = ['approve', 'reject', 'restore', 'reattribute'] as const;
const USD = (amount: string): Reviewed['amounts'] => [{ currency: 'USD', amount }];

/** The months of a test are its own: `2025-01` and on, so that decisions of one leave the others alone. */
describe('the rules of the review, through the API', () => {
  let api: TestApi;
  let viewer: ApiClient;
  let reviewer: ApiClient;
  let admin: ApiClient;
  let folder: string;
  let month = 0;
  let period: string;

  beforeAll(async () => {
    api = await TestApi.start({ config: CONFIG });
    [viewer, reviewer, admin] = [await api.signedIn('viewer'), await api.signedIn('reviewer'), await api.signedIn('admin')];
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-review-'));
  }, 60_000);

  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    period = `20${String(25 + Math.floor(month / 12))}-${String((month % 12) + 1).padStart(2, '0')}`;
    month += 1;
  });

  /** Imports rows of the test's month and answers its charges, in the order of the file. */
  async function hold(rows: readonly FocusRow[], source = 'hpc'): Promise<readonly Charge[]> {
    const path = join(folder, `${source}-${period}.csv`);
    await writeFile(path, focusCsv(rows.map((row) => ({ period, ...row }))));
    const { importId } = await reviewer.upload(path, { source });
    await eventually(async () => ((await reviewer.get<{ state: string }>(`/imports/${importId}`)).state === 'recorded' ? true : undefined));
    await api.own.services.projections.waitFor(await api.own.services.store.lastPosition());
    return (await found(`source=${source}`)).charges;
  }

  const found = (query = ''): Promise<Charges> => viewer.get<Charges>(`/charges?period=${period}&limit=500&${query}`);
  const standings = async (): Promise<string[]> => (await found()).charges.map(({ standing }) => standing);
  const decide = (verb: (typeof VERBS)[number], body: object, by = reviewer, query = ''): Promise<Reviewed> =>
    by.post<Reviewed>(`/review/${verb}${query}`, { ...(verb === 'reattribute' ? { set: { projectId: 'loom' } } : {}), ...body });
  const idsOf = (charges: readonly Charge[]): { ids: string[] } => ({ ids: charges.map(({ id }) => id) });
  const billed = async (): Promise<string> => (await viewer.get<{ billed: string }>(`/periods/${period}`)).billed;
  const log = async (): Promise<readonly Decision[]> =>
    (await viewer.get<{ decisions: readonly Decision[] }>(`/review/log?period=${period}`)).decisions;

  it('keeps flagged charges out of the bill until somebody approves them', async () => {
    const [, flagged] = await hold([{ billed: '1' }, { billed: '10', ...GPU }]);
    expect(await billed()).toBe('1.00');
    await decide('approve', { ids: [flagged?.id ?? ''], note: 'as agreed' });
    expect(await billed()).toBe('11.00');
  });

  it.each(VERBS)('lets reviewers and admins %s, and viewers read', async (verb) => {
    const charges = await hold([
      { billed: '1', ...GPU },
      { billed: '2', ...GPU },
    ]);
    if (verb === 'restore') await decide('reject', idsOf(charges));
    const [first, second] = charges.map(({ id }) => ({ ids: [id] }));
    await expect(decide(verb, first ?? {}, viewer)).rejects.toMatchObject({ status: 403 });
    expect((await decide(verb, first ?? {}, reviewer)).count).toBe(1);
    expect((await decide(verb, second ?? {}, admin)).count).toBe(1);
    expect((await log()).filter(({ action }) => action === verb).map(({ actor }) => actor)).toEqual([
      'admin@example.edu',
      'reviewer@example.edu',
    ]);
  });

  it.each([
    ['approve', ['flagged']],
    ['reject', ['flagged']],
    ['restore', ['rejected']],
    ['reattribute', ['clear', 'flagged', 'approved']],
  ] as const)('takes only charges that may be decided on: %s of %s', async (verb, decidable) => {
    const charges = await hold([{ billed: '1' }, { billed: '2', ...GPU }, { billed: '3', ...GPU }, { billed: '4', ...GPU }]);
    await decide('approve', idsOf(charges.slice(2, 3)));
    await decide('reject', idsOf(charges.slice(3)));
    for (const { id, standing } of (await found()).charges) {
      const decided = decide(verb, { ids: [id] }, reviewer, '?dryRun=true');
      if ((decidable as readonly string[]).includes(standing)) expect((await decided).count).toBe(1);
      else await expect(decided).rejects.toMatchObject({ status: 409, code: 'charge.not-decidable' });
    }
    expect(await standings()).toEqual(['clear', 'flagged', 'approved', 'rejected']);
    const before = await log();
    await expect(decide(verb, idsOf(charges))).rejects.toMatchObject({ status: 409, code: 'charge.not-decidable' });
    expect(await standings(), 'all or nothing').toEqual(['clear', 'flagged', 'approved', 'rejected']);
    expect(await log()).toEqual(before);
  });

  it('deletes nothing that is rejected, and puts it back to review when it is restored', async () => {
    const charges = await hold([{ billed: '10', ...GPU }]);
    await decide('reject', { ...idsOf(charges), note: 'no budget' });
    expect([await standings(), await billed()]).toEqual([['rejected'], '0.00']);
    await decide('restore', { ...idsOf(charges), note: 'budget found' });
    expect(await standings()).toEqual(['flagged']);
    expect((await log()).map(({ action, note }) => [action, note])).toEqual([
      ['restore', 'budget found'],
      ['reject', 'no budget'],
    ]);
  });

  it('approves no charge without PI before it is reattributed, which is enough where nothing else is wrong', async () => {
    const [orphan, doubtful] = await hold([
      { billed: '10', tags: tags({ pi_email: '' }) },
      { billed: '5', ...GPU, tags: tags({ pi_email: 'nobody' }) },
    ]);
    for (const charge of [orphan, doubtful]) {
      await expect(decide('approve', { ids: [charge?.id] })).rejects.toMatchObject({ status: 409, code: 'charge.not-decidable' });
    }
    const set = { piEmail: ' Grace@Example.edu', costCenter: '77', accountCode: '7044' };
    await decide('reattribute', { ids: [orphan?.id, doubtful?.id], set });
    expect((await found()).charges.map(({ standing, piEmail, flags }) => [standing, piEmail, flags])).toEqual([
      ['approved', 'grace@example.edu', []],
      ['flagged', 'grace@example.edu', ['pattern_match:gpu']],
    ]);
    await decide('approve', { ids: [doubtful?.id] });
    expect(await billed()).toBe('15.00');
    const [event] = (await api.own.services.store.readStream(`review-${period}`)) as { data: { changes?: unknown } }[];
    const before = { projectId: 'engine', fundOrg: 'MATH-100', costCenter: '', accountCode: '' };
    expect(event?.data.changes, 'before and after').toMatchObject([
      { before: { ...before, piEmail: '' }, after: { ...before, ...set, piEmail: 'grace@example.edu' } },
      { before: { ...before, piEmail: 'nobody' }, after: { ...before, ...set, piEmail: 'grace@example.edu' } },
    ]);
  });

  it('takes decisions while a period is open or closed, and none once it is finalized', async () => {
    const charges = await hold([{ billed: '1' }, { billed: '2', ...GPU }, { billed: '3', ...GPU }]);
    await decide('approve', idsOf(charges.slice(1, 2)));
    await reviewer.post(`/periods/${period}/close`);
    await decide('reject', { filter: { period } });
    await admin.post(`/periods/${period}/finalize`, { notes: 'done', force: { reason: 'a test' } });
    for (const [verb, charge] of [
      ['restore', charges[2]],
      ['reattribute', charges[0]],
      ['approve', charges[1]],
    ] as const) {
      for (const by of [reviewer, admin]) {
        await expect(decide(verb, { ids: [charge?.id] }, by)).rejects.toMatchObject({ status: 409, code: 'period.wrong-state' });
        await expect(decide(verb, { filter: { period } }, by, '?dryRun=true')).rejects.toMatchObject({ code: 'period.wrong-state' });
      }
    }
    expect(await standings()).toEqual(['clear', 'approved', 'rejected']);
  });

  it('says so when there is no such charge, none chosen, or several periods', async () => {
    const [charge] = await hold([{ billed: '1', ...GPU }]);
    await expect(decide('approve', { ids: ['999999-1'] })).rejects.toMatchObject({ status: 404, code: 'charge.unknown' });
    await expect(decide('approve', { ids: [charge?.id, '999999-1'] })).rejects.toMatchObject({ status: 404, code: 'charge.unknown' });
    await expect(decide('approve', { ids: [] })).rejects.toMatchObject({ status: 400, code: 'charge.none-chosen' });
    await expect(decide('approve', {})).rejects.toMatchObject({ status: 400, code: 'request.invalid' });
    await expect(decide('approve', { ids: [charge?.id], seen: { count: 1 } })).rejects.toMatchObject({
      status: 400,
      code: 'request.invalid',
    });
    await expect(decide('restore', { filter: { period } })).rejects.toMatchObject({ status: 404, code: 'charge.none-chosen' });
    expect(await standings()).toEqual(['flagged']);
  });

  describe('on everything that matches', () => {
    const rows: readonly FocusRow[] = [
      { billed: '-5', ...GPU, resource: 'refund' },
      { billed: '10', ...GPU, resource: 'node-1' },
      { billed: '10.000000000000001', ...GPU, resource: 'node-2' },
      { billed: '20', ...GPU, resource: 'node-3', tags: tags({ pi_email: 'grace@example.edu', project_id: 'loom' }) },
      { billed: '30', resource: 'node-4', tags: tags({ fund_org: '' }) },
      { billed: '40', resource: 'node-5' },
    ];

    it.each([
      ['a reason', { flag: 'missing_fund_org' }, ['30']],
      ['every pattern', { flag: 'pattern_match', source: 'hpc' }, ['-5', '10', '10.000000000000001', '20']],
      ['a PI', { piEmail: 'Grace@example.edu' }, ['20']],
      ['a project', { projectId: 'loom' }, ['20']],
      ['a source', { source: 'HPC' }, ['-5', '10', '10.000000000000001', '20', '30']],
      ['another source', { source: 'aws' }, ['1']],
      ['a text', { text: 'NODE-2' }, ['10.000000000000001']],
      ['an amount range', { amountFrom: '10', amountTo: '20.0' }, ['10', '10.000000000000001', '20']],
      ['an amount range without its end', { amountFrom: '10.000000000000001' }, ['10.000000000000001', '20', '30']],
      ['an amount range below nothing', { amountTo: '-0.01' }, ['-5']],
      ['several of them', { flag: 'pattern_match', amountFrom: '9', piEmail: 'ada@example.edu' }, ['10', '10.000000000000001']],
    ])('of a filter by %s', async (_, wanted, amounts) => {
      await hold(rows);
      await hold([{ billed: '1', ...GPU }], 'aws');
      const filter = { period, ...wanted };
      const query = new URLSearchParams({ ...wanted, standing: 'flagged' }).toString();
      const list = await found(query);
      expect(list.charges.map(({ amount }) => amount).sort()).toEqual([...amounts].sort());
      const seen = { count: list.count, amounts: list.sums.map(({ currency, amount }) => ({ currency, amount })) };
      const tried = await decide('reject', { filter, seen }, reviewer, '?dryRun=true');
      expect(tried).toMatchObject(seen);
      expect((await found(query)).count, 'a dry run changes nothing').toBe(amounts.length);
      expect(await decide('reject', { filter, seen, note: 'all' })).toMatchObject(seen);
      const entries = await log();
      expect(entries.map(({ amount }) => amount).sort(), 'an entry per charge').toEqual([...amounts].sort());
      expect(new Set(entries.map(({ action, note, actor }) => `${action} ${note} ${actor}`))).toEqual(
        new Set(['reject all reviewer@example.edu']),
      );
      expect((await decide('restore', { filter, seen })).count).toBe(amounts.length);
      expect((await found(query)).count).toBe(amounts.length);
    });

    it.each(VERBS)('is refused when something else matches than was seen: %s', async (verb) => {
      const charges = await hold(rows.slice(0, 4));
      if (verb === 'restore') await decide('reject', { filter: { period } });
      const filter = { period };
      const seen = { count: 4, amounts: USD('35.000000000000001') };
      // One leaves and one comes: as many as before, but others.
      await decide(verb === 'restore' ? 'restore' : 'reject', { ids: [charges[3]?.id] });
      const before = await log();
      await expect(decide(verb, { filter, seen })).rejects.toMatchObject({ status: 409, code: 'charge.selection-changed' });
      await expect(decide(verb, { filter, seen: { count: 4 } }, admin, '?dryRun=true')).rejects.toMatchObject({ status: 409 });
      await expect(decide(verb, { filter, seen: { count: 3, amounts: USD('15') } })).rejects.toMatchObject({ status: 409 });
      expect(await log()).toEqual(before);
      expect((await decide(verb, { filter, seen: { count: 3, amounts: USD('15.000000000000001') } })).count).toBe(3);
    });

    it('reattributes those in the standings that are asked for, and all that can be without', async () => {
      const charges = await hold(rows.slice(3));
      await decide('reject', { ids: [charges[0]?.id] });
      expect((await decide('reattribute', { filter: { period, standing: ['flagged', 'rejected'] } })).amounts).toEqual(USD('30'));
      expect((await decide('reattribute', { filter: { period } })).amounts).toEqual(USD('70'));
      expect((await found()).charges.map(({ projectId }) => projectId)).toEqual(['loom', 'loom', 'loom']);
      await expect(decide('approve', { filter: { period, standing: ['clear'] } })).rejects.toMatchObject({ code: 'charge.none-chosen' });
    });

    it('takes no amounts that are none', async () => {
      for (const [from, to, code] of [
        ['1,5', '2', 'decimal.malformed'],
        ['2', '1', 'charge.amount-range'],
      ] as const) {
        const filter = { period, amountFrom: from, amountTo: to };
        await expect(decide('approve', { filter })).rejects.toMatchObject({ status: 400, code });
        await expect(found(`amountFrom=${from}&amountTo=${to}`)).rejects.toMatchObject({ status: 400, code });
      }
    });
  });

  it.each([
    ['projectId', 'p'.repeat(256), 'p'.repeat(257)],
    ['fundOrg', 'ß'.repeat(128), 'ß'.repeat(129)],
    ['accountCode', '7'.repeat(256), '7'.repeat(257)],
    ['costCenter', 'c'.repeat(256), '李'.repeat(86)],
    ['piEmail', `${'a'.repeat(50)}@${'b'.repeat(60)}.edu`, `${'a'.repeat(316)}@x.edu`],
  ])('holds a new %s to what the ledger keeps, as in a file', async (field, longest, tooLong) => {
    const charges = await hold([{ billed: '1', service: 's'.repeat(512) }]);
    await expect(decide('reattribute', { ...idsOf(charges), set: { [field]: tooLong } })).rejects.toMatchObject({ status: 400 });
    expect((await decide('reattribute', { ...idsOf(charges), set: { [field]: longest } })).count).toBe(1);
    expect(await billed(), 'the ledger goes on').toBe('1.00');
  });

  it('keeps no text that no text can hold, and looks for none', async () => {
    const charges = await hold([{ billed: '1', ...GPU }]);
    for (const body of [{ set: { projectId: 'a\0b' } }, { note: 'a\0b' }, { note: 'half \ud800' }]) {
      await expect(decide('reattribute', { ...idsOf(charges), ...body })).rejects.toMatchObject({ status: 400 });
    }
    for (const field of ['source', 'piEmail', 'projectId', 'flag', 'text']) {
      const filter = { period, [field]: 'a\0b' };
      await expect(found(`${field}=a%00b`)).rejects.toMatchObject({ status: 400, code: 'charge.unstorable-text' });
      await expect(decide('approve', { filter })).rejects.toMatchObject({ status: 400, code: 'charge.unstorable-text' });
    }
  });
});
