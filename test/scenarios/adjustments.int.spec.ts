import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPdf, textOfPages } from '../../libs/statements/testing/pdf-text.js';
import { tamper } from '#testing';
import type { ApiClient } from '../support/api-client.js';
import { ADMIN, ApiOffice, problemCode } from '../support/api-office.js';
import { type FocusRow, focusCsv, tags } from '../support/focus-csv.js';

const CONFIG = `dev_mode: true
imports:
  known_sources: [{name: hpc, fund_org: RC-1}, {name: aws, fund_org: RC-2}]
`;

interface Answer {
  readonly adjustmentId: number | null;
  readonly count: number;
  readonly totals: readonly { currency: string; lineCount: number; listCost: string; amount: string }[];
  readonly lines: readonly { chargeId: string; adjusts: string; amount: string; listCost: string; left: string }[];
  readonly position: number;
}
interface Charge {
  readonly id: string;
  readonly period: string;
  readonly source: string;
  readonly standing: string;
  readonly amount: string;
  readonly listCost: string;
  readonly adjusts: string | null;
  readonly resourceId: string;
}

/** January is finalized; what was wrong in it is put right in February. */
describe('adjustments of a finalized month', () => {
  let office: ApiOffice;
  let reviewer: ApiClient;
  let viewer: ApiClient;
  /** Charges of January by their resource. */
  const ids = new Map<string, string>();

  const january: readonly FocusRow[] = [
    { period: '2025-01', billed: '10.005', list: '20.01', resource: 'node-1' },
    { period: '2025-01', billed: '100', list: '120', resource: 'node-2', service: 'GPU' },
    { period: '2025-01', billed: '0.333333', list: '1', resource: 'node-3' },
    { period: '2025-01', billed: '-4', resource: 'node-4' },
    { period: '2025-01', billed: '7', resource: 'node-5', tags: tags({ project_id: 'loom' }) },
    { period: '2025-01', billed: '11', list: '13', resource: 'node-6', tags: tags({ project_id: 'loom', fund_org: 'MATH-200' }) },
    { period: '2025-01', billed: '0', list: '5', resource: 'node-7', tags: tags({ project_id: 'loom' }) },
    { period: '2025-01', billed: '50', resource: 'node-8', tags: { pi_email: 'bob@example.edu', project_id: 'wheel' } },
  ];
  const february: readonly FocusRow[] = [
    { period: '2025-02', billed: '30', list: '40', resource: 'node-1' },
    { period: '2025-02', billed: '5', resource: 'node-2', service: 'GPU' },
  ];

  beforeAll(async () => {
    office = await ApiOffice.start(CONFIG);
    ({ reviewer, viewer } = office.people);
    await importFile(january);
    await importFile(
      january.slice(4, 5).map((row) => ({ ...row, billed: '3', resource: 'bucket-1' })),
      'aws',
    );
    for (const { id, resourceId } of await chargesOf('2025-01')) ids.set(resourceId, id);
    await reviewer.post('/review/reject', { ids: [idOf('node-8')], note: 'not ours' });
    await office.makeStatements('2025-01');
    await office.finalize('2025-01');
    await importFile(february);
  });
  afterAll(() => office.stop());

  const importFile = (rows: readonly FocusRow[], source = 'hpc', mode = 'merge'): Promise<number> =>
    office.handIn(focusCsv(rows), { source, deliveryMode: mode });
  const chargesOf = async (period: string): Promise<readonly Charge[]> =>
    (await viewer.get<{ charges: readonly Charge[] }>(`/charges?period=${period}&limit=500`)).charges;
  const adjustmentsOf = async (period: string): Promise<readonly Charge[]> =>
    (await chargesOf(period)).filter(({ adjusts }) => adjusts !== null);
  const idOf = (resource: string): string => ids.get(resource) ?? 'unknown';
  const book = (body: object, dryRun = false): Promise<Answer> =>
    reviewer.post<Answer>(`/adjustments${dryRun ? '?dryRun=true' : ''}`, { period: '2025-02', reason: 'Outage of node', ...body });

  it('shows what it would book, and books just that', async () => {
    const body = { chargeId: idOf('node-1') };
    const preview = await book(body, true);
    expect(preview.adjustmentId).toBeNull();
    expect(await adjustmentsOf('2025-02')).toEqual([]);
    const booked = await book(body);
    expect(booked.totals).toEqual([{ currency: 'USD', lineCount: 1, listCost: '-20.01', amount: '-10.005' }]);
    expect(preview.totals).toEqual(booked.totals);
    expect(booked.lines).toMatchObject([{ adjusts: idOf('node-1'), amount: '-10.005', listCost: '-20.01', left: '0' }]);
    const { adjustmentId } = booked;
    expect(await adjustmentsOf('2025-02')).toMatchObject([
      { id: `${adjustmentId}-1`, source: 'hpc', standing: 'clear', amount: '-10.005', adjusts: idOf('node-1'), resourceId: 'node-1' },
    ]);
    expect(await office.billed('2025-02')).toBe('25.00');
    expect(await office.billed('2025-01')).toBe('127.34');
    expect(await problemCode(book(body))).toBe('409 adjustment.nothing-left');
  });

  it('credits by amount and by percentage, and the last part takes the rest of every price', async () => {
    const chargeId = idOf('node-2');
    const amounts = async (body: object): Promise<string[]> =>
      (await book({ chargeId, ...body })).lines.map(({ amount, listCost, left }) => `${amount} of list ${listCost}, left ${left}`);
    expect(await amounts({ amount: '33.333333' })).toEqual(['-33.333333 of list -40, left 66.666667']);
    expect(await amounts({ percent: '50' })).toEqual(['-50 of list -60, left 16.666667']);
    expect(await problemCode(amounts({ amount: '16.67' }))).toBe('409 adjustment.more-than-left');
    expect(await problemCode(amounts({ percent: '20' }))).toBe('409 adjustment.more-than-left');
    expect(await amounts({ kind: 'debit', amount: '5' })).toEqual(['5 of list 6, left 21.666667']);
    expect(await amounts({})).toEqual(['-21.666667 of list -26, left 0']);
    expect(await office.billed('2025-02')).toBe('-75.00');
  });

  it('charges for what was billed at nothing', async () => {
    const { lines } = await book({ chargeId: idOf('node-7'), kind: 'debit', amount: '2' }, true);
    expect(lines).toMatchObject([{ amount: '2', listCost: '0', left: '2' }]);
  });

  it('takes a refund back by charging it', async () => {
    const { lines } = await book({ chargeId: idOf('node-4') });
    expect(lines).toMatchObject([{ amount: '4', listCost: '4', left: '0' }]);
  });

  it('shares an amount out over a whole statement, to the cent, and then credits all that is left of it', async () => {
    const statement = { period: '2025-01', piEmail: 'Ada@Example.edu', projectId: 'loom' };
    const part = await book({ statement, amount: '10' });
    // 21 are billed: 3, 7 and 11 of them. The two cents that rounding down leaves go to those that lost most by it.
    expect(part.lines.map(({ adjusts, amount }) => `${adjusts} ${amount}`)).toEqual([
      `${idOf('bucket-1')} -1.43`,
      `${idOf('node-5')} -3.33`,
      `${idOf('node-6')} -5.24`,
    ]);
    expect(await problemCode(book({ statement, amount: '11.01' }))).toBe('409 adjustment.more-than-left');
    const rest = await book({ statement });
    expect(rest.totals).toMatchObject([{ lineCount: 4, amount: '-11' }]);
    expect(rest.lines.every(({ left }) => left === '0')).toBe(true);
    const ofStatement = (await adjustmentsOf('2025-02')).filter(({ adjusts }) =>
      ['bucket-1', 'node-5', 'node-6', 'node-7'].some((it) => idOf(it) === adjusts),
    );
    const listOf = (resource: string): string =>
      ofStatement
        .filter(({ adjusts }) => adjusts === idOf(resource))
        .map(({ listCost }) => listCost)
        .join(' ');
    expect([listOf('bucket-1'), listOf('node-6'), listOf('node-7')]).toEqual(['-1.43 -1.57', '-6.192727 -6.807273', '-5']);
    expect(new Set(ofStatement.map(({ source }) => source))).toEqual(new Set(['aws', 'hpc']));
    expect(await problemCode(book({ statement }))).toBe('409 adjustment.nothing-left');
  });

  it('can be withdrawn while its period is open', async () => {
    const { adjustmentId } = await book({ chargeId: idOf('node-3') });
    await reviewer.post(`/adjustments/${adjustmentId}/withdraw`, { reason: 'it was right' });
    expect((await adjustmentsOf('2025-02')).find(({ id }) => id === `${adjustmentId}-1`)).toMatchObject({ standing: 'withdrawn' });
    expect(await viewer.get(`/adjustments/${adjustmentId}`)).toMatchObject({
      state: 'withdrawn',
      endReason: 'it was right',
      endedBy: 'reviewer@example.edu',
    });
    expect(await problemCode(reviewer.post(`/adjustments/${adjustmentId}/withdraw`, { reason: 'again' }))).toBe(
      '409 adjustment.not-booked',
    );
    expect(await problemCode(reviewer.post(`/adjustments/999/withdraw`, { reason: 'again' }))).toBe('404 adjustment.unknown');
    expect((await book({ chargeId: idOf('node-3') }, true)).lines).toMatchObject([{ amount: '-0.333333', left: '0' }]);
  });

  it('refuses what it may not do, and says why', async () => {
    const chargeId = idOf('node-3');
    const open = (await chargesOf('2025-02')).find(({ adjusts }) => adjusts === null)?.id ?? '';
    const refusals = {
      'a charge of an open period': () => book({ chargeId: open }),
      'in a finalized period': () => book({ chargeId, period: '2025-01' }),
      'in a period that is not there': () => book({ chargeId, period: '2025-03' }),
      'a rejected charge': () => book({ chargeId: idOf('node-8') }),
      'no such charge': () => book({ chargeId: '999-1' }),
      'a statement without charges': () => book({ statement: { period: '2025-01', piEmail: 'eve@example.edu', projectId: 'x' } }),
      'a statement of an open period': () => book({ statement: { period: '2025-02', piEmail: 'ada@example.edu', projectId: 'engine' } }),
      'a part of nothing': () => book({ chargeId: idOf('node-7'), percent: '50' }),
      'both an amount and a share': () => book({ chargeId, amount: '1', percent: '1' }),
      'more than all': () => book({ chargeId, percent: '100.1' }),
      'less than nothing': () => book({ chargeId, amount: '-1' }),
      'a debit of nothing': () => book({ chargeId, kind: 'debit' }),
      'no reason': () => book({ chargeId, reason: ' ' }),
      'neither charge nor statement': () => book({}),
      'a viewer': () => viewer.post('/adjustments', { chargeId, period: '2025-02', reason: 'x' }),
    };
    const said: Record<string, string> = {};
    for (const [what, work] of Object.entries(refusals)) said[what] = await problemCode(work());
    expect(said).toEqual({
      'a charge of an open period': '409 adjustment.period-not-finalized',
      'in a finalized period': '409 period.wrong-state',
      'in a period that is not there': '409 period.wrong-state',
      'a rejected charge': '409 adjustment.nothing-billed',
      'no such charge': '404 charge.unknown',
      'a statement without charges': '409 adjustment.nothing-billed',
      'a statement of an open period': '409 adjustment.period-not-finalized',
      'a part of nothing': '409 adjustment.comes-to-nothing',
      'both an amount and a share': '400 adjustment.part',
      'more than all': '400 adjustment.part',
      'less than nothing': '400 adjustment.part',
      'a debit of nothing': '400 adjustment.part',
      'no reason': '400 adjustment.reason',
      'neither charge nor statement': '400 request.invalid',
      'a viewer': '403 access.role',
    });
  });

  it('is refused by the database whoever asks, unless both periods are as they must be', async () => {
    const { store, database } = office.api.own.services;
    const append = (data: object): Promise<unknown> =>
      database.transaction((tx) =>
        store.append(tx, 'adjustment-900', 0, [{ type: 'AdjustmentsBooked', data: { adjustmentId: 900, ...data } }], ADMIN),
      );
    await expect(append({ period: '2025-01', adjustedPeriod: '2025-01' })).rejects.toThrow(/period 2025-01 is finalized/);
    await expect(append({ period: '2025-02', adjustedPeriod: '2025-02' })).rejects.toThrow(/2025-02 is open, not finalized/);
    await expect(append({ period: '2025-09', adjustedPeriod: '2025-01' })).rejects.toThrow(/period 2025-09 is absent/);
    const [line] = await adjustmentsOf('2025-02');
    await expect(database.query('select discard_unrecorded_lines($1)', [Number(line?.id.split('-')[0])])).rejects.toThrow(/append-only/);
  });

  it('is left alone by whatever is imported for its period', async () => {
    const before = await adjustmentsOf('2025-02');
    for (const mode of ['merge', 'replace', 'append']) {
      const importId = await importFile([{ ...(february[0] ?? { billed: '0' }), billed: `31.${mode.length}` }], 'hpc', mode);
      const { report } = await viewer.get<{ report: { outcomes: { outcome: string; lineCount: number }[] } }>(`/imports/${importId}`);
      const told = report.outcomes.map(({ outcome, lineCount }) => `${outcome} ${lineCount}`);
      expect(told).toEqual({ merge: ['revised 1', 'kept 1'], replace: ['revised 1', 'withdrawn 1'], append: ['new 1', 'kept 1'] }[mode]);
    }
    expect(await adjustmentsOf('2025-02')).toEqual(before);
  });

  it('stands on the pages of both charges, in the list, and in the review log', async () => {
    const story = await viewer.get<{ adjustments: { chargeId: string; amount: string }[] }>(`/charges/${idOf('node-1')}`);
    const [adjustment] = story.adjustments;
    expect(adjustment).toMatchObject({
      adjusts: idOf('node-1'),
      adjustedPeriod: '2025-01',
      revision: 1,
      period: '2025-02',
      amount: '-10.005',
      reason: 'Outage of node',
    });
    const own = await viewer.get<object>(`/charges/${adjustment?.chargeId}`);
    expect(own).toMatchObject({
      charge: { adjusts: idOf('node-1') },
      imports: [],
      adjustments: [{ chargeId: adjustment?.chargeId, adjusts: idOf('node-1') }],
      decisions: [{ action: 'adjust', note: 'Outage of node', actor: 'reviewer@example.edu', count: 1 }],
      bookings: [{ standing: 'clear', isBilled: true, until: null }],
    });
    const list = await viewer.get<{ adjustments: { chargeId: string | null; totals: object[] }[]; count: number }>(
      '/adjustments?adjustedPeriod=2025-01&limit=2',
    );
    expect(list.adjustments).toHaveLength(2);
    expect(list.count).toBe(9);
    expect((await viewer.get<{ count: number }>('/adjustments?period=2025-01')).count).toBe(0);
    const log = await viewer.get<{ decisions: { action: string }[] }>('/review/log?period=2025-02');
    const entries = log.decisions.map(({ action }) => action);
    expect(entries.filter((action) => action === 'adjust')).toHaveLength(14);
    expect(entries.filter((action) => action === 'withdraw')).toHaveLength(1);
  });

  it('is in the history of the period that it is billed in, and in no other', async () => {
    const diff = await viewer.get<{ rows: { causes: { type: string }[] }[]; after: { billed: string } }>(
      '/periods/2025-02/ledger/diff?from=0&to=now',
    );
    const causes = new Set(diff.rows.flatMap((row) => row.causes.map(({ type }) => type)));
    expect(causes).toEqual(new Set(['ImportRecorded', 'AdjustmentsBooked', 'AdjustmentsWithdrawn']));
    expect(diff.after.billed).toBe(await office.billed('2025-02'));
    expect(await office.billed('2025-01')).toBe('127.34');
  });

  it('stands on the next statement with its reason and what it corrects, and in the journal on the other side', async () => {
    await office.makeStatements('2025-02');
    const { statements } = await viewer.get<{ statements: { projectId: string; due: string }[] }>('/periods/2025-02/statements');
    const due = Object.fromEntries(statements.map((statement) => [statement.projectId, statement.due]));
    expect(due).toEqual({ engine: '-42.70', loom: '-21.00' });
    const pdf = await openPdf(await viewer.bytes('/periods/2025-02/statements/pdf?piEmail=ada@example.edu&projectId=loom'));
    const text = (await textOfPages(pdf)).join('|').replaceAll('|', ' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('Corrections of earlier statements');
    expect(text).toContain('January 2025, revision 1 Outage of node 7');
    expect(text).toContain(`Corrects charge ${idOf('bucket-1')} of 2025-01: Outage of node`);
    const journal = await viewer.get<{
      entries: { side: string; fundOrg: string; sourceName: string; amount: string }[];
      debits: string;
      credits: string;
    }>('/periods/2025-02/journals/preview');
    expect(journal.debits).toBe(journal.credits);
    expect(journal.entries.map(({ side, fundOrg, sourceName, amount }) => `${side} ${fundOrg} ${sourceName} ${amount}`).sort()).toEqual([
      'credit MATH-100 aws 3.00',
      'credit MATH-100 hpc 49.70',
      'credit MATH-200 hpc 11.00',
      'debit RC-1 hpc 60.70',
      'debit RC-2 aws 3.00',
    ]);
  });

  it('can be adjusted itself once its period is finalized', async () => {
    await office.finalize('2025-02');
    const [line] = (await adjustmentsOf('2025-02')).filter(({ adjusts }) => adjusts === idOf('node-1'));
    await importFile([{ period: '2025-03', billed: '1' }]);
    const { lines } = await book({ chargeId: line?.id, period: '2025-03', reason: 'The outage was in February' });
    expect(lines).toMatchObject([{ adjusts: line?.id, amount: '10.005', listCost: '20.01', left: '0' }]);
    expect(await problemCode(book({ chargeId: idOf('node-3') }))).toBe('409 period.wrong-state');
  });

  it('is made the same by a rebuild, and the audit proves its lines', async () => {
    const { projections, database, config } = office.api.own.services;
    const models = async (): Promise<unknown[]> => {
      const tables = ['charges', 'ledger_balances', 'review_log', 'adjustments'];
      return Promise.all(tables.map((table) => database.query(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`)));
    };
    const before = await models();
    for (const name of ['charges', 'adjustments']) await projections.rebuild(name);
    await office.settle();
    expect(await models()).toEqual(before);
    expect(await office.findings()).toEqual([]);
    const [line] = await adjustmentsOf('2025-02');
    const adjustmentId = Number(line?.id.split('-')[0]);
    await tamper(config.database.ownerUrl ?? '', `update charge_lines set amount = amount - 1 where import_id = ${adjustmentId}`);
    expect(await office.findings()).toEqual([`lines-changed adjustment-${adjustmentId}`]);
    await tamper(
      config.database.ownerUrl ?? '',
      `update charge_line_matches set old_line_no = old_line_no + 1 where import_id = ${adjustmentId}`,
    );
    expect(await office.findings()).toEqual([`lines-changed adjustment-${adjustmentId}`, `matches-changed adjustment-${adjustmentId}`]);
  });
});
