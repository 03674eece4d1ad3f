import type { Event } from '#event-store';
import type { BillingPeriod } from '#kernel';

/** A month takes imports and decisions. */
export type PeriodOpened = Event<'PeriodOpened', { period: BillingPeriod }>;
/** The month takes no more imports; charges that wait can still be decided on. */
export type PeriodClosed = Event<'PeriodClosed', { period: BillingPeriod; notes: string | null }>;
/** A closed month takes imports again. */
export type PeriodReopened = Event<'PeriodReopened', { period: BillingPeriod; reason: string }>;
/** The month is fixed for ever: nothing that its ledger is made of changes any more. */
export type PeriodFinalized = Event<
  'PeriodFinalized',
  {
    period: BillingPeriod;
    notes: string | null;
    /** What the checklist still asked for when somebody finalized all the same, and why they did; null if nothing. */
    forced: { missing: string[]; reason: string } | null;
  }
>;

export type PeriodEvent = PeriodOpened | PeriodClosed | PeriodReopened | PeriodFinalized;

export function periodStream(period: BillingPeriod): string {
  return `period-${period}`;
}
