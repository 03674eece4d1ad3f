import { type Currency, Decimal, minorUnitDigits } from '#kernel';

/**
 * How an invoice stands against the lines: `matched`; `difference`, both are there and come to something else; `missing`, expected and no lines;
 * `unexpected`, lines with an invoice that nobody announced; `uninvoiced`, lines without an invoice; `accepted`, a difference with a reason.
 */
export type InvoiceState = 'matched' | 'difference' | 'missing' | 'unexpected' | 'uninvoiced' | 'accepted';
export const INVOICE_STATES: readonly InvoiceState[] = ['matched', 'difference', 'missing', 'unexpected', 'uninvoiced', 'accepted'];

/** What is held against one another, in one currency. */
export interface Sides {
  /** Empty: lines without an invoice. */
  readonly invoiceKey: string;
  readonly currency: Currency;
  /** Null: no such invoice was announced. */
  readonly expected: Decimal | null;
  /** Null: there are no such lines. */
  readonly recorded: Decimal | null;
  readonly acceptance: { readonly expected: Decimal | null; readonly recorded: Decimal | null } | null;
}

export interface Verdict {
  readonly state: InvoiceState;
  /** Recorded less expected, exact. */
  readonly difference: Decimal;
  /** There is a difference, and it is below one minor unit of the currency: the provider rounds its invoices, and lines are not rounded. */
  readonly roundingOnly: boolean;
  /** Somebody has to explain it, or mend it. */
  readonly isOpen: boolean;
  /** A difference was accepted, and is another one now. */
  readonly acceptanceVoid: boolean;
}

/** Compares at all decimals; a difference below one minor unit is what rounding an invoice makes, and matches. */
export function reconcile({ invoiceKey, currency, expected, recorded, acceptance }: Sides): Verdict {
  const difference = (recorded ?? Decimal.ZERO).minus(expected ?? Decimal.ZERO);
  const isSmall = difference.abs().compare(Decimal.ofUnits(1n, minorUnitDigits(currency))) < 0;
  const roundingOnly = isSmall && !difference.isZero();
  const isAccepted = acceptance !== null && !isSmall && isSame(acceptance.expected, expected) && isSame(acceptance.recorded, recorded);
  const acceptanceVoid = acceptance !== null && !isAccepted;
  if (isAccepted) return { state: 'accepted', difference, roundingOnly, isOpen: false, acceptanceVoid };
  const state =
    expected === null
      ? invoiceKey === ''
        ? 'uninvoiced'
        : 'unexpected'
      : isSmall
        ? 'matched'
        : recorded === null
          ? 'missing'
          : 'difference';
  return { state, difference, roundingOnly, isOpen: !isSmall, acceptanceVoid };
}

function isSame(one: Decimal | null, other: Decimal | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}
