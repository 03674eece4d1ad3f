import type { BillingPeriod, Currency } from '#kernel';
import type { ChargeLine, RefusedRow } from './charge-line.js';
import { ExactSum } from './exact-sum.js';

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
}

/** Adds up the lines of an import, exactly, for its report and its control totals. */
export class LineTotals {
  private lineCount = 0;
  private flaggedLineCount = 0;
  private refusedRowCount = 0;
  private readonly periods = new Map<string, PeriodSums>();
  private readonly flags = new Map<string, CountedSum<{ flag: string; currency: Currency }>>();
  private readonly refused = new Map<string, CountedSum<{ currency: Currency | null }>>();

  add(line: ChargeLine): void {
    this.lineCount += 1;
    const key = `${line.period} ${line.currency}`;
    let sums = this.periods.get(key);
    if (sums === undefined) {
      sums = new PeriodSums(line.period, line.currency);
      this.periods.set(key, sums);
    }
    sums.add(line);
    if (line.flags.length === 0) return;
    this.flaggedLineCount += 1;
    for (const flag of line.flags) {
      counted(this.flags, `${line.currency} ${flag}`, { flag, currency: line.currency }).add(line.amount);
    }
  }

  addRefused(row: RefusedRow): void {
    this.refusedRowCount += 1;
    const currency = row.amount === null ? null : row.currency;
    counted(this.refused, currency ?? '', { currency }).add(row.amount ?? '0');
  }

  report(): LineTotalsReport {
    return {
      lineCount: this.lineCount,
      flaggedLineCount: this.flaggedLineCount,
      refusedRowCount: this.refusedRowCount,
      periods: byKey(this.periods).map((sums) => sums.total()),
      flags: byKey(this.flags).map((sum) => ({ ...sum.of, lineCount: sum.count, amount: sum.toString() })),
      refused: byKey(this.refused).map((sum) => ({ ...sum.of, rowCount: sum.count, amount: sum.toString() })),
    };
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
    private readonly period: BillingPeriod,
    private readonly currency: Currency,
  ) {}

  add(line: ChargeLine): void {
    this.lineCount += 1;
    this.listCost.add(line.listCost);
    this.amount.add(line.amount);
    if (line.contractedCost !== null) this.contractedCost.add(line.contractedCost);
    if (line.billedCost !== null) this.billedCost.add(line.billedCost);
    if (line.effectiveCost !== null) this.effectiveCost.add(line.effectiveCost);
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

class CountedSum<Of> extends ExactSum {
  count = 0;

  constructor(readonly of: Of) {
    super();
  }

  override add(amount: string): void {
    this.count += 1;
    super.add(amount);
  }
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
