import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportRow } from '#imports';
import { billingPeriod, currency } from '#kernel';
import { LedgerQueries } from '#ledger';
import { TestProgram } from '#testing/program';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

/** Files of a source each, so that runs know nothing of one another. Kept few, as each is a handful of imports on a real Postgres. */
const RUNS = 12;
const PERIODS = ['2025-01', '2025-02', '2025-03'];
const CURRENCIES = ['USD', 'EUR'];
const SCALE = 14;

/** An amount, and itself as a whole number of 10^-14: what is expected is added up without any code of the product. */
interface Amount {
  readonly text: string;
  readonly units: bigint;
}

const amount: fc.Arbitrary<Amount> = fc
  .tuple(fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }), fc.integer({ min: 0, max: SCALE }), fc.boolean())
  .map(([coefficient, scale, asExponent]) => {
    const units = coefficient * 10n ** BigInt(SCALE - scale);
    if (asExponent) return { text: `${coefficient}E-${scale}`, units };
    const digits = (coefficient < 0n ? -coefficient : coefficient).toString().padStart(scale + 1, '0');
    const point = digits.length - scale;
    return { text: `${coefficient < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`, units };
  });

interface AnyRow extends FocusRow {
  readonly period: string;
  readonly currency: string;
  readonly resource: string;
  readonly units: bigint;
}

/** Few values of each kind, so that equal rows, equal fingerprints with other amounts, and rows without a PI all come up. */
const anyRow: fc.Arbitrary<AnyRow> = fc
  .record({
    billed: amount,
    list: fc.oneof(
      fc.constantFrom('', 'NULL', '0', '0.00'),
      amount.map(({ text }) => text),
    ),
    period: fc.constantFrom(...PERIODS),
    currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
    resource: fc.constantFrom('', 'NULL', 'node-1', 'node-2', 'Łukasz, "7"\nÇ 李'),
    service: fc.constantFrom('Compute', 'Disk', ''),
    tags: fc.constantFrom(tags(), tags({ pi_email: 'bob@example.edu' }), tags({ pi_email: '' }), {}),
  })
  .map(({ billed, ...row }) => ({ ...row, billed: billed.text, units: billed.units }));

/** A file; each row comes up to three times in it, as identical rows are legal. */
const anyFile = fc
  .array(fc.tuple(anyRow, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 15 })
  .map((rows) => rows.flatMap(([row, times]) => Array.from({ length: times }, () => row)));

/** `period currency lines units` of rows, in order. */
function expectedSums(rows: readonly AnyRow[]): string[] {
  const sums = new Map<string, { lines: number; units: bigint }>();
  for (const row of rows) {
    const key = `${row.period} ${row.currency}`;
    const { lines, units } = sums.get(key) ?? { lines: 0, units: 0n };
    sums.set(key, { lines: lines + 1, units: units + row.units });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, { lines, units }]) => `${key} ${lines} ${units}`);
}

function unitsOf(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(SCALE, '0'));
  return amount.startsWith('-') ? -units : units;
}

