import { type Currency, minorUnitDigits } from './currency.js';
import { Decimal } from './decimal.js';

/** Writes an amount of money for people: `$1,234.50`, `-¥12`. Exact at any size: it never goes through a float. */
export function formatMoney(amount: Decimal, code: Currency, locale = 'en-US'): string {
  const digits = minorUnitDigits(code);
  const format = moneyFormat(locale, code, digits);
  // Intl takes decimal strings exactly; its TypeScript type only admits numeric literals.
  return format.format(amount.toFixed(digits) as Intl.StringNumericLiteral);
}

/** By locale and currency: making one takes longer than using it a hundred times. An office has one or two. */
const formats = new Map<string, Intl.NumberFormat>();

function moneyFormat(locale: string, code: Currency, digits: number): Intl.NumberFormat {
  const key = `${locale} ${code}`;
  let format = formats.get(key);
  if (format === undefined) {
    const options = { style: 'currency', currency: code, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
    format = new Intl.NumberFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

/** An amount in the notation of files and JSON: plain decimal with the currency's digits, `1234.50`. */
export function writeAmount(amount: Decimal, code: Currency): string {
  return amount.toPadded(minorUnitDigits(code));
}
