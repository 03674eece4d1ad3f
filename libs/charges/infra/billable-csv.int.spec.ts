import csvParser from 'csv-parser';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingPeriod, csvRow, type Currency, currency, Decimal, guardFormula, minorUnitDigits } from '#kernel';
import type { Standing } from '#ledger';
import { MIGRATIONS } from '#migrations';
import { Database } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testing';
import { ChargeQueries } from './charge.queries.js';

interface Charge {
  readonly standing: Standing;
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly serviceName: string;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly currency: string;
  readonly amount: string;
  readonly listCost: string;
}

const PERIOD = billingPeriod('2025-03');
const AWKWARD = [
  '"',
  ',',
  '\r',
  '\n',
  '\t',
  '=',
  '+',
  '-',
  '@',
  "'",
  '\\',
  '.',
  ' ',
  'é',
  '李',
  '😀',
  '\u2028',
  '\u0001',
  'a',
  'b',
  'Z',
  '0',
];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...AWKWARD), maxLength: 12 }),
  fc.constantFrom('', '\\.', '=1+1', '\r\n', '""', "'=x", 'NULL', '-'),
);
const textOrNull = fc.option(text, { nil: null });
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 15 }), fc.constantFrom('', '0', '000'))
  // Zeros at the end, as a file may have them.
  .map(([units, places, zeros]) => {
    const written = Decimal.ofUnits(units, places).toPadded(1);
    return written + zeros;
  });
const charge: fc.Arbitrary<Charge> = fc.record({
  standing: fc.constantFrom<Standing>('clear', 'clear', 'approved', 'flagged', 'rejected', 'superseded'),
  piEmail: text,
  projectId: text,
  fundOrg: text,
  serviceName: text,
  resourceId: textOrNull,
  resourceName: textOrNull,
  currency: fc.constantFrom('USD', 'USD', 'JPY'),
  amount: fc.oneof(decimal, fc.constantFrom('0', '0.00', '-0.5', '0.0000000001')),
  listCost: decimal,
});

describe('the rows of a detail journal', () => {
  let own: TestDatabase;
  let database: Database;
  let charges: ChargeQueries;

  beforeAll(async () => {
    own = await createTestDatabase();
    database = await Database.connect({
      url: own.url,
      ownerUrl: own.ownerUrl,
      applicationName: 'spec',
      migrations: MIGRATIONS,
      poolSize: 2,
    });
    charges = new ChargeQueries(database);
  });
  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  async function hold(held: readonly Charge[]): Promise<void> {
    await database.query('delete from charges');
    await database.query(
      `insert into charges (import_id, line_no, period, source, standing, flags, reattributed, pi_email, project_id, fund_org, cost_center, account_code,
         service_name, resource_id, resource_name, charge_date, currency, list_cost, amount, fingerprint)
       select 1, n, '2025-03', 'hpc', standing, '{}', false, "piEmail", "projectId", "fundOrg", '', '', "serviceName", "resourceId", "resourceName", null,
         currency, "listCost"::numeric, amount::numeric, gen_random_uuid()
       from rows from (jsonb_to_recordset($1::jsonb) as (standing text, "piEmail" text, "projectId" text, "fundOrg" text, "serviceName" text,
         "resourceId" text, "resourceName" text, currency text, amount text, "listCost" text)) with ordinality
         as t(standing, "piEmail", "projectId", "fundOrg", "serviceName", "resourceId", "resourceName", currency, amount, "listCost", n)`,
      [JSON.stringify(held)],
    );
  }

  async function written(code: Currency, includeFlagged: boolean): Promise<{ csv: Buffer; rowCount: number }> {
    const pieces: Buffer[] = [];
    let count = 0;
    for await (const { bytes, rowCount } of charges.billableCsv(PERIOD, code, includeFlagged)) {
      pieces.push(bytes);
      count += rowCount;
    }
    return { csv: Buffer.concat(pieces), rowCount: count };
  }

  it('are what the program would write cell by cell, byte for byte, whatever stands in a cell', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(charge, { maxLength: 40, size: 'max' }),
        fc.constantFrom('USD', 'JPY'),
        fc.boolean(),
        async (held, code, flagged) => {
          await hold(held);
          const expected = rowsOf(held, currency(code), flagged);
          const { csv, rowCount } = await written(currency(code), flagged);
          expect(csv.toString('utf8')).toBe(expected.map(csvRow).join(''));
          expect(rowCount).toBe(expected.length);
          expect(await readByOthers(csv)).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('come in pieces of whole files of any size, a quoted cell across several of them', async () => {
    const long = `${'x,"\n'.repeat(60_000)}=1`;
    const [template] = fc.sample(charge, { numRuns: 1, seed: 3 });
    if (template === undefined) throw new Error('nothing was drawn');
    const held = ['a', 'b', 'c'].map((piEmail): Charge => ({
      ...template,
      piEmail,
      resourceName: long,
      standing: 'clear',
      currency: 'USD',
    }));
    await hold(held);
    const { csv, rowCount } = await written(currency('USD'), false);
    expect(csv.equals(Buffer.from(rowsOf(held, currency('USD'), false).map(csvRow).join('')))).toBe(true);
    expect(rowCount).toBe(3);
  });

  it('may be left in the middle: the connection is given up, and the next reader has one', async () => {
    const [template] = fc.sample(charge, { numRuns: 1, seed: 4 });
    if (template === undefined) throw new Error('nothing was drawn');
    const one: Charge = { ...template, resourceName: 'y'.repeat(1000), standing: 'clear', currency: 'USD' };
    await hold(Array.from({ length: 2_000 }, () => one));
    for (let round = 0; round < 4; round++) {
      for await (const { bytes } of charges.billableCsv(PERIOD, currency('USD'), false)) {
        expect(bytes.length).toBeGreaterThan(0);
        break;
      }
    }
    expect((await written(currency('USD'), false)).rowCount).toBe(2_000);
  });
});

/** The rows and their cells as {@link csvRow} takes them, told from what is held. */
function rowsOf(held: readonly Charge[], code: Currency, includeFlagged: boolean): string[][] {
  const digits = minorUnitDigits(code);
  const standings: readonly Standing[] = includeFlagged ? ['clear', 'approved', 'flagged'] : ['clear', 'approved'];
  const keyOf = (one: Charge): Buffer[] => [one.piEmail, one.projectId, one.fundOrg, one.serviceName].map((key) => Buffer.from(key));
  return held
    .filter((one) => one.currency === code && standings.includes(one.standing))
    .map((one) => ({ one, key: keyOf(one) }))
    .sort((a, b) => a.key.map((part, at) => part.compare(b.key[at] ?? Buffer.alloc(0))).find((sign) => sign !== 0) ?? 0)
    .map(({ one }) => {
      const { piEmail, projectId, fundOrg, serviceName, resourceId, resourceName } = one;
      const [billed, list] = [Decimal.parse(one.amount), Decimal.parse(one.listCost)];
      const texts = [PERIOD, piEmail, projectId, fundOrg, serviceName, resourceId ?? '', resourceName ?? ''];
      return [...texts.map(guardFormula), ...[billed, list, list.minus(billed)].map((amount) => amount.toPadded(digits))];
    });
}

/** As a reader of CSV that is not ours reads them. */
async function readByOthers(csv: Buffer): Promise<string[][]> {
  const parser = csvParser({ headers: Array.from({ length: 10 }, (_, column) => String(column)), strict: true });
  parser.end(csv);
  const rows: string[][] = [];
  for await (const row of parser as AsyncIterable<Record<string, string>>)
    rows.push(Array.from({ length: 10 }, (_, column) => row[column] ?? ''));
  return rows;
}
