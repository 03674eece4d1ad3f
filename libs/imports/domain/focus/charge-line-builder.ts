import { type BillingPeriod, currency, type Currency, DomainError, isBillingPeriod } from '#kernel';
import type { CellProblem, ChargeLine, RefusedRow } from '../charge-line.js';
import { canonicalAmount } from './amount-text.js';
import { BoundedCache } from './bounded-cache.js';
import { ChargeInstantReader, exclusiveEnd, isDateProblem, type ChargeInstant, type DateProblem } from './charge-instant.js';
import type { CsvRow } from './csv-tokenizer.js';
import { FlagRules } from './flag-rules.js';
import { foldColumnName } from './focus-columns.js';
import { costColumnOf, type FocusHeader } from './focus-header.js';
import type { FocusReaderOptions } from './focus-options.js';
import { LineFingerprint } from './line-fingerprint.js';
import { isAttributionProblem, TagAttribution, type FlaggedAttribution } from './tag-attribution.js';
import { beginningOf, MAX_SERVICE_NAME_BYTES, tooLong } from './text-limits.js';

/** Columns with a field of their own in a charge line; all others are kept as raw data. */
const OWN_COLUMNS = [
  'BillingPeriodStart',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'BilledCost',
  'EffectiveCost',
  'ListCost',
  'ContractedCost',
  'BillingCurrency',
  'ServiceProviderName',
  'ProviderName',
  'BillingAccountId',
  'SubAccountId',
  'InvoiceId',
  'ChargeCategory',
  'ChargeDescription',
  'ServiceName',
  'ServiceCategory',
  'ResourceId',
  'ResourceName',
  'RegionId',
  'SkuId',
  'Tags',
] as const;

type OwnColumn = (typeof OWN_COLUMNS)[number];

/** Longest piece of a cell that a report shows. */
const SHOWN_LENGTH = 200;

type PeriodOfStart = { readonly period: BillingPeriod; readonly day: string } | DateProblem;
type CurrencyOfCell = { readonly code: Currency } | { readonly code: null };

/** Turns rows into charge lines, or into refused rows that say everything that is wrong with them (domain.md §2). */
export class ChargeLineBuilder {
  private readonly index: Readonly<Record<OwnColumn, number>>;
  private readonly allocatedTagsIndex: number;
  private readonly otherColumns: readonly { readonly index: number; readonly prefix: string }[];
  private readonly fingerprint: LineFingerprint;
  private readonly attribution: TagAttribution;
  private readonly flagRules: FlagRules;
  private readonly instants: BoundedCache<ChargeInstant | DateProblem>;
  private readonly ends: BoundedCache<ChargeInstant | DateProblem>;
  /** Where the cell is that is kept as raw data, but with its end made exclusive; -1: nowhere. */
  private readonly inclusiveBillingEnd: number;
  private readonly periods: BoundedCache<PeriodOfStart>;
  private readonly currencies: BoundedCache<CurrencyOfCell>;
  private readonly values: (string | null)[];
  private readonly unreadableEnds: { count: number; first: string | null } = { count: 0, first: null };

