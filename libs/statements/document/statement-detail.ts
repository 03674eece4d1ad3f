import { Decimal } from '#kernel';
import type { AdjustmentGroup, MoneyTriple, StatementCharge, StatementDetail } from './statement-document.js';

interface Growing {
  readonly group: Omit<AdjustmentGroup, keyof MoneyTriple | 'count'>;
  count: number;
  sum: MoneyTriple;
}

const NOTHING: MoneyTriple = { list: Decimal.ZERO, discount: Decimal.ZERO, due: Decimal.ZERO };

/** Learns from the charges of a statement, one by one, what must be known before they are drawn. */
export class DetailSurvey {
  rowCount = 0;
  private readonly decimals = { list: 0, discount: 0, due: 0 };
  private least = NOTHING;
  private greatest = NOTHING;
  private due = Decimal.ZERO;
  private readonly groups = new Map<string, Growing>();

  add(charge: StatementCharge): void {
    this.rowCount += 1;
    this.due = this.due.plus(charge.due);
    this.decimals.list = Math.max(this.decimals.list, charge.list.decimals);
    this.decimals.discount = Math.max(this.decimals.discount, charge.discount.decimals);
    this.decimals.due = Math.max(this.decimals.due, charge.due.decimals);
    this.least = combined(this.least, charge, (a, b) => (a.compare(b) <= 0 ? a : b));
    this.greatest = combined(this.greatest, charge, (a, b) => (a.compare(b) >= 0 ? a : b));
    if (charge.adjusts !== null) this.addToGroup(charge, charge.adjusts);
  }

  result(summarized: boolean): StatementDetail {
    const { rowCount, decimals, least, greatest, due } = this;
    const adjustments = [...this.groups.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { group, count, sum }]) => ({ ...group, count, ...sum }));
    return { rowCount, summarized, decimals, least, greatest, due, adjustments };
  }

  private addToGroup(charge: StatementCharge, { period, revision, reason }: NonNullable<StatementCharge['adjusts']>): void {
    const key = JSON.stringify([period, revision, reason]);
    const found = this.groups.get(key) ?? { group: { period, revision, reason }, count: 0, sum: NOTHING };
    found.count += 1;
    found.sum = combined(found.sum, charge, (a, b) => a.plus(b));
    this.groups.set(key, found);
  }
}

function combined(one: MoneyTriple, other: MoneyTriple, choose: (a: Decimal, b: Decimal) => Decimal): MoneyTriple {
  return { list: choose(one.list, other.list), discount: choose(one.discount, other.discount), due: choose(one.due, other.due) };
}
