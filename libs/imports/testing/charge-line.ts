import type { BillingPeriod, Currency } from '#kernel';
import { CHARGE_LINE_COLUMNS } from '#charge-lines';

/**
 * One row of an import as the table of lines holds it, read back from what the reader writes.
 * Amounts are canonical decimal texts (`-12.5`, `0.0000001`), never numbers; times are UTC.
 */
export interface ChargeLine {
  /** The physical line of the file on which the row begins; the header is line 1. */
  readonly lineNumber: number;
  readonly period: BillingPeriod;
  readonly providerName: string | null;
  readonly billingAccountId: string | null;
  readonly subAccountId: string | null;
  readonly invoiceId: string | null;
  readonly chargeCategory: string | null;
  readonly chargeDescription: string | null;
  /** ISO 8601 in UTC with seconds, `2025-01-01T00:00:00Z`; a fraction (at most microseconds) only where it is not zero. */
  readonly chargePeriodStart: string | null;
  readonly chargePeriodEnd: string | null;
  readonly serviceName: string;
  readonly serviceCategory: string | null;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly regionId: string | null;
  readonly skuId: string | null;
  readonly currency: Currency;
  /** Null or 0 in the file means unknown: then list = amount (domain.md §2). Always set here. */
  readonly listCost: string;
  readonly contractedCost: string | null;
  readonly billedCost: string | null;
  readonly effectiveCost: string | null;
  /** What is billed: BilledCost or EffectiveCost, by the source's cost basis. */
  readonly amount: string;
  /** Trimmed and case-folded: the identity of a PI. Null where the tag is absent or empty. */
  readonly piEmail: string | null;
  /** As the file writes it, for display. */
  readonly piEmailAsWritten: string | null;
  readonly projectId: string | null;
  readonly fundOrg: string | null;
  readonly costCenter: string | null;
  readonly accountCode: string | null;
  readonly reference1: string | null;
  readonly reference2: string | null;
  /** `YYYY-MM-DD`. */
  readonly endDate: string | null;
  readonly reconciliationEnd: string | null;
  /** The rule that attributed it: `R3.2`. */
  readonly attributionRule: string | null;
  /** What the tags said then: a JSON list. */
  readonly attributionByTags: string | null;
  /** The Tags cell as it stands in the file. */
  readonly tags: string | null;
  /** Every other column as a JSON object, column name as written → text; null where there is none. */
  readonly otherColumns: string | null;
  /** 128 bits in UUID notation over everything but amounts and quantities, or over the source's declared line id. */
  readonly fingerprint: string;
  readonly flags: readonly string[];
}

const UNESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Reads back rows that were written for COPY into `charge_lines`. */
export function readWrittenLines(written: Buffer): ChargeLine[] {
  const rows = written.toString('utf8').split('\n');
  if (rows.pop() !== '') throw new Error('the last row has no end');
  return rows.map(readWrittenLine);
}

function readWrittenLine(row: string): ChargeLine {
  const cells = row
    .split('\t')
    .map((cell) => (cell === '\\N' ? null : cell.replace(/\\(.)/gs, (_, letter: string) => UNESCAPED[letter] ?? letter)));
  if (cells.length !== CHARGE_LINE_COLUMNS.length) throw new Error(`a row of ${cells.length} cells was written`);
  const nullable = (column: (typeof CHARGE_LINE_COLUMNS)[number]): string | null => cells[CHARGE_LINE_COLUMNS.indexOf(column)] ?? null;
  const text = (column: (typeof CHARGE_LINE_COLUMNS)[number]): string => {
    const cell = nullable(column);
    if (cell === null) throw new Error(`${column} was written as null`);
    return cell;
  };
  return {
    lineNumber: Number(text('line_no')),
    period: text('period') as BillingPeriod,
    providerName: nullable('provider_name'),
    billingAccountId: nullable('billing_account_id'),
    subAccountId: nullable('sub_account_id'),
    invoiceId: nullable('invoice_id'),
    chargeCategory: nullable('charge_category'),
    chargeDescription: nullable('charge_description'),
    chargePeriodStart: instant(nullable('charge_period_start')),
    chargePeriodEnd: instant(nullable('charge_period_end')),
    serviceName: text('service_name'),
    serviceCategory: nullable('service_category'),
    resourceId: nullable('resource_id'),
    resourceName: nullable('resource_name'),
    regionId: nullable('region_id'),
    skuId: nullable('sku_id'),
    currency: text('currency') as Currency,
    listCost: text('list_cost'),
    contractedCost: nullable('contracted_cost'),
    billedCost: nullable('billed_cost'),
    effectiveCost: nullable('effective_cost'),
    amount: text('amount'),
    piEmail: nullable('pi_email'),
    piEmailAsWritten: nullable('pi_email_as_written'),
    projectId: nullable('project_id'),
    fundOrg: nullable('fund_org'),
    costCenter: nullable('cost_center'),
    accountCode: nullable('account_code'),
    reference1: nullable('reference_1'),
    reference2: nullable('reference_2'),
    endDate: nullable('end_date'),
    reconciliationEnd: nullable('reconciliation_end'),
    attributionRule: nullable('attribution_rule'),
    attributionByTags: nullable('attribution_by_tags'),
    tags: nullable('tags'),
    otherColumns: nullable('other_columns'),
    fingerprint: text('fingerprint'),
    flags: elements(text('flags')),
  };
}

/** `2025-01-01 00:00:00+00` → `2025-01-01T00:00:00Z`. */
function instant(printed: string | null): string | null {
  return printed === null ? null : `${printed.slice(0, -3).replace(' ', 'T')}Z`;
}

/** The elements of a text[] as Postgres prints it. */
function elements(literal: string): string[] {
  const inner = literal.slice(1, -1);
  if (inner === '') return [];
  return [...inner.matchAll(/(?:^|,)(?:"((?:[^"\\]|\\.)*)"|([^,]*))/gs)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/gs, '$1'),
  );
}
