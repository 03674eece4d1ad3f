import { describe, expect, it } from 'vitest';
import { DomainError } from '#kernel';
import { aSource } from '../testing/journal-factories.js';
import { JournalSettingsOnTrial, type TriedSettings } from './journal-settings-trial.js';

const onTrial = (changes: Partial<TriedSettings> = {}): JournalSettingsOnTrial =>
  new JournalSettingsOnTrial({
    fundOrgRegex: '^(?P<orgn>[A-Z]+)-(?P<fund>\\d{6})(-(?P<project>.+))?$',
    accountCodeRegex: '^7\\d{3}$',
    defaultAccount: '7000',
    ...changes,
  });

const remarkOn = (fundOrgRegex: string, fundOrg: string): string | null => onTrial({ fundOrgRegex }).fundOrg(fundOrg).remark;

describe('an expression for fund/orgs on trial', () => {
  it('shows the fields of an entry and every named group', () => {
    expect(onTrial().fundOrg('BIO-123456')).toEqual({
      ...{
        fundOrg: 'BIO-123456',
        matches: true,
        fund: '123456',
        orgn: 'BIO',
        program: '',
        activity: '',
        location: '',
        rest: '',
        remark: null,
      },
      groups: [
        { name: 'orgn', value: 'BIO' },
        { name: 'fund', value: '123456' },
        { name: 'project', value: null },
      ],
    });
    expect(onTrial({ fundOrgRegex: '(?P<program>..)(?P<activity>..)(?P<location>..)' }).fundOrg('aabbcc')).toMatchObject({
      ...{ fund: 'aabbcc', orgn: '', program: 'aa', activity: 'bb', location: 'cc' },
    });
  });

  it('takes the whole as fund where it does not match, as the journal does', () => {
    expect(onTrial().fundOrg('BIO-12')).toMatchObject({
      matches: false,
      fund: 'BIO-12',
      orgn: '',
      groups: [{ value: null }, { value: null }, { value: null }],
    });
  });

  it.each([
    ['^(?P<orgn>[A-Z]+)-(?P<fund>\\d{6})$', 'BIO-12', 'behind “BIO-”, (?P<fund>\\d{6}) does not match “12”'],
    ['^(?P<orgn>[A-Z]+)-(?P<fund>\\d{6})$', 'BIO', 'it ends behind “BIO”, where - should follow'],
    ['^(?P<orgn>[A-Z]+)-', '12-3', 'it does not begin with (?P<orgn>[A-Z]+)'],
    ['^\\p{Greek}{2}[])(]+?x{2,3}$', 'αβ)xy', 'behind “αβ)”, x{2,3} does not match “xy”'],
    ['a|b', 'c', 'the expression does not match from the first character on'],
    ['(a|b)c', 'bd', 'behind “b”, c does not match “d”'],
    ['\\Qa|b\\E', 'c', 'the expression does not match from the first character on'],
    ['(?P<fund>\\d+)', '12-x', '“-x” is left over; end the expression with $ to refuse that'],
  ])('%s says of “%s”: %s', (expression, fundOrg, remark) => {
    expect(remarkOn(expression, fundOrg)).toBe(remark);
  });

  it('is linear in time also while it explains', () => {
    expect(remarkOn('^(a+)+(a+)+(a+)+$', `${'a'.repeat(200)}!`)).toMatch(/^behind “a{200}”, \$ does not match “!”/);
  });
});

describe('an account on trial', () => {
  it('is allowed, or told why not', () => {
    const accounts = onTrial();
    expect(accounts.account('7123')).toEqual({ accountCode: '7123', allowed: true, reason: null });
    expect(accounts.account('712')).toMatchObject({ allowed: false, reason: 'behind “7”, \\d{3} does not match “12”' });
    expect(accounts.account('')).toMatchObject({ allowed: false, reason: expect.stringMatching(/^no account: /) as string });
    expect(onTrial({ accountCodeRegex: '' }).account('')).toMatchObject({ allowed: true });
  });

  it.each([
    [{ charge: '7111', source: '7222' }, 'charge', '7111', '7222'],
    [{ charge: '', source: '7222' }, 'source', '7222', '7222'],
    [{ charge: '', source: null }, 'default', '7000', '7000'],
    [{ charge: '7000', source: null }, 'charge', '7000', '7000'],
  ])('comes from the charge, then the source, then the default: %o', ({ charge, source }, from, debit, credit) => {
    const booking = onTrial().booking(aSource('aws', { accountCode: source, fundOrg: null }), charge);
    expect(booking.candidates.filter(({ wins }) => wins)).toMatchObject([{ from }]);
    expect(booking).toMatchObject({ debit: { accountCode: debit, allowed: true }, credit: { accountCode: credit } });
  });

  it('is missing where nobody names one', () => {
    const { candidates, debit } = onTrial({ defaultAccount: '' }).booking(aSource(), '');
    expect(candidates.some(({ wins }) => wins)).toBe(false);
    expect(debit.allowed).toBe(false);
  });
});

describe('settings on trial', () => {
  it('name every setting that can’t be one, and where', () => {
    const problems = refusal({ fundOrgRegex: '^(?P<orgn>x', accountCodeRegex: '(?=7)\\d', defaultAccount: 'a\nb' });
    expect(problems).toEqual([
      { where: 'fundOrgRegex', what: 'journal.fund_org_regex does not compile: missing closing ) at character 2.' },
      {
        where: 'accountCodeRegex',
        what: 'journal.account_code_regex does not compile: invalid or unsupported Perl syntax at character 1 (“(?=”). Look-ahead, look-behind and back references are not supported.',
      },
      { where: 'defaultAccount', what: 'journal.default_account has a line break or another control character in it.' },
    ]);
    expect(refusal({ accountCodeRegex: 'x'.repeat(501) })).toMatchObject([{ where: 'accountCodeRegex' }]);
  });

  it.each(['(a{1000})'.repeat(50), `(?:${'a'.repeat(480)}){1000}`, '((((a{10}){10}){10})[^x]{1000}(?P<b>b{7,999})){9}', '(a{9999'])(
    'repeat no more than can be tried at once: %s',
    (expression) => {
      const [problem] = refusal({ fundOrgRegex: expression });
      expect(problem?.what).toMatch(expression.endsWith('9') ? /missing closing \)/ : /its counts in \{ \} are too large/);
    },
  );

  it('repeat what a chart of accounts does', () => {
    expect(
      onTrial({ fundOrgRegex: '^(?P<orgn>[A-Z]{2,12})-(?P<fund>\\d{6})(?:-(?P<project>\\w{1,100}){1,3})?$' }).fundOrg('AB-123456').matches,
    ).toBe(true);
  });

  it('are written as the configuration file takes them', () => {
    expect(onTrial({ fundOrgRegex: "it's" }).configLines).toBe(
      "journal:\n  fund_org_regex: 'it''s'\n  account_code_regex: '^7\\d{3}$'\n  default_account: '7000'",
    );
  });
});

function refusal(changes: Partial<TriedSettings>): DomainError['problems'] {
  try {
    onTrial(changes);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'journal.settings-invalid') return error.problems;
    throw error;
  }
  throw new Error('it was not refused');
}
