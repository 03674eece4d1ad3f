import { type Currency, type Decimal, minorUnitDigits } from '#kernel';

/** A charge is shown with as many decimals as it has, from the currency's own up to these (domain.md §8). */
const MAX_CHARGE_DECIMALS = 6;

const formats = new Map<string, Intl.NumberFormat>();

/** Making an Intl format costs more than a page of text, so each is made once per process. */
function cachedFormat(locale: string, key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const cacheKey = `${locale}|${key}`;
  let format = formats.get(cacheKey);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, options);
    formats.set(cacheKey, format);
  }
  return format;
}

/** A real minus sign is as wide as a digit, so columns stay in line, and is read out where a hyphen is passed over. */
function withMinusSign(text: string): string {
  return text.replaceAll('-', '\u2212');
}

/** Writes amounts for one statement. Decimals go to Intl as text: nothing passes through a binary float. */
export class AmountFormat {
  private static readonly made = new Map<string, AmountFormat>();
  readonly minorDigits: number;

  private constructor(
    private readonly locale: string,
    private readonly currency: Currency,
  ) {
    this.minorDigits = minorUnitDigits(currency);
  }

  /** @throws RangeError if `locale` is no BCP 47 tag. */
  static of(locale: string, currency: Currency): AmountFormat {
    const key = `${locale}|${currency}`;
    let format = AmountFormat.made.get(key);
    if (format === undefined) {
      format = new AmountFormat(locale, currency);
      AmountFormat.made.set(key, format);
    }
    return format;
  }

  /** With the currency's sign and its own decimals: `$1,234.50`. */
  money(amount: Decimal): string {
    const format = cachedFormat(this.locale, this.currency, { style: 'currency', currency: this.currency });
    return withMinusSign(format.format(amount.toFixed(this.minorDigits) as Intl.StringNumericLiteral));
  }

  /** Without a sign for the currency, with exactly `digits` decimals: `1,234.50`. */
  plain(amount: Decimal, digits: number): string {
    const format = cachedFormat(this.locale, `plain-${digits}`, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return withMinusSign(format.format(amount.toFixed(digits) as Intl.StringNumericLiteral));
  }

  count(value: number): string {
    return cachedFormat(this.locale, 'count', { maximumFractionDigits: 0 }).format(value);
  }

  /** `38.2%`; null where there is no list price that a discount could be a part of. */
  percent(part: Decimal, whole: Decimal): string | null {
    if (!whole.isPositive() || !part.isPositive()) return null;
    const format = cachedFormat(this.locale, 'percent', { style: 'percent', maximumFractionDigits: 1 });
    return format.format(part.dividedBy(whole, 6).toString() as Intl.StringNumericLiteral);
  }

  /** A part of 1 as a whole percentage; what is less than half of one, but something, is `<1%`. */
  share(part: Decimal): string {
    const format = cachedFormat(this.locale, 'share', { style: 'percent', maximumFractionDigits: 0 });
    const isTrace = part.isPositive() && part.round(2).isZero();
    return isTrace ? `<${format.format(0.01)}` : format.format(part.toString() as Intl.StringNumericLiteral);
  }

  /** The decimals one column of charges needs for all its amounts to line up, if one of them has `most`. */
  columnDigits(most: number): number {
    return Math.max(this.minorDigits, Math.min(most, MAX_CHARGE_DECIMALS));
  }
}
