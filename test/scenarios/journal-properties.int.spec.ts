import { Readable } from 'node:stream';
import csvParser from 'csv-parser';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExportJournalHandler, type JournalFormat } from '#journals';
import { type BillingPeriod, billingPeriod, currency, Decimal, minorUnitDigits } from '#kernel';
import { StatementRunHandler } from '#statements';
import { by, TestProgram } from '#testing/program';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const REVIEWER = by('reviewer@example.edu');
const FORMATS: readonly JournalFormat[] = ['detail', 'default', 'summary', 'gl', 'template'];
/** Texts that a spreadsheet would take for a formula, and others that trouble a reader of CSV. */
const AWKWARD = ['=1+1', '+7', '-B', '@home', 'a,b', 'say "hi"', 'Zoë 李', "'quoted'", '=HYPERLINK("http://x.example";"y")'];

interface Charge {
  readonly source: 'hpc' | 'aws';
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly service: string;
  readonly resource: string;
  readonly accountCode: string;
  readonly billed: Decimal;
}

const charge: fc.Arbitrary<Charge> = fc.record({
  source: fc.constantFrom('hpc', 'aws'),
  piEmail: fc.constantFrom('ada@example.edu', 'ben@example.edu'),
  projectId: fc.constantFrom('engine', '=1+1', '-B'),
  fundOrg: fc.constantFrom('MATH-100', 'BIO-200', ...AWKWARD),
  service: fc.constantFrom('Compute', 'Storage', ...AWKWARD),
  resource: fc.constantFrom('node-1', 'two\nlines', 'tab\there', ...AWKWARD),
  accountCode: fc.constantFrom('', '5555'),
  // Halves of a cent, refunds, and amounts of many decimals; what a group comes to may be zero.
  billed: fc.oneof(
    fc
      .tuple(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), fc.integer({ min: 0, max: 9 }))
      .map(([units, places]) => Decimal.ofUnits(units, places)),
    fc.constantFrom('0', '0.005', '-0.005', '2.675', '1', '-1').map((text) => Decimal.parse(text)),
  ),
});

const NOTHING: Charge = {
  ...{ source: 'hpc', piEmail: 'ada@example.edu', projectId: 'engine', service: 'Trial', resource: 'gift', accountCode: '' },
  ...{ fundOrg: 'FREE-1', billed: Decimal.ZERO },
};

/** Refunds in full of the first charges: what they belong to may come to nothing. */
function cancelling(charges: readonly Charge[]): Charge[] {
  return charges
    .slice(0, Math.ceil(charges.length / 2))
    .map((one) => ({ ...one, resource: `${one.resource}, refunded`, billed: one.billed.negated() }));
}

type Row = Readonly<Record<string, string>>;

interface Written {
  readonly text: string;
  readonly rows: readonly Row[];
  readonly rowCount: number;
  readonly debits: Decimal;
  readonly credits: Decimal;
}

