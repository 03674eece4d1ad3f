import { type BillingPeriod, Decimal } from '#kernel';
import { bookPostings, type JournalBooking } from './booking.js';
import { compilePattern, fundOrgSplitter } from './fund-org-pattern.js';
import { hasRow, type ZeroRows } from './journal-formats.js';
import type { JournalEntry, JournalParty, JournalPosting, JournalProblem, JournalSettings, JournalSource } from './posting.js';

export interface BuiltEntries {
  /** Debits first, then credits; each by fund/org, source and account. */
  readonly entries: readonly JournalEntry[];
  readonly problems: readonly JournalProblem[];
  readonly debits: Decimal;
  readonly credits: Decimal;
  /** Groups that net to zero and were left out for it. */
  readonly zeroGroups: number;
}

const DEFAULT_DESCRIPTION = '{source} {period} Research Computing Charges';

interface Group {
  readonly party: JournalParty;
  readonly fundOrg: string;
  readonly source: string;
  readonly account: string;
  amount: Decimal;
  readonly piEmails: Set<string>;
  readonly projectIds: Set<string>;
  readonly references: Set<string>;
}

/**
 * The entries of a full journal: those of {@link entriesOf} for what it books.
 * @throws DomainError `journal.pattern-malformed` if a configured expression does not compile.
 */
export function buildEntries(
  postings: Iterable<JournalPosting>,
  sources: Iterable<JournalSource>,
  settings: JournalSettings,
  period: BillingPeriod,
  zeroRows: ZeroRows = 'left-out',
): BuiltEntries {
  const known = [...sources];
  return entriesOf(
    bookPostings('template', postings, { sources: known, defaultAccount: settings.defaultAccount }),
    known,
    settings,
    period,
    zeroRows,
  );
}

/**
 * Turns what a journal books into its entries (domain.md §7): a debit per PI fund/org × source × account and a credit per source; a negative
 * group stands on the other side with a positive amount, one of nothing on its own side if it is written. Amounts are sums of rounded postings and
 * are never rounded again. An entry of zero must have its fund/org and account as any other: what reads the file refuses a row for its codes,
 * whatever its amount.
 * @throws DomainError `journal.pattern-malformed` if a configured expression does not compile.
 */
export function entriesOf(
  bookings: Iterable<JournalBooking>,
  sources: readonly JournalSource[],
  settings: JournalSettings,
  period: BillingPeriod,
  zeroRows: ZeroRows,
): BuiltEntries {
  const split = fundOrgSplitter(settings.fundOrgRegex);
  const groups = groupBookings(bookings);
  const written = groups.filter(({ amount }) => hasRow(amount, zeroRows));
  const entries = written.map((group): JournalEntry => {
    const parts = split(group.fundOrg);
    const isNegative = group.amount.isNegative();
    const isDebit = group.party === 'pi' ? !isNegative : isNegative;
    const piEmail = joined(group.piEmails);
    const projectId = joined(group.projectIds);
    const template = group.party === 'pi' ? settings.debitDescription : settings.creditDescription;
    const values = { source: group.source, period, fund_org: group.fundOrg, pi_email: piEmail, project_id: projectId };
    return {
      party: group.party,
      fundOrg: group.fundOrg,
      fund: parts.fund,
      orgn: parts.orgn,
      account: group.account,
      amount: group.amount.abs(),
      isDebit,
      isCredit: !isDebit,
      description: fillIn(template === '' ? DEFAULT_DESCRIPTION : template, values),
      referenceId: joined(group.references),
      sourceName: group.source,
      period,
      piEmail,
      projectId,
      program: parts.groups.get('program') ?? '',
      activity: parts.groups.get('activity') ?? '',
      location: parts.groups.get('location') ?? '',
      groups: parts.groups,
    };
  });
  entries.sort(byPlaceInJournal);

  const debits = Decimal.sum(entries.filter((entry) => entry.isDebit).map((entry) => entry.amount));
  const credits = Decimal.sum(entries.filter((entry) => entry.isCredit).map((entry) => entry.amount));
  const problems = [
    ...withoutCredit(groups, sources, period),
    ...withoutFundOrg(entries, period),
    ...accountProblems(entries, settings, period),
  ];
  if (!debits.equals(credits)) {
    problems.push({
      code: 'journal.unbalanced',
      text: `The journal does not balance: debits ${money(debits)}, credits ${money(credits)}, difference ${money(debits.minus(credits))}.`,
      source: '',
      fundOrg: '',
      mend: null,
      charges: null,
    });
  }
  return { entries, problems, debits, credits, zeroGroups: groups.length - written.length };
}

/**
 * Sources that nobody said where to credit: what their PIs are debited has no other side. One that comes to nothing has no entry to lack a
 * fund/org, and the journal balances without it.
 */
