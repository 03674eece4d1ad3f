import { type BillingPeriod, Decimal, foldIdentifier } from '#kernel';
import { compilePattern, fundOrgSplitter } from './fund-org-pattern.js';
import type { JournalEntry, JournalParty, JournalPosting, JournalProblem, JournalSettings, JournalSource } from './posting.js';

export interface BuiltEntries {
  /** Debits first, then credits; each by fund/org, source and account. */
  readonly entries: readonly JournalEntry[];
  readonly problems: readonly JournalProblem[];
  readonly debits: Decimal;
  readonly credits: Decimal;
  /** Groups that net to zero and therefore have no entry. */
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
 * Turns the postings of a period into balanced journal entries (domain.md §7): a debit per PI fund/org × source × account
 * and a credit per source; a negative group stands on the other side with a positive amount. Amounts are sums of rounded
 * postings and are never rounded again.
 * @throws DomainError `journal.pattern-malformed` if a configured expression does not compile.
 */
export function buildEntries(
  postings: Iterable<JournalPosting>,
  sources: Iterable<JournalSource>,
  settings: JournalSettings,
  period: BillingPeriod,
): BuiltEntries {
  const split = fundOrgSplitter(settings.fundOrgRegex);
  const sourceByName = new Map([...sources].map((source) => [foldIdentifier(source.name), source]));
  const { debitGroups, owedTo } = groupPostings(postings, sourceByName, settings);
  const { creditGroups, problems } = creditSources(owedTo, sourceByName, settings);

  const groups = [...debitGroups, ...creditGroups];
  const live = groups.filter((group) => !group.amount.isZero());
  const entries = live.map((group): JournalEntry => {
    const parts = split(group.fundOrg);
    const positive = group.amount.isPositive();
    const isDebit = group.party === 'pi' ? positive : !positive;
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
  problems.push(...withoutFundOrg(entries), ...accountProblems(entries, settings));
  if (!debits.equals(credits)) {
    problems.push({
      code: 'journal.unbalanced',
      text: `The journal does not balance: debits ${money(debits)}, credits ${money(credits)}, difference ${money(debits.minus(credits))}.`,
      source: '',
      fundOrg: '',
    });
  }
  return { entries, problems, debits, credits, zeroGroups: groups.length - live.length };
}

/** Charges that were approved without a fund/org: there is nobody to debit. */
function withoutFundOrg(entries: readonly JournalEntry[]): JournalProblem[] {
  return entries
    .filter((entry) => entry.party === 'pi' && entry.fundOrg === '')
    .map((entry) => ({
      code: 'debit-fund-org.missing',
      text: `${money(entry.amount)} from source “${entry.sourceName}” have no fund/org to debit (${entry.piEmail}); reattribute these charges and export again.`,
      source: entry.sourceName,
      fundOrg: '',
    }));
}

interface GroupedPostings {
  readonly debitGroups: readonly Group[];
  /** What each source is to be credited with, by its name. */
  readonly owedTo: ReadonlyMap<string, Decimal>;
}

function groupPostings(
  postings: Iterable<JournalPosting>,
  sourceByName: ReadonlyMap<string, JournalSource>,
  settings: JournalSettings,
): GroupedPostings {
  const groups = new Map<string, Group>();
  const owedTo = new Map<string, Decimal>();
  for (const posting of postings) {
    const source = sourceByName.get(foldIdentifier(posting.source));
    const sourceName = source?.name ?? posting.source;
    const account = firstSet(posting.accountCode, source?.accountCode, settings.defaultAccount);
    const key = JSON.stringify([posting.fundOrg, sourceName, account]);
    let group = groups.get(key);
    if (group === undefined) {
      group = newGroup('pi', posting.fundOrg, sourceName, account);
      groups.set(key, group);
    }
    group.amount = group.amount.plus(posting.billed);
    group.piEmails.add(posting.piEmail);
    group.projectIds.add(posting.projectId);
    for (const reference of posting.references) group.references.add(reference);
    owedTo.set(sourceName, (owedTo.get(sourceName) ?? Decimal.ZERO).plus(posting.billed));
  }
  return { debitGroups: [...groups.values()], owedTo };
}

function creditSources(
  owedTo: ReadonlyMap<string, Decimal>,
  sourceByName: ReadonlyMap<string, JournalSource>,
  settings: JournalSettings,
): { creditGroups: Group[]; problems: JournalProblem[] } {
  const creditGroups: Group[] = [];
  const problems: JournalProblem[] = [];
  for (const [name, amount] of [...owedTo].sort(([a], [b]) => order(a, b))) {
    const source = sourceByName.get(foldIdentifier(name));
    const fundOrg = firstSet(source?.fundOrg);
    if (fundOrg !== '') {
      const group = newGroup('source', fundOrg, name, firstSet(source?.accountCode, settings.defaultAccount));
      group.amount = amount;
      creditGroups.push(group);
    } else if (!amount.isZero()) {
      const title = source === undefined || source.displayName === name ? `“${name}”` : `“${name}” (${source.displayName})`;
      problems.push({
        code: 'credit-fund-org.missing',
        text: `Source ${title} has no fund/org to credit ${money(amount)} to; set one for the source and export again.`,
        source: name,
        fundOrg: '',
      });
    }
  }
  return { creditGroups, problems };
}

function accountProblems(entries: readonly JournalEntry[], settings: JournalSettings): JournalProblem[] {
  if (settings.accountCodeRegex === '') return [];
  const pattern = compilePattern('journal.account_code_regex', settings.accountCodeRegex);
  const problems: JournalProblem[] = [];
  for (const entry of entries) {
    const where = { source: entry.sourceName, fundOrg: entry.fundOrg };
    const what = `${entry.isDebit ? 'debit' : 'credit'} of ${money(entry.amount)} to ${entry.fundOrg} (source ${entry.sourceName})`;
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

function newGroup(party: JournalParty, fundOrg: string, source: string, account: string): Group {
  const lists = { piEmails: new Set<string>(), projectIds: new Set<string>(), references: new Set<string>() };
  return { party, fundOrg, source, account, amount: Decimal.ZERO, ...lists };
}

function firstSet(...candidates: readonly (string | null | undefined)[]): string {
  return candidates.find((candidate) => candidate !== null && candidate !== undefined && candidate !== '') ?? '';
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