function shuffled<Item>(items: readonly Item[], keys: readonly number[]): Item[] {
  return items
    .map((item, index) => ({ item, place: keys[index % keys.length] ?? 0 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

const keys = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });

describe('any file', () => {
  let program: TestProgram;
  let office: Office;
  let round = 0;

  beforeAll(async () => {
    program = await TestProgram.start({ config: 'dev_mode: true\nreview:\n  flag_patterns: [disk]\n' });
    office = new Office(program);
  });

  afterAll(() => program.stop());

  /** A new source. */
  function source(): string {
    round += 1;
    return `source ${round}`;
  }

  function reportedSums({ report }: ImportRow): string[] {
    return (report?.totals.periods ?? []).map((total) => `${total.period} ${total.currency} ${total.lineCount} ${unitsOf(total.amount)}`);
  }

  async function storedSums({ importId }: ImportRow): Promise<string[]> {
    const rows = await program.services.database.query<{ key: string; amount: string }>(
      `select concat_ws(' ', period, currency, count(*)) as key, trim_scale(sum(amount))::text as amount from charge_lines where import_id = $1
       group by period, currency order by period, currency`,
      [importId],
    );
    return rows.map(({ key, amount: sum }) => `${key} ${unitsOf(sum)}`);
  }

  /** Postings of a source in every period and currency, with exact money, but without the source's name. */
  async function ledgerOf(name: string): Promise<{ key: string; lines: number; list: bigint; billed: bigint }[]> {
    await program.settle();
    const ledger = [];
    for (const period of PERIODS) {
      for (const code of CURRENCIES) {
        const postings = await program.get(LedgerQueries).postings(billingPeriod(period), currency(code), { includeFlagged: true });
        for (const posting of postings.filter((one) => one.source === name)) {
          const { piEmail, projectId, fundOrg, serviceName, accountCode, lineCount } = posting;
          ledger.push({
            key: JSON.stringify([period, code, piEmail, projectId, fundOrg, serviceName, accountCode]),
            lines: lineCount,
            list: unitsOf(posting.listExact.toString()),
            billed: unitsOf(posting.billedExact.toString()),
          });
        }
      }
    }
    // A group of which nothing is left stands in the ledger as zero lines, or not at all.
    return ledger.filter((posting) => posting.lines > 0);
  }

  function ledgerSums(ledger: Awaited<ReturnType<typeof ledgerOf>>): string[] {
    const sums = new Map<string, { lines: number; units: bigint }>();
    for (const posting of ledger) {
      const [period = '', code = ''] = JSON.parse(posting.key) as string[];
      const { lines, units } = sums.get(`${period} ${code}`) ?? { lines: 0, units: 0n };
      sums.set(`${period} ${code}`, { lines: lines + posting.lines, units: units + posting.billed });
    }
    return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, { lines, units }]) => `${key} ${lines} ${units}`);
  }

  it('is recorded, reported and posted with exactly its money, per period and currency', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, async (rows) => {
        const name = source();
        const recorded = await office.import(focusCsv(rows), { source: name });
        const expected = expectedSums(rows);
        expect(recorded.state).toBe('recorded');
        expect(reportedSums(recorded)).toEqual(expected);
        expect(await storedSums(recorded)).toEqual(expected);
        expect(ledgerSums(await ledgerOf(name))).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  it('is all unchanged when it comes again in another order, and changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, keys, fc.constantFrom('merge', 'replace'), async (rows, order, mode) => {
        const name = source();
        await office.import(focusCsv(rows), { source: name });
        const before = await ledgerOf(name);
        const again = await office.import(`${focusCsv(shuffled(rows, order))}\n`, { source: name, mode });
        expect(new Set(again.report?.outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
        expect(again.report?.outcomes.reduce((sum, { lineCount }) => sum + lineCount, 0)).toBe(rows.length);
        expect(await ledgerOf(name)).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });

  it('comes to the same in parts as in one piece', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFile,
        fc.array(fc.nat(2), { minLength: 1, maxLength: 10 }),
        fc.constantFrom('merge', 'append'),
        async (rows, cuts, mode) => {
          const [whole, inParts] = [source(), source()];
          await office.import(focusCsv(rows), { source: whole });
          // Merged parts have no line in common, so rows that name the same charge stay together; appended ones may be cut anywhere.
          const charges = [...new Set(rows.map(chargeOf))];
          const partOf = (row: AnyRow, index: number): number =>
            cuts[(mode === 'merge' ? charges.indexOf(chargeOf(row)) : index) % cuts.length] ?? 0;
          for (const part of [0, 1, 2]) {
            const own = rows.filter((row, index) => partOf(row, index) === part);
            // The same bytes would be known again, whatever the mode: each part ends in blank lines of its own number.
            if (own.length > 0) await office.import(focusCsv(own) + '\n'.repeat(part), { source: inParts, mode });
          }
          expect(await ledgerOf(inParts)).toEqual(await ledgerOf(whole));
        },
      ),
      { numRuns: RUNS },
    );
  });
});

/** What tells lines apart between imports: all but the money. An empty cell and NULL are one. */
function chargeOf({ period, currency: code, resource, service, tags: written }: AnyRow): string {
  return JSON.stringify([period, code, resource === 'NULL' ? '' : resource, service, written]);
}
