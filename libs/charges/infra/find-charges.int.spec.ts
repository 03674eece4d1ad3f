import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { billingPeriod, currency, Decimal } from '#kernel';
import { LedgerQueries, type Standing, STANDINGS } from '#ledger';
import { MIGRATIONS } from '#migrations';
import { Database } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testing';
import type { ChargeFilter } from './charge-filter.js';
import type { SearchEffort } from './charge-search.js';
import { ChargeQueries } from './charge.queries.js';
import { type ChargePage, findCharges } from './find-charges.js';

interface Line {
  readonly importId: number;
  readonly period: string;
  readonly standing: Standing;
  readonly flags: readonly string[];
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly serviceName: string;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly currency: string;
  readonly amount: string;
}

interface Held extends Line {
  readonly lineNumber: number;
  readonly source: string;
}

const PERIODS = ['2025-01', '2025-02', '2025-03'];
const SOURCES = ['aws', 'hpc', 'aws', 'gcp'];
/** Imports 1 to 4; the last one spans all periods. */
const sourceOf = (importId: number): string => SOURCES[(importId - 1) % SOURCES.length] ?? '';
const PIS = ['', 'ada@x.edu', 'bob@x.edu'];
const PROJECTS = ['', 'p-1', 'p-2'];
const FLAGS = ['missing_fund_org', 'pattern_match:gpu', 'late_charge'];
const TEXTS = ['Node', 'gpu', 'x.edu', 'S3', 'ß', '%', '_', '\\', 'nowhere', 'P-1', 'node s3'];

/** Looks texts up in the ledger at once, and searches two periods of this size, or one. */
const LITTLE: SearchEffort = { atOnce: 150, lookUpFrom: 0, probe: 10 };

const line: fc.Arbitrary<Line> = fc
  .record({
    importId: fc.integer({ min: 1, max: 4 }),
    period: fc.constantFrom(...PERIODS),
    standing: fc.oneof({ weight: 8, arbitrary: fc.constant('clear' as const) }, { weight: 2, arbitrary: fc.constantFrom(...STANDINGS) }),
    flags: fc.subarray(FLAGS),
    piEmail: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIS) }, { weight: 1, arbitrary: fc.constant('rare@x.edu') }),
    projectId: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PROJECTS) }, { weight: 1, arbitrary: fc.constant('p-rare') }),
    fundOrg: fc.constantFrom('', 'GPU-1', 'F%2'),
    serviceName: fc.constantFrom('S3', 'Compute', 'Straße_'),
    resourceId: fc.constantFrom(null, 'arn:node-1', 'a\\b'),
    resourceName: fc.constantFrom(null, 'NODE', '100%'),
    currency: fc.constantFrom('USD', 'USD', 'EUR'),
    amount: fc.constantFrom('1.25', '-0.001', '1000000.123456789', '0.005', '7'),
  })
  // A clear charge has no flags; imports but the last are of one period.
  .map((drawn) => ({
    ...drawn,
    flags: drawn.standing === 'clear' ? [] : drawn.flags,
    period: drawn.importId === 4 ? drawn.period : (PERIODS[drawn.importId - 1] ?? ''),
  }));

const filter: fc.Arbitrary<ChargeFilter> = fc
  .tuple(
    fc.record({
      period: fc.constantFrom(...PERIODS).map(billingPeriod),
      source: fc.constantFrom('aws', 'HPC', 'none'),
      piEmail: fc.constantFrom('ada@x.edu', 'Bob@X.edu', 'rare@x.edu', 'nobody@x.edu'),
      projectId: fc.constantFrom(...PROJECTS, 'p-rare'),
      standings: fc.subarray([...STANDINGS], { minLength: 1 }),
      flag: fc.constantFrom('pattern_match', ...FLAGS),
      text: fc.constantFrom(...TEXTS),
      amountFrom: fc.constantFrom('-0.001', '0.005', '1.25', '1e6'),
      amountTo: fc.constantFrom('1000000.1234567890', '1000000.1234567889', '2000000'),
    }),
    fc.subarray(['period', 'source', 'piEmail', 'projectId', 'standings', 'flag', 'text', 'amountFrom', 'amountTo'] as const, {
      maxLength: 3,
    }),
  )
  .map(([all, used]) => Object.fromEntries(used.map((field) => [field, all[field]])));

