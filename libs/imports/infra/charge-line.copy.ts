import { createHash } from 'node:crypto';
import type { ChargeLine } from '../domain/charge-line.js';

/** The columns of `charge_lines` in the order in which {@link encodeChargeLine} writes them. */
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
  'tags',
  'other_columns',
  'fingerprint',
  'flags',
] as const;

/**
 * One line for `COPY charge_lines (…) FROM STDIN` in text format, with its line end. It is written exactly as `COPY … TO` prints the stored
 * row (time zone UTC, DateStyle ISO), so a digest over these texts can be checked against the table.
 */
export function encodeChargeLine(importId: number, line: ChargeLine): string {
  return (
    `${importId}\t${line.lineNumber}\t${line.period}\t` +
    `${text(line.providerName)}\t${text(line.billingAccountId)}\t${text(line.subAccountId)}\t${text(line.invoiceId)}\t` +
    `${text(line.chargeCategory)}\t${text(line.chargeDescription)}\t` +
    `${timestamp(line.chargePeriodStart)}\t${timestamp(line.chargePeriodEnd)}\t` +
    `${text(line.serviceName)}\t${text(line.serviceCategory)}\t${text(line.resourceId)}\t${text(line.resourceName)}\t` +
    `${text(line.regionId)}\t${text(line.skuId)}\t${line.currency}\t` +
    `${line.listCost}\t${line.contractedCost ?? NULL}\t${line.billedCost ?? NULL}\t${line.effectiveCost ?? NULL}\t${line.amount}\t` +
    `${text(line.piEmail)}\t${text(line.piEmailAsWritten)}\t${text(line.projectId)}\t${text(line.fundOrg)}\t` +
    `${text(line.costCenter)}\t${text(line.accountCode)}\t${text(line.reference1)}\t${text(line.reference2)}\t` +
    `${line.endDate ?? NULL}\t${line.reconciliationEnd ?? NULL}\t` +
    `${text(line.tags)}\t${text(line.otherColumns)}\t${line.fingerprint}\t${text(arrayLiteral(line.flags))}\n`
  );
}

/** A running SHA-256 over encoded lines, in the order of their line numbers: what the event says the table holds. */
export class ChargeLineDigest {
  private readonly hash = createHash('sha256');

  /** @param encodedLines one or more results of {@link encodeChargeLine}, joined. */
  update(encodedLines: string | Buffer): this {
    this.hash.update(encodedLines);
    return this;
  }

  /** 64 hexadecimal digits; asks for the end of the run. */
  hex(): string {
    return this.hash.digest('hex');
  }
}

const NULL = '\\N';
const NEEDS_ESCAPE = /[\\\b\f\n\r\t\v]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

function text(value: string | null): string {
  if (value === null) return NULL;
  return NEEDS_ESCAPE.test(value) ? value.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character] ?? character) : value;
}

/** `2025-01-01T00:00:00Z` as Postgres prints a timestamptz in UTC: `2025-01-01 00:00:00+00`. */
function timestamp(instant: string | null): string {
  return instant === null ? NULL : `${instant.slice(0, 10)} ${instant.slice(11, -1)}+00`;
}

/** A text[] as Postgres prints it: quotes only around elements that need them. */
function arrayLiteral(elements: readonly string[]): string {
  if (elements.length === 0) return '{}';
  return `{${elements.map(arrayElement).join(',')}}`;
}

function arrayElement(element: string): string {
  const needsQuotes = element === '' || /[{}",\\ \t\n\r\v\f]/.test(element) || element.toLowerCase() === 'null';
  return needsQuotes ? `"${element.replace(/["\\]/g, '\\$&')}"` : element;
}
