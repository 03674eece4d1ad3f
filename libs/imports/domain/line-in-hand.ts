import type { BillingPeriod, Currency } from '#kernel';
import type { AmountInHand } from './amount-in-hand.js';
import type { CopyText } from './copy-text.js';

/** The amounts of a line; null where the file says nothing. */
export interface AmountsInHand {
  /** Null or 0 in the file means unknown: then list = amount (domain.md §2). Always set here. */
  readonly listCost: AmountInHand;
  readonly contractedCost: AmountInHand | null;
  readonly billedCost: AmountInHand | null;
  readonly effectiveCost: AmountInHand | null;
  /** What is billed: BilledCost or EffectiveCost, by the source's cost basis. */
  readonly amount: AmountInHand;
}

/** Who pays for a charge, as its tags say, or a rule. */
export interface Attribution {
  /** Trimmed and case-folded: the identity of a PI. Null where the tag is absent or empty. */
  readonly piEmail: string | null;
  /** As the file writes it, for display. */
  readonly piEmailAsWritten: string | null;
  readonly projectId: string | null;
  readonly fundOrg: string | null;
  readonly costCenter: string | null;
  readonly accountCode: string | null;
  readonly reference1: string | null;
  readonly reference2: string | null;
  /** `YYYY-MM-DD`. */
  readonly endDate: string | null;
  readonly reconciliationEnd: string | null;
}

/**
 * One row of an import as it will be recorded, while it is in hand: the reader's own, and another line as soon as the next row is read. Take what
 * you need of it at once. Recorded, a line is immutable, identified by (import, line number), and never merged by content.
 */
export interface LineInHand {
  /** The physical line of the file on which the row begins; the header is line 1. */
  readonly lineNumber: number;
  readonly period: BillingPeriod;
  readonly currency: Currency;
  readonly amounts: AmountsInHand;
  readonly attribution: Attribution;
  /** The rule that attributed the line, as it was then: `R3.2`; null where its tags alone did. */
  readonly rule: string | null;
  /** What the tags say; the attribution itself where no rule attributed the line. */
  readonly attributionByTags: Attribution;
  readonly flags: readonly string[];
  /** Writes the line as a row of `charge_lines`, the columns in the order of CHARGE_LINE_COLUMNS. */
  writeTo(out: CopyText, importId: string): void;
}