describe('the list of charges', () => {
  let own: TestDatabase;
  let database: Database;
  let charges: ChargeQueries;

  beforeAll(async () => {
    own = await createTestDatabase();
    database = await Database.connect({ url: own.url, ownerUrl: own.ownerUrl, applicationName: 'spec', migrations: MIGRATIONS });
    charges = new ChargeQueries(database);
  });

  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  beforeEach(() => empty());

  async function empty(): Promise<void> {
    for (const table of ['charges', 'ledger_balances', 'imports']) await database.query(`delete from ${table}`);
  }

  /** Places the lines as the projections would, numbered on within each import. */
  async function hold(lines: readonly Line[], before: readonly Held[] = []): Promise<Held[]> {
    const numbers = new Map<number, number>();
    for (const { importId, lineNumber } of before) numbers.set(importId, Math.max(lineNumber, numbers.get(importId) ?? 0));
    const held = lines.map((each): Held => {
      const lineNumber = (numbers.get(each.importId) ?? 0) + 1;
      numbers.set(each.importId, lineNumber);
      return { ...each, lineNumber, source: sourceOf(each.importId) };
    });
    await database.query(
      `insert into charges (import_id, line_no, period, source, standing, flags, reattributed, pi_email, project_id, fund_org, cost_center, account_code,
         service_name, resource_id, resource_name, charge_date, currency, list_cost, amount, fingerprint)
       select "importId", "lineNumber", period, source, standing, flags, false, "piEmail", "projectId", "fundOrg", '', '', "serviceName", "resourceId",
         "resourceName", '2025-01-05', currency, amount * 2, amount, gen_random_uuid()
       from jsonb_to_recordset($1::jsonb) as t("importId" int, "lineNumber" int, period text, source text, standing text, flags text[], "piEmail" text,
         "projectId" text, "fundOrg" text, "serviceName" text, "resourceId" text, "resourceName" text, currency text, amount numeric)`,
      [JSON.stringify(held)],
    );
    await database.query(
      `insert into imports (import_id, source, file_name, sha256, bytes, state, delivery_mode, periods, line_count, received_by, received_at)
       select import_id, min(source), '', '', 0, 'recorded', 'merge', array_agg(distinct period), count(*), 'spec', now() from charges group by import_id
       on conflict (import_id) do update set periods = excluded.periods, line_count = excluded.line_count`,
    );
    await database.query('delete from ledger_balances');
    await database.query(
      `insert into ledger_balances (period, currency, pi_email, project_id, fund_org, source, service_name, account_code, standing, line_count, list,
         contracted, billed, effective)
       select period, currency, pi_email, project_id, fund_org, source, service_name, account_code, standing, count(*), sum(list_cost), sum(amount),
         sum(amount), sum(amount)
       from charges group by period, currency, pi_email, project_id, fund_org, source, service_name, account_code, standing`,
    );
    return held;
  }

  async function pagesOf(read: (after: string | undefined) => Promise<ChargePage>, between?: () => Promise<void>): Promise<ChargePage[]> {
    const pages = [await read(undefined)];
    for (let next = pages[0]?.next ?? null; next !== null; next = pages.at(-1)?.next ?? null) {
      await between?.();
      pages.push(await read(next));
    }
    return pages;
  }

  it('is all that matches, in order, whatever the filter and the length of a page, with exact totals', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 150, maxLength: 300, size: 'max' }),
        fc.array(fc.tuple(filter, fc.integer({ min: 9, max: 90 })), { minLength: 8, maxLength: 8 }),
        async (lines, asked) => {
          await empty();
          const held = await hold(lines);
          for (const [wanted, limit] of asked) {
            const expected = inOrder(held.filter((each) => matches(each, wanted)));
            const ids = expected.map(idOf);
            for (const effort of [undefined, LITTLE]) {
              const pages = await pagesOf((after) => findCharges(database, wanted, { limit, after }, effort));
              expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(ids);
              for (const { count, amounts, countedFrom, items } of pages) {
                const counted = expected.filter(({ period }) => countedFrom === null || period >= countedFrom);
                expect({ count, amounts }).toEqual(totalsOf(counted, wanted.standings));
                expect(items.length).toBeLessThanOrEqual(limit);
              }
            }
            const streamed: string[] = [];
            for await (const { id } of charges.each(wanted)) streamed.push(id);
            expect(streamed).toEqual(ids);
          }
        },
      ),
      { numRuns: 10 },
    );
  }, 60_000);

  it('loses no charge and shows none twice while others are added', async () => {
    const [first] = fc.sample(fc.array(line, { minLength: 150, maxLength: 150 }), { numRuns: 1, seed: 7 });
    const held = await hold(first ?? []);
    const added = fc.sample(line, { numRuns: 400, seed: 8 });
    for (const wanted of [{}, { piEmail: 'ada@x.edu' }, { standings: ['flagged', 'rejected'] as const }, { text: 'node' }]) {
      const all = [...held];
      const pages = await pagesOf(
        (after) => charges.find(wanted, { limit: 7, after }),
        async () => void all.push(...(await hold(added.splice(0, 2), all))),
      );
      const seen = pages.flatMap(({ items }) => items.map(({ id }) => id));
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(held.filter((each) => matches(each, wanted)).map(idOf)));
      held.splice(0, held.length, ...all);
    }
  });

  it('ends a walk that finds nothing in the index of the PI', async () => {
    const one = (piEmail: string): Line => ({
      importId: 1,
      period: '2025-01',
      standing: 'clear',
      flags: [],
      piEmail,
      projectId: 'p-1',
      fundOrg: 'F',
      serviceName: 'S3',
      resourceId: null,
      resourceName: null,
      currency: 'USD',
      amount: '1',
    });
    const held = await hold(Array.from({ length: 3_000 }, (_, index) => one(index < 2_900 ? 'bob@x.edu' : 'ada@x.edu')));
    const looked: string[] = [];
    const session = {
      query: <Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> => {
        looked.push(sql);
        return database.query<Row>(sql, parameters);
      },
    };
    const page = await findCharges(session, { piEmail: 'ada@x.edu' }, { limit: 9 });
    expect(page.items.map(({ id }) => id)).toEqual(held.slice(2_900, 2_909).map(idOf));
    expect(looked.map((sql) => (sql.includes('materialized') ? 'index' : sql.includes('from (') ? 'walk' : ''))).toEqual([
      '',
      '',
      'walk',
      '',
      'index',
    ]);
  });

  it('compares amounts exactly, both ends included, negative ones too', async () => {
    const amounts = ['-10.5', '-0.0000001', '0', '0.1', '0.10000000000000001', '99999999999999999999.99'];
    const [drawn] = fc.sample(line, { numRuns: 1, seed: 9 });
    await hold(amounts.map((amount) => ({ importId: 1, period: '2025-01', ...drawn, amount }) as Line));
    const found = async (amountFrom?: string, amountTo?: string): Promise<string[]> => {
      const range = { ...(amountFrom === undefined ? {} : { amountFrom }), ...(amountTo === undefined ? {} : { amountTo }) };
      return (await charges.find(range, { limit: 10 })).items.map(({ amount }) => amount);
    };
    expect(await found('-10.5', '-1E-7')).toEqual(amounts.slice(0, 2));
    expect(await found('-10.49')).toEqual(amounts.slice(1));
    expect(await found('0.1', ' 0.10 ')).toEqual(['0.1']);
    expect(await found('0.10000000000000001')).toEqual(amounts.slice(4));
    expect(await found(undefined, '-0')).toEqual(amounts.slice(0, 3));
    await expect(found('2', '1.99')).rejects.toMatchObject({ code: 'charge.amount-range', kind: 'invalid' });
    await expect(found('1,5')).rejects.toMatchObject({ code: 'decimal.malformed' });
  });

  it('refuses a place that no page named', async () => {
    await expect(charges.find({}, { limit: 1, after: '2025-01' })).rejects.toMatchObject({ code: 'charge.malformed-place' });
    await expect(charges.find({}, { limit: 1, after: '2025-13.1.1' })).rejects.toMatchObject({ code: 'period.malformed' });
  });

  it('sums periods as their postings add up', async () => {
    const usd = currency('USD');
    const ledger = new LedgerQueries(database);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 80, size: 'max' }), async (lines) => {
        await empty();
        await hold(lines);
        const summaries = new Map((await ledger.summaries(usd)).map((summary) => [String(summary.period), summary]));
        for (const period of PERIODS) {
          const postings = await ledger.postings(billingPeriod(period), usd);
          const { totals, bySource, byPi, byService } = await ledger.breakdown(billingPeriod(period), usd);
          const billed = Decimal.sum(postings.map((posting) => posting.billed));
          const list = Decimal.sum(postings.map((posting) => posting.list));
          expect([totals.billed.toString(), totals.list.toString()]).toEqual([billed.toString(), list.toString()]);
          expect([totals.piCount, totals.projectCount]).toEqual([
            new Set(postings.map(({ piEmail }) => piEmail)).size,
            new Set(postings.map(({ piEmail, projectId }) => `${piEmail} ${projectId}`)).size,
          ]);
          for (const groups of [bySource, byPi, byService])
            expect(Decimal.sum(groups.map((group) => group.billed)).equals(billed)).toBe(true);
          const summary = summaries.get(period);
          expect([summary?.billed ?? Decimal.ZERO, summary?.list ?? Decimal.ZERO, summary?.rounding ?? Decimal.ZERO].map(String)).toEqual(
            [billed, list, totals.rounding].map(String),
          );
          expect([summary?.lineCount ?? 0, summary?.flaggedCount ?? 0, summary?.piCount ?? 0]).toEqual([
            totals.lineCount,
            totals.flaggedCount,
            totals.piCount,
          ]);
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

const idOf = ({ importId, lineNumber }: Held): string => `${importId}-${lineNumber}`;

function inOrder(held: readonly Held[]): Held[] {
  return [...held].sort((a, b) => b.period.localeCompare(a.period) || a.importId - b.importId || a.lineNumber - b.lineNumber);
}

/** The rules once more, one charge at a time. */
function matches(held: Held, { period, source, piEmail, projectId, standings, flag, text, amountFrom, amountTo }: ChargeFilter): boolean {
  const texts = [held.resourceId, held.resourceName, held.serviceName, held.piEmail, held.projectId, held.fundOrg];
  const isFlag = (each: string): boolean => (flag === 'pattern_match' ? each.startsWith('pattern_match:') : each === flag);
  return (
    (period === undefined || held.period === period) &&
    (source === undefined || held.source === source.toLowerCase()) &&
    (piEmail === undefined || held.piEmail === piEmail.toLowerCase()) &&
    (projectId === undefined || held.projectId === projectId) &&
    (standings?.includes(held.standing) ?? (flag === undefined || !['split', 'superseded'].includes(held.standing))) &&
    (flag === undefined || held.flags.some(isFlag)) &&
    (amountFrom === undefined || Decimal.parse(held.amount).compare(Decimal.parse(amountFrom)) >= 0) &&
    (amountTo === undefined || Decimal.parse(held.amount).compare(Decimal.parse(amountTo)) <= 0) &&
    (text === undefined || texts.some((each) => each?.toLowerCase().includes(text.toLowerCase()) === true))
  );
}

/** What was replaced, withdrawn or divided is summed only if that was asked for. */
function totalsOf(
  held: readonly Held[],
  asked?: ChargeFilter['standings'],
): { count: number; amounts: { currency: string; list: string; amount: string }[] } {
  const currencies = [...new Set(held.map((each) => each.currency))].sort();
  return {
    count: held.length,
    amounts: currencies.map((code) => {
      const isSummed = ({ standing }: Held): boolean => asked !== undefined || !['split', 'superseded', 'withdrawn'].includes(standing);
      const own = held.filter((each) => each.currency === code && isSummed(each));
      const amount = Decimal.sum(own.map((each) => Decimal.parse(each.amount)));
      return { currency: code, list: amount.plus(amount).toString(), amount: amount.toString() };
    }),
  };
}
