import type { BillingPeriod, Decimal } from '#kernel';

/**
 * What accounting sees at its finest: PI × project × fund/org × source × service × account of a period (domain.md §8).
 * `list` and `billed` are in the ledger's currency; `billed` is already rounded to the minor unit.
 */
export interface JournalPosting {
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly source: string;
  readonly serviceName: string;
  /** The charge's own account code, if it carried one. */
  readonly accountCode: string | null;
  readonly list: Decimal;
  readonly billed: Decimal;
  readonly lineCount: number;
  readonly references: readonly string[];
}

/** Where the money is credited to. `fundOrg` null: nobody said yet, and a journal with such a source does not balance. */
export interface JournalSource {
  readonly name: string;
  readonly displayName: string;
  readonly fundOrg: string | null;
  readonly accountCode: string | null;
}

/** Rows of the `detail` format, a charge each, as they stand in the file. */
export interface WrittenRows {
  readonly bytes: Uint8Array;
  readonly rowCount: number;
}

/** The `journal` section of the settings; an empty string means “not set”. */
export interface JournalSettings {
  /** Python-style expression with named groups, matched at the start of a fund/org. */
  readonly fundOrgRegex: string;
  /** What an account code must match, at its start, as Python's `re.match` does. */
  readonly accountCodeRegex: string;
  /** File name of the Jinja template. */
  readonly template: string;
  readonly defaultAccount: string;
  /** `{source} {period} {fund_org} {pi_email} {project_id}` are filled in. */
  readonly debitDescription: string;
  readonly creditDescription: string;
}

/** Whose side of the journal an entry stands for: a PI's fund/org, or the fund/org that provided the service. */
export type JournalParty = 'pi' | 'source';

export interface JournalEntry {
  readonly party: JournalParty;
  readonly fundOrg: string;
  readonly fund: string;
  readonly orgn: string;
  readonly account: string;
  /** Never negative: a refund stands on the other side. Zero only where a journal was asked for rows of zero. */
  readonly amount: Decimal;
  readonly isDebit: boolean;
  readonly isCredit: boolean;
  readonly description: string;
  readonly referenceId: string;
  readonly sourceName: string;
  readonly period: string;
  readonly piEmail: string;
  readonly projectId: string;
  readonly program: string;
  readonly activity: string;
  readonly location: string;
  /** Every named group of the fund/org expression, those above included. */
  readonly groups: ReadonlyMap<string, string>;
}

export type JournalProblemCode =
  'debit-fund-org.missing' | 'credit-fund-org.missing' | 'account.missing' | 'account.invalid' | 'journal.unbalanced' | 'template.failed';

/** Finds charges in the list of charges. */
export interface ConcernedCharges {
  readonly period: BillingPeriod;
  readonly source?: string;
  readonly piEmail?: string;
  readonly flag?: string;
  /** Found in their fund/org. */
  readonly text?: string;
}

/** Something that keeps a journal from being booked as it is; the export names it before it writes (domain.md §7). */
export interface JournalProblem {
  readonly code: JournalProblemCode;
  readonly text: string;
  /** The source concerned, '' where it is the whole journal. */
  readonly source: string;
  /** The fund/org concerned, '' where there is none. */
  readonly fundOrg: string;
  /** Where it is mended: in the charges, the settings of the source, or the template. Null where it follows from others. */
  readonly mend: 'charges' | 'source' | 'template' | null;
  /** The charges concerned; null where it is not of charges. */
  readonly charges: ConcernedCharges | null;
}
