import type { BillingPeriod, Currency, Decimal } from '#kernel';

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
  readonly chargeId: string;
  readonly period: BillingPeriod;
  /** Of the statement that it stands on; null if there was none. */
  readonly revision: number | null;
  readonly reason: string;
}

/** One charge as it was billed, with all its decimals; never rounded to cents (domain.md §8). */
export interface StatementCharge extends MoneyTriple {
  /** `YYYY-MM-DD`, or null where the file named no day. */
  readonly date: string | null;
  readonly resource: string;
  readonly serviceName: string;
  readonly fundOrg: string;
  readonly note: string | null;
  /** What it corrects, if it is an adjustment. */
  readonly adjusts: CorrectedCharge | null;
}

export interface StatementReference {
  readonly label: string;
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
  readonly logoPng: Uint8Array | null;
}

/** Everything that is printed on a statement: one PI, one project, one billing period (domain.md §5). */
export interface StatementDocument {
  readonly organization: StatementOrganization;
  readonly period: BillingPeriod;
  /** As written in the files, not case-folded. */
  readonly piEmail: string;
  readonly projectId: string;
  readonly currency: Currency;
  /** BCP 47; decides separators and currency style. */
  readonly locale: string;
  readonly pageSize: 'LETTER' | 'A4';
  readonly revision: number;
  readonly madeAt: Date;
  /** Prefix of the digest of the ledger that the statement was made from. */
  readonly verificationCode: string;
  readonly totals: MoneyTriple;
  readonly fundOrgs: readonly StatementFundOrg[];
  readonly services: readonly StatementService[];
  readonly charges: readonly StatementCharge[];
  readonly references: readonly StatementReference[];
  readonly warnings: readonly string[];
  /** Null for the first revision, and where nobody knows what the last one held. */
  readonly changes: RevisionChanges | null;
}

/** Whether the statement has a discount to show: then it opens with list price, discount and amount due. */
export function isDiscounted(document: StatementDocument): boolean {
  return !document.totals.discount.isZero() || document.services.some((service) => !service.discount.isZero());
}
