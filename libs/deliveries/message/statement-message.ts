import type { BillingPeriod, Currency, Decimal } from '#kernel';

/** One statement as its PI's message tells of it. Amounts are sums of rounded postings (domain.md §8). */
export interface MessageStatement {
  readonly projectId: string;
  readonly fundOrgs: readonly string[];
  readonly list: Decimal;
  readonly discount: Decimal;
  readonly due: Decimal;
  readonly revision: number;
  /** Name of the PDF. */
  readonly fileName: string;
  /** Where the PDF is, if it is too large to be attached. */
  readonly link: string | null;
}

/** All that one PI is told about one billing period (domain.md §6). */
export interface StatementMessageInput {
  readonly organization: string;
  readonly contact: string | null;
  readonly period: BillingPeriod;
  /** As written in the files. */
  readonly piEmail: string;
  /** The PI, or a delegate who is told about projects of theirs. */
  readonly recipient: string;
  readonly currency: Currency;
  /** BCP 47; decides how numbers are written, and the language if messages speak it. */
  readonly locale: string;
  /** `{billing_period}` stands for the period, `{period_title}` for its name in the language of the message: `January 2025`. */
  readonly subjectTemplate: string;
  readonly statements: readonly MessageStatement[];
  /** Until when links work; null without links. */
  readonly linksExpireAt: Date | null;
}

export interface StatementMessage {
  /** One line, safe in a header. */
  readonly subject: string;
  readonly text: string;
  /** A whole HTML document. */
  readonly html: string;
}
