import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { billingPeriod, currency, Decimal } from '#kernel';
import { LedgerQueries } from '#ledger';
import { MIGRATIONS } from '#migrations';
import { Database } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testing';
import {
  ADJUSTMENT,
  filter,
  type Held,
  idOf,
  inOrder,
  type Line,
  line,
  matches,
  PERIODS,
  sourceOf,
  SPLIT,
  SPLIT_RULE,
  totalsOf,
} from '../testing/held-charges.js';
import type { SearchEffort } from './charge-search.js';
import { ChargeQueries } from './charge.queries.js';
import { type ChargePage, findCharges } from './find-charges.js';

/** Looks texts up in the ledger at once, and searches two periods of this size, or one. */
const LITTLE: SearchEffort = { atOnce: 150, lookUpFrom: 0, probe: 10 };

describe('the list of charges', () => {
  let own: TestDatabase;
  let database: Database;
  let charges: ChargeQueries;
  /** Lines are facts, which nobody else may take away. */
  let owner: Client;

  beforeAll(async () => {
    own = await createTestDatabase();
    database = await Database.connect({ url: own.url, ownerUrl: own.ownerUrl, applicationName: 'spec', migrations: MIGRATIONS });
    charges = new ChargeQueries(database);
    owner = new Client({ connectionString: own.ownerUrl });
    await owner.connect();
    await owner.query('set session_replication_role = replica');
  });

  afterAll(async () => {
    await owner.end();
    await database.close();
    await own.drop();
  });

  beforeEach(() => empty());

  async function empty(): Promise<void> {
    await owner.query('delete from charge_lines');
    for (const table of ['charges', 'ledger_balances', 'imports', 'adjustments', 'splits']) await database.query(`delete from ${table}`);
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
         service_name, resource_id, resource_name, charge_date, currency, list_cost, amount, fingerprint, adjusts_import_id, adjusts_line_no,
         part_of_import_id, part_of_line_no)
       select "importId", "lineNumber", period, source, standing, flags, false, "piEmail", "projectId", "fundOrg", '', '', "serviceName", "resourceId",
         "resourceName", '2025-01-05', currency, amount * 2, amount, gen_random_uuid(),
         case when "importId" = ${ADJUSTMENT} then 1 end, case when "importId" = ${ADJUSTMENT} then 1 end,
         case when "importId" = ${SPLIT} then 1 end, case when "importId" = ${SPLIT} then 1 end
       from jsonb_to_recordset($1::jsonb) as t("importId" int, "lineNumber" int, period text, source text, standing text, flags text[], "piEmail" text,
         "projectId" text, "fundOrg" text, "serviceName" text, "resourceId" text, "resourceName" text, currency text, amount numeric)`,
      [JSON.stringify(held)],
    );
    await owner.query(
      `insert into charge_lines (import_id, line_no, period, service_name, currency, list_cost, amount, fingerprint, flags, billing_account_id,
         sub_account_id, invoice_id, attribution_rule)
       select "importId", "lineNumber", period, "serviceName", currency, amount, amount, gen_random_uuid(), flags, "billingAccountId", "subAccountId",
         "invoiceId", "attributionRule"
       from jsonb_to_recordset($1::jsonb) as t("importId" int, "lineNumber" int, period text, "serviceName" text, currency text, amount numeric,
         flags text[], "billingAccountId" text, "subAccountId" text, "invoiceId" text, "attributionRule" text)`,
      [JSON.stringify(held)],
    );
    await database.query(
      `insert into imports (import_id, source, file_name, sha256, bytes, state, delivery_mode, periods, line_count, report, received_by, received_at)
       select import_id, min(source), '', '', 0, 'recorded', 'merge', array_agg(distinct c.period), count(*),
         jsonb_build_object('totals', jsonb_build_object('rules',
           coalesce(jsonb_agg(distinct jsonb_build_object('rule', attribution_rule)) filter (where attribution_rule is not null), '[]'))), 'spec', now()
       from charges c join charge_lines l using (import_id, line_no) where import_id < ${ADJUSTMENT} group by import_id
       on conflict (import_id) do update set periods = excluded.periods, line_count = excluded.line_count, report = excluded.report`,
    );
    await database.query(
      `insert into adjustments (adjustment_id, position, state, period, adjusted_period, kind, reason, sources, line_count, totals, booked_by, booked_at)
       select import_id, 1, 'booked', min(period), '2024-12', 'credit', '', array_agg(distinct source), count(*), '{}', 'spec', now()
       from charges where import_id = ${ADJUSTMENT} group by import_id on conflict (adjustment_id) do update set line_count = excluded.line_count`,
    );
    await database.query(
      `insert into splits (split_id, position, period, rule, parts, sources, charge_count, amounts, line_count, undone_count, split_by, split_at)
       select import_id, 1, min(period), '${SPLIT_RULE}', '[]', array_agg(distinct source), 1, '[]', count(*), 0, 'spec', now()
       from charges where import_id = ${SPLIT} group by import_id on conflict (split_id) do update set line_count = excluded.line_count`,
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
        fc.array(fc.tuple(filter, fc.integer({ min: 9, max: 90 })), { minLength: 14, maxLength: 14 }),
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
      billingAccountId: null,
      subAccountId: null,
      invoiceId: null,
      attributionRule: null,
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
    expect(looked.map((sql) => (sql.includes('materialized') ? 'index' : sql.includes('offset 0') ? 'walk' : ''))).toEqual([
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

  it('refuses a rule that nobody can have written', async () => {
    for (const attributionRule of ['3', 'R', 'R3.', 'R03', 'R3.2.1', '', 'R3%']) {
      await expect(charges.find({ attributionRule }, { limit: 1 })).rejects.toMatchObject({
        code: 'charge.malformed-rule',
        kind: 'invalid',
      });
    }
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
