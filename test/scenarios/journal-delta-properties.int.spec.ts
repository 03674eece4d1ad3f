import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BookedAgainstLedger,
  BookingRows,
  ExportJournalHandler,
  type JournalBooking,
  type JournalFamily,
  type JournalFormat,
  MarkJournalHandler,
} from '#journals';
import { ReviewChargesHandler } from '#charges';
import { type BillingPeriod, billingPeriod, currency, Decimal, DomainError } from '#kernel';
import { LedgerQueries, type Posting } from '#ledger';
import { SourceQueries, SourceRegistry } from '#sources';
import { SplitChargesHandler } from '#splits';
import { by, TestProgram } from '#testing/program';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const ADA = by('ada@example.edu');
const USD = currency('USD');
const CONFIG = `dev_mode: true
imports:
  known_sources: [{name: hpc, fund_org: RC-1}, {name: aws, fund_org: RC-2, account_code: '6100'}]
journal: {default_account: '7050'}
`;
const FORMATS: Readonly<Record<JournalFamily, readonly JournalFormat[]>> = {
  'two-sided': ['template', 'gl'],
  'one-sided': ['default', 'summary'],
};

/** What happens to a month, one after another. */
type Step =
  | { readonly kind: 'import'; readonly source: string; readonly rows: readonly FocusRow[] }
  | { readonly kind: 'reattribute'; readonly resource: string; readonly fundOrg: string; readonly projectId: string }
  | { readonly kind: 'split'; readonly resource: string; readonly percent: number; readonly fundOrg: string }
  | { readonly kind: 'credit'; readonly source: string; readonly fundOrg: string }
  | { readonly kind: 'export'; readonly format: number; readonly delta: boolean }
  | { readonly kind: 'mark'; readonly number: number; readonly mark: 'posted' | 'void' | 'unmark' };

const fundOrgs = fc.constantFrom('MATH-100', 'BIO-200', 'CHEM-300');
const resources = fc.constantFrom('node-1', 'node-2', 'node-3');
const sources = fc.constantFrom('hpc', 'aws');
const rows: fc.Arbitrary<FocusRow> = fc
  .record({
    units: fc.integer({ min: -99_999, max: 99_999 }),
    resource: resources,
    fundOrg: fundOrgs,
    piEmail: fc.constantFrom('ada@example.edu', 'ben@example.edu'),
    accountCode: fc.constantFrom('', '5555', '7050'),
    service: fc.constantFrom('Compute', 'Storage'),
  })
  .map(({ units, resource, fundOrg, piEmail, accountCode, service }) => ({
    billed: Decimal.ofUnits(BigInt(units), 4).toString(),
    resource,
    service,
    tags: tags({ fund_org: fundOrg, pi_email: piEmail, ...(accountCode === '' ? {} : { account_code: accountCode }) }),
  }));
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('import' as const), source: sources, rows: fc.array(rows, { minLength: 1, maxLength: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('reattribute' as const),
      resource: resources,
      fundOrg: fundOrgs,
      projectId: fc.constantFrom('engine', 'wheel'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('split' as const),
      resource: resources,
      percent: fc.integer({ min: 1, max: 99 }),
      fundOrg: fundOrgs,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('credit' as const), source: sources, fundOrg: fc.constantFrom('RC-1', 'RC-2', 'MATH-100') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('export' as const), format: fc.integer({ min: 0, max: 1 }), delta: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('mark' as const),
      number: fc.integer({ min: 1, max: 4 }),
      mark: fc.constantFrom('posted' as const, 'void' as const, 'unmark' as const),
    }),
  },
);

