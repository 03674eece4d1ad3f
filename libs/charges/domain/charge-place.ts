import { type BillingPeriod, billingPeriod, DomainError } from '#kernel';
import type { ChargeId } from './charge-id.js';

/** A place in the list of all charges: newest period first, then by import and line. */
export interface ChargePlace extends ChargeId {
  readonly period: BillingPeriod;
}

/** Before the first charge of `period`. */
export function startOf(period: BillingPeriod): ChargePlace {
  return { period, importId: 0, lineNumber: 0 };
}

const PLACE_PATTERN = /^(\d{4}-\d{2})\.(\d{1,9})\.(\d{1,9})$/;

/** @throws DomainError `charge.malformed-place` for anything but what {@link formatChargePlace} wrote. */
export function parseChargePlace(text: string): ChargePlace {
  const [, period, importId, lineNumber] = PLACE_PATTERN.exec(text) ?? [];
  if (period === undefined) {
    throw new DomainError(
      'charge.malformed-place',
      'invalid',
      `“${text}” is no place in the list of charges; give back “next” of the page before, or leave it out for the first page.`,
    );
  }
  return { period: billingPeriod(period), importId: Number(importId), lineNumber: Number(lineNumber) };
}

export function formatChargePlace({ period, importId, lineNumber }: ChargePlace): string {
  return `${period}.${importId}.${lineNumber}`;
}
