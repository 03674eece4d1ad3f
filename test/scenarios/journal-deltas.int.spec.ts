import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tags } from '../support/focus-csv.js';
import { differencesOf, JournalOffice, linesOf, refusalOf } from '../support/journal-office.js';

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
});
