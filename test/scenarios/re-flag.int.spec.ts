import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiClient, ApiProblem } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface Charge {
  readonly id: string;
  readonly standing: string;
  readonly flags: readonly string[];
  readonly amount: string;
}

interface Tally {
  readonly count: number;
  readonly amounts: readonly { readonly currency: string; readonly amount: string }[];
  readonly samples: readonly { readonly id: string; readonly serviceName: string }[];
}

interface Effect {
  readonly lookedAt: number;
  readonly changed: Tally;
  readonly toReview: Tally;
  readonly toClear: Tally;
  readonly reasons: readonly { readonly flag: string; readonly matching: Tally; readonly added: Tally; readonly removed: Tally }[];
  readonly fundOrgPatterns: readonly { readonly pattern: string; readonly taken: Tally }[];
}

interface Rules {
  readonly flagPatterns: readonly string[];
  readonly fundOrgPatterns: readonly string[];
  readonly version: number;
  readonly changedBy: string | null;
}

interface Reflagged {
  readonly recorded: boolean;
  readonly rulesVersion: number;
  readonly position: number;
  readonly effect: Effect;
}

interface Story {
  readonly flags: readonly { readonly flag: string; readonly isOpen: boolean; readonly rule: string; readonly found: string }[];
  readonly decisions: readonly {
    readonly action: string;
    readonly note: string | null;
    readonly changes: readonly { readonly field: string; readonly before: string; readonly after: string }[];
  }[];
  readonly bookings: readonly { readonly standing: string }[];
}

