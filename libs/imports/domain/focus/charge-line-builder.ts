import { type BillingPeriod, type Currency, currency, DomainError, isBillingPeriod } from '#kernel';
import { AmountInHand } from '../amount-in-hand.js';
import type { LineInHand } from '../line-in-hand.js';
import type { CellProblem, RefusedRow } from '../refused-row.js';
import { BoundedCache } from './bounded-cache.js';
import { BuiltLine, NO_FLAGS, OTHER_SERVICE, OWN_COLUMNS, type OwnColumn } from './built-line.js';
import { CellValues } from './cell-values.js';
import { ChargeInstantReader, exclusiveEnd, isDateProblem, type ChargeInstant, type DateProblem } from './charge-instant.js';
import type { CsvRow } from './csv-row.js';
import { FlagRules } from './flag-rules.js';
import { foldColumnName } from './focus-columns.js';
import { costColumnOf, type FocusHeader } from './focus-header.js';
import type { FocusReaderOptions } from './focus-options.js';
import { LineFingerprint } from './line-fingerprint.js';
import { RuleAttribution } from './rule-attribution.js';
import { FlaggedAttribution, TagAttribution } from './tag-attribution.js';
import { beginningOf, MAX_SERVICE_NAME_BYTES, tooLong } from './text-limits.js';

/** Longest piece of a cell that a report shows. */
const SHOWN_LENGTH = 200;

const NO_PERIOD: DateProblem = { reason: 'is empty; the billing period of a charge comes from nothing else' };

type PeriodOfStart = { readonly period: BillingPeriod; readonly day: string } | DateProblem;
type CurrencyOfCell = { readonly code: Currency } | { readonly code: null };

/**
 * Turns rows into charge lines, or into refused rows that say everything that is wrong with them (domain.md §2). A line that was built is in hand
 * until the next row comes: nothing of it is copied before somebody writes it.
 */
export class ChargeLineBuilder {
  private readonly index: Readonly<Record<OwnColumn, number>>;
  private readonly costIndex: number;
  private readonly allocatedTagsIndex: number;
  private readonly attribution: TagAttribution;
  /** Null where no rule can match a line of the file. */
  private readonly rules: RuleAttribution | null;
  private readonly flagRules: FlagRules;
  private readonly instants: BoundedCache<ChargeInstant | DateProblem>;
  private readonly ends: BoundedCache<ChargeInstant | DateProblem>;
  /** Where the cell is that is kept as raw data, but with its end made exclusive; -1: nowhere. */
  private readonly inclusiveBillingEnd: number;
  private readonly periods: BoundedCache<PeriodOfStart>;
  private readonly currencies: BoundedCache<CurrencyOfCell>;
  private readonly values: CellValues;
  private readonly unreadableEnds: { count: number; first: string | null } = { count: 0, first: null };
  private readonly billed = new AmountInHand();
  private readonly effective = new AmountInHand();
  private readonly contracted = new AmountInHand();
  private readonly list = new AmountInHand();
  private readonly line: BuiltLine;

  /** @throws DomainError `import.pattern`, `import.date-format`. */
  constructor(
    private readonly header: FocusHeader,
    private readonly options: FocusReaderOptions,
  ) {
    const folded = header.columns.map(foldColumnName);
    const own = new Map<string, OwnColumn>(OWN_COLUMNS.map((name) => [name.toLowerCase(), name]));
    this.index = Object.fromEntries(OWN_COLUMNS.map((name) => [name, folded.indexOf(name.toLowerCase())])) as Record<OwnColumn, number>;
    this.costIndex = this.index[costColumnOf(options)];
    this.allocatedTagsIndex = folded.indexOf('allocatedtags');
    const isInclusive = options.inclusivePeriodEnds === true;
    this.inclusiveBillingEnd = isInclusive ? folded.indexOf('billingperiodend') : -1;
    const dates = new ChargeInstantReader(options.dateFormat);
    const flagRules = new FlagRules(options);
    this.flagRules = flagRules;
    this.attribution = new TagAttribution(options.tagMapping, dates, (attribution) => flagRules.flagsOfAttribution(attribution));
    this.rules = this.ruleAttribution();
    this.instants = new BoundedCache((text) => dates.read(text));
    this.ends = isInclusive ? new BoundedCache((text) => exclusiveEnd(text, dates.read(text))) : this.instants;
    this.periods = new BoundedCache((text) => periodOfStart(dates.read(text)));
    this.currencies = new BoundedCache((text) => ({ code: currencyOf(text) }));
    this.values = new CellValues(header.columns.length);
    const otherColumns = header.columns
      .map((name, index) => ({ index, name }))
      .filter(({ index }) => !own.has(folded[index] ?? '') && index !== this.inclusiveBillingEnd);
    this.line = new BuiltLine(this.index, otherColumns, this.values, new LineFingerprint(folded, options.lineIdColumn));
  }

