import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VerifyAuditHandler } from '#audit';
import { SourceRegistry } from '#sources';
import { tamper } from '#testing';
import { by } from '#testing/program';
import { tags } from '../support/focus-csv.js';
import { differencesOf, JournalOffice, linesOf, refusalOf } from '../support/journal-office.js';

const ADMIN = by('admin@example.edu');
const MARCH = [
  { billed: '10.005' },
  { billed: '2.5', resource: 'node-2', tags: tags({ fund_org: 'BIO-200', pi_email: 'ben@example.edu', project_id: 'wheel' }) },
];

describe('a journal after a change of the ledger', () => {
  let office: JournalOffice;

  beforeEach(async () => {
    office = await JournalOffice.start();
    await office.imports(MARCH);
    await office.imports([{ billed: '4', resource: 'bucket-1' }], 'aws');
  });
  afterEach(() => office.stop());

  it('tells as a delta what changed since what was posted, and after that there is nothing to book', async () => {
    expect(await office.booked()).toMatchObject({ counted: [], obstacle: null, deltaNeeded: true });
    const full = await office.export({ format: 'template' });
    expect(full).toMatchObject({ number: 1, deltaFrom: null, debits: '16.51', credits: '16.51' });
    await office.mark(1, 'posted');
    expect(await office.booked()).toMatchObject({ counted: [{ number: 1, status: 'posted' }], deltaNeeded: false });

    await office.reattribute('node-2', { fundOrg: 'CHEM-300' });
    await office.imports([{ billed: '4.5', resource: 'bucket-1' }], 'aws');
    const before = await office.booked();
    expect(differencesOf(before)).toEqual([
      'pi BIO-200 2.50 → 0.00',
      'pi CHEM-300 0.00 → 2.50',
      'pi MATH-100 14.01 → 14.51',
      'source RC-2 4.00 → 4.50',
    ]);
    expect(before.comparison?.pi).toEqual({ booked: '16.51', ledger: '17.01', difference: '0.50' });

    const preview = await office.preview('delta=true');
    expect(preview).toMatchObject({ deltaFrom: [{ number: 1 }], balanced: true, nothingChanged: false, net: '0.50' });
    expect(linesOf(preview)).toEqual([
      'debit CHEM-300 hpc 7050 2.50',
      'debit MATH-100 aws 6100 0.50',
      'credit BIO-200 hpc 7050 2.50',
      'credit RC-2 aws 6100 0.50',
    ]);
    const delta = await office.export({ format: 'template', delta: true });
    expect(delta).toMatchObject({ number: 2, deltaFrom: [1], rowCount: 4, debits: '3.00', credits: '3.00' });
    expect(delta.fileName).toBe('journal_2025-03_template_delta_2.csv');
    expect((await office.file(2)).split('\r\n')[1]).toMatch(/^300,CHEM,7050,,,,2\.50,,/);

    expect((await office.booked()).obstacle).toMatchObject({ code: 'journal.undecided' });
    expect(await refusalOf(office.export({ format: 'gl', delta: true }))).toMatchObject({ status: 409, code: 'journal.undecided' });
    await office.mark(2, 'posted');
    expect(await office.booked()).toMatchObject({ obstacle: null, deltaNeeded: false, counted: [{ number: 1 }, { number: 2 }] });
    const refusal = await refusalOf(office.export({ format: 'template', delta: true }));
    expect(refusal).toMatchObject({ status: 409, code: 'journal.nothing-changed' });
    expect(refusal.text).toContain('since Journals 1 (template) and 2 (template)');
    expect((await office.preview('delta=true')).nothingChanged).toBe(true);
  });

  it('stands on the page of a charge that it books otherwise, and of no other', async () => {
    const onJournals = async (resource: string): Promise<number[]> => {
      const { charges } = await office.viewer.get<{ charges: readonly { id: string }[] }>(`/charges?text=${resource}`);
      const { journals } = await office.viewer.get<{ journals: readonly { number: number }[] }>(`/charges/${charges[0]?.id ?? ''}`);
      return journals.map(({ number }) => number);
    };
    const { clock } = office.api.own;
    clock.advance(60_000);
    await office.export({ format: 'template' });
    clock.advance(60_000);
    await office.reattribute('node-2', { fundOrg: 'CHEM-300' });
    await office.imports([{ billed: '1', resource: 'node-9' }]);
    clock.advance(60_000);
    await office.export({ format: 'template', delta: true });
    expect([await onJournals('node-1'), await onJournals('node-2'), await onJournals('node-9')]).toEqual([[1], [1, 2], [2]]);
  });

  it('reverses one of two full journals that were both posted', async () => {
    await office.export({ format: 'template' });
    await office.export({ format: 'gl' });
    await office.mark(1, 'posted');
    await office.mark(2, 'posted');
    expect(differencesOf(await office.booked())).toEqual([
      'pi BIO-200 5.00 → 2.50',
      'pi MATH-100 28.02 → 14.01',
      'source RC-1 12.51 → 0.00',
      'source RC-2 4.00 → 0.00',
    ]);
    const delta = await office.export({ format: 'gl', delta: true });
    expect(delta).toMatchObject({ deltaFrom: [1, 2], debits: '16.51', credits: '16.51' });
    expect((await office.file(3)).trimEnd().split('\r\n').slice(1)).toEqual([
      '2025-03,BIO-200,2025-03 Research Computing Charges,,2.50',
      '2025-03,MATH-100,2025-03 Research Computing Charges,,14.01',
      '2025-03,RC-1,2025-03 Research Computing Charges,12.51,',
      '2025-03,RC-2,2025-03 Research Computing Charges,4.00,',
    ]);
    await office.mark(3, 'posted');
    expect((await office.booked()).deltaNeeded).toBe(false);
    // As a template journal it would be credited to the sources instead of the clearing account.
    expect(linesOf(await office.preview('delta=true'))).toEqual([
      'debit CLOUD-CLEARING   16.51',
      'credit RC-1 hpc 7050 12.51',
      'credit RC-2 aws 6100 4.00',
    ]);
  });

  it('is told in the formats of one side too, and refused where it can’t be told', async () => {
    await office.export({ format: 'default' });
    await office.reattribute('node-2', { projectId: 'cart' });
    const delta = await office.export({ format: 'default', delta: true });
    expect(delta).toMatchObject({ deltaFrom: [1], rowCount: 2, debits: '2.50', credits: '2.50' });
    expect((await office.file(2)).split('\r\n').slice(1, 3)).toEqual([
      '2025-03,ben@example.edu,cart,BIO-200,Compute,2.50,1',
      '2025-03,ben@example.edu,wheel,BIO-200,Compute,-2.50,-1',
    ]);
    await office.mark(1, 'posted');
    await office.mark(2, 'posted');
    expect(await refusalOf(office.export({ format: 'summary', delta: true }))).toMatchObject({ code: 'journal.nothing-changed' });
    expect(await refusalOf(office.preview('delta=true'))).toMatchObject({ status: 409, code: 'journal.other-family' });
    expect(await refusalOf(office.export({ format: 'detail', delta: true }))).toMatchObject({
      status: 400,
      code: 'journal.delta-of-charges',
    });
    expect(await office.booked()).toMatchObject({ obstacle: { code: 'journal.other-family' }, comparison: null, deltaNeeded: false });
    expect(await office.booked('one-sided')).toMatchObject({ obstacle: null, deltaNeeded: false });
  });

  it('is a full journal where nothing counts as booked', async () => {
    const first = await office.export({ format: 'template', delta: true });
    expect(first).toMatchObject({ deltaFrom: [], debits: '16.51', fileName: 'journal_2025-03_template_1.csv' });
    expect(await refusalOf(office.export({ format: 'template', delta: true }))).toMatchObject({ code: 'journal.nothing-changed' });
    await office.mark(1, 'void');
    expect(await office.export({ format: 'template', delta: true })).toMatchObject({ number: 2, deltaFrom: [], debits: '16.51' });
    await office.mark(1, 'unmark');
    expect(await office.booked()).toMatchObject({ counted: [{ number: 2 }], deltaNeeded: false });
  });

  it('credits a source anew that is credited elsewhere, and may book what was left unbalanced', async () => {
    const sources = office.api.app.get(SourceRegistry);
    await sources.change('aws', { fundOrg: '' }, ADMIN);
    const preview = await office.preview('format=template');
    expect(preview).toMatchObject({ obstructed: true, balanced: false });
    expect(preview.problems).toMatchObject([
      { code: 'credit-fund-org.missing', source: 'aws', mend: 'source', charges: { period: '2025-03', source: 'aws' } },
      { code: 'journal.unbalanced', mend: null, charges: null },
    ]);
    await office.export({ format: 'template', allowUnbalanced: true });
    await office.mark(1, 'posted');
    await office.imports([{ billed: '1', resource: 'node-3' }]);
    // What is unbalanced in the books already is no fault of this delta.
    expect(await office.preview('delta=true')).toMatchObject({ problems: [], balanced: true, rowCount: 2 });
    await sources.change('hpc', { fundOrg: 'RC-9' }, ADMIN);
    await sources.change('aws', { fundOrg: 'RC-2' }, ADMIN);
    const delta = await office.preview('delta=true');
    expect(linesOf(delta)).toEqual([
      'debit MATH-100 hpc 7050 1.00',
      'debit RC-1 hpc 7050 12.51',
      'credit RC-2 aws 6100 4.00',
      'credit RC-9 hpc 7050 13.51',
    ]);
    expect(delta.problems.map(({ code }) => code)).toEqual(['journal.unbalanced']);
    await office.export({ format: 'template', delta: true, allowUnbalanced: true });
    await office.mark(2, 'posted');
    expect(await office.booked()).toMatchObject({
      deltaNeeded: false,
      comparison: { pi: { booked: '17.51' }, source: { booked: '17.51' } },
    });
  });

  it('is recorded only if nothing was exported or marked while it was written', async () => {
    await office.export({ format: 'template' });
    await office.mark(1, 'posted');
    await office.reattribute('node-2', { fundOrg: 'CHEM-300' });
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => office.export({ format: 'gl', delta: true })));
    const written = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(written).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ status: 409 });
    }
    await office.mark(2, 'void');
    const { number } = await office.export({ format: 'template', delta: true });
    const marks = await Promise.allSettled([1, 2, 3, 4].map((batch) => office.mark(number, 'posted', { documentNumber: `JE-${batch}` })));
    expect(marks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await office.booked()).deltaNeeded).toBe(false);
  });

  it('can’t start from a journal of a program that did not keep what it booked', async () => {
    await office.export({ format: 'template' });
    await tamper(
      office.api.own.services.config.database.ownerUrl ?? '',
      `update events set schema_version = 1, data = data - 'template' - 'deltaFrom' - 'bookings' - 'includeZero' where type = 'JournalExported'`,
      'delete from journal_bookings',
    );
    await office.api.own.services.projections.rebuild('journals');
    expect(await office.viewer.get('/periods/2025-03/journals/1')).toMatchObject({ status: 'written', deltaFrom: null });
    const refusal = await refusalOf(office.export({ format: 'template', delta: true }));
    expect(refusal).toMatchObject({ status: 409, code: 'journal.contents-unknown' });
    expect(refusal.text).toContain('record it as void, and export in full');
    await office.mark(1, 'void');
    expect(await office.export({ format: 'template', delta: true })).toMatchObject({ deltaFrom: [], debits: '16.51' });
    const findings = (await office.api.app.get(VerifyAuditHandler).verify(undefined)).findings.map(({ kind }) => kind);
    expect(findings.filter((kind) => kind === 'bookings-changed')).toEqual([]);
  });

  it('keeps texts of any characters, which the audit finds again', async () => {
    await office.imports([{ billed: '3', resource: 'odd', service: 'a\tb\\c "d"\ne', tags: tags({ project_id: 'Łódź \\N' }) }]);
    await office.export({ format: 'default' });
    expect((await office.api.app.get(VerifyAuditHandler).verify(undefined)).findings).toEqual([]);
    expect((await office.booked('one-sided')).deltaNeeded).toBe(false);
  });

  it('shows a preview page by page, with the charges that a problem is about', async () => {
    await office.imports([{ billed: '3', resource: 'node-9', tags: tags({ fund_org: '' }) }]);
    await office.reviewer.post('/review/approve', { filter: { period: '2025-03' }, note: 'a gift' });
    await office.settle();
    for (const format of ['template', 'default', 'summary', 'gl', 'detail']) {
      const preview = await office.preview(`format=${format}`);
      const [problem] = preview.problems;
      expect([format, preview.net, problem?.code, problem?.mend]).toEqual([format, '19.51', 'debit-fund-org.missing', 'charges']);
      const query = new URLSearchParams(problem?.charges ?? {}).toString();
      const found = await office.viewer.get<{ charges: readonly { resourceId: string }[] }>(`/charges?${query}`);
      expect(found.charges.map(({ resourceId }) => resourceId)).toEqual(['node-9']);
      expect(preview.obstructed).toBe(format === 'template');
      if (format === 'detail') expect([preview.rowCount, preview.entries]).toEqual([4, []]);
      else {
        const pages = await Promise.all([0, 2, 4].map((offset) => office.preview(`format=${format}&limit=2&offset=${offset}`)));
        expect(pages.flatMap(linesOf)).toEqual(linesOf(preview));
        expect(preview.entries).toHaveLength(preview.rowCount);
      }
      // The same totals as the file that is written.
      const exported = await office.export({ format, allowUnbalanced: true });
      expect([exported.debits, exported.credits, exported.rowCount]).toEqual([preview.debits, preview.credits, preview.rowCount]);
    }
    const wrong = await office.preview('format=template&template=kuali_collector.txt');
    expect(wrong.problems.at(-1)).toMatchObject({ code: 'template.failed', mend: 'template' });
    expect(await refusalOf(office.preview('format=gl&template=journal_gl.csv'))).toMatchObject({ code: 'journal.template-unused' });
    expect(await refusalOf(office.preview('template=nosuch.txt'))).toMatchObject({ code: 'template.unknown' });
  });

  it('counts for finalizing while it is not void, also where a later change came to the same', async () => {
    const isDone = async (): Promise<boolean | undefined> => {
      const page = await office.viewer.get<{ checklist: readonly { check: string; done: boolean }[] }>('/periods/2025-03');
      return page.checklist.find(({ check }) => check === 'journal')?.done;
    };
    expect(await isDone()).toBe(false);
    await office.export({ format: 'template' });
    expect(await isDone()).toBe(true);
    await office.imports([{ billed: '10.005', resource: 'node-7' }]);
    expect(await isDone()).toBe(false);
    // Other charges than were exported, and the same bookings.
    await office.imports([{ billed: '-10.005', resource: 'node-8' }]);
    expect(await isDone()).toBe(true);
    await office.mark(1, 'void');
    expect(await isDone()).toBe(false);
    await office.mark(1, 'unmark', { mark: 'void' });
    expect(await isDone()).toBe(true);
  });

  it('has a story that is told whole, and stays through a rebuild', async () => {
    await office.export({ format: 'template' });
    await office.mark(1, 'posted', { note: 'batch 7' });
    await office.mark(1, 'void');
    expect(await refusalOf(office.mark(1, 'unmark', { mark: 'posted' }))).toMatchObject({ status: 409, code: 'journal.other-mark' });
    await office.mark(1, 'unmark', { mark: 'void' });
    const journal = await office.viewer.get<{ history: readonly { step: string; by: string }[] }>('/periods/2025-03/journals/1');
    expect(journal).toMatchObject({ status: 'posted', documentNumber: 'JE-1', postedOn: '2025-10-31', markNote: 'batch 7' });
    expect(journal.history.map(({ step, by }) => `${step} ${by}`)).toEqual(
      ['exported', 'posted', 'void', 'mark-withdrawn'].map((step) => `${step} reviewer@example.edu`),
    );
    const rows = (): Promise<unknown[]> =>
      office.api.own.services.database.query('select to_jsonb(j) as row from journals j order by number');
    const live = await rows();
    await office.api.own.services.projections.rebuild('journals');
    expect(await rows()).toEqual(live);
    const { events } = await office.reviewer.get<{ events: readonly { text: string }[] }>('/audit?limit=4');
    expect(events.map(({ text }) => text)).toEqual([
      'Journal 1 of 2025-03 is not void after all: as accounting says',
      'Journal 1 of 2025-03 is void: as accounting says',
      'Journal 1 of 2025-03 was posted as document JE-1 on 2025-10-31',
      'Journal journal_2025-03_template_1.csv was exported',
    ]);
  });

  it('may be marked on the day that has begun somewhere, and by reviewers alone', async () => {
    await office.export({ format: 'template' });
    // It is 9 o'clock in UTC: 23 o'clock on the islands where the day begins.
    office.api.own.clock.advance(2 * 60 * 60 * 1000);
    expect(await refusalOf(office.mark(1, 'posted', { postedOn: '2025-11-05' }))).toMatchObject({
      status: 400,
      code: 'journal.invalid-mark',
    });
    expect(await office.mark(1, 'posted', { postedOn: '2025-11-04' })).toMatchObject({ status: 'posted' });
    expect(await refusalOf(office.viewer.post('/periods/2025-03/journals/1/void', { reason: 'x' }))).toMatchObject({ status: 403 });
    expect(await refusalOf(office.mark(7, 'void'))).toMatchObject({ status: 404, code: 'journal.unknown' });
    expect(await refusalOf(office.booked('two-sided', '2025-07'))).toMatchObject({ status: 404, code: 'period.unknown' });
  });
});