describe.each(['USD', 'JPY'])('journals of any month in %s', (code) => {
  const digits = minorUnitDigits(currency(code));
  let program: TestProgram;
  let office: Office;
  let month = 0;

  beforeAll(async () => {
    program = await TestProgram.start({
      config: `dev_mode: true
currency: ${code}
imports:
  known_sources: [{name: hpc, fund_org: RC-1}, {name: aws, fund_org: RC-2, account_code: '6100'}]
journal: {default_account: '7050', fund_org_regex: '(?P<fund>.+)'}
`,
    });
    office = new Office(program);
  });
  afterAll(() => program.stop());

  function nextPeriod(): BillingPeriod {
    month += 1;
    return billingPeriod(`${2001 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`);
  }

  async function hold(charges: readonly Charge[], period: BillingPeriod): Promise<void> {
    for (const source of ['hpc', 'aws']) {
      const rows = charges
        .filter((one) => one.source === source)
        .map((one): FocusRow => {
          const { piEmail, projectId, fundOrg, accountCode, service, resource } = one;
          const account = accountCode === '' ? {} : { account_code: accountCode };
          const attribution = tags({ pi_email: piEmail, project_id: projectId, fund_org: fundOrg, ...account });
          return { period, currency: code, billed: one.billed.toString(), service, resource, tags: attribution };
        });
      if (rows.length > 0) expect(await office.import(focusCsv(rows), { source })).toMatchObject({ state: 'recorded' });
    }
    await program.settle();
  }

  /** The file, read by a reader of CSV that is not ours, and what was recorded of it. */
  async function written(period: BillingPeriod, format: JournalFormat, includeZero = false): Promise<Written> {
    const options = { includeFlagged: false, includeZero, allowUnbalanced: false };
    const { journal } = await program.get(ExportJournalHandler).execute(period, format, options, REVIEWER);
    const file = Buffer.concat(await Readable.from(await program.services.storage.open(journal.sha256)).toArray());
    const rows: Row[] = [];
    for await (const row of Readable.from([file]).pipe(csvParser({ strict: true })) as AsyncIterable<Row>) rows.push(row);
    return {
      text: file.toString('utf8'),
      rows,
      rowCount: journal.rowCount,
      debits: Decimal.parse(journal.debits),
      credits: Decimal.parse(journal.credits),
    };
  }

  it('add up to the statements, in total and per fund/org, in every format; debits are credits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(charge, { minLength: 1, maxLength: 25 }), async (charges) => {
        const period = nextPeriod();
        await hold(charges, period);
        const due = roundedByFundOrg(charges, digits);
        const total = Decimal.sum(due.values()).toString();

        const { statements } = await program.get(StatementRunHandler).dryRun(period);
        expect(Decimal.sum(statements.map((statement) => Decimal.parse(statement.due))).toString()).toBe(total);

        const files = new Map<JournalFormat, Written>();
        for (const format of FORMATS) files.set(format, await written(period, format));
        for (const [format, { rows, rowCount, debits, credits }] of files) {
          expect(rows, format).toHaveLength(rowCount);
          const isTwoSided = format === 'gl' || format === 'template';
          expect((isTwoSided ? debits : debits.minus(credits)).toString(), format).toBe(
            (isTwoSided ? credits : Decimal.parse(total)).toString(),
          );
        }
        const sums = (format: JournalFormat, fundOrg: string, amount: (row: Row) => Decimal): Map<string, string> =>
          textsOf(sumBy(files.get(format)?.rows ?? [], (row) => unguarded(row[fundOrg] ?? ''), amount));
        expect(sums('default', 'FundOrg', (row) => amountOf(row['Amount']))).toEqual(textsOf(due));
        expect(sums('summary', 'fund_org', (row) => amountOf(row['total_cost']))).toEqual(textsOf(due));

        const gl = sums('gl', 'account', (row) => amountOf(row['debit']).minus(amountOf(row['credit'])));
        expect(gl).toEqual(textsOf(new Map([...due, ['CLOUD-CLEARING', Decimal.parse(total).negated()]])));

        const credited = sumBy(
          charges,
          (one) => (one.source === 'hpc' ? 'RC-1' : 'RC-2'),
          () => Decimal.ZERO,
        );
        for (const source of ['hpc', 'aws'] as const) {
          const owed = Decimal.sum(
            roundedByFundOrg(
              charges.filter((one) => one.source === source),
              digits,
            ).values(),
          );
          credited.set(source === 'hpc' ? 'RC-1' : 'RC-2', owed.negated());
        }
        const template = sums('template', 'Fund', (row) => amountOf(row['Debit']).minus(amountOf(row['Credit'])));
        expect(template).toEqual(textsOf(new Map([...due, ...credited])));

        // A row per charge, exact: what rounding takes or gives is not in it.
        const detail = sums('detail', 'fund_org', (row) => amountOf(row['billed_cost']));
        expect(detail).toEqual(
          textsOf(
            sumBy(
              charges,
              (one) => one.fundOrg,
              (one) => one.billed,
            ),
          ),
        );
        expect(files.get('detail')?.rowCount).toBe(charges.length);
      }),
      // A smaller example would take minutes: each is a month of its own.
      { numRuns: 12, endOnFailure: true },
    );
  }, 300_000);

  it('are with rows of zero what they are without, and those rows', async () => {
    let zeroRowsMet = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(charge, { minLength: 1, maxLength: 12 }), async (charges) => {
        const period = nextPeriod();
        await hold([...charges, NOTHING, ...cancelling(charges)], period);
        for (const format of FORMATS) {
          const [without, full] = [await written(period, format), await written(period, format, true)];
          expect([full.debits.toString(), full.credits.toString()], format).toEqual([
            without.debits.toString(),
            without.credits.toString(),
          ]);
          expect(full.rows, format).toHaveLength(full.rowCount);
          if (format !== 'gl' && format !== 'template') {
            expect(full.text).toBe(without.text);
            continue;
          }
          expect(full.debits.toString()).toBe(full.credits.toString());
          const isZero = (row: Row): boolean =>
            amountOf(row['debit'] ?? row['Debit'])
              .plus(amountOf(row['credit'] ?? row['Credit']))
              .isZero();
          zeroRowsMet += full.rows.filter(isZero).length;
          expect(full.rows.filter((row) => !isZero(row))).toEqual(without.rows);
          expect(without.rows.some(isZero)).toBe(false);
          // No text of these formats has a line break within.
          const zeroLine = format === 'gl' ? /,0(\.0+)?,\r\n$|,,0(\.0+)?\r\n$/ : /,(0(\.0+)?,|,0(\.0+)?),[^,]*,[^,]*\r\n$/;
          expect(
            linesOf(full.text)
              .filter((line) => !zeroLine.test(line))
              .join(''),
          ).toBe(without.text);
          const fundOrgs = new Set(charges.map(({ fundOrg }) => fundOrg));
          const named = new Set(full.rows.map((row) => row['account'] ?? row['Fund'] ?? ''));
          expect([...fundOrgs, NOTHING.fundOrg].filter((fundOrg) => !named.has(fundOrg))).toEqual([]);
        }
      }),
      { numRuns: 6, endOnFailure: true },
    );
    expect(zeroRowsMet).toBeGreaterThan(6);
  }, 300_000);

  it('no text in a file for people starts a formula, no amount is touched, and each text is the one that was imported', async () => {
    const period = nextPeriod();
    const charges = AWKWARD.flatMap((text, index): Charge[] => [
      {
        ...{ source: 'hpc', piEmail: 'ada@example.edu', projectId: text, fundOrg: text, service: text, resource: text, accountCode: '' },
        billed: Decimal.ofUnits(BigInt(index % 2 === 0 ? -1_000 - index : 1_000), 2),
      },
    ]);
    await hold(charges, period);
    const texts: Readonly<Partial<Record<JournalFormat, readonly string[]>>> = {
      detail: ['project_id', 'fund_org', 'service_name', 'resource_id'],
      summary: ['project_id', 'fund_org'],
    };
    for (const [format, columns] of Object.entries(texts)) {
      const { rows } = await written(period, format as JournalFormat);
      for (const column of columns) {
        const cells = rows.map((row) => row[column] ?? '');
        expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
        expect(cells.map(unguarded).sort()).toEqual([...AWKWARD].sort());
      }
      const amounts = rows.map((row) => row['billed_cost'] ?? row['total_cost'] ?? '');
      expect(amounts.some((amount) => amount.startsWith('-'))).toBe(true);
      expect(amounts.every((amount) => /^-?\d+(\.\d+)?$/.test(amount))).toBe(true);
    }
  });
});

