import { type Currency, minorUnitDigits } from './currency.js';
import { Decimal } from './decimal.js';

/** Writes an amount of money for people: `$1,234.50`, `-¥12`. Exact at any size: it never goes through a float. */
export function formatMoney(amount: Decimal, code: Currency, locale = 'en-US'): string {
  const digits = Math.max(minorUnitDigits(code), 0);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: code,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // Intl takes decimal strings exactly; its TypeScript type only admits numeric literals.
  return format.format(amount.toFixed(digits) as Intl.StringNumericLiteral);
}

/** An amount in the notation of files and JSON: plain decimal with the currency's digits, `1234.50`. */
export function writeAmount(amount: Decimal, code: Currency): string {
  return amount.toPadded(minorUnitDigits(code));
}
