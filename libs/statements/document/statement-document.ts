import type { BillingPeriod, Currency, Decimal } from '#kernel';
import type { StatementWordsConfig } from '#platform';
import type { StatementTheme } from './statement-theme.js';

/** List price, what the institution takes off it, and what is left to pay: `due = list - discount`. */
export interface MoneyTriple {
  readonly list: Decimal;
  readonly discount: Decimal;
  readonly due: Decimal;
}

/** What one fund/org pays of a statement: a sum of rounded postings (domain.md §8). */
export interface StatementFundOrg extends MoneyTriple {
  readonly fundOrg: string;
}

/** One service line: a sum of rounded postings (domain.md §8). */
export interface StatementService extends MoneyTriple {
  readonly fundOrg: string;
  readonly serviceName: string;
  /** Display name of the source that the charges came from. */
  readonly source: string;
  readonly lineCount: number;
}

/** A charge of an earlier, finalized period that is put right by an adjustment. */
export interface CorrectedCharge {
  /** Null: the period was restated with a charge that it did not have. */
  readonly chargeId: string | null;
  readonly period: BillingPeriod;
  /** Of the statement that it stands on; null if there was none. */
  readonly revision: number | null;
  readonly reason: string;
}

/** The part of a divided charge that a charge is. */
export interface ChargePart {
  /** As the ledger has it: `60%`, an amount such as `250`, or `rest`. */
  readonly share: string;
  /** The charge that was divided. */
  readonly chargeId: string;
}

/** What a row of the list of charges says besides: that it is money back, or from which day to which its charges are. */
export type ChargeNote = 'credit' | { readonly from: string; readonly until: string };

/** One charge as it was billed, with all its decimals; never rounded to cents (domain.md §8). Or, in a summary, the charges of one resource. */
export interface StatementCharge extends MoneyTriple {
  /** `YYYY-MM-DD`, or null where the file named no day. */
  readonly date: string | null;
  readonly resource: string;
  readonly serviceName: string;
  readonly fundOrg: string;
  /** How many charges the row stands for: 1, or those of a resource in a summary. */
  readonly lineCount: number;
  readonly note: ChargeNote | null;
  /** What it corrects, if it is an adjustment. */
  readonly adjusts: CorrectedCharge | null;
  /** What it is a part of, if it was divided. */
  readonly part: ChargePart | null;
}

/** What must be known of all charges before the first is drawn, so that they can be drawn one by one. */
export interface StatementDetail {
  /** Rows: charges, or resources if `summarized`. */
  readonly rowCount: number;
  /** Whether the charges of a resource are one row, because there are so many. */
  readonly summarized: boolean;
  /** The most decimals that any of the amounts has. */
  readonly decimals: Readonly<Record<keyof MoneyTriple, number>>;
  /** The least and the greatest of each amount. */
  readonly least: MoneyTriple;
  readonly greatest: MoneyTriple;
  /** Exact sum of what is due. */
  readonly due: Decimal;
  /** Adjustments with one cause, in the order of the periods that are corrected, and of the reasons. */
  readonly adjustments: readonly AdjustmentGroup[];
}

/** Adjustments of a statement that correct the same earlier statement for the same reason. Amounts are exact. */
export interface AdjustmentGroup extends MoneyTriple {
  readonly period: BillingPeriod;
  readonly revision: number | null;
  readonly reason: string;
  readonly count: number;
}

/** What a PI was billed for the project in one period: a sum of rounded postings. */
export interface StatementMonth {
  readonly period: BillingPeriod;
  readonly due: Decimal;
}

/** What the reader should know before the figures (domain.md §5). Days as `YYYY-MM-DD`. */
export type StatementWarning =
  /** Nobody issued it. */
  | { readonly kind: 'preview' }
  | { readonly kind: 'project-end'; readonly day: string; readonly isPast: boolean }
  /** Charges after the end of the project, and their exact sum as decimal text. */
  | { readonly kind: 'late-charges'; readonly count: number; readonly due: string };

export interface StatementReference {
  /** What the institution calls it; its number, where it has no name. */
  readonly label: string | number;
  readonly value: string;
}

/** What one fund/org pays for one service, in the last revision and in this one: sums of rounded postings, as decimal text. */
export interface ServiceChange {
  readonly fundOrg: string;
  readonly serviceName: string;
  readonly dueBefore: string;
  readonly dueAfter: string;
}

/** What makes a revision differ from the one before. */
export interface RevisionChanges {
  /** The revision before. */
  readonly since: number;
  readonly addedCount: number;
  readonly goneCount: number;
  /** Charges that a later import revised, or that another fund/org or account pays for. */
  readonly changedCount: number;
  readonly dueBefore: string;
  readonly dueAfter: string;
  /** Those whose amount changed. */
  readonly services: readonly ServiceChange[];
}

export interface StatementOrganization {
  readonly name: string;
  /** Address, telephone, email: one line of text per line. */
  readonly contact: string | null;
  /** PNG or JPEG. */
  readonly logo: Uint8Array | null;
  /** At the foot of every page; empty: nothing. */
  readonly footer: string;
}

/** Everything that is printed on a statement but the charges one by one: one PI, one project, one billing period (domain.md §5). */
export interface StatementDocument {
  readonly organization: StatementOrganization;
  readonly theme: StatementTheme;
  /** Chosen by the organisation; all others are those of the language of `locale`. */
  readonly words: StatementWordsConfig;
  readonly period: BillingPeriod;
  /** As written in the files, not case-folded. */
  readonly piEmail: string;
  readonly projectId: string;
  readonly currency: Currency;
  /** BCP 47; decides separators and currency style, and the language if statements speak it. */
  readonly locale: string;
  readonly pageSize: 'LETTER' | 'A4';
  readonly revision: number;
  readonly madeAt: Date;
  /** Prefix of the digest of the ledger that the statement was made from. */
  readonly verificationCode: string;
  readonly totals: MoneyTriple;
  readonly fundOrgs: readonly StatementFundOrg[];
  readonly services: readonly StatementService[];
  readonly detail: StatementDetail;
  /** The last periods up to this one, oldest first; fewer than two show nothing. */
  readonly history: readonly StatementMonth[];
  readonly references: readonly StatementReference[];
  readonly warnings: readonly StatementWarning[];
  /** Null for the first revision, and where nobody knows what the last one held. */
  readonly changes: RevisionChanges | null;
}

/** A statement with its charges, which are read piece by piece: grouped by fund/org in the document's order, and the same at every reading. */
export interface ComposedDocument extends StatementDocument {
  readonly charges: () => AsyncIterable<readonly StatementCharge[]>;
}

/** Whether the statement has a discount to show: then it opens with list price, discount and amount due. */
export function isDiscounted(document: StatementDocument): boolean {
  return !document.totals.discount.isZero() || document.services.some((service) => !service.discount.isZero());
}
