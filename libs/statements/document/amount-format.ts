import {
  type Counted,
  counted,
  type Currency,
  Decimal,
  formatMoney,
  formatPercent,
  minorUnitDigits,
  numberFormat,
  withMinusSign,
} from '#kernel';

/** A charge is shown with as many decimals as it has, from the currency's own up to these (domain.md §8). */
const MAX_CHARGE_DECIMALS = 6;

const ONE_PERCENT = Decimal.parse('0.01');

/** Writes amounts for one statement. Decimals go to Intl as text: nothing passes through a binary float. */
export class AmountFormat {
  readonly minorDigits: number;

  constructor(
    private readonly locale: string,
    private readonly currency: Currency,
  ) {
    this.minorDigits = minorUnitDigits(currency);
  }

  /** With the currency's sign and its own decimals: `$1,234.50`. */
  money(amount: Decimal): string {
    return withMinusSign(formatMoney(amount, this.currency, this.locale));
  }

  /** Without a sign for the currency, with exactly `digits` decimals: `1,234.50`. */
  plain(amount: Decimal, digits: number): string {
    const format = numberFormat(this.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return withMinusSign(format.format(amount.toFixed(digits) as Intl.StringNumericLiteral));
  }

  count(value: number): string {
    return this.counted(value).text;
  }

  /** For phrases that have another form for another number. */
  counted(value: number): Counted {
    return counted(value, this.locale);
  }

  /** `38.2%`; null where there is no list price that a discount could be a part of. */
  percent(part: Decimal, whole: Decimal): string | null {
    return formatPercent(part, whole, this.locale);
  }

  /** The share of a part of a charge: a percentage such as `60%` with all its decimals, or an amount with the currency's code. */
  partShare(share: string): string {
    if (!share.endsWith('%')) {
      const amount = Decimal.parse(share);
      return `${this.plain(amount, amount.decimals)} ${this.currency}`;
    }
    const percent = Decimal.parse(share.slice(0, -1));
    const format = numberFormat(this.locale, { style: 'percent', maximumFractionDigits: percent.decimals });
    return format.format(percent.times(ONE_PERCENT).toString() as Intl.StringNumericLiteral);
  }

  /** A part of 1 as a whole percentage; what is less than half of one, but something, is `<1%`. */
  share(part: Decimal): string {
    const format = numberFormat(this.locale, { style: 'percent', maximumFractionDigits: 0 });
    const isTrace = part.isPositive() && part.round(2).isZero();
    return isTrace ? `<${format.format(0.01)}` : format.format(part.toString() as Intl.StringNumericLiteral);
  }

  /** The decimals one column of charges needs for all its amounts to line up, if one of them has `most`. */
  columnDigits(most: number): number {
    return Math.max(this.minorDigits, Math.min(most, MAX_CHARGE_DECIMALS));
  }
}
