import { DomainError } from './domain-error.js';

declare const periodBrand: unique symbol;
/** A calendar month, `YYYY-MM`. */
export type BillingPeriod = string & { readonly [periodBrand]: true };

const PERIOD_PATTERN = /^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/;

export function isBillingPeriod(text: string): text is BillingPeriod {
  return PERIOD_PATTERN.test(text);
}

/** @throws DomainError `period.malformed` unless `text` is a month such as `2025-01`. */
export function billingPeriod(text: string): BillingPeriod {
  const trimmed = text.trim();
  if (!isBillingPeriod(trimmed)) {
    throw new DomainError('period.malformed', 'invalid', `“${text}” is not a billing period; write a month as 2025-01.`);
  }
  return trimmed;
}

/** By locale: making one takes longer than using it a hundred times, and every statement and message uses one. */
const monthFormats = new Map<string, Intl.DateTimeFormat>();

/** `January 2025`. */
export function periodTitle(period: BillingPeriod, locale = 'en-US'): string {
  let format = monthFormats.get(locale);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
    monthFormats.set(locale, format);
  }
  return format.format(new Date(`${period}-01T00:00:00Z`));
}
