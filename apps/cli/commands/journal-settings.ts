import { JournalSettingsTest, type TestedSettings } from '#journals';
import { table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

export interface TestJournalSettingsOptions {
  readonly fundOrgRegex?: string;
  readonly accountCodeRegex?: string;
  readonly defaultAccount?: string;
  readonly fundOrg?: readonly string[];
  readonly accountCode?: readonly string[];
  readonly source?: string;
  readonly chargeAccount?: string;
}

/** Columns that every entry has; other named groups follow them. */
const FIELDS = ['fund', 'orgn', 'program', 'activity', 'location'] as const;
const ORIGINS = { charge: 'the charge', source: 'the source', default: 'journal.default_account' } as const;

export async function testJournalSettings(session: Session, options: TestJournalSettingsOptions): Promise<CommandResult> {
  if (options.chargeAccount !== undefined && options.source === undefined) throw new UsageError('--charge-account goes with --source.');
  const program = await session.program();
  const { fundOrg, accountCode, ...settings } = options;
  const tested = await program.get(JournalSettingsTest).run({ ...settings, fundOrgs: fundOrg, accountCodes: accountCode });
  const parts = [fundOrgText(tested), accountText(tested), bookingText(tested), `${tested.configLines}\n`];
  return {
    data: tested,
    text: parts
      .filter((part) => part !== '')
      .join('\n\n')
      .trimEnd(),
  };
}

function fundOrgText({ settings, groupNames, fundOrgs }: TestedSettings): string {
  if (fundOrgs.length === 0) return 'No fund/org is in use yet; name some with --fund-org.';
  const others = groupNames.filter((name) => !FIELDS.some((field) => field === name));
  const shown = FIELDS.filter((field) => field === 'fund' || field === 'orgn' || groupNames.includes(field));
  const columns = ['FUND/ORG', '', ...shown.map((field) => field.toUpperCase()), ...others, ''];
  const rows = fundOrgs.map((tried) => [
    ...[tried.fundOrg, tried.matches ? 'matches' : 'NO MATCH'],
    ...shown.map((field) => tried[field]),
    ...others.map((name) => tried.groups.find((group) => group.name === name)?.value ?? ''),
    tried.remark ?? '',
  ]);
  const matching = fundOrgs.filter(({ matches }) => matches).length;
  return `${matching} of ${fundOrgs.length} fund/orgs match ${settings.fundOrgRegex}\n${table(
    columns.map((title) => ({ title })),
    rows,
  )}`;
}

function accountText({ settings: { accountCodeRegex }, accountCodes }: TestedSettings): string {
  if (accountCodes.length === 0) return 'No account is in use; name some with --account-code.';
  const rows = accountCodes.map(({ accountCode, allowed, reason }) => [accountCode, allowed ? 'allowed' : 'NOT ALLOWED', reason ?? '']);
  const allowed = accountCodes.filter((tried) => tried.allowed).length;
  const rule = accountCodeRegex === '' ? 'any will do' : accountCodeRegex;
  return `${allowed} of ${accountCodes.length} accounts are allowed: ${rule}\n${table([{ title: 'ACCOUNT' }, { title: '' }, { title: '' }], rows)}`;
}

function bookingText({ booking }: TestedSettings): string {
  if (booking === null) return '';
  const rows = booking.candidates.map(({ from, accountCode, wins }) => [ORIGINS[from], accountCode || '–', wins ? 'is taken' : '']);
  const { debit, credit } = booking;
  const side = ({ accountCode, reason }: typeof debit): string => `${accountCode || 'no account'}${reason === null ? '' : ` (${reason})`}`;
  return [
    table([{ title: `ACCOUNT OF ${booking.source}` }, { title: '' }, { title: '' }], rows),
    `Debits are booked to ${side(debit)}, the credit to ${side(credit)}.`,
  ].join('\n');
}
