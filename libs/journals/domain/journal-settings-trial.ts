import { billingPeriod, Decimal, DomainError, type LinearPattern, patternFault, type Problem } from '#kernel';
import { buildEntries } from './build-entries.js';
import { compilePattern, fundOrgSplitter } from './fund-org-pattern.js';
import { type PatternReach, patternReach, stepsOf } from './pattern-reach.js';
import type { JournalSettings, JournalSource } from './posting.js';

/** The settings that say what a fund/org and an account are. */
export type TriedSettings = Pick<JournalSettings, 'fundOrgRegex' | 'accountCodeRegex' | 'defaultAccount'>;

/** What an expression makes of a fund/org: the fields of an entry of the journal. */
export interface TriedFundOrg {
  readonly fundOrg: string;
  readonly matches: boolean;
  readonly fund: string;
  readonly orgn: string;
  readonly program: string;
  readonly activity: string;
  readonly location: string;
  /** Every named group of the expression; null: it took no part in the match. */
  readonly groups: readonly { readonly name: string; readonly value: string | null }[];
  /** What stands behind the match; an expression need not reach the end. */
  readonly rest: string;
  /** Why it does not match, or what was left over; null: it matches as a whole. */
  readonly remark: string | null;
}

export interface TriedAccount {
  readonly accountCode: string;
  readonly allowed: boolean;
  /** Why not; null for an account that may stand in a journal. */
  readonly reason: string | null;
}

export type AccountOrigin = 'charge' | 'source' | 'default';

/** Which account the entries of a source are booked to. */
export interface TriedBooking {
  readonly source: string;
  /** In the order in which they are asked; '' has none. */
  readonly candidates: readonly { readonly from: AccountOrigin; readonly accountCode: string; readonly wins: boolean }[];
  /** Of the entry that debits a PI's fund/org. */
  readonly debit: TriedAccount;
  /** Of the entry that credits the source's fund/org, which no charge has a say in. */
  readonly credit: TriedAccount;
}

/** In characters. Far more than a chart of accounts needs. */
export const LONGEST_EXPRESSION = 500;

/** Nobody waits for what is tried while another one types: a larger expression takes seconds. */
const MOST_STEPS = 2_000;
const CONTROL_CHARACTER = /\p{Cc}/u;
const CONFIG_KEYS: Readonly<Record<keyof TriedSettings, string>> = {
  fundOrgRegex: 'fund_org_regex',
  accountCodeRegex: 'account_code_regex',
  defaultAccount: 'default_account',
};

/**
 * Settings of the journal on trial: the same rules that write the journal, with nothing written.
 * @throws DomainError `journal.settings-invalid` naming every setting that can't be one, and where it goes wrong.
 */
export class JournalSettingsOnTrial {
  private readonly pattern: LinearPattern;
  private readonly split: ReturnType<typeof fundOrgSplitter>;
  private readonly reachOfFundOrg: ReturnType<typeof patternReach>;
  private readonly accounts: { readonly pattern: LinearPattern; readonly reach: ReturnType<typeof patternReach> } | null;

  constructor(readonly settings: TriedSettings) {
    const problems = (Object.keys(CONFIG_KEYS) as (keyof TriedSettings)[]).flatMap((setting) => problemsOf(setting, settings[setting]));
    if (problems.length > 0) {
      throw new DomainError('journal.settings-invalid', 'invalid', problems.map(({ what }) => what).join(' '), problems);
    }
    const { fundOrgRegex, accountCodeRegex } = settings;
    this.pattern = compilePattern('journal.fund_org_regex', fundOrgRegex);
    this.split = fundOrgSplitter(fundOrgRegex);
    this.reachOfFundOrg = patternReach(fundOrgRegex);
    this.accounts =
      accountCodeRegex === ''
        ? null
        : { pattern: compilePattern('journal.account_code_regex', accountCodeRegex), reach: patternReach(accountCodeRegex) };
  }

  /** The names of all groups, in the order of the expression. */
  get groupNames(): readonly string[] {
    return this.pattern.groupNames;
  }

  fundOrg(fundOrg: string): TriedFundOrg {
    const found = this.pattern.groupsAtStart(fundOrg);
    const rest = fundOrg.slice((this.pattern.matchedAtStart(fundOrg) ?? fundOrg).length);
    const { fund, orgn, groups } = this.split(fundOrg);
    return {
      fundOrg,
      matches: found !== undefined,
      fund,
      orgn,
      program: groups.get('program') ?? '',
      activity: groups.get('activity') ?? '',
      location: groups.get('location') ?? '',
      groups: this.groupNames.map((name) => ({ name, value: found?.[name] ?? null })),
      rest,
      remark:
        found === undefined
          ? whereItStops(this.reachOfFundOrg(fundOrg), fundOrg)
          : rest === ''
            ? null
            : `“${rest}” is left over; end the expression with $ to refuse that`,
    };
  }