describe('whatever happens to a month', () => {
  let program: TestProgram;
  let office: Office;
  /** Months are not used twice. */
  let month = 0;

  beforeAll(async () => {
    program = await TestProgram.start({ config: CONFIG });
    office = new Office(program);
  });
  afterAll(() => program.stop());

  function nextPeriod(): BillingPeriod {
    month += 1;
    return billingPeriod(`${2000 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`);
  }

  /** What is refused for how things stand changes nothing. */
  async function tried<Result>(work: Promise<Result>): Promise<Result | undefined> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  }

  async function take(step: Step, period: BillingPeriod, family: JournalFamily): Promise<void> {
    switch (step.kind) {
      case 'import':
        await office.import(focusCsv(step.rows.map((row) => ({ ...row, period }))), { source: step.source, mode: 'append' });
        break;
      case 'reattribute': {
        const { fundOrg, projectId, resource } = step;
        await tried(
          program.get(ReviewChargesHandler).reattribute({ fundOrg, projectId }, { filter: { period, text: resource } }, null, ADA),
        );
        break;
      }
      case 'split': {
        const { percent, fundOrg, resource } = step;
        const parts = [{ percent: String(percent), fundOrg }, {}];
        const selection = { filter: { period, text: resource, standings: ['clear', 'approved'] as const } };
        await tried(program.get(SplitChargesHandler).split({ selection, parts, note: null }, ADA));
        break;
      }
      case 'credit':
        await program.get(SourceRegistry).change(step.source, { fundOrg: step.fundOrg }, ADA);
        break;
      case 'export':
        await tried(write(period, FORMATS[family][step.format] ?? 'gl', step.delta));
        break;
      case 'mark':
        await mark(period, step.number, step.mark);
        break;
    }
    await program.settle();
  }

  async function write(period: BillingPeriod, format: JournalFormat, delta: boolean): Promise<number> {
    const options = { includeFlagged: false, allowUnbalanced: false, delta };
    const { journal } = await program.get(ExportJournalHandler).execute(period, format, options, ADA);
    const isTwoSided = format === 'template' || format === 'gl';
    if (isTwoSided) expect(journal.debits, `${journal.fileName} balances`).toBe(journal.credits);
    if (delta) expect(journal.rowCount).toBeGreaterThan(0);
    return journal.number;
  }

  async function mark(period: BillingPeriod, number: number, as: 'posted' | 'void' | 'unmark'): Promise<void> {
    const marking = program.get(MarkJournalHandler);
    const reason = 'as it came';
    if (as === 'posted') await tried(marking.post({ period, number, documentNumber: 'JE', postedOn: '2025-11-01', note: null }, ADA));
    else if (as === 'void') await tried(marking.void({ period, number, reason }, ADA));
    else await tried(marking.withdraw({ period, number, reason }, ADA));
  }

  /** Says of every journal that it hangs on whether it was booked, so that a delta can be told. */
  async function decideAll(period: BillingPeriod, family: JournalFamily, isBooked: boolean): Promise<void> {
    for (;;) {
      const { obstacle } = await program.get(BookedAgainstLedger).compare(period, family);
      if (obstacle === null) return;
      await mark(period, undecidedIn(obstacle), isBooked ? 'posted' : 'void');
    }
  }

  /** Says that a delta was booked, and all that it hangs on. */
  async function bookAll(period: BillingPeriod, family: JournalFamily): Promise<void> {
    for (;;) {
      await program.settle();
      const { obstacle } = await program.get(BookedAgainstLedger).compare(period, family);
      if (obstacle === null) return;
      await mark(period, undecidedIn(obstacle), 'posted');
    }
  }

  it.each(['two-sided', 'one-sided'] as const)(
    'what counts as booked after a last delta is what the ledger says, by key and fund/org (%s)',
    { timeout: 300_000 },
    async (family) => {
      let deltas = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(steps, { minLength: 4, maxLength: 12 }),
          fc.array(rows, { minLength: 1 }),
          fc.boolean(),
          async (given, first, isBooked) => {
            const period = nextPeriod();
            await take({ kind: 'import', source: 'hpc', rows: first }, period, family);
            for (const step of given) await take(step, period, family);
            await decideAll(period, family, isBooked);
            const isWritten = await tried(write(period, FINEST[family], true));
            await bookAll(period, family);

            const { comparison, counted } = await program.get(BookedAgainstLedger).compare(period, family);
            const postings = await program.get(LedgerQueries).postings(period, USD);
            const billed = Decimal.sum(postings.map((posting) => posting.billed)).toString();
            expect(comparison?.deltaRowCount).toBe(0);
            for (const { party, fundOrg, booked, ledger } of comparison?.rows ?? [])
              expect(`${fundOrg} ${booked.toString()}`, party).toBe(`${fundOrg} ${ledger.toString()}`);
            expect([comparison?.pi.booked.toString(), await onStatements(period)]).toEqual([billed, billed]);
            if (family === 'two-sided') expect(comparison?.source.booked.toString()).toBe(billed);
            const held = await program.get(BookingRows).sum(
              period,
              counted.map(({ number }) => number),
            );
            const keys = isWritten === undefined ? SEEN[family] : SEEN.all;
            expect(sums(held.map((booking) => [keys(booking), booking.amount]))).toEqual(
              sums(
                [...debitsOf(postings), ...(family === 'one-sided' ? [] : await creditsOf(postings))].map((booking) => [
                  keys(booking),
                  booking.amount,
                ]),
              ),
            );
            if (isWritten !== undefined && counted.some(({ deltaFrom }) => deltaFrom !== null && deltaFrom.length > 0)) deltas += 1;
          },
        ),
        { numRuns: 15 },
      );
      expect(deltas).toBeGreaterThan(0);
    },
  );

  /** What the statements of all PIs come to: their sums of rounded postings. */
  async function onStatements(period: BillingPeriod): Promise<string> {
    const ledger = program.get(LedgerQueries);
    const scopes = await ledger.billedScopes(period, USD);
    const totals = await Promise.all(scopes.map((scope) => ledger.totals(period, USD, scope)));
    return Decimal.sum(totals.map(({ billed }) => billed)).toString();
  }

  async function creditsOf(postings: readonly Posting[]): Promise<Booked[]> {
    const known = await program.get(SourceQueries).list();
    return postings.map(({ source, billed }) => {
      const found = known.find(({ name }) => name === source);
      const account = found?.accountCode === '' ? '7050' : (found?.accountCode ?? '');
      return {
        party: 'source',
        fundOrg: found?.fundOrg ?? '',
        source,
        account,
        piEmail: '',
        projectId: '',
        serviceName: '',
        amount: billed,
      };
    });
  }
});

