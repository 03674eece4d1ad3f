import { type BillingPeriod, type Currency, DomainError } from '#kernel';
import type { DeliveryMode } from '#sources';
import type { PiChange } from './import.events.js';

/** How a file for a finalized period is taken: its difference to what was billed becomes adjustments. */
export interface AsAdjustments {
  /** An open one, in which they are billed. */
  readonly period: BillingPeriod;
  /** The PIs read it on their next statement. */
  readonly reason: string;
}

/** What a line of the file, or a charge that it leaves out, means for the bill. `rejected` charges were never billed, and stay so. */
export type RestatedKind = 'revised' | 'withdrawn' | 'new' | 'unchanged' | 'rejected';

/** Exact sums of lines of one kind and currency. */
export interface RestatedTotal {
  readonly kind: RestatedKind;
  readonly currency: Currency;
  readonly lineCount: number;
  /** What was billed so far, with all adjustments. */
  readonly before: string;
  /** What the file says. */
  readonly after: string;
  /** What is booked; those of credits are negative. */
  readonly listCost: string;
  readonly amount: string;
}

/** What was booked for a file that restates a finalized period, or would be. */
export interface Restatement {
  readonly period: BillingPeriod;
  readonly adjustedPeriod: BillingPeriod;
  readonly reason: string;
  /** Booked lines; 0: nothing differs. */
  readonly lineCount: number;
  /** Of these, those that wait for review. */
  readonly flaggedLineCount: number;
  readonly kinds: readonly RestatedTotal[];
  /** What changes in the open period for the PIs whose money changes most. */
  readonly piChanges: {
    readonly piCount: number;
    /** At most 20. */
    readonly top: readonly PiChange[];
  };
}

/** @throws DomainError `import.no-snapshot`: only a whole snapshot says what is missing. */
export function requireSnapshot(deliveryMode: DeliveryMode, allowPartial: boolean): void {
  if (deliveryMode !== 'replace') {
    throw new DomainError(
      'import.no-snapshot',
      'invalid',
      `A file is booked as adjustments in delivery mode replace only, because what it leaves out is credited; here it is ${deliveryMode}. If the file is all there is of its period, ask for replace.`,
    );
  }
  if (allowPartial) {
    throw new DomainError(
      'import.no-snapshot',
      'invalid',
      'A file whose rows with errors are left out is no snapshot: their charges would be credited. Mend the rows, and book it without allowing errors.',
    );
  }
}
