import type { Event } from '#event-store';
import type { BillingPeriod, Currency } from '#kernel';
import type { ChargeRanges } from './charge-id.js';

/** An exact decimal in one currency; amounts of two are never summed (domain.md §2). */
export interface CurrencyAmount {
  readonly currency: Currency;
  readonly amount: string;
}

/** What all decisions on charges record: which ones, how much money per currency, and why. */
export interface DecisionData {
  readonly period: BillingPeriod;
  readonly charges: readonly ChargeRanges[];
  readonly count: number;
  readonly amounts: readonly CurrencyAmount[];
  readonly note: string | null;
}

/** Who pays: the part of an attribution that a reviewer may set. */
export interface Attribution {
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly costCenter: string;
  readonly accountCode: string;
}

/** Charges that had one payer and got another, with the same reasons for review left. */
export interface AttributionChanges {
  readonly charges: readonly ChargeRanges[];
  readonly before: Attribution;
  readonly after: Attribution;
  /** Reasons for review that the new attribution leaves. */
  readonly remainingFlags: readonly string[];
}

/** Flagged charges were found right and are billed. */
export type ChargesApproved = Event<'ChargesApproved', DecisionData>;
/** Flagged charges were taken out of billing; they stay on record. */
export type ChargesRejected = Event<'ChargesRejected', DecisionData>;
/** Rejected charges wait for review again. */
export type ChargesRestored = Event<'ChargesRestored', DecisionData>;
/** Charges got another payer: PI, project, fund/org, cost centre or account. */
export type ChargesReattributed = Event<
  'ChargesReattributed',
  DecisionData & {
    /** A group per distinct change: 100,000 charges of a few hundred payers are a few hundred groups. */
    readonly changes: readonly AttributionChanges[];
  }
>;

/** Charges that got the same reasons for review, and lost the same. */
export interface FlagChanges {
  readonly charges: readonly ChargeRanges[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Charges were flagged again, by rules that changed since: those with a new reason wait for review, those that waited and have none left are clear.
 */
export type ChargesReflagged = Event<
  'ChargesReflagged',
  DecisionData & {
    /** Which rules: the version of the stream `settings-review`, 0 before any were set. */
    readonly rulesVersion: number;
    /** Charges that were clear, approved or rejected and wait for review now. */
    readonly flaggedCount: number;
    /** Charges that waited for review and are clear now. */
    readonly clearedCount: number;
    /** A group per distinct change. */
    readonly changes: readonly FlagChanges[];
  }
>;

export type ReviewEvent = ChargesApproved | ChargesRejected | ChargesRestored | ChargesReattributed;
export const REVIEW_EVENT_TYPES = [
  'ChargesApproved',
  'ChargesRejected',
  'ChargesRestored',
  'ChargesReattributed',
  'ChargesReflagged',
] as const;

export function reviewStream(period: BillingPeriod): string {
  return `review-${period}`;
}
