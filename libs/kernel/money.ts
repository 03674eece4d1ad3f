import { type Currency, minorUnitDigits } from './currency.js';
import { Decimal } from './decimal.js';
import { numberFormat } from './intl-formats.js';

/** Writes an amount of money for people: `$1,234.50`, `-¥12`. Exact at any size: it never goes through a float. */
export function formatMoney(amount: Decimal, code: Currency, locale = 'en-US'): string {
  const digits = minorUnitDigits(code);
  const format = numberFormat(locale, { style: 'currency', currency: code, minimumFractionDigits: digits, maximumFractionDigits: digits });
  // Intl takes decimal strings exactly; its TypeScript type only admits numeric literals.
  return format.format(amount.toFixed(digits) as Intl.StringNumericLiteral);
}

/** `38.2%`; null where there is no part, or nothing that it could be a part of. */
export function formatPercent(part: Decimal, whole: Decimal, locale: string): string | null {
  if (!whole.isPositive() || !part.isPositive()) return null;
  const format = numberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return format.format(part.dividedBy(whole, 6).toString() as Intl.StringNumericLiteral);
}

/** A real minus sign is as wide as a digit, so columns stay in line, and is read out where a hyphen is passed over. */
export function withMinusSign(text: string): string {
  return text.replaceAll('-', '\u2212');
}

/** An amount in the notation of files and JSON: plain decimal with the currency's digits, `1234.50`. */
export function writeAmount(amount: Decimal, code: Currency): string {
  return amount.toPadded(minorUnitDigits(code));
}
