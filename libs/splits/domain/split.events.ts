import type { ChargeRanges, CurrencyAmount } from '#charges';
import type { LineFormat } from '#charge-lines';
import type { Event } from '#event-store';
import type { BillingPeriod } from '#kernel';
import type { Part } from './division.js';

/** Parts that come from charges of one source: the numbers from the first to the last. */
export interface PartsOfSource {
  readonly source: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

/**
 * Charges were divided over several payers. Their parts are charge lines under the split's number, which is of the same sequence as those of imports; each names its charge, its number
 * among the parts and its share. They are proved by their digest, and add up to their charges exactly.
 */
export type ChargesSplit = Event<
  'ChargesSplit',
  {
    readonly splitId: number;
    readonly period: BillingPeriod;
    /** The import with which they were divided: by an attribution rule, or because the charge that a line revises was divided by hand. Null for a decision. */
    readonly importId: number | null;
    /** The rule that says so, as it was then: `R3.2`. Null where a person divided them. */
    readonly rule: string | null;
    /** The split whose parts a revised line takes over. */
    readonly carriedFrom: number | null;
    readonly parts: readonly Part[];
    readonly charges: readonly ChargeRanges[];
    /** Charges. */
    readonly count: number;
    /** Of the charges, and so of their parts. */
    readonly amounts: readonly CurrencyAmount[];
    readonly note: string | null;
    readonly sources: readonly PartsOfSource[];
    /** Parts; those that come to nothing are left out. */
    readonly lineCount: number;
    readonly linesDigest: string;
    readonly lineFormat: LineFormat;
    readonly matchesDigest: string;
  }
>;

/** Divided charges are whole again, and stand as they did before; their parts stay on record. */
export type SplitsUndone = Event<
  'SplitsUndone',
  {
    readonly period: BillingPeriod;
    readonly charges: readonly ChargeRanges[];
    readonly count: number;
    readonly amounts: readonly CurrencyAmount[];
    readonly note: string | null;
    /** The splits that they were divided by, and how many charges of each. */
    readonly splits: readonly { readonly splitId: number; readonly count: number }[];
  }
>;

export function splitStream(splitId: number): string {
  return `split-${splitId}`;
}
