import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, ApiProblem } from '../support/api-client.js';
import { type CommandRun, commandLineBeside } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

const CONFIG = `dev_mode: true
imports:
  known_sources: [{name: hpc, fund_org: RC-1, account_code: '7123'}, {name: tape, fund_org: RC-2}]
journal: {default_account: '7050', account_code_regex: '^7\\d{3}$'}
`;

interface Tested {
  readonly settings: object;
  readonly configured: object;
  readonly configLines: string;
  readonly groupNames: readonly string[];
  readonly fundOrgs: readonly { readonly fundOrg: string; readonly from: string; readonly matches: boolean }[];
  readonly accountCodes: readonly { readonly accountCode: string; readonly from: string; readonly allowed: boolean }[];
  readonly booking: { readonly candidates: readonly { readonly from: string; readonly wins: boolean }[] } | null;
}

/** An office that asks itself what its fund/orgs will look like in the journal. */
describe('settings of the journal on trial', () => {
  let api: TestApi;
  let viewer: ApiClient;
  let cli: (...args: string[]) => Promise<CommandRun>;
  let folder: string;

  beforeAll(async () => {
    api = await TestApi.start({ config: CONFIG });
    viewer = await api.signedIn('viewer');
    cli = await commandLineBeside(api);
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-journal-settings-'));
  }, 60_000);
  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const test = (body: object = {}): Promise<Tested> => viewer.post<Tested>('/journals/settings/test', body);
  const problemOf = async (body: object): Promise<Pick<ApiProblem, 'status' | 'code' | 'problems'>> => {
    try {
      await test(body);
    } catch (error) {
      if (error instanceof ApiProblem) return error;
      throw error;
    }
    throw new Error('it was not refused');
  };

  async function imported(rows: readonly FocusRow[]): Promise<void> {
    const reviewer = await api.signedIn('reviewer');
    const path = join(folder, 'rows.csv');
    await writeFile(path, focusCsv(rows));
    const { importId } = await reviewer.upload(path, { source: 'hpc' });
    await eventually(async () => {
      const { state } = await reviewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'received' ? undefined : state;
    });
  }

  it('are tried on the accounts of the sources while nothing is imported', async () => {
    expect(await test()).toEqual({
      settings: { fundOrgRegex: '^(?P<orgn>[^-]+)-(?P<fund>.+)$', accountCodeRegex: '^7\\d{3}$', defaultAccount: '7050' },
      configured: { fundOrgRegex: '^(?P<orgn>[^-]+)-(?P<fund>.+)$', accountCodeRegex: '^7\\d{3}$', defaultAccount: '7050' },
      configLines:
        "journal:\n  fund_org_regex: '^(?P<orgn>[^-]+)-(?P<fund>.+)$'\n  account_code_regex: '^7\\d{3}$'\n  default_account: '7050'",
      groupNames: ['orgn', 'fund'],
      fundOrgs: [],
      accountCodes: [
        { accountCode: '7123', from: 'source', allowed: true, reason: null },
        { accountCode: '7050', from: 'default', allowed: true, reason: null },
      ],
      booking: null,
    });
  });

  it('are tried on what is in use: the ledger, latest period first, then the chart of funds', async () => {
    await imported([
      { period: '2025-01', billed: '1', tags: tags({ fund_org: 'OLD-1' }) },
      { period: '2025-03', billed: '1', tags: tags({ fund_org: 'MATH-100', account_code: '8000' }) },
      { period: '2025-03', billed: '1', tags: tags({ fund_org: 'PLAIN', account_code: '7999' }) },
    ]);
    const admin = await api.signedIn('admin');
    await admin.put('/funds/CHEM-7', { title: 'Chemistry' });
    await admin.put('/funds/MATH-100', { title: 'Mathematics' });
    const { fundOrgs, accountCodes } = await test();
    expect(fundOrgs.map(({ fundOrg, from, matches }) => [fundOrg, from, matches])).toEqual([
      ['MATH-100', 'ledger', true],
      ['PLAIN', 'ledger', false],
      ['OLD-1', 'ledger', true],
      ['CHEM-7', 'chart', true],
    ]);
    expect(accountCodes.map(({ accountCode, from, allowed }) => [accountCode, from, allowed])).toEqual([
      ['7999', 'ledger', true],
      ['8000', 'ledger', false],
      ['7123', 'source', true],
      ['7050', 'default', true],
    ]);
  });

  it('are tried as they are given, and the configured ones stay', async () => {
    const asked = {
      fundOrgRegex: '(?P<fund>\\d+)-(?P<project>x)',
      accountCodeRegex: '',
      defaultAccount: '',
      fundOrgs: ['12-x', 'y'],
      accountCodes: ['1'],
    };
    const tested = await test(asked);
    expect(tested).toMatchObject({
      settings: { fundOrgRegex: asked.fundOrgRegex, accountCodeRegex: '', defaultAccount: '' },
      configured: { defaultAccount: '7050' },
      groupNames: ['fund', 'project'],
      fundOrgs: [
        { fundOrg: '12-x', from: 'given', matches: true, fund: '12', groups: [{ value: '12' }, { name: 'project', value: 'x' }] },
        { fundOrg: 'y', from: 'given', matches: false, fund: 'y' },
      ],
      accountCodes: [{ accountCode: '1', allowed: true }],
    });
    expect((await test({ fundOrgRegex: '' })).settings).toMatchObject({ fundOrgRegex: '^(?P<orgn>[^-]+)-(?P<fund>.+)$' });
  });

  it('tell whose account is taken, as the journal takes it', async () => {
    const winner = async (body: object): Promise<string | undefined> =>
      (await test(body)).booking?.candidates.find(({ wins }) => wins)?.from;
    expect(await winner({ source: 'HPC', chargeAccount: '7999' })).toBe('charge');
    expect(await winner({ source: 'hpc' })).toBe('source');
    expect(await winner({ source: 'tape' })).toBe('default');
    expect(await winner({ source: 'tape', defaultAccount: '' })).toBeUndefined();
    expect(await problemOf({ source: 'nosuch' })).toMatchObject({ status: 404, code: 'source.unknown' });
  });

  it('are refused where an expression does not compile, all at once and with the place', async () => {
    expect(await problemOf({ fundOrgRegex: '^(?P<orgn>[^-]+', accountCodeRegex: 'a**' })).toMatchObject({
      status: 400,
      code: 'journal.settings-invalid',
      problems: [
        { where: 'fundOrgRegex', what: 'journal.fund_org_regex does not compile: missing closing ) at character 2.' },
        {
          where: 'accountCodeRegex',
          what: 'journal.account_code_regex does not compile: invalid nested repetition operator at character 2 (“**”).',
        },
      ],
    });
    expect(await problemOf({ fundOrgRegex: 'x'.repeat(501) })).toMatchObject({ status: 400 });
  });

  it('are tried on the command line', async () => {
    const args = [
      '--fund-org-regex',
      '^(?P<orgn>[A-Z]+)-(?P<fund>\\d+)-?(?P<project>.*)$',
      '--account-code-regex',
      '^7',
      '--default-account',
      '7000',
    ];
    const { exitCode, result } = await cli('journal-settings', 'test', ...args, '--source', 'tape');
    expect(exitCode).toBe(0);
    expect(result).toBe(
      [
        '3 of 4 fund/orgs match ^(?P<orgn>[A-Z]+)-(?P<fund>\\d+)-?(?P<project>.*)$',
        'FUND/ORG            FUND   ORGN  project',
        'MATH-100  matches   100    MATH',
        'PLAIN     NO MATCH  PLAIN                 it ends behind “PLAIN”, where - should follow',
        'OLD-1     matches   1      OLD',
        'CHEM-7    matches   7      CHEM',
        '',
        '3 of 4 accounts are allowed: ^7',
        'ACCOUNT',
        '7999     allowed',
        '8000     NOT ALLOWED  it does not begin with 7',
        '7123     allowed',
        '7000     allowed',
        '',
        'ACCOUNT OF tape',
        'the charge               –',
        'the source               –',
        'journal.default_account  7000  is taken',
        'Debits are booked to 7000, the credit to 7000.',
        '',
        'journal:',
        "  fund_org_regex: '^(?P<orgn>[A-Z]+)-(?P<fund>\\d+)-?(?P<project>.*)$'",
        "  account_code_regex: '^7'",
        "  default_account: '7000'",
      ].join('\n'),
    );
    const given = await cli('--json', 'journal-settings', 'test', '--fund-org', 'A-1', '--fund-org', 'B', '--account-code', '7');
    expect(JSON.parse(given.result)).toMatchObject({
      fundOrgs: [
        { fundOrg: 'A-1', orgn: 'A' },
        { fundOrg: 'B', matches: false },
      ],
      accountCodes: [{ accountCode: '7' }],
    });
    const wrong = await cli('journal-settings', 'test', '--fund-org-regex', '(a');
    expect([wrong.exitCode, wrong.notes]).toEqual([1, expect.stringContaining('missing closing ) at character 1')]);
    expect((await cli('journal-settings', 'test', '--charge-account', '7')).exitCode).toBe(2);
  });
});