function withoutCredit(groups: readonly Group[], sources: readonly JournalSource[], period: BillingPeriod): JournalProblem[] {
  const sourceByName = new Map(sources.map((source) => [source.name, source]));
  const owedTo = new Map<string, Decimal>();
  for (const { party, source, amount } of groups) {
    owedTo.set(source, (owedTo.get(source) ?? Decimal.ZERO).plus(party === 'pi' ? amount : amount.negated()));
  }
  return [...owedTo]
    .filter(([name, amount]) => name !== '' && (sourceByName.get(name)?.fundOrg ?? '') === '' && !amount.isZero())
    .sort(([a], [b]) => order(a, b))
    .map(([name, amount]) => {
      const source = sourceByName.get(name);
      const title = source === undefined || source.displayName === name ? `“${name}”` : `“${name}” (${source.displayName})`;
      return {
        code: 'credit-fund-org.missing',
        text: `Source ${title} has no fund/org to credit ${money(amount)} to; set one for the source and export again.`,
        source: name,
        fundOrg: '',
        mend: 'source',
        charges: { period, source: name },
      };
    });
}

/** Charges that were approved without a fund/org: there is nobody to debit, and a row of zero has nobody to stand for. */
export function withoutFundOrg(
  entries: readonly Pick<JournalEntry, 'party' | 'fundOrg' | 'amount' | 'sourceName' | 'piEmail'>[],
  period: BillingPeriod,
): JournalProblem[] {
  return entries
    .filter((entry) => entry.party === 'pi' && entry.fundOrg === '')
    .map((entry) => ({
      code: 'debit-fund-org.missing',
      text: textWithoutFundOrg(entry),
      source: entry.sourceName,
      fundOrg: '',
      mend: 'charges',
      charges: {
        period,
        ...(entry.sourceName === '' ? {} : { source: entry.sourceName }),
        ...(isOne(entry.piEmail) ? { piEmail: entry.piEmail } : {}),
        flag: 'missing_fund_org',
      },
    }));
}

function textWithoutFundOrg({ amount, sourceName, piEmail }: Pick<JournalEntry, 'amount' | 'sourceName' | 'piEmail'>): string {
  const from = sourceName === '' ? '' : ` from source “${sourceName}”`;
  return amount.isZero()
    ? `A row of ${money(amount)}${from} has no fund/org to debit (${piEmail}); reattribute these charges, or export without rows of zero.`
    : `${money(amount)}${from} have no fund/org to debit (${piEmail}); reattribute these charges and export again.`;
}

function groupBookings(bookings: Iterable<JournalBooking>): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { party, fundOrg, source, account, amount, piEmail, projectId, references } of bookings) {
    const key = JSON.stringify([party, fundOrg, source, account]);
    let group = groups.get(key);
    if (group === undefined) {
      const lists = { piEmails: new Set<string>(), projectIds: new Set<string>(), references: new Set<string>() };
      group = { party, fundOrg, source, account, amount: Decimal.ZERO, ...lists };
      groups.set(key, group);
    }
    group.amount = group.amount.plus(amount);
    group.piEmails.add(piEmail);
    group.projectIds.add(projectId);
    for (const reference of references) group.references.add(reference);
  }
  return [...groups.values()];
}

function accountProblems(entries: readonly JournalEntry[], settings: JournalSettings, period: BillingPeriod): JournalProblem[] {
  if (settings.accountCodeRegex === '') return [];
  const pattern = compilePattern('journal.account_code_regex', settings.accountCodeRegex);
  const problems: JournalProblem[] = [];
  for (const entry of entries) {
    const { party, fundOrg, sourceName: source, piEmail } = entry;
    const charges = { period, source, ...(isOne(piEmail) ? { piEmail } : {}), ...(fundOrg === '' ? {} : { text: fundOrg }) };
    const where = {
      source,
      fundOrg,
      ...(party === 'pi' ? { mend: 'charges' as const, charges } : { mend: 'source' as const, charges: null }),
    };
    const what = `${entry.isDebit ? 'debit' : 'credit'} of ${money(entry.amount)} to ${fundOrg} (source ${source})`;
    if (entry.account === '') {
      const text = `The ${what} has no account; tag the charges, or set an account for the source or journal.default_account.`;
      problems.push({ code: 'account.missing', text, ...where });
    } else if (!pattern.matchesStart(entry.account)) {
      const text = `The account “${entry.account}” of the ${what} does not match journal.account_code_regex “${settings.accountCodeRegex}”.`;
      problems.push({ code: 'account.invalid', text, ...where });
    }
  }
  return problems;
}

/** Texts of several PIs are joined. */
function isOne(piEmail: string): boolean {
  return piEmail !== '' && !piEmail.includes(';');
}

function joined(values: ReadonlySet<string>): string {
  return [...values]
    .filter((value) => value !== '')
    .sort(order)
    .join('; ');
}

/** Unknown placeholders stay as written, so that a misspelt one is seen in the file and not lost. */
function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));
}

function byPlaceInJournal(a: JournalEntry, b: JournalEntry): number {
  return (
    order(sideOf(a), sideOf(b)) ||
    order(a.fundOrg, b.fundOrg) ||
    order(a.sourceName, b.sourceName) ||
    order(a.account, b.account) ||
    order(a.party, b.party)
  );
}

function sideOf(entry: JournalEntry): string {
  return entry.isDebit ? '1 debit' : '2 credit';
}

/** By code unit and never by locale: the same ledger gives the same bytes on every machine. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Amounts in texts; two decimals at least, because a problem is read by people. */
function money(amount: Decimal): string {
  return amount.toPadded(2);
}
