import type { Counted } from '#kernel';
import type { StatementLabel } from '#platform';

/** What a statement says about numbers and names: amounts, counts and days come as they are printed. */
export interface StatementPhrases {
  /** A label before its value, as it is read aloud. */
  readonly labelled: (label: string, value: string) => string;
  /** Stands for the picture when it is read aloud. */
  readonly logoOf: (name: string) => string;
  readonly lastPeriods: (count: Counted) => string;
  /** Before the number of all pages, with the blank that parts them. */
  readonly pageOf: (page: string) => string;
  readonly allAmountsIn: (currency: string) => string;
  readonly chargesCounted: (count: Counted) => string;
  /** A statement that is corrected, by its month. */
  readonly correctedStatement: (month: string, revision: string) => string;
  readonly changedSince: (revision: string) => string;
  readonly chargesAdded: (count: Counted) => string;
  readonly chargesGone: (count: Counted) => string;
  readonly chargesChanged: (count: Counted) => string;
  readonly amountChanged: (before: string, after: string) => string;
  readonly moreServices: (count: Counted) => string;
  readonly projectEnds: (day: string) => string;
  readonly projectEnded: (day: string) => string;
  readonly lateCharges: (count: Counted, sum: string) => string;
  /** Below a charge that is a part of one that was divided. */
  readonly partOf: (share: string, chargeId: string) => string;
  readonly restOf: (chargeId: string) => string;
  /** Below a charge that is an adjustment. */
  readonly corrects: (chargeId: string, period: string, reason: string) => string;
  readonly notBilledBefore: (period: string, reason: string) => string;
  readonly days: (from: string, until: string) => string;
  /** What a reference is called that has no name of its own. */
  readonly reference: (number: string) => string;
  /** `label` is what the verification code is called. */
  readonly verification: (label: string, code: string) => string;
  /** What the document is about, in its properties. */
  readonly subject: (period: string, revision: string) => string;
}

/**
 * Every word of a statement in one language. An address is formal, and what a fund/org is called is the word of that country's universities.
 * Labels may be replaced by the organisation (`statement.wording`), phrases may not.
 */
export type StatementWords = Readonly<Record<StatementLabel, string>> &
  StatementPhrases & {
    /** The letters of the language besides those of ASCII: one embedded font serves all statements with them. */
    readonly letters: string;
  };
