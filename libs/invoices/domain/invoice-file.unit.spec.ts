import { describe, expect, it } from 'vitest';
import { currency, type DomainError } from '#kernel';
import { type InvoiceFile, readInvoiceFile } from './invoice-file.js';

const read = (content: string): InvoiceFile => readInvoiceFile(Buffer.from(content), currency('USD'));
const FOCUS_HEADER = 'InvoiceId,BillingPeriodStart,BilledCost,BillingCurrency,InvoiceDetailId,InvoiceIssueStatus,InvoiceIssueDate';
function refusal(content: string): string {
  try {
    read(content);
  } catch (error) {
    return `${(error as DomainError).code} ${(error as DomainError).detail}`;
  }
  throw new Error('this was not refused');
}

describe('readInvoiceFile', () => {
  it('reads a table, whatever the order and case of its columns', () => {
    const file = read(
      '\ufeffPeriod,Invoice ID,Amount,Date,Note,Who\r\n2025-03,INV-1,1234.50,2025-04-02,"support, too",x\r\n2025-04,inv-1,-5,,,\r\n',
    );
    expect(file).toMatchObject({ format: 'table', rowCount: 2, refusedRows: [], ignoredColumns: ['Who'] });
    expect(file.invoices).toEqual([
      {
        ...{ line: 2, source: null, name: { invoiceId: 'INV-1', period: '2025-03' } },
        input: { amount: '1234.50', currency: 'USD', issuedOn: '2025-04-02', note: 'support, too' },
      },
      {
        line: 3,
        source: null,
        name: { invoiceId: 'inv-1', period: '2025-04' },
        input: { amount: '-5', currency: 'USD', issuedOn: '', note: '' },
      },
    ]);
  });

  it('refuses rows with their line, column and value', () => {
    const file = read(
      [
        'source,invoice_id,period,amount,currency,date',
        'aws,INV-1,2025-03,"1,234.50",USD,',
        'aws,,March,5,US$,2.4.2025',
        ',INV-3,2025-03,5,USD,2025-02-30',
        'aws,INV-4,2025-03,5,USD,',
        'AWS,inv-4,2025-03,6,USD,',
        'gcp,inv-4,2025-03,6,USD,',
        'aws,INV-5',
      ].join('\n'),
    );
    expect(file.refusedRows.map(({ line, column, value }) => [line, column, value])).toEqual([
      [2, 'amount', '1,234.50'],
      [3, 'invoice_id', ''],
      [3, 'period', 'March'],
      [3, 'currency', 'US$'],
      [3, 'date', '2.4.2025'],
      [4, 'date', '2025-02-30'],
      [4, 'source', ''],
      [6, 'invoice_id', 'inv-4'],
      [8, '', ''],
    ]);
    expect(file.refusedRows[7]?.reason).toContain('line 5');
    expect(file.invoices.map(({ source, line }) => [source, line])).toEqual([
      ['aws', 5],
      ['gcp', 7],
    ]);
  });

  it('sums FOCUS Invoice Detail up by invoice and billing period, without what was voided', () => {
    const file = read(
      [
        FOCUS_HEADER,
        'INV-1,2025-03-01T00:00:00Z,100.25,USD,d1,Issued,2025-04-02T10:00:00Z',
        'INV-1,2025-03-01T00:00:00Z,-0.5,USD,d2,Issued,NULL',
        'inv-1,2025-04-01 00:00:00,7,USD,d3,Open,',
        'INV-2,2025-03-01,8,EUR,d4,Voided,',
        'INV-1,2025-03-01T00:00:00Z,1000,USD,d5,Voided,',
        'INV-3,2025-03-01T00:00:00Z,1,USD,d6,Open,',
        'INV-3,2025-03-01T00:00:00Z,1,EUR,d7,Open,',
        'NULL,2025-03-01T00:00:00Z,1,USD,d8,Open,',
        'INV-9,2025-03-01T00:00:00+02:00,1,,d9,Open,',
      ].join('\n'),
    );
    expect(file).toMatchObject({ format: 'focus', rowCount: 9, voidedRowCount: 2, ignoredColumns: ['InvoiceDetailId'] });
    expect(file.invoices.map(({ name, input }) => [name.invoiceId, name.period, input?.amount, input?.currency, input?.issuedOn])).toEqual([
      ['INV-1', '2025-03', '99.75', 'USD', '2025-04-02'],
      ['inv-1', '2025-04', '7', 'USD', undefined],
      ['INV-2', '2025-03', undefined, undefined, undefined],
      ['INV-3', '2025-03', '1', 'USD', undefined],
    ]);
    expect(file.refusedRows.map(({ line, column }) => `${line} ${column}`)).toEqual([
      ...['8 BillingCurrency', '9 InvoiceId', '10 BillingPeriodStart', '10 BillingCurrency'],
    ]);
  });

  it('refuses what is no list of invoices, and says what it is', () => {
    expect(refusal('')).toMatch(/^invoices\.not-invoices .*It is empty/);
    expect(refusal('invoice_id,period,amount\n')).toMatch(/a header and no row/);
    expect(refusal('invoice_id;period;amount\n')).toMatch(/separated by semicolons/);
    expect(refusal('name,amount\nx,1\n')).toMatch(
      /lacks invoice_id, period \(of source, invoice_id, .*FOCUS Invoice Detail.* it has name, amount/,
    );
    expect(refusal(`${FOCUS_HEADER},ChargePeriodStart\n`)).toMatch(/Cost and Usage: import it as charges/);
    expect(refusal('InvoiceId,InvoiceDetailId\nx,y\n')).toMatch(/lacks BillingPeriodStart, BilledCost, BillingCurrency/);
    expect(refusal('invoice_id,invoice id,period,amount\n')).toMatch(/invoice_id is there twice/);
    expect(refusal('invoice_id,period,amount\n"x,1,2\n')).toMatch(/^invoices\.malformed-file .*line 2/);
  });
});
