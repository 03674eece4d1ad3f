import { DomainError } from './domain-error.js';

declare const currencyBrand: unique symbol;
/** An ISO 4217 code in capitals, such as `USD`. */
export type Currency = string & { readonly [currencyBrand]: true };

const CURRENCY_PATTERN = /^[A-Z]{3}$/;

/** @throws DomainError `currency.malformed` unless `text` is three letters. */
export function currency(text: string): Currency {
  const code = text.trim().toUpperCase();
  if (!CURRENCY_PATTERN.test(code)) {
    throw new DomainError('currency.malformed', 'invalid', `“${text}” is not a currency code such as USD.`);
  }
  return code as Currency;
}

/** By currency: asking takes a hundredth of a millisecond, and every posting asks. There are some three hundred. */
const digitsKnown = new Map<Currency, number>();

/** Digits of the currency's minor unit: USD 2, JPY 0, KWD 3 (ISO 4217, by way of the runtime's CLDR data). */
export function minorUnitDigits(code: Currency): number {
  let digits = digitsKnown.get(code);
  if (digits === undefined) {
    // Only asked, and not kept to write with.
    digits = new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits ?? 2;
    digitsKnown.set(code, digits);
  }
  return digits;
}
