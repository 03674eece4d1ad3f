import type { BillingPeriod } from '#kernel';
import type { Standing } from '#ledger';
import type { Booking } from './charge-bookings.js';
import type { FlagExplanation } from './flag-explanation.js';
import type { ImportedColumn, WrittenTag } from './line-as-imported.js';

/** What an import did to a charge. */
export const IMPORT_TOUCHES = ['brought', 'brought_revision', 'unchanged', 'revised', 'withdrew', 'was_withdrawn'] as const;
export type ImportTouch = (typeof IMPORT_TOUCHES)[number];

/** An import that touched a charge. */
export interface TouchingImport {
  readonly importId: number;
  readonly fileName: string;
  readonly sha256: string;
  readonly touch: ImportTouch;
  /** When it counted, or ceased to (`was_withdrawn`). */
  readonly at: Date;
  readonly actor: string;
  /** The line of its file; null where it is absent from the file. */
  readonly lineNumber: number | null;
  /** `brought_revision`: the charge that this one replaced; `revised`: the one that replaced it. */
  readonly otherCharge: string | null;
  /** Exact decimals, for the two kinds of revision. */
  readonly amountBefore: string | null;
  readonly amountAfter: string | null;
  /** Why it was withdrawn. */
  readonly reason: string | null;
}

/** One field of an attribution that a decision set. */
export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** A decision on the charge, or on one that it replaced. */
export interface ChargeDecision {
  readonly position: number;
  readonly chargeId: string;
  readonly action: string;
  readonly amount: string;
  readonly note: string | null;
  readonly actor: string;
  readonly recordedAt: Date;
  /** Charges decided on at once. */
  readonly count: number;
  readonly changes: readonly FieldChange[];
}

export interface FlagStory extends FlagExplanation {
  readonly flag: string;
  /** Still a reason for review; else mended by a reattribution. */
  readonly isOpen: boolean;
}

/** Where a tag that the office uses was looked for, and what it said. */
export interface TagReading {
  readonly field: string;
  /** By the configuration of today; empty: not used. */
  readonly tags: readonly string[];
  readonly value: string | null;
}

export interface LineAsImported {
  readonly lineNumber: number;
  readonly columns: readonly ImportedColumn[];
  readonly tags: readonly WrittenTag[];
  /** None of a part: who divided the charge said who pays, and no tag. */
  readonly readings: readonly TagReading[];
}

/** The posting that a billed charge is part of: what accounting sees (domain.md §8). */
export interface PostingOfCharge {
  readonly lineCount: number;
  /** Decimals with the currency's digits. */
  readonly list: string;
  readonly billed: string;
}

/** A charge that corrects one of a finalized period. */
export interface ChargeAdjustment {
  readonly adjustmentId: number;
  readonly chargeId: string;
  /** The charge that it corrects. */
  readonly adjusts: string;
  readonly adjustedPeriod: BillingPeriod;
  /** Of the statement that it corrects; null if there was none. */
  readonly revision: number | null;
  /** In which it is billed. */
  readonly period: BillingPeriod;
  readonly standing: Standing;
  readonly kind: 'credit' | 'debit' | 'restatement';
  readonly reason: string;
  readonly amount: string;
  readonly listCost: string;
  readonly bookedBy: string;
  readonly bookedAt: Date;
  /** Why it was withdrawn. */
  readonly endReason: string | null;
}

/** How a charge was divided. */
interface Division {
  readonly splitId: number;
  /** The rule that says so, as it was then; null where a person divided it. */
  readonly rule: string | null;
  readonly note: string | null;
  readonly splitBy: string;
  readonly splitAt: Date;
}

/** A charge that is, or was, a part of the charge. */
export interface ChargePart extends Division {
  readonly chargeId: string;
  /** From 1, in the order of the division. */
  readonly part: number;
  /** As it was asked for: `60%`, `250`, `rest`. */
  readonly share: string;
  readonly standing: Standing;
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly listCost: string;
  readonly amount: string;
}

/** The charge that the charge is a part of. */
export interface WholeCharge extends Division {
  readonly chargeId: string;
  readonly part: number;
  /** Those that came to nothing left out. */
  readonly partCount: number;
  readonly share: string;
  readonly wholeAmount: string;
  readonly wholeStanding: Standing;
  /** Where the rest of it went: the other parts of the same division. */
  readonly others: readonly ChargePart[];
}

/** The attribution rule that said who pays when the line was imported. */
export interface RuleOrigin {
  /** As it was then: `R3.2`. */
  readonly rule: string;
  /** What it made of the tags; empty if they said the same. */
  readonly changes: readonly FieldChange[];
  /** False once a decision set another payer. */
  readonly isInForce: boolean;
}

/** Everything known about one charge but the documents it stands on. */
export interface ChargeStoryTold {
  readonly line: LineAsImported;
  /** Null where its tags alone said who pays. */
  readonly attributedBy: RuleOrigin | null;
  readonly flags: readonly FlagStory[];
  /** In the order in which they counted. */
  readonly imports: readonly TouchingImport[];
  /** Oldest first. */
  readonly decisions: readonly ChargeDecision[];
  /** Of the charge, and, if it is one itself, of the charge that it corrects; oldest first. */
  readonly adjustments: readonly ChargeAdjustment[];
  /** Into which it is or was divided, oldest split first. */
  readonly parts: readonly ChargePart[];
  /** Null unless it is a part itself. */
  readonly partOf: WholeCharge | null;
  readonly bookings: readonly Booking[];
  /** Null unless it is billed. */
  readonly posting: PostingOfCharge | null;
  /** Its neighbours among the charges of the same import. */
  readonly previous: string | null;
  readonly next: string | null;
}