  /** @returns the line in hand, the same object for every row, or what is wrong with the row. */
  build(row: CsvRow): LineInHand | RefusedRow {
    const misshapen = this.shapeProblem(row);
    if (misshapen !== undefined) return refused(row, [misshapen], null, null);
    this.values.take(row);

    const problems: CellProblem[] = [];
    const start = this.periodStart(problems);
    const chargeStart = this.chargeStart(problems);
    const code = this.currency(problems);
    const amount = this.requiredAmount(problems);
    const billedCost = this.amount('BilledCost', this.billed, problems);
    const effectiveCost = this.amount('EffectiveCost', this.effective, problems);
    const contractedCost = this.amount('ContractedCost', this.contracted, problems);
    const listCost = this.amount('ListCost', this.list, problems);
    const tagged = this.attributionOf(problems);
    const service = this.serviceColumn(problems);
    if (problems.length > 0 || start === undefined || code === null || amount === null || tagged === undefined) {
      return refused(row, problems, amount, code);
    }
    // As the ledger dates a charge without a start of its own.
    const attribution = this.rules?.of(tagged, this.values, service, chargeStart?.day ?? `${start.period}-01`) ?? tagged;
    const { line } = this;
    line.lineNumber = row.lineNumber;
    line.period = start.period;
    line.currency = code;
    line.amounts = {
      listCost: listCost === null || listCost.isZero ? amount : listCost,
      contractedCost,
      billedCost,
      effectiveCost,
      amount,
    };
    line.attribution = attribution;
    line.flags = this.flagRules.flagsOf({
      attribution,
      patternFlags: this.flagRules.hasPatterns ? this.patternFlags(service) : NO_FLAGS,
      period: start.period,
      currency: code,
      chargeDay: chargeStart?.day ?? start.day,
    });
    line.row = row;
    line.service = service;
    line.chargeStart = chargeStart?.instant ?? null;
    line.chargeEnd = this.chargeEnd(row.lineNumber);
    line.billingEnd = this.billingEnd();
    return line;
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
        value: shown(row.texts().join(',')),
        reason: `the row has ${row.cellCount} cells, the header has ${expected}; a comma within a cell takes quotes around the cell`,
      };
    }
    if (row.malformedCell === -1) return undefined;
    return {
      column: this.header.columns[row.malformedCell] ?? '(row)',
      value: shown(row.malformedCell < row.keptCount ? row.text(row.malformedCell) : ''),
      reason: 'has text after its closing quote; a quote within a cell is written twice',
    };
  }

  private periodStart(problems: CellProblem[]): Exclude<PeriodOfStart, DateProblem> | undefined {
    const { values } = this;
    const index = this.index.BillingPeriodStart;
    const read = values.has(index) ? this.periods.get(values.bytes, values.start(index), values.end(index)) : NO_PERIOD;
    if (!('reason' in read)) return read;
    problems.push({ column: 'BillingPeriodStart', value: shown(values.text(index) ?? ''), reason: read.reason });
    return undefined;
  }

  private chargeStart(problems: CellProblem[]): ChargeInstant | null {
    const { values } = this;
    const index = this.index.ChargePeriodStart;
    if (!values.has(index)) return null;
    const read = this.instants.get(values.bytes, values.start(index), values.end(index));
    if (!isDateProblem(read)) return read;
    problems.push({ column: 'ChargePeriodStart', value: shown(values.text(index) ?? ''), reason: read.reason });
    return null;
  }

  /**
   * Nothing is ever inferred from an end (domain.md §2), and FOCUS's own examples have one at 30 o'clock: an end that cannot be read
   * refuses no row. The cell is kept as raw data, and the report says so.
   */
  private chargeEnd(lineNumber: number): string | null {
    const { values } = this;
    const index = this.index.ChargePeriodEnd;
    if (!values.has(index)) return null;
    const read = this.ends.get(values.bytes, values.start(index), values.end(index));
    if (!isDateProblem(read)) return read.instant;
    this.unreadableEnds.count += 1;
    this.unreadableEnds.first ??= `line ${lineNumber}: “${shown(values.text(index) ?? '')}”`;
    return null;
  }

  /** The end of the billing period where it is no raw data as it stands; see {@link inclusiveBillingEnd}. */
  private billingEnd(): string | null {
    const { values, inclusiveBillingEnd: index } = this;
    if (!values.has(index)) return null;
    const read = this.ends.get(values.bytes, values.start(index), values.end(index));
    return isDateProblem(read) ? values.text(index) : read.instant;
  }

  private currency(problems: CellProblem[]): Currency | null {
    const { values } = this;
    const index = this.index.BillingCurrency;
    if (!values.has(index)) return this.options.ledgerCurrency;
    const { code } = this.currencies.get(values.bytes, values.start(index), values.end(index));
    if (code === null)
      problems.push({ column: 'BillingCurrency', value: shown(values.text(index) ?? ''), reason: 'is not a currency code such as USD' });
    return code;
  }

  /** What is billed; whether the cell can be read at all is told where its own column is. */
  private requiredAmount(problems: CellProblem[]): AmountInHand | null {
    const { values, costIndex } = this;
    const amount = this.options.costBasis === 'billed' ? this.billed : this.effective;
    if (values.has(costIndex)) return amount.read(values.bytes, values.start(costIndex), values.end(costIndex)) ? amount : null;
    problems.push({
      column: costColumnOf(this.options),
      value: '',
      reason: 'is empty; a charge without a cost is not a charge of zero, write 0 if that is meant',
    });
    return null;
  }

  private amount(
    column: 'BilledCost' | 'EffectiveCost' | 'ContractedCost' | 'ListCost',
    amount: AmountInHand,
    problems: CellProblem[],
  ): AmountInHand | null {
    const { values } = this;
    const index = this.index[column];
    if (!values.has(index)) return null;
    if (amount.read(values.bytes, values.start(index), values.end(index))) return amount;
    problems.push({
      column,
      value: shown(values.text(index) ?? ''),
      reason:
        'is not a decimal number; write -12.5, .5 or 1E-7, without currency sign or thousands separator, and at most 60 digits on either side of the point',
    });
    return null;
  }

  private ruleAttribution(): RuleAttribution | null {
    const { index, flagRules, options } = this;
    if (options.attributionRules === undefined) return null;
    const columns = { subAccount: index.SubAccountId, resourceId: index.ResourceId, resourceName: index.ResourceName };
    return new RuleAttribution(
      options.attributionRules,
      columns,
      (attribution) => flagRules.flagsOfAttribution(attribution),
      OTHER_SERVICE,
    );
  }

  private attributionOf(problems: CellProblem[]): FlaggedAttribution | undefined {
    const attribution = this.attribution.of(this.values, this.index.Tags, this.allocatedTagsIndex);
    if (attribution instanceof FlaggedAttribution) return attribution;
    problems.push({ ...attribution, value: shown(attribution.value) });
    return undefined;
  }

  /** The column that names the line's service; -1 if none does. */
  private serviceColumn(problems: CellProblem[]): number {
    const { values } = this;
    const column = values.has(this.index.ServiceName) ? 'ServiceName' : 'ServiceCategory';
    const index = this.index[column];
    if (!values.has(index)) return -1;
    if (values.end(index) - values.start(index) <= MAX_SERVICE_NAME_BYTES) return index;
    const text = values.text(index) ?? '';
    const reason = tooLong(text, MAX_SERVICE_NAME_BYTES);
    if (reason !== undefined) problems.push({ column, value: shown(text), reason });
    return index;
  }

  private patternFlags(service: number): readonly string[] {
    const { values, index } = this;
    return this.flagRules.patternFlagsOf([
      values.text(service) ?? OTHER_SERVICE,
      values.text(index.ResourceId),
      values.text(index.ResourceName),
    ]);
  }
}

export function isRefused(built: LineInHand | RefusedRow): built is RefusedRow {
  return 'reason' in built;
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

function refused(row: CsvRow, problems: readonly CellProblem[], amount: AmountInHand | null, code: Currency | null): RefusedRow {
  const [first = { column: '(row)', value: '', reason: 'cannot be read' }, ...furtherProblems] = problems;
  return { lineNumber: row.lineNumber, ...first, furtherProblems, amount: amount?.toString() ?? null, currency: code, cells: row.texts() };
}

function shown(text: string): string {
  return beginningOf(text, SHOWN_LENGTH);
}