  /** @throws DomainError `import.pattern`, `import.date-format`. */
  constructor(
    private readonly header: FocusHeader,
    private readonly options: FocusReaderOptions,
  ) {
    const folded = header.columns.map(foldColumnName);
    const own = new Map<string, OwnColumn>(OWN_COLUMNS.map((name) => [name.toLowerCase(), name]));
    this.index = Object.fromEntries(OWN_COLUMNS.map((name) => [name, folded.indexOf(name.toLowerCase())])) as Record<OwnColumn, number>;
    this.allocatedTagsIndex = folded.indexOf('allocatedtags');
    const isInclusive = options.inclusivePeriodEnds === true;
    this.inclusiveBillingEnd = isInclusive ? folded.indexOf('billingperiodend') : -1;
    this.otherColumns = header.columns
      .map((name, index) => ({ index, prefix: `${JSON.stringify(name)}:` }))
      .filter((column) => !own.has(folded[column.index] ?? '') && column.index !== this.inclusiveBillingEnd);
    this.fingerprint = new LineFingerprint(folded, options.lineIdColumn);
    const dates = new ChargeInstantReader(options.dateFormat);
    const flagRules = new FlagRules(options);
    this.flagRules = flagRules;
    this.attribution = new TagAttribution(options.tagMapping, dates, (attribution) => flagRules.flagsOfAttribution(attribution));
    this.instants = new BoundedCache((text) => dates.read(text));
    this.ends = isInclusive ? new BoundedCache((text) => exclusiveEnd(text, dates.read(text))) : this.instants;
    this.periods = new BoundedCache((text) => periodOfStart(dates.read(text)));
    this.currencies = new BoundedCache((text) => ({ code: currencyOf(text) }));
    this.values = new Array<string | null>(header.columns.length).fill(null);
  }

  build(row: CsvRow): ChargeLine | RefusedRow {
    const misshapen = this.shapeProblem(row);
    if (misshapen !== undefined) return refused(row, [misshapen], null, null);
    this.readValues(row.cells);

    const problems: CellProblem[] = [];
    const start = this.periodStart(problems);
    const chargeStart = this.chargeStart(problems);
    const code = this.currency(problems);
    const amount = this.requiredAmount(problems);
    const billedCost = this.amount('BilledCost', problems);
    const effectiveCost = this.amount('EffectiveCost', problems);
    const contractedCost = this.amount('ContractedCost', problems);
    const listCost = this.amount('ListCost', problems);
    const attribution = this.attributionOf(problems);
    const serviceName = this.serviceName(problems);
    if (problems.length > 0 || start === undefined || code === null || amount === null || attribution === undefined) {
      return refused(row, problems, amount, code);
    }

    const chargeEnd = this.chargeEnd(row.lineNumber);
    const resourceId = this.value(this.index.ResourceId);
    const resourceName = this.value(this.index.ResourceName);
    return {
      lineNumber: row.lineNumber,
      period: start.period,
      providerName: this.value(this.index.ServiceProviderName) ?? this.value(this.index.ProviderName),
      billingAccountId: this.value(this.index.BillingAccountId),
      subAccountId: this.value(this.index.SubAccountId),
      invoiceId: this.value(this.index.InvoiceId),
      chargeCategory: this.value(this.index.ChargeCategory),
      chargeDescription: this.value(this.index.ChargeDescription),
      chargePeriodStart: chargeStart?.instant ?? null,
      chargePeriodEnd: chargeEnd,
      serviceName,
      serviceCategory: this.value(this.index.ServiceCategory),
      resourceId,
      resourceName,
      regionId: this.value(this.index.RegionId),
      skuId: this.value(this.index.SkuId),
      currency: code,
      listCost: listCost === null || listCost === '0' ? amount : listCost,
      contractedCost,
      billedCost,
      effectiveCost,
      amount,
      piEmail: attribution.piEmail,
      piEmailAsWritten: attribution.piEmailAsWritten,
      projectId: attribution.projectId,
      fundOrg: attribution.fundOrg,
      costCenter: attribution.costCenter,
      accountCode: attribution.accountCode,
      reference1: attribution.reference1,
      reference2: attribution.reference2,
      endDate: attribution.endDate,
      reconciliationEnd: attribution.reconciliationEnd,
      tags: this.tagsAsWritten(row.cells),
      otherColumns: this.otherColumnsOf(chargeEnd),
      fingerprint: this.fingerprint.of(this.values),
      flags: this.flagRules.flagsOf({
        attribution,
        serviceName,
        resourceId,
        resourceName,
        period: start.period,
        currency: code,
        chargeDay: chargeStart?.day ?? start.day,
      }),
    };
  }

