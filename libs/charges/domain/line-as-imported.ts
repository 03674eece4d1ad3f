import type { BillingPeriod, Currency } from '#kernel';

/** A charge line as it is stored. Amounts are exact decimals; instants and days are texts in UTC. */
export interface StoredLine {
  readonly importId: number;
  readonly lineNumber: number;
  readonly period: BillingPeriod;
  readonly providerName: string | null;
  readonly billingAccountId: string | null;
  readonly subAccountId: string | null;
  readonly invoiceId: string | null;
  readonly chargeCategory: string | null;
  readonly chargeDescription: string | null;
  readonly chargePeriodStart: string | null;
  readonly chargePeriodEnd: string | null;
  readonly serviceName: string;
  readonly serviceCategory: string | null;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly regionId: string | null;
  readonly skuId: string | null;
  readonly currency: Currency;
  readonly listCost: string;
  readonly contractedCost: string | null;
  readonly billedCost: string | null;
  readonly effectiveCost: string | null;
  readonly amount: string;
  readonly piEmail: string | null;
  readonly piEmailAsWritten: string | null;
  readonly projectId: string | null;
  readonly fundOrg: string | null;
  readonly costCenter: string | null;
  readonly accountCode: string | null;
  readonly reference1: string | null;
  readonly reference2: string | null;
  readonly endDate: string | null;
  readonly reconciliationEnd: string | null;
  /** The rule that attributed the line, as it was then: `R3.2`; null where its tags alone did. */
  readonly attributionRule: string | null;
  /** What the tags said then: a JSON list of PI, PI as written, project, fund/org, cost centre, account. */
  readonly attributionByTags: string | null;
  readonly tags: string | null;
  readonly otherColumns: string | null;
  readonly flags: readonly string[];
}

/** A column of the file that has a value in the line. */
export interface ImportedColumn {
  /** FOCUS's name where the ledger has a field for it; else as the file writes it. */
  readonly name: string;
  readonly value: string;
  /** Where the value is not the cell letter by letter: what it stands for. */
  readonly note: string | null;
}

export interface WrittenTag {
  readonly name: string;
  readonly value: string;
}

/** The line, column by column: those with a field of their own, then all others in the order of the file. Empty ones are left out. */
export function columnsOf(line: StoredLine): ImportedColumn[] {
  const list = line.listCost === line.amount ? 'or none was given, or 0: list price is then what is billed' : null;
  const own: readonly (readonly [name: string, value: string | null, note?: string | null])[] = [
    ['BillingPeriodStart', line.period, 'the month that it lies in'],
    ['ChargePeriodStart', line.chargePeriodStart, 'in UTC'],
    ['ChargePeriodEnd', line.chargePeriodEnd, 'in UTC'],
    ['ProviderName', line.providerName, 'or ServiceProviderName'],
    ['ServiceName', line.serviceName],
    ['ServiceCategory', line.serviceCategory],
    ['ResourceId', line.resourceId],
    ['ResourceName', line.resourceName],
    ['RegionId', line.regionId],
    ['SkuId', line.skuId],
    ['ChargeCategory', line.chargeCategory],
    ['ChargeDescription', line.chargeDescription],
    ['BillingAccountId', line.billingAccountId],
    ['SubAccountId', line.subAccountId],
    ['InvoiceId', line.invoiceId],
    ['BillingCurrency', line.currency],
    ['BilledCost', line.billedCost],
    ['EffectiveCost', line.effectiveCost],
    ['ContractedCost', line.contractedCost],
    ['ListCost', line.listCost, list],
    ['Tags', line.tags],
  ];
  const others = textEntriesOf(line.otherColumns).map(({ name, value }) => [name, value] as const);
  return [...own, ...others].flatMap(([name, value, note = null]) => (value === null || value === '' ? [] : [{ name, value, note }]));
}

/** The tags of the line by their names as written, those of AllocatedTags first, which win (domain.md §2). */
export function tagsOf(line: StoredLine): WrittenTag[] {
  const allocated = textEntriesOf(line.otherColumns).find(({ name }) => name.trim().toLowerCase() === 'allocatedtags');
  return [...(allocated === undefined ? [] : textEntriesOf(allocated.value)), ...textEntriesOf(line.tags)];
}

/**
 * A cell as names and values: a JSON object, one without its braces, a list of `{"key", "value"}`, or any of these once more as a JSON string, as the
 * reader takes them (docs/reference/focus-files.md). Empty if it is none of these.
 */
function textEntriesOf(json: string | null): WrittenTag[] {
  const text = json?.trim() ?? '';
  if (text === '') return [];
  const parsed = parse(text) ?? parse(`{${text}}`);
  if (typeof parsed === 'string') return textEntriesOf(parsed);
  if (Array.isArray(parsed)) return (parsed as readonly unknown[]).flatMap(pairOf);
  if (typeof parsed !== 'object' || parsed === null) return [];
  return Object.entries(parsed).map(([name, value]) => ({ name, value: written(value, text) }));
}

function pairOf(item: unknown): WrittenTag[] {
  if (typeof item !== 'object' || item === null) return [];
  const parts = new Map(Object.entries(item).map(([name, value]): [string, unknown] => [name.toLowerCase(), value]));
  const key = parts.get('key');
  return typeof key === 'string' ? [{ name: key, value: written(parts.get('value'), '') }] : [];
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A number as the text writes it: as a JavaScript number a 64-bit id would lose digits. */
function written(value: unknown, json: string): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value !== 'number') return JSON.stringify(value);
  return (json.match(NUMBER) ?? []).find((digits) => Number(digits) === value) ?? String(value);
}
