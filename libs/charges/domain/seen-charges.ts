import { Decimal, DomainError, type Currency } from '#kernel';
import type { CurrencyAmount } from './review.events.js';

/** What somebody was shown before deciding on all charges that match. */
export interface SeenCharges {
  readonly count: number;
  /** Exact, per currency; left out when only the number was shown. */
  readonly amounts?: readonly { readonly currency: Currency; readonly amount: string }[];
}

/**
 * Nobody decides on more, fewer or other charges than were shown.
 * @throws DomainError `charge.selection-changed` saying what matches now
 */
export function requireAsSeen(seen: SeenCharges, now: { readonly count: number; readonly amounts: readonly CurrencyAmount[] }): void {
  const isSameMoney = seen.amounts === undefined || keyOf(seen.amounts) === keyOf(now.amounts);
  if (seen.count === now.count && isSameMoney) return;
  throw new DomainError(
    'charge.selection-changed',
    'conflict',
    `Nothing was changed: ${described(now)} match now, not the ${described(seen)} that were shown. Look at what matches, and decide on that.`,
  );
}

function keyOf(amounts: readonly CurrencyAmount[]): string {
  return amounts
    .map(({ currency, amount }) => `${currency} ${Decimal.parse(amount).toString()}`)
    .sort()
    .join(', ');
}

function described({ count, amounts }: SeenCharges): string {
  const money = (amounts ?? []).map(({ currency, amount }) => `${amount} ${currency}`).join(' and ');
  return money === '' ? `${count}` : `${count} (${money})`;
}
