/** One row of a small FOCUS file whose lines name invoices. */
export interface InvoicedRow {
  readonly billed: string;
  /** Empty: none. */
  readonly invoice?: string;
  readonly period?: string;
  readonly resource?: string;
  readonly currency?: string;
  readonly category?: string;
  readonly pi?: string;
}

const COLUMNS = 'BillingPeriodStart,ChargePeriodStart,BilledCost,BillingCurrency,ServiceName,ResourceId,ChargeCategory,InvoiceId,Tags';

export function invoicedCsv(rows: readonly InvoicedRow[]): string {
  const lines = rows.map(
    ({ billed, invoice = '', period = '2025-03', resource = 'node-1', currency = 'USD', category = 'Usage', pi = 'ada@example.edu' }) => {
      const tags = JSON.stringify({ pi_email: pi, project_id: 'engine', fund_org: 'MATH-100' }).replaceAll('"', '""');
      const cells = [`${period}-01T00:00:00Z`, `${period}-05T00:00:00Z`, billed, currency, 'Compute', resource, category, invoice];
      return `${cells.join(',')},"${tags}"`;
    },
  );
  return [COLUMNS, ...lines, ''].join('\n');
}
