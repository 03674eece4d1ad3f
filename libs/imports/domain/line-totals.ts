import type { BillingPeriod, Currency } from '#kernel';
import { ExactSum } from './exact-sum.js';
import type { AmountsInHand, LineInHand } from './line-in-hand.js';
import type { RefusedRow } from './refused-row.js';

/** Control totals of one period and currency; amounts are canonical decimal texts. */
export interface PeriodTotal {
  readonly period: BillingPeriod;
  readonly currency: Currency;
  readonly lineCount: number;
  readonly listCost: string;
  readonly contractedCost: string;
  readonly billedCost: string;
  readonly effectiveCost: string;
  /** What is billed, by the source's cost basis. */
  readonly amount: string;
}

/** Lines that carry a flag, and their money. A line with two flags is in two of these. */
export interface FlagTotal {
  readonly flag: string;
  readonly currency: Currency;
  readonly lineCount: number;
  readonly amount: string;
}

/** Lines that an attribution rule attributed, and their money. */
export interface RuleTotal {
  /** As it was then: `R3.2`. */
  readonly rule: string;
  readonly currency: Currency;
  readonly lineCount: number;
  readonly amount: string;
}

/** Refused rows and their money, as far as it can be read. */
export interface RefusedTotal {
  /** Null where neither amount nor currency can be read. */
  readonly currency: Currency | null;
  readonly rowCount: number;
  readonly amount: string;
}

export interface LineTotalsReport {
  readonly lineCount: number;
  /** Lines with at least one flag. */
  readonly flaggedLineCount: number;
  readonly refusedRowCount: number;
  /** By period, then currency: different currencies are never summed (domain.md §2). */
  readonly periods: readonly PeriodTotal[];
  readonly flags: readonly FlagTotal[];
  readonly refused: readonly RefusedTotal[];
  /** By rule, then currency. */
  readonly rules: readonly RuleTotal[];
}

/** Adds up the lines of an import, exactly, for its report and its control totals. */
export class LineTotals {
  private lineCount = 0;
  private flaggedLineCount = 0;
  private refusedRowCount = 0;
  private readonly periods = new Map<string, PeriodSums>();
  private last: PeriodSums | null = null;
  private readonly flags = new Map<string, CountedSum<{ flag: string; currency: Currency }>>();
  private readonly refused = new Map<string, CountedSum<{ currency: Currency | null }>>();
  private readonly rules = new Map<string, CountedSum<{ rule: string; currency: Currency }>>();

  add(line: LineInHand): void {
    const { amount } = line.amounts;
    const { rule } = line;
    this.lineCount += 1;
    this.sumsOf(line.period, line.currency).add(line.amounts);
    if (rule !== null) {
      const attributed = counted(this.rules, `${rule} ${line.currency}`, { rule, currency: line.currency });
      attributed.count += 1;
      amount.addTo(attributed.sum);
    }
    if (line.flags.length === 0) return;
    this.flaggedLineCount += 1;
    for (const flag of line.flags) {
      const flagged = counted(this.flags, `${line.currency} ${flag}`, { flag, currency: line.currency });
      flagged.count += 1;
      amount.addTo(flagged.sum);
    }
  }

  addRefused(row: RefusedRow): void {
    this.refusedRowCount += 1;
    const currency = row.amount === null ? null : row.currency;
    const refused = counted(this.refused, currency ?? '', { currency });
    refused.count += 1;
    refused.sum.add(row.amount ?? '0');
  }

  report(): LineTotalsReport {
    return {
      lineCount: this.lineCount,
      flaggedLineCount: this.flaggedLineCount,
      refusedRowCount: this.refusedRowCount,
      periods: byKey(this.periods).map((sums) => sums.total()),
      flags: byKey(this.flags).map((sum) => ({ ...sum.of, lineCount: sum.count, amount: sum.sum.toString() })),
      refused: byKey(this.refused).map((sum) => ({ ...sum.of, rowCount: sum.count, amount: sum.sum.toString() })),
      rules: byKey(this.rules).map((sum) => ({ ...sum.of, lineCount: sum.count, amount: sum.sum.toString() })),
    };
  }

  private sumsOf(period: BillingPeriod, currency: Currency): PeriodSums {
    const { last } = this;
    // Most lines are of the period and currency of the line before.
    if (last?.period === period && last.currency === currency) return last;
    const key = `${period} ${currency}`;
    const sums = this.periods.get(key) ?? new PeriodSums(period, currency);
    this.periods.set(key, sums);
    this.last = sums;
    return sums;
  }
}

class PeriodSums {
  private lineCount = 0;
  private readonly listCost = new ExactSum();
  private readonly contractedCost = new ExactSum();
  private readonly billedCost = new ExactSum();
  private readonly effectiveCost = new ExactSum();
  private readonly amount = new ExactSum();

  constructor(
    readonly period: BillingPeriod,
    readonly currency: Currency,
  ) {}

  add({ listCost, contractedCost, billedCost, effectiveCost, amount }: AmountsInHand): void {
    this.lineCount += 1;
    listCost.addTo(this.listCost);
    amount.addTo(this.amount);
    contractedCost?.addTo(this.contractedCost);
    billedCost?.addTo(this.billedCost);
    effectiveCost?.addTo(this.effectiveCost);
  }

  total(): PeriodTotal {
    return {
      period: this.period,
      currency: this.currency,
      lineCount: this.lineCount,
      listCost: this.listCost.toString(),
      contractedCost: this.contractedCost.toString(),
      billedCost: this.billedCost.toString(),
      effectiveCost: this.effectiveCost.toString(),
      amount: this.amount.toString(),
    };
  }
}

class CountedSum<Of> {
  count = 0;
  readonly sum = new ExactSum();

  constructor(readonly of: Of) {}
}

function counted<Of>(sums: Map<string, CountedSum<Of>>, key: string, of: Of): CountedSum<Of> {
  const known = sums.get(key);
  if (known !== undefined) return known;
  const sum = new CountedSum(of);
  sums.set(key, sum);
  return sum;
}

function byKey<Sum>(sums: ReadonlyMap<string, Sum>): Sum[] {
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
