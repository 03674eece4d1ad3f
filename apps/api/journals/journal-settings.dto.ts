import { type AccountOrigin, type CodeOrigin, LONGEST_EXPRESSION } from '#journals';
import { AskText, AskTexts, Choice, ListOf, Part, Text, Texts, YesNo } from '../http/fields.js';

const CODE_ORIGINS: readonly CodeOrigin[] = ['given', 'ledger', 'chart', 'source', 'default'];
const ACCOUNT_ORIGINS: readonly AccountOrigin[] = ['charge', 'source', 'default'];
const MOST_SAMPLES = 200;

export class TestJournalSettings {
  @AskText({
    ...{ required: false, maxLength: LONGEST_EXPRESSION, example: '^(?P<orgn>[^-]+)-(?P<fund>.+)$' },
    description: 'A regular expression of RE2 with named groups, matched from the start. Left out: journal.fund_org_regex.',
  })
  fundOrgRegex?: string;
  @AskText({
    ...{ required: false, maxLength: LONGEST_EXPRESSION },
    description: 'What accounts must match, from the start; empty: any will do. Left out: journal.account_code_regex.',
  })
  accountCodeRegex?: string;
  @AskText({ required: false, maxLength: LONGEST_EXPRESSION, description: 'Left out: journal.default_account.' }) defaultAccount?: string;
  @AskTexts({
    ...{ required: false, maxItems: MOST_SAMPLES, maxLength: 200 },
    description: 'To try it on. None: those of the ledger, latest period first, and of the chart of funds, at most 100 of each.',
  })
  fundOrgs?: string[];
  @AskTexts({
    ...{ required: false, maxItems: MOST_SAMPLES, maxLength: 200 },
    description: 'To try it on. None: those of the ledger, latest period first and at most 100, of the sources, and the default.',
  })
  accountCodes?: string[];
  @AskText({ required: false, maxLength: 100, description: 'Whose account is asked for.' }) source?: string;
  @AskText({ required: false, maxLength: 200, description: 'The account that a charge of the source carries; none unless given.' })
  chargeAccount?: string;
}

class JournalSettingsInfo {
  @Text() fundOrgRegex!: string;
  @Text({ description: 'Empty: any account will do.' }) accountCodeRegex!: string;
  @Text() defaultAccount!: string;
}

class TriedGroupInfo {
  @Text() name!: string;
  @Text({ nullable: true, description: 'Null: it took no part in the match.' }) value!: string | null;
}

class TriedFundOrgInfo {
  @Text() fundOrg!: string;
  @Choice(CODE_ORIGINS, 'CodeOrigin', { description: 'Where it was found.' }) from!: CodeOrigin;
  @YesNo() matches!: boolean;
  @Text({ description: 'The whole fund/org where nothing matches.' }) fund!: string;
  @Text() orgn!: string;
  @Text() program!: string;
  @Text() activity!: string;
  @Text() location!: string;
  @ListOf(() => TriedGroupInfo, { description: 'Every named group, in the order of the expression.' }) groups!: readonly TriedGroupInfo[];
  @Text({ description: 'What stands behind the match.' }) rest!: string;
  @Text({ nullable: true, description: 'Where it stops to match, or what is left over; null: it matches as a whole.' }) remark!:
    string | null;
}

class TriedAccountInfo {
  @Text() accountCode!: string;
  @YesNo() allowed!: boolean;
  @Text({ nullable: true, description: 'Why not.' }) reason!: string | null;
}

class TriedAccountFoundInfo extends TriedAccountInfo {
  @Choice(CODE_ORIGINS, 'CodeOrigin', { description: 'Where it was found.' }) from!: CodeOrigin;
}

class AccountCandidateInfo {
  @Choice(ACCOUNT_ORIGINS, 'AccountOrigin') from!: AccountOrigin;
  @Text({ description: 'Empty: it names none.' }) accountCode!: string;
  @YesNo() wins!: boolean;
}

class TriedBookingInfo {
  @Text() source!: string;
  @ListOf(() => AccountCandidateInfo, { description: 'In the order in which they are asked.' })
  candidates!: readonly AccountCandidateInfo[];
  @Part(() => TriedAccountInfo, { description: 'Of entries that debit a PI’s fund/org.' }) debit!: TriedAccountInfo;
  @Part(() => TriedAccountInfo, { description: 'Of the entry that credits the source’s fund/org; no charge has a say in it.' })
  credit!: TriedAccountInfo;
}

export class TestedJournalSettings {
  @Part(() => JournalSettingsInfo, { description: 'As they were tried.' }) settings!: JournalSettingsInfo;
  @Part(() => JournalSettingsInfo, { description: 'By which journals are written.' }) configured!: JournalSettingsInfo;
  @Text({ description: 'What to write into the configuration file for the settings that were tried; YAML.' }) configLines!: string;
  @Texts({ description: 'Named groups of the expression: each is a field of an entry.' }) groupNames!: readonly string[];
  @ListOf(() => TriedFundOrgInfo) fundOrgs!: readonly TriedFundOrgInfo[];
  @ListOf(() => TriedAccountFoundInfo) accountCodes!: readonly TriedAccountFoundInfo[];
  @Part(() => TriedBookingInfo, { nullable: true, description: 'Null unless a source was given.' }) booking!: TriedBookingInfo | null;
}