type Booked = Omit<JournalBooking, 'lineCount' | 'references'>;

/** The format of a family that shows most, and what of a booking it shows. */
const FINEST = { 'two-sided': 'template', 'one-sided': 'default' } as const;
const SEEN = {
  'two-sided': ({ party, fundOrg, source, account }: Booked) => [party, fundOrg, source, account].join('|'),
  'one-sided': ({ fundOrg, piEmail, projectId, serviceName }: Booked) => [fundOrg, piEmail, projectId, serviceName].join('|'),
  all: (booking: Booked) => [SEEN['two-sided'](booking), SEEN['one-sided'](booking)].join('|'),
};

/** Told apart from the product: of the charge, of the source (aws has one), the default. */
function debitsOf(postings: readonly Posting[]): Booked[] {
  return postings.map(({ accountCode, billed, ...posting }) => ({
    ...posting,
    party: 'pi',
    account: accountCode !== '' ? accountCode : posting.source === 'aws' ? '6100' : '7050',
    amount: billed,
  }));
}

function sums(booked: readonly (readonly [key: string, amount: Decimal])[]): string[] {
  const byKey = new Map<string, Decimal>();
  for (const [key, amount] of booked) byKey.set(key, (byKey.get(key) ?? Decimal.ZERO).plus(amount));
  return [...byKey].flatMap(([key, sum]) => (sum.isZero() ? [] : [`${key} ${sum.toString()}`])).sort();
}

function undecidedIn(obstacle: DomainError): number {
  expect(obstacle.code).toBe('journal.undecided');
  return Number(/^Journals? (\d+)/.exec(obstacle.detail)?.[1]);
}
