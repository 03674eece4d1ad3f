import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billingPeriod, Decimal } from '#kernel';
import { aPosting, aSource, someSettings } from '../testing/journal-factories.js';
import { buildEntries } from './build-entries.js';
import type { JournalEntry, JournalPosting } from './posting.js';

const period = billingPeriod('2025-03');
const short = (entry: JournalEntry): string =>
  `${entry.isDebit ? 'D' : 'C'} ${entry.fundOrg} ${entry.sourceName} ${entry.account} ${entry.amount.toPadded(2)}`;
const SOURCES = [aSource('aws'), aSource('hpc')];
const build = (postings: readonly JournalPosting[], changes = {}, sources = SOURCES) =>
  buildEntries(postings, sources, someSettings(changes), period);

describe('buildEntries', () => {
  it('debits each fund/org per source and credits each source, debits first, by fund/org', () => {
    const { entries, debits, credits, problems } = build([
      aPosting('2.50', { fundOrg: 'ZOO-1' }),
      aPosting('1.25', { fundOrg: 'ART-9', source: 'hpc' }),
      aPosting('3', { fundOrg: 'ZOO-1', source: 'hpc' }),
      aPosting('4', { fundOrg: 'ZOO-1', serviceName: 'Compute' }),
    ]);
    expect(entries.map(short)).toEqual([
      'D ART-9 hpc 7000 1.25',
      'D ZOO-1 aws 7000 6.50',
      'D ZOO-1 hpc 7000 3.00',
      'C IT-AWS aws 7000 6.50',
      'C IT-HPC hpc 7000 4.25',
    ]);
    expect([debits.toString(), credits.toString(), problems]).toEqual(['10.75', '10.75', []]);
  });

  it('puts a refund on the other side with a positive amount', () => {
    const { entries, problems } = build([aPosting('-30'), aPosting('5', { source: 'hpc' })]);
    expect(entries.map(short)).toEqual([
      'D IT-AWS aws 7000 30.00',
      'D OCE-F2201 hpc 7000 5.00',
      'C IT-HPC hpc 7000 5.00',
      'C OCE-F2201 aws 7000 30.00',
    ]);
    expect(problems).toEqual([]);
  });

  it('leaves out what nets to zero but counts it', () => {
    const built = build([aPosting('7'), aPosting('-7')]);
    expect(built.entries).toEqual([]);
    expect(built.zeroGroups).toBe(2);
  });

  it('writes what nets to zero where it is asked for: PIs as debits, sources as credits', () => {
    const postings = [aPosting('7'), aPosting('-7'), aPosting('0', { fundOrg: 'ART-9', source: 'hpc' }), aPosting('2', { source: 'hpc' })];
    const { entries, zeroGroups, debits, credits, problems } = buildEntries(postings, SOURCES, someSettings(), period, 'written');
    expect(entries.map(short)).toEqual([
      'D ART-9 hpc 7000 0.00',
      'D OCE-F2201 aws 7000 0.00',
      'D OCE-F2201 hpc 7000 2.00',
      'C IT-AWS aws 7000 0.00',
      'C IT-HPC hpc 7000 2.00',
    ]);
    expect([zeroGroups, debits.toString(), credits.toString(), problems]).toEqual([0, '2', '2', []]);
  });

  it('judges entries of zero by their codes as any others, and a source that comes to nothing not at all', () => {
    const sources = [aSource('aws', { fundOrg: null }), aSource('hpc')];
    const postings = [
      aPosting('0', { fundOrg: '' }),
      aPosting('4', { projectId: 'p', source: 'hpc', accountCode: '54100' }),
      aPosting('0', { source: 'hpc', accountCode: '5' }),
      aPosting('-4', { source: 'hpc', accountCode: '54101' }),
    ];
    const settings = someSettings({ accountCodeRegex: '\\d{5}$', defaultAccount: '' });
    const problems = (zeroRows: 'written' | 'left-out'): string[] =>
      buildEntries(postings, sources, settings, period, zeroRows).problems.map(({ code, text }) => `${code}: ${text}`);
    expect(problems('left-out')).toEqual([]);
    expect(problems('written')).toEqual([
      expect.stringMatching(/^debit-fund-org\.missing: A row of 0\.00 from source “aws” has no fund\/org .* export without rows of zero/),
      expect.stringMatching(/^account\.missing: The debit of 0\.00 to  \(source aws\) has no account/),
      expect.stringMatching(/^account\.invalid: The account “5” of the debit of 0\.00 to OCE-F2201/),
      expect.stringMatching(/^account\.missing: The credit of 0\.00 to IT-HPC/),
    ]);
  });

  it('takes the account of the charge, then of the source, then the default, and books each account by itself', () => {
    const sources = [aSource('aws', { accountCode: '6100' }), aSource('hpc')];
    const postings = [aPosting('1', { accountCode: '5555' }), aPosting('2'), aPosting('4', { source: 'hpc' })];
    expect(build(postings, {}, sources).entries.map(short)).toEqual([
      'D OCE-F2201 aws 5555 1.00',
      'D OCE-F2201 aws 6100 2.00',
      'D OCE-F2201 hpc 7000 4.00',
      'C IT-AWS aws 6100 3.00',
      'C IT-HPC hpc 7000 4.00',
    ]);
  });

  it('splits fund/orgs from their start as Python’s re.match does, and shows every named group', () => {
    const fundOrgRegex = '(?P<orgn>[A-Z]{3})-(?P<fund>\\w+)(?:/(?P<program>\\d+))?(?:#(?P<campus>\\w))?';
    const { entries } = build([aPosting('1', { fundOrg: 'OCE-F1/12#N' }), aPosting('1', { fundOrg: 'x OCE-F1' })], { fundOrgRegex });
    const [first, second] = entries;
    expect([first?.fund, first?.orgn, first?.program, first?.groups.get('campus')]).toEqual(['F1', 'OCE', '12', 'N']);
    expect([second?.fund, second?.orgn, second?.program, second?.groups.get('campus')]).toEqual(['x OCE-F1', '', '', '']);
  });

  it('fills descriptions in and names all PIs and projects of a debit', () => {
    const { entries } = build(
      [aPosting('1', { piEmail: 'b@x.edu', references: ['PO-2'] }), aPosting('1', { piEmail: 'a@x.edu', references: ['PO-2', 'PO-1'] })],
      { debitDescription: '{source}|{period}|{fund_org}|{pi_email}|{project_id}|{other}', creditDescription: 'to {fund_org}' },
    );
    expect(entries.map((entry) => [entry.description, entry.referenceId])).toEqual([
      ['aws|2025-03|OCE-F2201|a@x.edu; b@x.edu|tidal-models|{other}', 'PO-1; PO-2'],
      ['to IT-AWS', ''],
    ]);
  });

  it('names a source without credit fund/org with its money, and that the journal does not balance', () => {
    const { problems } = build([aPosting('12.5')], {}, [aSource('aws', { fundOrg: null })]);
    expect(problems.map(({ code, source }) => [code, source])).toEqual([
      ['credit-fund-org.missing', 'aws'],
      ['journal.unbalanced', ''],
    ]);
    expect(problems[0]?.text).toContain('12.50');
    expect(build([aPosting('12.5')], {}, []).problems[0]?.code).toBe('credit-fund-org.missing');
  });

  it('names charges that have no fund/org to debit', () => {
    const { problems } = build([aPosting('12.5'), aPosting('3', { fundOrg: '' })]);
    expect(problems).toEqual([
      expect.objectContaining({ code: 'debit-fund-org.missing', text: expect.stringContaining('3.00') as string }),
    ]);
  });

  it('names missing and malformed accounts only where a pattern is set', () => {
    const accountCodeRegex = '\\d{5}$';
    const postings = [aPosting('1', { accountCode: '54100' }), aPosting('2', { accountCode: '5410' }), aPosting('3')];
    const codes = (changes: object) =>
      build(postings, { defaultAccount: '', ...changes }).problems.map(({ code, fundOrg }) => `${code} ${fundOrg}`);
    expect(codes({ accountCodeRegex })).toEqual(['account.missing OCE-F2201', 'account.invalid OCE-F2201', 'account.missing IT-AWS']);
    expect(codes({})).toEqual([]);
  });

  it.each([{ fundOrgRegex: '(?P<fund>' }, { accountCodeRegex: '(?=a)' }])('refuses a pattern that does not compile: %j', (changes) => {
    expect(() => build([aPosting()], changes)).toThrow(/not a usable regular expression/);
  });

  it('is not held up by a pattern that would make a backtracking engine explode', () => {
    const { entries } = build([aPosting('1', { fundOrg: `${'a'.repeat(5000)}!` })], { fundOrgRegex: '(?P<fund>(a+)+)$' });
    expect(entries[0]?.orgn).toBe('');
  });

  const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map((units) => Decimal.ofUnits(units, 2));
  const postings = fc.array(
    fc
      .record({
        fundOrg: fc.constantFrom('OCE-1', 'OCE-2', 'none'),
        source: fc.constantFrom('aws', 'hpc'),
        accountCode: fc.constantFrom(null, '1', '2'),
        projectId: fc.constantFrom('p', 'q'),
        billed: amounts,
      })
      .map((changes) => aPosting('0', changes)),
    { maxLength: 25 },
  );

  it('balances for any postings, and books to each fund/org exactly what was billed to it', () => {
    fc.assert(
      fc.property(postings, (given) => {
        const { entries, debits, credits, problems } = build(given);
        const of = (list: readonly JournalEntry[]): Decimal =>
          Decimal.sum(list.map((entry) => (entry.isDebit ? entry.amount : entry.amount.negated())));
        expect(debits.toString()).toBe(credits.toString());
        expect(problems).toEqual([]);
        expect(of(entries).isZero()).toBe(true);
        expect(entries.every((entry) => entry.amount.isPositive() && entry.isDebit !== entry.isCredit)).toBe(true);
        for (const fundOrg of ['OCE-1', 'OCE-2', 'none']) {
          const billed = Decimal.sum(given.filter((posting) => posting.fundOrg === fundOrg).map((posting) => posting.billed));
          expect(of(entries.filter((entry) => entry.fundOrg === fundOrg)).toString()).toBe(billed.toString());
        }
        expect(build([...given].reverse()).entries.map(short)).toEqual(entries.map(short));
      }),
    );
  });

  it('is the same journal with rows of zero as without, once those are taken out', () => {
    const months = fc.tuple(postings, postings).map(([some, others]) => [
      ...some,
      ...others.map((posting) => ({ ...posting, billed: Decimal.ZERO })),
      // A refund of all of them: groups that cancel out.
      ...some.slice(0, some.length / 2).map((posting) => ({ ...posting, billed: posting.billed.negated() })),
    ]);
    let zeroRowsMet = 0;
    fc.assert(
      fc.property(months, (given) => {
        const without = build(given);
        const { entries, debits, credits, problems, zeroGroups } = buildEntries(given, SOURCES, someSettings(), period, 'written');
        const zeros = entries.filter(({ amount }) => amount.isZero());
        zeroRowsMet += zeros.length;
        expect(entries.filter(({ amount }) => !amount.isZero())).toEqual(without.entries);
        expect([zeros.length, zeroGroups]).toEqual([without.zeroGroups, 0]);
        expect(zeros.every(({ party, isDebit, isCredit }) => isDebit === (party === 'pi') && isCredit !== isDebit)).toBe(true);
        expect([debits.toString(), credits.toString(), problems]).toEqual([without.debits.toString(), debits.toString(), []]);
      }),
    );
    expect(zeroRowsMet).toBeGreaterThan(0);
  });
});
