import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VerifyAuditHandler } from '#audit';
import { BookingRows } from '#journals';
import { billingPeriod } from '#kernel';
import { tags } from '../support/focus-csv.js';
import { JournalOffice, linesOf, refusalOf } from '../support/journal-office.js';

const MARCH = [
  { billed: '10' },
  { billed: '2.5', resource: 'node-2', tags: tags({ fund_org: 'BIO-200' }) },
  { billed: '-2.5', resource: 'node-3', tags: tags({ fund_org: 'BIO-200' }) },
];
const WITH_ZEROS = [
  'debit BIO-200 hpc 7050 0.00',
  'debit MATH-100 aws 6100 0.00',
  'debit MATH-100 hpc 7050 10.00',
  'credit RC-1 hpc 7050 10.00',
  'credit RC-2 aws 6100 0.00',
];

/** A fund/org whose charges cancel out, and a source whose only charge rounds to nothing. */
describe('a journal that is asked for rows of zero', () => {
  let office: JournalOffice;

  beforeEach(async () => {
    office = await JournalOffice.start();
    await office.imports(MARCH);
    await office.imports([{ billed: '0.004', resource: 'bucket-1' }], 'aws');
  });
  afterEach(() => office.stop());

  it('has them in the preview, in the file and in the list, and its totals are the same', async () => {
    const without = await office.preview('format=template');
    expect(linesOf(without)).toEqual(['debit MATH-100 hpc 7050 10.00', 'credit RC-1 hpc 7050 10.00']);
    const preview = await office.preview('format=template&includeZero=true');
    expect(linesOf(preview)).toEqual(WITH_ZEROS);
    expect(preview).toMatchObject({ rowCount: 5, debits: '10.00', credits: '10.00', net: '10.00', balanced: true, problems: [] });

    const exported = await office.export({ format: 'template', includeZero: true });
    expect(exported).toMatchObject({ includeZero: true, rowCount: 5, debits: '10.00', credits: '10.00' });
    expect(exported.fileName).toBe('journal_2025-03_template_1.csv');
    expect((await office.file(1)).trimEnd().split('\r\n').slice(1)).toEqual([
      expect.stringMatching(/^200,BIO,7050,,,,0\.00,,/),
      expect.stringMatching(/^100,MATH,6100,,,,0\.00,,/),
      expect.stringMatching(/^100,MATH,7050,,,,10\.00,,/),
      expect.stringMatching(/^1,RC,7050,,,,,10\.00,/),
      expect.stringMatching(/^2,RC,6100,,,,,0\.00,/),
    ]);
    await office.export({ format: 'template' });
    const { journals } = await office.viewer.get<{ journals: readonly object[] }>('/journals');
    expect(journals).toMatchObject([
      { number: 2, includeZero: false, rowCount: 2 },
      { number: 1, includeZero: true, rowCount: 5 },
    ]);
    await office.api.own.services.projections.rebuild('journals');
    expect((await office.viewer.get<{ journals: readonly object[] }>('/journals')).journals).toEqual(journals);
    expect(await office.viewer.get('/periods/2025-03/journals/1')).toMatchObject({ includeZero: true });
  });

  it('has as gl what it has without them, and a debit of zero per fund/org that comes to nothing', async () => {
    await office.imports([{ billed: '-10', resource: 'node-9' }]);
    expect(linesOf(await office.preview('format=gl'))).toEqual([]);
    const preview = await office.preview('format=gl&includeZero=true');
    expect(linesOf(preview)).toEqual(['debit BIO-200   0.00', 'debit MATH-100   0.00', 'debit CLOUD-CLEARING   0.00']);
    const { rowCount, debits, credits } = await office.export({ format: 'gl', includeZero: true });
    expect([rowCount, debits, credits]).toEqual([preview.rowCount, '0.00', '0.00']);
    expect((await office.file(1)).trimEnd().split('\r\n').slice(1)).toEqual([
      '2025-03,BIO-200,2025-03 Research Computing Charges,0.00,',
      '2025-03,MATH-100,2025-03 Research Computing Charges,0.00,',
      '2025-03,CLOUD-CLEARING,2025-03 Research Computing Charges,0.00,',
    ]);
  });

  it('is the same as without in the formats that have them anyway', async () => {
    for (const [index, format] of ['default', 'summary', 'detail'].entries()) {
      const [without, asked] = [await office.export({ format }), await office.export({ format, includeZero: true })];
      expect(await office.file(asked.number)).toBe(await office.file(without.number));
      expect([asked.number, asked.rowCount]).toEqual([2 * (index + 1), without.rowCount]);
      expect(await office.preview(`format=${format}&includeZero=true`)).toEqual(await office.preview(`format=${format}`));
    }
    expect(await office.file(1)).toContain(',BIO-200,Compute,0.00,2\r\n');
  });

  it('books nothing by them: a delta after it has nothing to say, and then only what changed', async () => {
    const { number } = await office.export({ format: 'template', includeZero: true });
    const rows = office.api.app.get(BookingRows);
    expect((await rows.held(billingPeriod('2025-03'), number)).count).toBe(2);
    const kept = await rows.sum(billingPeriod('2025-03'), [number]);
    expect(kept.map(({ party, fundOrg, amount }) => [party, fundOrg, amount.toString()])).toEqual([
      ['pi', 'MATH-100', '10'],
      ['source', 'RC-1', '10'],
    ]);
    await office.mark(1, 'posted');
    expect(await office.booked()).toMatchObject({ obstacle: null, deltaNeeded: false });
    expect(await refusalOf(office.export({ format: 'template', delta: true }))).toMatchObject({ code: 'journal.nothing-changed' });

    await office.reattribute('node-3', { fundOrg: 'MATH-100' });
    expect(linesOf(await office.preview('delta=true'))).toEqual(['debit BIO-200 hpc 7050 2.50', 'credit MATH-100 hpc 7050 2.50']);
    expect(await office.export({ format: 'gl', delta: true })).toMatchObject({ includeZero: false, deltaFrom: [1], rowCount: 4 });
    expect((await office.api.app.get(VerifyAuditHandler).verify(undefined)).findings).toEqual([]);
  });

  it('is no delta, in any format', async () => {
    const refusal = { status: 400, code: 'journal.delta-without-zeros' };
    for (const format of ['template', 'gl', 'default', 'summary']) {
      expect(await refusalOf(office.preview(`format=${format}&delta=true&includeZero=true`)), format).toMatchObject(refusal);
      const refused = await refusalOf(office.export({ format, delta: true, includeZero: true }));
      expect(refused, format).toMatchObject({ ...refusal, text: expect.stringContaining('A delta has only what changed') as string });
    }
    expect((await office.viewer.get<{ journals: readonly object[] }>('/journals')).journals).toEqual([]);
  });

  it('names rows of zero that nobody could book, and the charges concerned', async () => {
    await office.imports([{ billed: '0', resource: 'gift', tags: tags({ fund_org: '' }) }], 'aws');
    await office.reviewer.post('/review/approve', { filter: { period: '2025-03' }, note: 'a gift' });
    await office.settle();
    for (const format of ['template', 'gl', 'default', 'summary']) {
      expect((await office.preview(`format=${format}`)).problems, format).toEqual([]);
      const { problems, obstructed } = await office.preview(`format=${format}&includeZero=true`);
      const isBooked = format === 'template' || format === 'gl';
      expect(
        problems.map(({ code, source, mend }) => [code, source, mend]),
        format,
      ).toEqual(isBooked ? [['debit-fund-org.missing', 'aws', 'charges']] : []);
      expect(obstructed).toBe(format === 'template');
      if (!isBooked) continue;
      const query = new URLSearchParams(problems[0]?.charges ?? {}).toString();
      const { charges } = await office.viewer.get<{ charges: readonly { resourceId: string }[] }>(`/charges?${query}`);
      expect(charges.map(({ resourceId }) => resourceId)).toEqual(['gift']);
    }
    const refused = await refusalOf(office.export({ format: 'template', includeZero: true }));
    expect(refused).toMatchObject({ status: 409, code: 'journal.unbalanced' });
    expect(refused.text).toContain('A row of 0.00 from source “aws” has no fund/org');
  });

  it('has none of a month in which nothing is billed', async () => {
    await office.imports([{ billed: '1', period: '2025-04', tags: tags({ pi_email: '' }) }]);
    expect(await office.preview('format=gl&includeZero=true', '2025-04')).toMatchObject({ rowCount: 0, entries: [] });
  });
});
