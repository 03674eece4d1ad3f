import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysHandler } from '#identity';
import { tamper } from '#testing';
import { openPdf, textOfPages } from '../../libs/statements/testing/pdf-text.js';
import { ApiClient } from '../support/api-client.js';
import { ADMIN, ApiOffice, problemCode } from '../support/api-office.js';
import { eventually } from '../support/eventually.js';
import { type FocusRow, focusCsv } from '../support/focus-csv.js';
import { restated, september } from '../support/restated-rows.js';
import type { Charge, ImportInfo, PreviewInfo } from '../support/restated-month.js';

const CONFIG = `dev_mode: true
imports:
  known_sources: [{name: hpc, fund_org: RC-1}]
`;
const NO_STATEMENTS = 'no statements in this test';
const REASON = 'The vendor restated September';

/** September is finalized; then its vendor states it anew, again and again. */
describe('a finalized month that its source restates', () => {
  let office: ApiOffice;
  let reviewer: ApiClient;
  let viewer: ApiClient;
  /** Charges of September by their resource. */
  const ids = new Map<string, string>();
  /** Of the first restatement. */
  let first = 0;

  beforeAll(async () => {
    office = await ApiOffice.start(CONFIG);
    ({ reviewer, viewer } = office.people);
    await importFile(september);
    for (const { id, resourceId } of await chargesOf('2025-09')) ids.set(resourceId, id);
    await reviewer.post('/review/reject', { ids: [idOf('rejected-raised'), idOf('rejected-dropped')], note: 'not ours' });
    await reviewer.post('/review/reattribute', { ids: [idOf('moved')], set: { fundOrg: 'CHEM-3' }, note: 'asked the lab' });
    const parts = [{ percent: '50', fundOrg: 'BIO-1' }, { fundOrg: 'BIO-2' }];
    await reviewer.post('/splits', { ids: [idOf('divided')], parts, note: 'shared' });
    await office.finalize('2025-09', NO_STATEMENTS);
    await importFile([{ period: '2025-10', billed: '60', list: '80', resource: 'october' }]);
    const credit = (resource: string, amount: string): Promise<unknown> =>
      reviewer.post('/adjustments', { chargeId: idOf(resource), period: '2025-10', amount, reason: 'By hand' });
    await credit('outage', '5');
    await credit('refunded', '10');
  });
  afterAll(() => office.stop());

  const handIn = (content: string, fields: Readonly<Record<string, string>>, client = reviewer): Promise<number> =>
    office.handIn(content, { source: 'hpc', ...fields }, client);
  const importFile = (rows: readonly FocusRow[], mode = 'merge'): Promise<number> => handIn(focusCsv(rows), { deliveryMode: mode });
  const AS_ADJUSTMENTS = { deliveryMode: 'replace', asAdjustments: '2025-10', reason: REASON };
  const restate = (content: string, fields: object = {}): Promise<number> => handIn(content, { ...AS_ADJUSTMENTS, ...fields });
  async function tried(content: string, fields: object = {}): Promise<NonNullable<PreviewInfo['outcome']>> {
    const { previewId } = await reviewer.tryUpload(await office.fileOf(content), { source: 'hpc', ...AS_ADJUSTMENTS, ...fields });
    return eventually(async () => (await viewer.get<PreviewInfo>(`/imports/previews/${previewId}`)).outcome ?? undefined);
  }

  const chargesOf = async (period: string): Promise<readonly Charge[]> =>
    (await viewer.get<{ charges: readonly Charge[] }>(`/charges?period=${period}&limit=500`)).charges;
  const idOf = (resource: string): string => ids.get(resource) ?? 'unknown';
  const importOf = (importId: number): Promise<ImportInfo> => viewer.get<ImportInfo>(`/imports/${importId}`);
  /** What an adjustment booked: by resource, amount and list price, whose fund, what it corrects. */
  async function booked(importId: number, period = '2025-10'): Promise<string[]> {
    const own = (await chargesOf(period)).filter(({ id }) => id.startsWith(`${importId}-`));
    return own
      .map(({ resourceId, amount, listCost, fundOrg, adjusts, standing }) =>
        [resourceId, amount, listCost, fundOrg, adjusts === null ? 'new' : 'corrects', standing].join(' '),
      )
      .sort();
  }

  it('is refused as an import, which names the way', async () => {
    const { state, refusal } = await importOf(await importFile(restated, 'replace'));
    expect([state, refusal?.code]).toEqual(['refused', 'import.period-shut']);
    expect(refusal?.reason).toMatch(/--as-adjustments/);
  });

  it('shows the difference, and books just that', async () => {
    const preview = await tried(focusCsv(restated));
    expect(preview.accepted).toBe(true);
    expect(await chargesOf('2025-10')).toHaveLength(3);
    first = await restate(focusCsv(restated));
    const { state, restatement } = await importOf(first);
    expect(state).toBe('booked');
    expect(restatement).toEqual(preview.restatement);
    expect(restatement).toMatchObject({ period: '2025-10', adjustedPeriod: '2025-09', reason: REASON, lineCount: 7, flaggedLineCount: 1 });
    const told = restatement?.kinds.map(({ kind, lineCount, before, after, amount, listCost }) =>
      [kind, lineCount, before, after, amount, listCost].join(' '),
    );
    // Revised: raised, lowered, moved and one of the twins. Left as they are: what is the same, and what was credited by hand already.
    expect(told).toEqual([
      'revised 4 195 198 3 3',
      'withdrawn 1 20 0 -20 -25',
      'new 2 0 15 15 18',
      'unchanged 5 49.333333 54.333333 0 0',
      'rejected 2 14 9 0 0',
    ]);
    expect(restatement?.piChanges).toEqual({
      piCount: 2,
      top: [
        { piEmail: 'ada@example.edu', currency: 'USD', before: '45', after: '31' },
        { piEmail: 'bob@example.edu', currency: 'USD', before: '0', after: '12' },
      ],
    });
    expect(await booked(first)).toEqual([
      'dropped -20 -25 MATH-100 corrects clear',
      'late 12 15 PHYS-7 new clear',
      'late-and-doubtful 3 3  new flagged',
      'lowered -10 -10 MATH-100 corrects clear',
      'moved 2 2 CHEM-3 corrects clear',
      'raised 10 10 MATH-100 corrects clear',
      'twin 1 1 MATH-100 corrects clear',
    ]);
    expect([await office.billed('2025-09'), await office.billed('2025-10')]).toEqual(['279.33', '40.00']);
  });

  it('names the line of the file where it corrects no charge, and the charge where it corrects one', async () => {
    const charges = (await chargesOf('2025-10')).filter(({ id }) => id.startsWith(`${first}-`));
    expect(charges.find(({ resourceId }) => resourceId === 'late')?.id).toBe(`${first}-10`);
    expect(charges.find(({ resourceId }) => resourceId === 'raised')).toMatchObject({ id: `${first}-4`, adjusts: idOf('raised') });
    // Not in the file: after its lines.
    expect(charges.find(({ resourceId }) => resourceId === 'dropped')).toMatchObject({ id: `${first}-14`, adjusts: idOf('dropped') });
    const late = await viewer.get<{
      line: { columns: { name: string; value: string }[] };
      imports: { importId: number; fileName: string }[];
    }>(`/charges/${first}-10`);
    expect(JSON.stringify(late.line)).toContain(`Of 2025-09: ${REASON}`);
    expect(late.imports).toMatchObject([{ importId: first, fileName: expect.stringMatching(/^delivery-\d+\.csv$/) as string }]);
    const old = await viewer.get<{ adjustments: object[] }>(`/charges/${idOf('raised')}`);
    expect(old.adjustments).toMatchObject([
      { chargeId: `${first}-4`, kind: 'restatement', amount: '10', reason: REASON, bookedBy: 'reviewer@example.edu' },
    ]);
    expect(await viewer.get(`/adjustments/${first}`)).toMatchObject({
      kind: 'restatement',
      period: '2025-10',
      adjustedPeriod: '2025-09',
      piEmail: null,
      chargeId: null,
      lineCount: 7,
      firstLine: 3,
      bookedBy: 'reviewer@example.edu',
      totals: [{ currency: 'USD', lineCount: 7, listCost: '-4', amount: '-2' }],
    });
    const ofBob = await viewer.get<{ adjustments: { adjustmentId: number }[] }>('/adjustments?piEmail=bob@example.edu');
    expect(ofBob.adjustments.map(({ adjustmentId }) => adjustmentId)).toEqual([first]);
  });

  it('books nothing twice: neither for the same bytes nor for others that say the same', async () => {
    expect(await reviewer.upload(await office.fileOf(focusCsv(restated)), { source: 'hpc', ...AS_ADJUSTMENTS })).toMatchObject({
      importId: first,
      duplicate: true,
    });
    const again = await restate(focusCsv([...restated].reverse()));
    const { state, restatement } = await importOf(again);
    expect([state, restatement?.lineCount]).toEqual(['booked', 0]);
    expect(restatement?.kinds.map(({ kind, lineCount }) => `${kind} ${lineCount}`)).toEqual(['unchanged 11', 'rejected 2']);
    expect(await booked(again)).toEqual([]);
    expect(await problemCode(viewer.get(`/adjustments/${again}`))).toBe('404 adjustment.unknown');
    expect(await office.billed('2025-10')).toBe('40.00');
  });

  it('is compared with what earlier restatements made of it', async () => {
    const third = restated
      .filter(({ resource }) => resource !== 'late-and-doubtful' && resource !== 'lowered')
      .map((row) =>
        row.resource === 'late'
          ? { ...row, billed: '14', list: '15' }
          : row.resource === 'raised'
            ? { ...row, billed: '100', list: '120' }
            : row,
      )
      .concat([{ period: '2025-09', billed: '20', list: '25', resource: 'dropped' }]);
    const id = await restate(focusCsv(third));
    expect(await booked(id)).toEqual([
      'dropped 20 25 MATH-100 corrects clear',
      'late 2 0 PHYS-7 corrects clear',
      'late-and-doubtful -3 -3  corrects flagged',
      'lowered -40 -40 MATH-100 corrects clear',
      'raised -10 -10 MATH-100 corrects clear',
    ]);
    const late = (await chargesOf('2025-10')).find(({ id: own, resourceId }) => own.startsWith(`${id}-`) && resourceId === 'late');
    expect(late?.adjusts).toBe(`${first}-10`);
    // The first can't go while the later one corrects what it booked.
    expect(await problemCode(reviewer.post(`/adjustments/${first}/withdraw`, { reason: 'x' }))).toBe('409 adjustment.corrected-since');
    await reviewer.post(`/adjustments/${id}/withdraw`, { reason: 'The vendor took it back' });
    await office.settle();
    expect(await importOf(id)).toMatchObject({ state: 'withdrawn', endReason: 'The vendor took it back' });
    expect(await office.billed('2025-10')).toBe('40.00');
    // What was withdrawn can be handed in once more.
    const anew = await restate(focusCsv(third));
    expect(anew).not.toBe(id);
    expect(await booked(anew)).toHaveLength(5);
    await reviewer.post(`/adjustments/${anew}/withdraw`, { reason: 'Tried only' });
    await office.settle();
  });

  it('lets doubtful lines wait for review, and leaves alone what was rejected there', async () => {
    await reviewer.post('/review/reject', { ids: [`${first}-11`], note: 'not ours either' });
    await office.settle();
    const raised = restated.map((row) => (row.resource === 'late-and-doubtful' ? { ...row, billed: '4' } : row));
    const { restatement } = await tried(focusCsv(raised));
    expect([restatement?.lineCount, restatement?.kinds.find(({ kind }) => kind === 'rejected')?.lineCount]).toEqual([0, 3]);
    await reviewer.post('/review/restore', { ids: [`${first}-11`], note: 'ours after all' });
    await reviewer.post('/review/reattribute', { ids: [`${first}-11`], set: { fundOrg: 'MATH-100' }, note: 'asked' });
    await office.settle();
    expect(await office.billed('2025-10')).toBe('43.00');
  });

  it('is left alone by what is imported for the open period', async () => {
    const id = await importFile([{ period: '2025-10', billed: '61', list: '80', resource: 'october' }], 'replace');
    const { report } = await viewer.get<{ report: { outcomes: { outcome: string; lineCount: number }[] } }>(`/imports/${id}`);
    expect(report.outcomes.map(({ outcome, lineCount }) => `${outcome} ${lineCount}`)).toEqual(['revised 1']);
    expect(await office.billed('2025-10')).toBe('44.00');
  });

  it('refuses what it may not do, and says why', async () => {
    let contentCount = 0;
    // Each another file.
    const content = (rows: readonly FocusRow[]): string => {
      contentCount += 1;
      return focusCsv([...rows, { period: '2025-09', billed: `1${contentCount}`, resource: 'x' }]);
    };
    const refused = async (rows: string, fields: object = {}): Promise<string | undefined> => {
      const { accepted, refusal } = await tried(rows, fields);
      return accepted ? 'accepted' : refusal?.code;
    };
    const upload = async (fields: Readonly<Record<string, string>>, client = reviewer): Promise<string> =>
      problemCode(client.upload(await office.fileOf(content(restated)), { source: 'hpc', ...fields }));
    const divided = restated.map((row) => (row.resource === 'divided' ? { ...row, billed: '17' } : row));
    const key = await office.api.app
      .get(ApiKeysHandler)
      .issue({ name: 'exporter', scopes: ['imports:write'], sources: null, expiresAt: null }, ADMIN);
    await office.settle();
    expect({
      'lines in an open period': await refused(content([{ period: '2025-10', billed: '1' }])),
      'only lines in an open period': await refused(focusCsv([{ period: '2025-10', billed: '1' }])),
      'a period that is not there': await refused(focusCsv([{ period: '2025-12', billed: '1' }])),
      'billed in a finalized period': await refused(content(restated), { asAdjustments: '2025-09' }),
      'billed in no period': await refused(content(restated), { asAdjustments: '2025-12' }),
      'no lines': await refused(focusCsv([])),
      'other amounts of a divided charge': await refused(focusCsv(divided)),
      'a divided charge left out': await refused(focusCsv(divided.slice(0, -1))),
      'rows with errors': await refused(content([{ period: '2025-09', billed: '1,5' }])),
      'not a snapshot': await upload({ ...AS_ADJUSTMENTS, deliveryMode: 'merge' }),
      'the mode of the source': await upload({ asAdjustments: '2025-10', reason: REASON }),
      'not all of it': await upload({ ...AS_ADJUSTMENTS, allowPartial: 'true' }),
      'no reason': await upload({ ...AS_ADJUSTMENTS, reason: ' ' }),
      'a reason for nothing': await upload({ reason: 'x' }),
      'a viewer': await upload(AS_ADJUSTMENTS, viewer),
      'a key': await upload(AS_ADJUSTMENTS, new ApiClient(office.api.url, key.token)),
    }).toEqual({
      'lines in an open period': 'adjustment.period-not-finalized',
      'only lines in an open period': 'adjustment.period-not-finalized',
      'a period that is not there': 'adjustment.period-not-finalized',
      'billed in a finalized period': 'period.wrong-state',
      'billed in no period': 'period.wrong-state',
      'no lines': 'import.no-lines',
      'other amounts of a divided charge': 'adjustment.charge-divided',
      'a divided charge left out': 'adjustment.charge-divided',
      'rows with errors': 'import.row-errors',
      'not a snapshot': '400 import.no-snapshot',
      'the mode of the source': '400 import.no-snapshot',
      'not all of it': '400 import.no-snapshot',
      'no reason': '400 adjustment.reason',
      'a reason for nothing': '400 request.invalid',
      'a viewer': '403 access.role',
      'a key': '403 access.people-only',
    });
    expect(await problemCode(reviewer.post(`/imports/${first}/withdraw`, { reason: 'x' }))).toBe('409 import.not-recorded');
    const { database } = office.api.own.services;
    expect(await database.query('select import_id from restated_lines')).toEqual([]);
    expect(await database.query('select import_id from charge_lines where import_id < 0')).toEqual([]);
  });

  it('is in the journal of the open period with the difference alone, which balances', async () => {
    const journal = await viewer.get<{
      entries: { side: string; fundOrg: string; amount: string }[];
      debits: string;
      credits: string;
    }>('/periods/2025-10/journals/preview');
    expect(journal.debits).toBe(journal.credits);
    expect(journal.entries.map(({ side, fundOrg, amount }) => `${side} ${fundOrg} ${amount}`).sort()).toEqual([
      'credit RC-1 44.00',
      // October's own 61, less 15 by hand, less 19 by the file, and 3 that were approved.
      'debit CHEM-3 2.00',
      'debit MATH-100 30.00',
      'debit PHYS-7 12.00',
    ]);
  });

  it('stands among the corrections of the next statement, also what was not billed before', async () => {
    const { runId } = await reviewer.post<{ runId: number }>('/periods/2025-10/statement-runs');
    await eventually(async () =>
      (await viewer.get<{ state: string }>(`/statement-runs/${runId}`)).state === 'completed' ? true : undefined,
    );
    await office.settle();
    const pdf = await viewer.bytes('/periods/2025-10/statements/pdf?piEmail=ada%40example.edu&projectId=engine');
    const text = (await textOfPages(await openPdf(pdf))).join(' ').replaceAll('|', ' ');
    expect(text).toContain('Corrections of earlier statements');
    expect(text).toContain(`Corrects charge ${idOf('raised')} of 2025-09: ${REASON}`);
    expect(text).toContain(`Of 2025-09, not billed before: ${REASON}`);
  });

  it('goes on from what is finalized in its turn', async () => {
    await office.finalize('2025-10', NO_STATEMENTS);
    await importFile([{ period: '2025-11', billed: '1', resource: 'november' }]);
    const later = restated.map((row) =>
      row.resource === 'late'
        ? { ...row, billed: '10', list: '13' }
        : row.resource === 'raised'
          ? { ...row, billed: '90', list: '110' }
          : row,
    );
    const id = await restate(focusCsv(later), { asAdjustments: '2025-11' });
    expect(await booked(id, '2025-11')).toEqual(['late -2 -2 PHYS-7 corrects clear', 'raised -20 -20 MATH-100 corrects clear']);
    // What somebody credits of an adjustment counts as well, however long the chain.
    await reviewer.post('/adjustments', { chargeId: `${first}-4`, period: '2025-11', amount: '4', reason: 'By hand' });
    await office.settle();
    const { restatement } = await tried(`${focusCsv(later)}\n`, { asAdjustments: '2025-11' });
    expect(restatement?.kinds.find(({ kind }) => kind === 'revised')).toMatchObject({
      lineCount: 1,
      before: '86',
      after: '90',
      amount: '4',
    });
  });

  it('is made the same by a rebuild, and the audit proves its lines', async () => {
    const { projections, database, config } = office.api.own.services;
    const models = async (): Promise<unknown[]> => {
      const tables = ['charges', 'ledger_balances', 'review_log', 'adjustments', 'imports'];
      return Promise.all(tables.map((table) => database.query(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`)));
    };
    const before = await models();
    for (const name of ['charges', 'adjustments', 'imports']) await projections.rebuild(name);
    await office.settle();
    expect(await models()).toEqual(before);
    expect(await office.findings()).toEqual([]);
    await tamper(
      config.database.ownerUrl ?? '',
      `update charge_lines set attribution_rule = 'R1.1' where import_id = ${first} and line_no = 10`,
    );
    await tamper(config.database.ownerUrl ?? '', `delete from charge_line_matches where import_id = ${first} and line_no = 4`);
    expect(await office.findings()).toEqual([`lines-changed adjustment-${first}`, `matches-changed adjustment-${first}`]);
  });
});