  /** What the report should say about the rows built so far, in whole sentences. */
  get warnings(): readonly string[] {
    const { count, first } = this.unreadableEnds;
    if (first === null) return [];
    const rows = count === 1 ? '1 row has a ChargePeriodEnd that is' : `${count} rows have a ChargePeriodEnd that is`;
    return [`${rows} no date (first on ${first}); the text is kept as raw data, and no amount depends on it.`];
  }

  private shapeProblem(row: CsvRow): CellProblem | undefined {
    const expected = this.header.columns.length;
    if (row.cellCount !== expected) {
      return {
        column: '(row)',
        value: shown(row.cells.join(',')),
        reason: `the row has ${row.cellCount} cells, the header has ${expected}; a comma within a cell takes quotes around the cell`,
      };
    }
    if (row.malformedCell === -1) return undefined;
    return {
      column: this.header.columns[row.malformedCell] ?? '(row)',
      value: shown(row.cells[row.malformedCell] ?? ''),
      reason: 'has text after its closing quote; a quote within a cell is written twice',
    };
  }

  private readValues(cells: readonly string[]): void {
    for (let i = 0; i < cells.length; i++) this.values[i] = valueOf(cells[i] ?? '');
  }

  /** @param index of a column in the file, -1 for one that it lacks */
  private value(index: number): string | null {
    return index === -1 ? null : (this.values[index] ?? null);
  }

  private periodStart(problems: CellProblem[]): Exclude<PeriodOfStart, DateProblem> | undefined {
    const text = this.value(this.index.BillingPeriodStart);
    const read = text === null ? { reason: 'is empty; the billing period of a charge comes from nothing else' } : this.periods.get(text);
    if (!('reason' in read)) return read;
    problems.push({ column: 'BillingPeriodStart', value: shown(text ?? ''), reason: read.reason });
    return undefined;
  }

  private chargeStart(problems: CellProblem[]): ChargeInstant | null {
    const text = this.value(this.index.ChargePeriodStart);
    if (text === null) return null;
    const read = this.instants.get(text);
    if (!isDateProblem(read)) return read;
    problems.push({ column: 'ChargePeriodStart', value: shown(text), reason: read.reason });
    return null;
  }

  /**
   * Nothing is ever inferred from an end (domain.md §2), and FOCUS's own examples have one at 30 o'clock: an end that cannot be read
   * refuses no row. The cell is kept as raw data, and the report says so.
   */
  private chargeEnd(lineNumber: number): string | null {
    const text = this.value(this.index.ChargePeriodEnd);
    if (text === null) return null;
    const read = this.ends.get(text);
    if (!isDateProblem(read)) return read.instant;
    this.unreadableEnds.count += 1;
    this.unreadableEnds.first ??= `line ${lineNumber}: “${shown(text)}”`;
    return null;
  }

  private billingEnd(): string | null {
    const text = this.values[this.inclusiveBillingEnd] ?? null;
    if (text === null) return null;
    const read = this.ends.get(text);
    return isDateProblem(read) ? text : read.instant;
  }

  private currency(problems: CellProblem[]): Currency | null {
    const text = this.value(this.index.BillingCurrency);
    if (text === null) return this.options.ledgerCurrency;
    const { code } = this.currencies.get(text);
    if (code === null) problems.push({ column: 'BillingCurrency', value: shown(text), reason: 'is not a currency code such as USD' });
    return code;
  }

  private requiredAmount(problems: CellProblem[]): string | null {
    const column = costColumnOf(this.options);
    const text = this.value(this.index[column]);
    if (text !== null) return canonicalAmount(text) ?? null;
    problems.push({ column, value: '', reason: 'is empty; a charge without a cost is not a charge of zero, write 0 if that is meant' });
    return null;
  }

