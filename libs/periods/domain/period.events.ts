import type { Event } from '#event-store';
import type { BillingPeriod } from '#kernel';

export type PeriodOpened = Event<'PeriodOpened', { period: BillingPeriod }>;
export type PeriodClosed = Event<'PeriodClosed', { period: BillingPeriod; notes: string | null }>;
export type PeriodReopened = Event<'PeriodReopened', { period: BillingPeriod; reason: string }>;
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
