/** One row of a small FOCUS file for a test; what is left out takes the defaults of {@link focusCsv}. */
export interface FocusRow {
  readonly period?: string;
  readonly billed: string;
  readonly list?: string;
  readonly service?: string;
  readonly resource?: string;
  readonly currency?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const TAGS = { pi_email: 'ada@example.edu', project_id: 'engine', fund_org: 'MATH-100' };
const COLUMNS = [
  'BillingPeriodStart',
  'ChargePeriodStart',
  'BilledCost',
  'ListCost',
  'BillingCurrency',
  'ServiceName',
  'ResourceId',
  'Tags',
];

/** A FOCUS file of these rows. Tags given as `{}` are an object without attribution. */
export function focusCsv(rows: readonly FocusRow[]): string {
  const lines = rows.map(
    ({ period = '2025-03', billed, list = '', service = 'Compute', resource = 'node-1', currency = 'USD', tags = TAGS }) =>
      [`${period}-01T00:00:00Z`, `${period}-05T00:00:00Z`, billed, list, currency, service, resource, JSON.stringify(tags)]
        .map(cell)
        .join(','),
  );
  return [COLUMNS.join(','), ...lines, ''].join('\n');
}

export function tags(changes: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { ...TAGS, ...changes };
}

function cell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