  private amount(column: 'BilledCost' | 'EffectiveCost' | 'ContractedCost' | 'ListCost', problems: CellProblem[]): string | null {
    const text = this.value(this.index[column]);
    if (text === null) return null;
    const amount = canonicalAmount(text);
    if (amount !== undefined) return amount;
    problems.push({
      column,
      value: shown(text),
      reason:
        'is not a decimal number; write -12.5, .5 or 1E-7, without currency sign or thousands separator, and at most 60 digits on either side of the point',
    });
    return null;
  }

  private attributionOf(problems: CellProblem[]): FlaggedAttribution | undefined {
    const allocated = this.value(this.allocatedTagsIndex);
    const attribution = this.attribution.of(this.value(this.index.Tags), allocated);
    if (!isAttributionProblem(attribution)) return attribution;
    problems.push({ ...attribution, value: shown(attribution.value) });
    return undefined;
  }

  private serviceName(problems: CellProblem[]): string {
    const name = this.value(this.index.ServiceName);
    const text = name ?? this.value(this.index.ServiceCategory) ?? 'Other';
    const reason = tooLong(text, MAX_SERVICE_NAME_BYTES);
    if (reason !== undefined) problems.push({ column: name === null ? 'ServiceCategory' : 'ServiceName', value: shown(text), reason });
    return text;
  }

  private tagsAsWritten(cells: readonly string[]): string | null {
    return this.value(this.index.Tags) === null ? null : (cells[this.index.Tags] ?? null);
  }

  private otherColumnsOf(chargeEnd: string | null): string | null {
    let json = '';
    const writtenEnd = chargeEnd === null ? this.value(this.index.ChargePeriodEnd) : null;
    if (writtenEnd !== null) json = `{"ChargePeriodEnd":${JSON.stringify(writtenEnd)}`;
    const billingEnd = this.inclusiveBillingEnd === -1 ? null : this.billingEnd();
    if (billingEnd !== null) json += `${json === '' ? '{' : ','}"BillingPeriodEnd":${JSON.stringify(billingEnd)}`;
    for (const column of this.otherColumns) {
      const value = this.values[column.index];
      if (value === null || value === undefined) continue;
      json += `${json === '' ? '{' : ','}${column.prefix}${JSON.stringify(value)}`;
    }
    return json === '' ? null : `${json}}`;
  }
}

export function isRefused(built: ChargeLine | RefusedRow): built is RefusedRow {
  return 'reason' in built;
}

/** Null is an empty cell, `NULL` or `null` (domain.md §2). */
function valueOf(cell: string): string | null {
  const length = cell.length;
  if (length === 0) return null;
  const first = cell.charCodeAt(0);
  const last = cell.charCodeAt(length - 1);
  // Beyond ASCII there are blanks too (no-break space): only plain characters at both ends need no trimming.
  const value = first > 32 && first < 127 && last > 32 && last < 127 ? cell : cell.trim();
  if (value.length === 4) return value === 'NULL' || value === 'null' ? null : value;
  return value === '' ? null : value;
}

function periodOfStart(read: ChargeInstant | DateProblem): PeriodOfStart {
  if (isDateProblem(read)) return read;
  const period = read.day.slice(0, 7);
  if (read.dayAsWritten.slice(0, 7) !== period) {
    return { reason: `lies in ${period} in UTC but in ${read.dayAsWritten.slice(0, 7)} where it was written; FOCUS writes times in UTC` };
  }
  if (!isBillingPeriod(period)) return { reason: 'lies in no billing period; years go from 1900 to 2199' };
  return { period, day: read.day };
}

function currencyOf(text: string): Currency | null {
  try {
    return currency(text);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

function refused(row: CsvRow, problems: readonly CellProblem[], amount: string | null, code: Currency | null): RefusedRow {
  const [first = { column: '(row)', value: '', reason: 'cannot be read' }, ...furtherProblems] = problems;
  return { lineNumber: row.lineNumber, ...first, furtherProblems, amount, currency: code, cells: row.cells };
}

function shown(text: string): string {
  return beginningOf(text, SHOWN_LENGTH);
}
