import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChargeRow } from '#charges';
import { WithdrawImportHandler } from '#imports';
import { ExpectedInvoices, InvoiceQueries, type InvoiceRow, type InvoiceUpload } from '#invoices';
import { billingPeriod } from '#kernel';
import { ChangePeriodHandler, FinalizeChecklist } from '#periods';
import { SplitChargesHandler } from '#splits';
import { by, TestProgram } from '#testing/program';
import { type InvoicedRow, invoicedCsv } from '../support/invoiced-csv.js';
import { Office } from '../support/office.js';

const REVIEWER = by('reviewer@example.edu');
const MARCH = billingPeriod('2025-03');
const APRIL = billingPeriod('2025-04');
const CONFIG = `
dev_mode: true
imports:
  known_sources: [{name: aws}, {name: ids, line_id_column: ResourceId}, {name: gcp}]
`;
const ALL = { limit: 1000, offset: 0 };

/** What providers ask for against what is recorded (docs/how-to/provider-invoices.md). */
describe('provider invoices', () => {
  let program: TestProgram;
  let office: Office;
  let invoices: ExpectedInvoices;
  let queries: InvoiceQueries;

  beforeEach(async () => {
    program = await TestProgram.start({ config: CONFIG });
    office = new Office(program);
    invoices = program.get(ExpectedInvoices);
    queries = program.get(InvoiceQueries);
  });
  afterEach(() => program.stop());

  const expectInvoice = (invoiceId: string, amount: string, more: { period?: string; currency?: string; source?: string } = {}) =>
    invoices.put(
      more.source ?? 'aws',
      invoiceId,
      more.period ?? '2025-03',
      { amount, ...(more.currency === undefined ? {} : { currency: more.currency }) },
      REVIEWER,
    );
  const deliver = (rows: readonly InvoicedRow[], options: { mode?: 'replace' | 'append'; source?: string } = {}) =>
    office.import(invoicedCsv(rows), { source: 'aws', ...options });
  async function rows(period = MARCH): Promise<readonly InvoiceRow[]> {
    await program.settle();
    return (await queries.list(period, {}, ALL)).invoices;
  }
  /** `INV-1 USD difference 100 98 -2` of each row. */
  async function told(period = MARCH): Promise<string[]> {
    return (await rows(period)).map(({ invoiceId, currency, state, expected, recorded, difference }) =>
      [invoiceId || '–', currency, state, expected ?? '–', recorded ?? '–', difference].join(' '),
    );
  }
  const checklist = async (): Promise<string | undefined> => {
    await program.settle();
    return (await program.get(FinalizeChecklist).items(MARCH)).find(({ check }) => check === 'invoices')?.text;
  };
  async function upload(content: string, source: string | null = 'aws'): Promise<InvoiceUpload> {
    const file = await program.services.storage.put(Readable.from([Buffer.from(content)]));
    return { ...file, fileName: 'invoices.csv', source };
  }

  it('are matched, different, missing or unexpected, with credits and lines without an invoice', async () => {
    await deliver([
      { billed: '60.005', invoice: 'INV-1' },
      { billed: '45', invoice: 'inv-1 ', resource: 'node-2' },
      { billed: '-5', invoice: 'INV-1', category: 'Credit' },
      { billed: '10', invoice: 'INV-2' },
      { billed: '7', invoice: 'INV-8' },
      { billed: '3' },
    ]);
    expect(await told()).toEqual([
      'INV-1 USD unexpected – 100.005 100.005',
      'INV-2 USD unexpected – 10 10',
      'INV-8 USD unexpected – 7 7',
      '– USD uninvoiced – 3 3',
    ]);
    expect(await checklist()).toBeUndefined();
    await expectInvoice('inv-1', '100.00');
    await expectInvoice('INV-2', '12');
    await expectInvoice('INV-3', '-4');
    expect(await told()).toEqual([
      'inv-1 USD matched 100 100.005 0.005',
      'INV-2 USD difference 12 10 -2',
      'INV-3 USD missing -4 – 4',
      'INV-8 USD unexpected – 7 7',
      '– USD uninvoiced – 3 3',
    ]);
    const { sources } = await queries.list(MARCH, {}, ALL);
    expect(sources).toEqual([
      {
        ...{ source: 'aws', currency: 'USD', isChecked: true, isDemanded: false, expectedCount: 3, openCount: 4 },
        ...{ expected: '108', recorded: '117.005', difference: '9.005', uninvoiced: '3' },
      },
    ]);
    expect((await queries.list(MARCH, { states: ['missing', 'difference'] }, ALL)).count).toBe(2);
    expect((await queries.list(MARCH, { text: 'INV-1' }, ALL)).invoices).toMatchObject([
      { invoiceId: 'inv-1', roundingOnly: true, lineCount: 3 },
    ]);
  });

  it('do not care how charges are reviewed or divided', async () => {
    await deliver([
      { billed: '10', invoice: 'INV-1', pi: 'nobody' },
      { billed: '20', invoice: 'INV-1', resource: 'b' },
    ]);
    await expectInvoice('INV-1', '30');
    const idOf = (charges: readonly ChargeRow[], standing: string): string =>
      charges.find((charge) => charge.standing === standing)?.id ?? '';
    const charges = await office.charges();
    await office.decide('reject', [idOf(charges, 'flagged')]);
    const parts = [{ percent: '50' }, { piEmail: 'grace@example.edu' }];
    await program.get(SplitChargesHandler).split({ selection: { ids: [idOf(charges, 'clear')] }, parts, note: null }, REVIEWER);
    expect(await office.standings()).toEqual(['clear 10', 'clear 10', 'rejected 10', 'split 20']);
    expect(await told()).toEqual(['INV-1 USD matched 30 30 0']);
  });

  it('follow daily deliveries of the month so far, and imports that are withdrawn', async () => {
    await expectInvoice('INV-1', '30');
    await deliver(
      [
        { billed: '10', invoice: 'INV-1', resource: 'a' },
        { billed: '5', invoice: 'INV-1', resource: 'gone' },
      ],
      { mode: 'replace' },
    );
    expect(await told()).toEqual(['INV-1 USD difference 30 15 -15']);
    const second = await deliver(
      [
        { billed: '10', invoice: 'INV-1', resource: 'a' },
        { billed: '21', invoice: 'INV-1', resource: 'b' },
      ],
      { mode: 'replace' },
    );
    expect(await told()).toEqual(['INV-1 USD difference 30 31 1']);
    const third = await deliver(
      [
        { billed: '10', invoice: 'INV-1', resource: 'a' },
        { billed: '20', invoice: 'INV-1', resource: 'b' },
      ],
      { mode: 'replace' },
    );
    expect(await told()).toEqual(['INV-1 USD matched 30 30 0']);
    const { imports } = await queries.get('aws', { invoiceId: 'inv-1', period: MARCH });
    expect(imports.map(({ importId, billed }) => [importId - second.importId, billed])).toEqual([
      [1, '20'],
      [-1, '10'],
    ]);
    await program.get(WithdrawImportHandler).execute(third.importId, 'wrong month', REVIEWER);
    expect(await told()).toEqual(['INV-1 USD difference 30 10 -20']);
  });

  it('see lines that get their invoice when the month is over, also where a line id says that they are the same', async () => {
    await expectInvoice('INV-1', '12', { source: 'ids' });
    await deliver(
      [
        { billed: '5', resource: 'line-1' },
        { billed: '7', resource: 'line-2' },
      ],
      { source: 'ids' },
    );
    expect(await told()).toEqual(['INV-1 USD missing 12 – -12', '– USD uninvoiced – 12 12']);
    await deliver(
      [
        { billed: '5', resource: 'line-1', invoice: 'INV-1' },
        { billed: '7', resource: 'line-2', invoice: 'INV-1' },
      ],
      { source: 'ids' },
    );
    expect(await told()).toEqual(['INV-1 USD matched 12 12 0']);
    expect(await office.billed()).toBe('12.00');
  });

  it('are compared in their own currency, and period by period', async () => {
    await deliver([
      { billed: '10', invoice: 'INV-1' },
      { billed: '9', invoice: 'INV-1', currency: 'EUR' },
      { billed: '1000', invoice: 'JP-1', currency: 'JPY' },
      { billed: '4', invoice: 'INV-1', period: '2025-04' },
    ]);
    await expectInvoice('INV-1', '10');
    await expectInvoice('INV-1', '5', { period: '2025-04' });
    await expectInvoice('JP-1', '999.2', { currency: 'JPY' });
    await expect(expectInvoice('JP-1', '1', { period: '2025-04', currency: 'USD' })).rejects.toMatchObject({
      code: 'invoices.other-currency',
    });
    expect(await told()).toEqual(['INV-1 EUR unexpected – 9 9', 'INV-1 USD matched 10 10 0', 'JP-1 JPY matched 999.2 1000 0.8']);
    expect(await told(APRIL)).toEqual(['INV-1 USD difference 5 4 -1']);
    const { rows: both, elsewhere } = await queries.get('aws', { invoiceId: 'INV-1', period: MARCH });
    expect(both.map(({ currency, state }) => `${currency} ${state}`)).toEqual(['USD matched', 'EUR unexpected']);
    expect(elsewhere).toEqual([{ period: '2025-04', currency: 'USD', expected: '5', recorded: '4' }]);
  });

  it('are accepted with a reason for just that difference, and opened again', async () => {
    const first = await deliver([{ billed: '98', invoice: 'INV-1' }]);
    await expectInvoice('INV-1', '100');
    const name = { source: 'AWS', period: '2025-03', invoiceId: 'INV-1', currency: null };
    await expect(invoices.accept(name, '-3', 'credit follows', REVIEWER)).rejects.toMatchObject({ code: 'invoices.difference-changed' });
    await invoices.accept(name, '-2', 'credit follows', REVIEWER);
    expect(await rows()).toMatchObject([
      { state: 'accepted', isOpen: false, acceptance: { holds: true, difference: '-2', reason: 'credit follows' } },
    ]);
    expect(await checklist()).toBe('provider invoices match what is recorded');
    await deliver([{ billed: '99', invoice: 'INV-1' }]);
    expect(await rows()).toMatchObject([{ state: 'difference', isOpen: true, acceptance: { holds: false, difference: '-2' } }]);
    await invoices.accept(name, null, 'and rounding', REVIEWER);
    await expectInvoice('INV-1', '101');
    expect(await rows()).toMatchObject([{ state: 'difference', acceptance: { holds: false } }]);
    await invoices.reopen(name, null, REVIEWER);
    expect(await rows()).toMatchObject([{ state: 'difference', acceptance: null }]);
    await expect(invoices.reopen(name, null, REVIEWER)).rejects.toMatchObject({ code: 'invoices.not-accepted' });
    const { history } = await queries.get('aws', { invoiceId: 'INV-1', period: MARCH });
    expect(history.map(({ action }) => action)).toEqual(['reopened', 'changed', 'accepted', 'accepted', 'expected']);
    // Lines that name no invoice, or one that nobody announced, can be explained as well.
    await deliver([
      { billed: '1', resource: 'free' },
      { billed: '2', invoice: 'X', resource: 'x' },
    ]);
    await invoices.accept({ ...name, invoiceId: '' }, '1', 'billed next month', REVIEWER);
    await invoices.accept({ ...name, invoiceId: 'x' }, '2', 'reseller', REVIEWER);
    expect((await rows()).map(({ invoiceId, state }) => `${invoiceId} ${state}`)).toEqual(['INV-1 difference', 'X accepted', ' accepted']);
    expect(first.state).toBe('recorded');
  });

  it('are asked for before a period is finalized, if any is announced or a source must have them', async () => {
    await deliver([
      { billed: '98.5', invoice: 'INV-1' },
      { billed: '1', resource: 'b' },
    ]);
    await deliver([{ billed: '7', invoice: 'G-1' }], { source: 'gcp' });
    expect(await checklist()).toBeUndefined();
    await expectInvoice('INV-1', '100');
    expect(await checklist()).toBe(
      '2 provider invoices do not match (aws INV-1: 1.50 USD less recorded than expected, aws: 1.00 USD without an invoice); mend or accept them on the page of invoices',
    );
    await invoices.withdraw('aws', 'INV-1', '2025-03', null, REVIEWER);
    expect(await checklist()).toBeUndefined();
    await invoices.demand('gcp', true, REVIEWER);
    expect(await invoices.demand('gcp', true, REVIEWER)).toBeNull();
    expect(await checklist()).toBe(
      'no invoice of gcp is announced; 1 provider invoice does not match (gcp G-1: not announced, 7.00 USD); mend or accept them on the page of invoices',
    );
    await program.get(ChangePeriodHandler).close(MARCH, null, REVIEWER);
    const { refusal } = await program.get(ChangePeriodHandler).rehearseFinalize(MARCH, null, null);
    expect(refusal?.problems.map(({ where }) => where)).toContain('invoices');
    expect((await program.get(ChangePeriodHandler).rehearseFinalize(MARCH, null, { reason: 'by force' })).refusal).toBeNull();
    await expectInvoice('G-1', '7', { source: 'gcp' });
    expect(await checklist()).toBe('provider invoices match what is recorded');
  });

  it('come from a table or from FOCUS Invoice Detail, whole or not at all', async () => {
    const table = 'source,invoice_id,period,amount,currency\naws,INV-1,2025-03,100,USD\ngcp,G-1,2025-03,7,EUR\n';
    const tried = await invoices.preview(await upload(table, null));
    expect(tried.sources.map(({ source, added }) => [source, added.length])).toEqual([
      ['aws', 1],
      ['gcp', 1],
    ]);
    expect(await told()).toEqual([]);
    expect((await invoices.import(await upload(table, null), REVIEWER)).appended).not.toBeNull();
    expect((await invoices.import(await upload(table, null), REVIEWER)).appended).toBeNull();
    const wrong = 'source,invoice_id,period,amount,currency\ntape,T-1,2025-03,1,USD\naws,INV-1,2025-04,5,EUR\naws,INV-2,2025-04,x,USD\n';
    await expect(invoices.import(await upload(wrong, null), REVIEWER)).rejects.toMatchObject({
      code: 'invoices.refused-rows',
      problems: [{ where: 'line 2, source' }, { where: 'line 3, currency' }, { where: 'line 4, amount' }],
    });
    expect((await invoices.preview(await upload(table, 'aws'))).refusedRows).toMatchObject([{ line: 3, column: 'source', value: 'gcp' }]);
    await expect(invoices.preview(await upload('invoice_id,period,amount\nx,2025-03,1\n', null))).rejects.toMatchObject({
      code: 'invoices.source-missing',
    });
    await expect(invoices.preview(await upload('invoice_id,period,amount\nx,2025-03,1\n', 'tape'))).rejects.toMatchObject({
      code: 'source.unknown',
    });
    const detail = [
      'InvoiceId,BillingPeriodStart,BilledCost,BillingCurrency,InvoiceDetailId,InvoiceIssueStatus,InvoiceIssueDate',
      'INV-1,2025-03-01T00:00:00Z,60,USD,d1,Voided,',
      'INV-2,2025-03-01T00:00:00Z,60.5,USD,d2,Issued,2025-04-02T00:00:00Z',
      'INV-2,2025-03-01T00:00:00Z,39.5,USD,d3,Issued,2025-04-02T00:00:00Z',
      'INV-2,2025-02-01T00:00:00Z,-1,USD,d4,Issued,2025-04-02T00:00:00Z',
    ].join('\n');
    await invoices.import(await upload(detail), REVIEWER);
    expect(await told()).toEqual(['INV-2 USD missing 100 – -100', 'G-1 EUR missing 7 – -7']);
    expect(await told(billingPeriod('2025-02'))).toEqual(['INV-2 USD missing -1 – 1']);
    const { history } = await queries.get('aws', { invoiceId: 'INV-1', period: MARCH });
    expect(history.map(({ action, fileName }) => `${action} ${fileName ?? ''}`)).toEqual([
      'withdrawn invoices.csv',
      'expected invoices.csv',
    ]);
  });

  it(
    'match if and only if the lines that stand come to the invoice, after any deliveries; rebuilt, they are the same',
    { timeout: 120_000 },
    async () => {
      const row = fc.record({
        billed: fc
          .tuple(fc.bigInt({ min: -99_999n, max: 99_999n }), fc.integer({ min: 0, max: 4 }))
          .map(([units, scale]) => `${units}e-${scale}`),
        invoice: fc.constantFrom('', 'A', 'a', 'B'),
        resource: fc.constantFrom('r1', 'r2', 'r3'),
        currency: fc.constantFrom('USD', 'USD', 'EUR'),
      });
      const step = fc.oneof(
        {
          weight: 4,
          arbitrary: fc.record({
            rows: fc.array(row, { minLength: 1, maxLength: 8 }),
            mode: fc.constantFrom('merge', 'replace', 'append'),
          }),
        },
        { weight: 1, arbitrary: fc.record({ withdraw: fc.nat(9) }) },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 2, maxLength: 5 }),
          fc.constantFrom('0', '0.009', '0.01', '-2'),
          async (steps, off) => {
            const recorded: number[] = [];
            const source = `s${(await program.services.store.lastPosition()).toString()}`;
            for (const each of steps) {
              if ('rows' in each) {
                const { state, importId } = await office.import(invoicedCsv(each.rows), { source, mode: each.mode as 'merge' });
                if (state === 'recorded') recorded.push(importId);
              } else if (recorded.length > 0) {
                const [importId] = recorded.splice(each.withdraw % recorded.length, 1);
                await program.get(WithdrawImportHandler).execute(importId ?? 0, 'property', REVIEWER);
              }
            }
            await program.settle();
            const standing = await program.services.database.query<{ key: string; currency: string; billed: string }>(
              `select lower(coalesce(l.invoice_id, '')) as key, l.currency, trim_scale(sum(l.billed_cost))::text as billed
           from charges c join charge_lines l using (import_id, line_no)
           where c.source = $1 and c.standing not in ('superseded', 'withdrawn') and c.adjusts_import_id is null and c.part_of_import_id is null
           group by 1, 2 order by 1, 2`,
              [source],
            );
            const held = await program.services.database.query(
              `select invoice_key as key, currency, trim_scale(sum(billed))::text as billed from invoice_sums where source = $1 group by 1, 2 order by 1, 2`,
              [source],
            );
            expect(held).toEqual(standing);
            const sum = standing.find(({ key, currency }) => key === 'a' && currency === 'USD');
            if (sum === undefined) return;
            const [units = '', decimals = ''] = sum.billed.split('.');
            const places = Math.max(decimals.length, 3);
            const exact = BigInt(`${units}${decimals.padEnd(places, '0')}`);
            const expected = exact - (BigInt(off.replace('.', '')) * 10n ** BigInt(places)) / 10n ** BigInt(off.split('.')[1]?.length ?? 0);
            await invoices.put(source, 'A', '2025-03', { amount: `${expected}e-${places}` }, REVIEWER);
            const found = (await rows()).find((each) => each.source === source && each.invoiceId === 'A' && each.currency === 'USD');
            expect(found?.state).toBe(off === '0' || off === '0.009' ? 'matched' : 'difference');
          },
        ),
        { numRuns: 12 },
      );
      const tables = async (): Promise<unknown> =>
        program.services.database.query(
          `select (select string_agg(s::text, chr(10) order by s::text) from invoice_sums s) as sums,
           (select string_agg(e::text, chr(10) order by e::text) from expected_invoices e) as expected`,
        );
      const before = await tables();
      for (const name of ['invoices', 'invoice-sums']) await program.services.projections.rebuild(name);
      expect(await tables()).toEqual(before);
    },
  );
});
