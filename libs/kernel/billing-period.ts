import { DomainError } from './domain-error.js';
import { dateTimeFormat } from './intl-formats.js';

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

/** `January 2025`, or `Jan 2025` if it is to be short. */
export function periodTitle(period: BillingPeriod, locale = 'en-US', month: 'long' | 'short' = 'long'): string {
  return dateTimeFormat(locale, { month, year: 'numeric', timeZone: 'UTC' }).format(new Date(`${period}-01T00:00:00Z`));
}