  account(accountCode: string): TriedAccount {
    if (this.accounts === null) return { accountCode, allowed: true, reason: null };
    if (accountCode === '')
      return { accountCode, allowed: false, reason: 'no account: tag the charges, or set one for the source or as default_account' };
    const allowed = this.accounts.pattern.matchesStart(accountCode);
    return { accountCode, allowed, reason: allowed ? null : whereItStops(this.accounts.reach(accountCode), accountCode) };
  }

  /** @param chargeAccount the account that a charge carries; '' for none */
  booking(source: JournalSource, chargeAccount: string): TriedBooking {
    const { debit, credit } = accountsOf(source, chargeAccount, this.settings);
    const candidates = [
      { from: 'charge' as const, accountCode: chargeAccount },
      { from: 'source' as const, accountCode: source.accountCode ?? '' },
      { from: 'default' as const, accountCode: this.settings.defaultAccount },
    ];
    const winner = candidates.find(({ accountCode }) => accountCode !== '' && accountCode === debit);
    return {
      source: source.name,
      candidates: candidates.map((candidate) => ({ ...candidate, wins: candidate === winner })),
      debit: this.account(debit),
      credit: this.account(credit),
    };
  }

  /** What to write into the configuration file. */
  get configLines(): string {
    const { fundOrgRegex, accountCodeRegex, defaultAccount } = this.settings;
    const lines = Object.entries({ fundOrgRegex, accountCodeRegex, defaultAccount }).map(
      ([setting, text]) => `  ${CONFIG_KEYS[setting as keyof TriedSettings]}: '${text.replaceAll("'", "''")}'`,
    );
    return ['journal:', ...lines].join('\n');
  }
}

/** By the rules that write a journal, from one charge of the source. */
function accountsOf(source: JournalSource, chargeAccount: string, tried: TriedSettings): { debit: string; credit: string } {
  const posting = {
    ...{ piEmail: 'pi', projectId: 'project', fundOrg: 'fund', source: source.name, serviceName: 'service', lineCount: 1 },
    ...{ accountCode: chargeAccount, list: ONE, billed: ONE, references: [] },
  };
  const settings = { ...tried, template: '', debitDescription: '', creditDescription: '' };
  const credited = { ...source, fundOrg: source.fundOrg ?? 'credit' };
  const { entries } = buildEntries([posting], [credited], settings, billingPeriod('2000-01'));
  const of = (party: 'pi' | 'source'): string => entries.find((entry) => entry.party === party)?.account ?? '';
  return { debit: of('pi'), credit: of('source') };
}

const ONE = Decimal.parse('1');

function whereItStops(reach: PatternReach | undefined, text: string): string {
  if (reach === undefined) return 'the expression does not match from the first character on';
  const { matched, element } = reach;
  if (matched === '') return `it does not begin with ${element}`;
  const rest = text.slice(matched.length);
  return rest === ''
    ? `it ends behind “${matched}”, where ${element} should follow`
    : `behind “${matched}”, ${element} does not match “${rest}”`;
}

function problemsOf(setting: keyof TriedSettings, text: string): Problem[] {
  const key = `journal.${CONFIG_KEYS[setting]}`;
  const problem = (what: string): Problem[] => [{ where: setting, what: `${key} ${what}` }];
  if (CONTROL_CHARACTER.test(text)) return problem('has a line break or another control character in it.');
  if ([...text].length > LONGEST_EXPRESSION) return problem(`has more than ${LONGEST_EXPRESSION} characters.`);
  if (setting === 'defaultAccount') return [];
  if (stepsOf(text) > MOST_STEPS) return problem('repeats too much to be tried: its counts in { } are too large.');
  const fault = patternFault(text);
  if (fault === undefined) return [];
  const { reason, character, fragment } = fault;
  const place = character === null ? '' : ` at character ${character}`;
  const piece = fragment === '' ? '' : ` (“${fragment}”)`;
  const way = /Perl syntax|escape/.test(reason) ? ' Look-ahead, look-behind and back references are not supported.' : '';
  return problem(`does not compile: ${reason}${place}${piece}.${way}`);
}