/** The months of a test are its own. */
describe('rules of the review that change', () => {
  let api: TestApi;
  let viewer: ApiClient;
  let reviewer: ApiClient;
  let admin: ApiClient;
  let folder: string;
  let month = 0;
  let period: string;

  beforeAll(async () => {
    api = await TestApi.start({ config: 'dev_mode: true\nreview:\n  flag_patterns: [gpu]\n' });
    [viewer, reviewer, admin] = [await api.signedIn('viewer'), await api.signedIn('reviewer'), await api.signedIn('admin')];
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-re-flag-'));
  }, 60_000);

  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    period = `20${String(25 + Math.floor(month / 12))}-${String((month % 12) + 1).padStart(2, '0')}`;
    month += 1;
    await save({ flagPatterns: ['gpu'], fundOrgPatterns: [] });
  });

  const settled = async (): Promise<void> => api.own.services.projections.waitFor(await api.own.services.store.lastPosition());
  const rules = (): Promise<Rules> => viewer.get<Rules>('/review/rules');
  const save = (body: object, by = admin): Promise<{ changed: boolean; rules: Rules }> => by.put('/review/rules', body);
  const test = (body: object, by = reviewer): Promise<{ effect: Effect }> => by.post('/review/rules/test', { period, ...body });
  const reflag = (query = '', body: object = {}, by = reviewer): Promise<Reflagged> =>
    by.post(`/review/reflag${query}`, { period, ...body });
  const preview = (): Promise<Reflagged> => reflag('?dryRun=true');
  const charges = async (): Promise<readonly Charge[]> =>
    (await viewer.get<{ charges: readonly Charge[] }>(`/charges?period=${period}&limit=500`)).charges;
  const standings = async (): Promise<string[]> =>
    (await charges()).map(({ standing, flags }) => [standing, ...flags].join(' ').replaceAll('pattern_match:', ''));
  const story = (id: string | undefined): Promise<Story> => viewer.get<Story>(`/charges/${id ?? ''}`);
  const billed = async (): Promise<string> => (await viewer.get<{ billed: string }>(`/periods/${period}`)).billed;
  const decide = (verb: string, ids: readonly (string | undefined)[], body: object = {}): Promise<unknown> =>
    reviewer.post(`/review/${verb}`, { ids, ...body });
  const events = (stream: string): Promise<readonly { type: string; data: object }[]> => api.own.services.store.readStream(stream);

  async function hold(rows: readonly FocusRow[]): Promise<readonly Charge[]> {
    const path = join(folder, `hpc-${period}-${String(Math.random())}.csv`);
    await writeFile(path, focusCsv(rows.map((row) => ({ period, ...row }))));
    const { importId } = await reviewer.upload(path, { source: 'hpc' });
    await eventually(async () => ((await reviewer.get<{ state: string }>(`/imports/${importId}`)).state === 'recorded' ? true : undefined));
    await settled();
    return charges();
  }

  async function refusal(request: Promise<unknown>): Promise<ApiProblem> {
    const error = await request.then(() => undefined).catch((thrown: unknown) => thrown);
    if (error instanceof ApiProblem) return error;
    throw new Error('this was not refused');
  }

  async function tables(): Promise<string> {
    const rows = await api.own.services.database.query(
      `select (select string_agg(c::text, chr(10) order by import_id, line_no) from charges c) as charges,
         (select string_agg(b::text, chr(10) order by b::text) from ledger_balances b) as balances,
         (select string_agg(l::text, chr(10) order by position, import_id, line_no) from review_log l) as log`,
    );
    return JSON.stringify(rows);
  }

  it('are stated by the configuration file, changed by admins, and read by everybody', async () => {
    expect(await rules()).toMatchObject({ flagPatterns: ['gpu'], fundOrgPatterns: [], version: 1, changedBy: 'config' });
    expect((await save({ flagPatterns: ['gpu', 'tape', 'gpu'], fundOrgPatterns: ['^MATH'] })).rules).toMatchObject({
      ...{ flagPatterns: ['gpu', 'tape'], fundOrgPatterns: ['^MATH'], version: 2, changedBy: 'admin@example.edu' },
    });
    expect((await save({ fundOrgPatterns: ['^MATH'] })).changed, 'what is left out stays, what is so already is no change').toBe(false);
    expect(await refusal(save({ flagPatterns: ['x'], version: 1 }))).toMatchObject({ status: 409, code: 'review-rules.changed' });
    expect((await save({ flagPatterns: [], version: 2 })).rules).toMatchObject({ flagPatterns: [], fundOrgPatterns: ['^MATH'] });
    for (const by of [viewer, reviewer]) expect(await refusal(save({ flagPatterns: [] }, by))).toMatchObject({ status: 403 });
    expect(await refusal(test({}, viewer))).toMatchObject({ status: 403 });
    expect(await refusal(reflag('', {}, viewer))).toMatchObject({ status: 403 });
    expect((await events('settings-review')).map(({ type }) => type)).toEqual(Array(3).fill('ReviewRulesChanged'));
  });

  it.each([
    ['does not compile', '(', 'The flag pattern “(” does not compile'],
    ['looks ahead', 'a(?=b)', 'without look-around'],
    ['is empty', ' ', 'would match everything'],
    ['has a line break', 'a\nb', 'control character'],
    ['is too long', 'ü'.repeat(251), 'longer than 500 bytes'],
  ])('a pattern that %s is refused when it is saved, and when it is tried', async (_what, pattern, said) => {
    await hold([{ billed: '1' }]);
    const before = await rules();
    for (const request of [save, test]) {
      const error = await refusal(request({ flagPatterns: ['fine', pattern] }));
      expect(error).toMatchObject({ status: 400, code: 'review-rules.invalid', problems: [{ where: 'flagPatterns[1]' }] });
      expect(error.message).toContain(said);
    }
    expect(await rules()).toEqual(before);
  });

  const reason = ({ reasons }: Effect, flag: string): Record<string, readonly [number, string | undefined]> => {
    const found = reasons.find((each) => each.flag === flag);
    const told = (tally: Tally | undefined): readonly [number, string | undefined] => [tally?.count ?? -1, tally?.amounts[0]?.amount];
    return { matching: told(found?.matching), added: told(found?.added), removed: told(found?.removed) };
  };

  it('are tried on a period before they are saved: what each would flag, newly and no longer, with its money', async () => {
    const [, gpu, tape] = await hold([
      { billed: '1' },
      { billed: '2.5', service: 'GPU nodes' },
      { billed: '4', service: 'Archive', resource: 'Tape-7' },
      { billed: '8', service: 'Archive', resource: 'tape-gpu', tags: tags({ fund_org: 'BIO-1' }) },
      { billed: '16', currency: 'EUR', resource: 'tape' },
    ]);
    const before = [await charges(), await rules(), await api.own.services.store.lastPosition()];
    const { effect } = await test({ flagPatterns: ['tape', 'nothing'], fundOrgPatterns: ['math', '^X'] });
    expect(reason(effect, 'pattern_match:tape')).toEqual({ matching: [3, '16'], added: [3, '16'], removed: [0, undefined] });
    expect(reason(effect, 'pattern_match:gpu')).toEqual({ matching: [0, undefined], added: [0, undefined], removed: [2, '10.5'] });
    expect(reason(effect, 'pattern_match:nothing')).toEqual({ matching: [0, undefined], added: [0, undefined], removed: [0, undefined] });
    expect(reason(effect, 'invalid_fund_org')).toEqual({ matching: [1, '8'], added: [1, '8'], removed: [0, undefined] });
    expect(effect.fundOrgPatterns.map(({ pattern, taken }) => [pattern, taken.count])).toEqual([
      ['math', 4],
      ['^X', 0],
    ]);
    expect(effect).toMatchObject({ lookedAt: 5, changed: { count: 4 }, toReview: { count: 1 }, toClear: { count: 1 } });
    const found = effect.reasons.find(({ flag }) => flag === 'pattern_match:tape')?.added;
    expect(found?.amounts, 'two currencies are never summed').toEqual([
      { currency: 'EUR', amount: '16' },
      { currency: 'USD', amount: '12' },
    ]);
    expect(found?.samples[0]).toMatchObject({ id: tape?.id, serviceName: 'Archive' });
    expect(effect.toClear.samples).toMatchObject([{ id: gpu?.id }]);
    expect(await test({ flagPatterns: ['tape'] }), 'what is left out is what holds').toMatchObject({ fundOrgPatterns: [] });
    expect([await charges(), await rules(), await api.own.services.store.lastPosition()]).toEqual(before);
  });

  it('match in linear time: an engine that tries all ways would take longer than the sun lasts', async () => {
    await hold([{ billed: '1', resource: `${'a'.repeat(5_000)}!` }]);
    await test({ flagPatterns: ['(a+)+$', '(a|a)*b', '(.*)(.*)(.*)(.*)(.*)x'] });
    await save({ flagPatterns: ['(a+)+$'] });
    await reflag();
    expect(await standings()).toEqual(['clear']);
  });

  it('flag nothing again by themselves; a re-flag does, as its preview says, with an entry of the review log per charge', async () => {
    const held = await hold([
      { billed: '1' },
      { billed: '2', service: 'GPU nodes' },
      { billed: '4', resource: 'tape-1' },
      { billed: '8', resource: 'tape-gpu' },
      { billed: '16', service: 'GPU', tags: tags({ project_id: '' }) },
    ]);
    await save({ flagPatterns: ['tape'] });
    expect(await standings()).toEqual(['clear', 'flagged gpu', 'clear', 'flagged gpu', 'flagged missing_project_id gpu']);
    expect(await billed()).toBe('5.00');
    const shown = await preview();
    expect(shown).toMatchObject({
      recorded: false,
      effect: { lookedAt: 5, changed: { count: 4 }, toReview: { count: 1 }, toClear: { count: 1 } },
    });
    expect(await standings(), 'a preview changes nothing').toHaveLength(5);
    expect((await events(`review-${period}`)).length).toBe(0);
    const { count, amounts } = shown.effect.changed;
    const done = await reflag('', { note: 'Tape is scarce', seen: { count, amounts } });
    expect(done).toMatchObject({ recorded: true, rulesVersion: (await rules()).version });
    expect(done.effect).toEqual(shown.effect);
    expect(await standings()).toEqual(['clear', 'clear', 'flagged tape', 'flagged tape', 'flagged missing_project_id']);
    expect(await billed()).toBe('3.00');
    const { decisions } = await viewer.get<{ decisions: readonly Record<string, unknown>[] }>(`/review/log?period=${period}`);
    expect(decisions).toHaveLength(4);
    expect(decisions[0]).toMatchObject({ action: 'reflag', note: 'Tape is scarce', actor: 'reviewer@example.edu', amount: '2' });
    const [event] = await events(`review-${period}`);
    expect(event).toMatchObject({
      type: 'ChargesReflagged',
      data: {
        count: 4,
        flaggedCount: 1,
        clearedCount: 1,
        changes: expect.arrayContaining([expect.objectContaining({ added: ['pattern_match:tape'] })]) as unknown,
      },
    });
    const told = await story(held[3]?.id);
    expect(told.flags.map(({ flag, isOpen }) => [flag, isOpen])).toEqual([
      ['pattern_match:gpu', false],
      ['pattern_match:tape', true],
    ]);
    expect(told.flags[1]?.found).toBe('It is found in ResourceId “tape-gpu”.');
    expect(told.decisions).toMatchObject([
      {
        action: 'reflag',
        note: 'Tape is scarce',
        changes: [
          { field: 'flag', before: '', after: 'pattern_match:tape' },
          { field: 'flag', before: 'pattern_match:gpu', after: '' },
        ],
      },
    ]);
    expect((await story(held[1]?.id)).bookings.map(({ standing }) => standing)).toEqual(['flagged', 'clear']);
    expect(await reflag(), 'and once is enough').toMatchObject({ recorded: false, effect: { changed: { count: 0 } } });
    expect((await events(`review-${period}`)).length).toBe(1);
  });

  it('leave decisions alone that were made for the reasons that are there, and ask again for a new one', async () => {
    const row = { service: 'GPU nodes' };
    const held = await hold([
      { billed: '1', ...row },
      { billed: '2', ...row },
      { billed: '4', ...row, resource: 'tape-1' },
      { billed: '8', ...row, resource: 'tape-2' },
    ]);
    await decide('approve', [held[0]?.id, held[2]?.id]);
    await decide('reject', [held[1]?.id, held[3]?.id]);
    await save({ flagPatterns: [] });
    expect(await preview(), 'a decision stands when its reason is gone').toMatchObject({ effect: { changed: { count: 0 } } });
    await save({ flagPatterns: ['tape', 'gpu'] });
    await reflag();
    expect(await standings()).toEqual(['approved gpu', 'rejected gpu', 'flagged gpu tape', 'flagged gpu tape']);
    await decide('approve', [held[2]?.id, held[3]?.id]);
    await save({ flagPatterns: ['gpu', 'tape'] });
    expect(await reflag(), 'what was decided on is not asked twice').toMatchObject({ recorded: false });
    expect((await story(held[3]?.id)).bookings.map(({ standing }) => standing)).toEqual(['flagged', 'rejected', 'flagged', 'approved']);
  });

  it('are remembered when a file states a charge again: no decision is made twice for the reason of a re-flag', async () => {
    const rows = (amount: string): FocusRow[] => [
      { billed: amount, resource: 'tape-1' },
      { billed: amount, resource: 'tape-2' },
    ];
    const [first, second] = await hold(rows('10'));
    await save({ flagPatterns: ['tape'] });
    await reflag();
    await decide('approve', [first?.id]);
    await hold(rows('9'));
    const now = (await charges()).filter(({ standing }) => standing !== 'superseded');
    expect(now.map(({ standing, amount }) => `${standing} ${amount}`)).toEqual(['approved 9', 'flagged 9']);
    expect((await story(now[0]?.id)).bookings.map(({ standing }) => standing)).toEqual(['approved']);
    expect(second?.standing).toBe('clear');
  });

  it('are known to the report of an import: what stays rejected for the reason of a re-flag moves no money', async () => {
    const rows = (amount: string): FocusRow[] => [
      { billed: amount, resource: 'tape-1' },
      { billed: amount, resource: 'tape-2' },
    ];
    const [first] = await hold(rows('10'));
    await save({ flagPatterns: ['tape'] });
    await reflag();
    await decide('reject', [first?.id]);
    await hold(rows('9'));
    const now = (await charges()).filter(({ standing }) => standing !== 'superseded');
    expect(now.map(({ standing, amount }) => `${standing} ${amount}`)).toEqual(['rejected 9', 'flagged 9']);
    const { imports } = await viewer.get<{ imports: { importId: number }[] }>('/imports?limit=1');
    const { report } = await viewer.get<{ report: { piChanges: { top: object[] } } }>(`/imports/${String(imports[0]?.importId)}`);
    expect(report.piChanges.top).toEqual([{ piEmail: 'ada@example.edu', currency: 'USD', before: '10', after: '9' }]);
  });

  it('hold fund/orgs against patterns and the chart of funds, those of reattributed charges too', async () => {
    const held = await hold([
      { billed: '1' },
      { billed: '2', tags: tags({ fund_org: 'BIO-1' }) },
      { billed: '4', tags: tags({ fund_org: '' }) },
      { billed: '8', tags: tags({ fund_org: 'bio-old' }) },
    ]);
    await save({ flagPatterns: [], fundOrgPatterns: ['bio', 'chem'] });
    await admin.put('/funds/BIO-1', { title: 'Biology' });
    await admin.put('/funds/bio-old', { validTo: '2024-12-31' });
    await reflag();
    expect(await standings()).toEqual(['flagged invalid_fund_org', 'clear', 'flagged missing_fund_org', 'flagged invalid_fund_org']);
    const why = async (index: number): Promise<string | undefined> => (await story(held[index]?.id)).flags.at(-1)?.found;
    expect(await why(0)).toBe('“MATH-100” matches none of them.');
    expect(await why(3)).toBe(`The charge is of ${period}-05, and bio-old was valid until 2024-12-31.`);
    await decide('reattribute', [held[3]?.id], { set: { fundOrg: 'CHEM-1' } });
    expect((await standings())[3], 'the chart lacks it').toBe('flagged invalid_fund_org');
    expect(await why(3)).toBe(`The charge is of ${period}-05, and CHEM-1 is in no chart of funds.`);
    await decide('reattribute', [held[0]?.id, held[3]?.id], { set: { fundOrg: 'BIO-1' } });
    expect(await standings()).toEqual(['approved', 'clear', 'flagged missing_fund_org', 'approved']);
    await admin.post('/funds/BIO-1/remove', { reason: 'a mistake' });
    await reflag();
    expect(await standings()).toEqual([
      ...Array<string>(2).fill('flagged invalid_fund_org'),
      'flagged missing_fund_org',
      'flagged invalid_fund_org',
    ]);
    await admin.post('/funds/bio-old/remove');
    await reflag();
    expect(await standings(), 'an empty chart is not in use').toEqual(['clear', 'clear', 'flagged missing_fund_org', 'clear']);
  });

  it('are held against open and closed periods; a finalized one is left as it is, and can be tried on', async () => {
    await hold([{ billed: '1', resource: 'tape' }]);
    await save({ flagPatterns: ['tape'] });
    await reviewer.post(`/periods/${period}/close`);
    expect(await preview()).toMatchObject({ effect: { toReview: { count: 1 } } });
    expect(await reflag()).toMatchObject({ recorded: true });
    await reviewer.post('/review/approve', { filter: { period } });
    await save({ flagPatterns: ['node', 'tape', 'compute'] });
    await admin.post(`/periods/${period}/finalize`, { notes: 'done', force: { reason: 'a test' } });
    for (const query of ['', '?dryRun=true']) {
      expect(await refusal(reflag(query, {}, admin))).toMatchObject({ status: 409, code: 'period.wrong-state' });
    }
    expect((await test({})).effect.toReview.count).toBe(1);
    expect(await standings()).toEqual(['approved tape']);
    const sql = `insert into events (stream, version, type, schema_version, data, metadata, recorded_at, transaction_id, hash)
      values ('by-hand', 1, 'ChargesReflagged', 1, '{"period": "${period}"}', '{}', now(), pg_current_xact_id(), '')`;
    await expect(api.own.services.database.query(sql)).rejects.toThrow(`ChargesReflagged is refused: period ${period} is finalized`);
  });

  it('are refused where there is nothing to hold them against, or something else than was shown', async () => {
    expect(await refusal(reflag())).toMatchObject({ status: 404, code: 'period.unknown' });
    expect(await refusal(test({}))).toMatchObject({ status: 404, code: 'period.unknown' });
    await hold([{ billed: '1', resource: 'tape' }]);
    await save({ flagPatterns: ['tape'] });
    expect(await refusal(reflag('', { seen: { count: 2 } }))).toMatchObject({ status: 409, code: 'charge.selection-changed' });
    expect(await refusal(reflag('', { note: 'a\u0000b' }))).toMatchObject({ status: 400 });
    expect(await standings()).toEqual(['clear']);
  });

  it('leave the same tables when they are made again from the log', async () => {
    await settled();
    const before = await tables();
    for (const name of ['charges', 'funds']) await api.own.services.projections.rebuild(name);
    expect(await tables()).toBe(before);
    expect(before).toContain('reflag');
  });
});
