import { createHash } from 'node:crypto';

/** Where the tags said something else than the line does, because a rule attributed it. */
const RULE_COLUMNS = ['attribution_rule', 'attribution_by_tags'] as const;

/** The columns of `charge_lines` in the order in which a line is written; {@link LineInHand.writeTo}. */
export const CHARGE_LINE_COLUMNS = [
  'import_id',
  'line_no',
  'period',
  'provider_name',
  'billing_account_id',
  'sub_account_id',
  'invoice_id',
  'charge_category',
  'charge_description',
  'charge_period_start',
  'charge_period_end',
  'service_name',
  'service_category',
  'resource_id',
  'resource_name',
  'region_id',
  'sku_id',
  'currency',
  'list_cost',
  'contracted_cost',
  'billed_cost',
  'effective_cost',
  'amount',
  'pi_email',
  'pi_email_as_written',
  'project_id',
  'fund_org',
  'cost_center',
  'account_code',
  'reference_1',
  'reference_2',
  'end_date',
  'reconciliation_end',
  ...RULE_COLUMNS,
  'tags',
  'other_columns',
  'fingerprint',
  'flags',
] as const;

/** Which columns a digest of lines covers: 1 before there were attribution rules, 2 all of today's. An event that holds a digest names it. */
export type LineFormat = 1 | 2;
export const LINE_FORMAT: LineFormat = 2;

/** The columns that a digest of that format covers, and those that lines had to leave empty then. */
export function columnsOfFormat(format: LineFormat): { readonly covered: readonly string[]; readonly empty: readonly string[] } {
  if (format === 2) return { covered: CHARGE_LINE_COLUMNS, empty: [] };
  const later: readonly string[] = RULE_COLUMNS;
  return { covered: CHARGE_LINE_COLUMNS.filter((column) => !later.includes(column)), empty: later };
}

/** A running SHA-256 over written lines, in the order of their line numbers: what the event says the table holds. */
export class ChargeLineDigest {
  private readonly hash = createHash('sha256');

  /** @param written lines as `COPY … TO` prints them (time zone UTC, DateStyle ISO). */
  update(written: Buffer): this {
    this.hash.update(written);
    return this;
  }

  /** 64 hexadecimal digits; asks for the end of the run. */
  hex(): string {
    return this.hash.digest('hex');
  }
}

/** A text[] as Postgres prints it: quotes only around elements that need them. */
export function arrayLiteral(elements: readonly string[]): string {
  if (elements.length === 0) return '{}';
  return `{${elements.map(arrayElement).join(',')}}`;
}

function arrayElement(element: string): string {
  const needsQuotes = element === '' || /[{}",\\ \t\n\r\v\f]/.test(element) || element.toLowerCase() === 'null';
  return needsQuotes ? `"${element.replace(/["\\]/g, '\\$&')}"` : element;
}