/** What each fund/org owes: rounded once per posting (domain.md §8), told from the charges as they were put in. */
function roundedByFundOrg(charges: readonly Charge[], digits: number): Map<string, Decimal> {
  const postings = sumBy(
    charges,
    (one) => JSON.stringify([one.fundOrg, one.piEmail, one.projectId, one.source, one.service, one.accountCode]),
    (one) => one.billed,
  );
  return sumBy(
    [...postings],
    ([key]) => (JSON.parse(key) as readonly string[])[0] ?? '',
    ([, sum]) => sum.round(digits),
  );
}

function sumBy<Item>(items: readonly Item[], keyOf: (item: Item) => string, amount: (item: Item) => Decimal): Map<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const item of items) sums.set(keyOf(item), (sums.get(keyOf(item)) ?? Decimal.ZERO).plus(amount(item)));
  return sums;
}

/** Those that are not zero, as text: a group that comes to nothing has no row in some formats. */
function textsOf(sums: ReadonlyMap<string, Decimal>): Map<string, string> {
  return new Map(
    [...sums]
      .filter(([, sum]) => !sum.isZero())
      .map(([key, sum]): [string, string] => [key, sum.toString()])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Each with its line break. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\r\n)/);
}

function amountOf(cell: string | undefined): Decimal {
  return Decimal.parse(cell === undefined || cell === '' ? '0' : cell);
}

/** As a person reads a cell whose formula was guarded. */
function unguarded(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
