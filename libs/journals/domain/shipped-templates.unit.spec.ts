import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billingPeriod, Decimal } from '#kernel';
import { renderTemplate, templateFuel } from '#templates';
import { anExport, aPosting, aSource, someSettings } from '../testing/journal-factories.js';
import { type Columns, readColumns, readCsv, type ReadLine, sidesOf } from '../testing/read-journals.js';
import { buildEntries, type BuiltEntries } from './build-entries.js';
import type { ZeroRows } from './journal-formats.js';
import type { JournalPosting, JournalSettings } from './posting.js';
import { templateContext } from './template-context.js';

const PERIOD = billingPeriod('2025-03');
const PAGES = 'docs/reference/journal-templates';

interface ReadJournal {
  readonly lines: readonly ReadLine[];
  /** What the file says about itself; undefined where its layout has no such place. */
  readonly control: { readonly amount?: string; readonly count?: string };
}

interface Shipped {
  readonly page: string;
  readonly read: (text: string) => ReadJournal;
  /** The control total that the file must state. */
  readonly total: (built: BuiltEntries) => Decimal | undefined;
  readonly statesCount: boolean;
  /** Sides have signs and no places of their own, and a zero has no side. */
  readonly isSigned?: boolean;
  /** Longest fund that has room. */
  readonly fundWidth: number;
  readonly descriptionWidth: number;
}

const records = (text: string): string[] => {
  expect(text.endsWith('\n')).toBe(true);
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  return text.slice(0, -1).split('\n');
};
const cents = (digits: string): Decimal => Decimal.ofUnits(BigInt(digits), 2);

const GURFEED: Columns = {
  ...{ system: [1, 8], stamp: [9, 22], document: [23, 30], type: [31, 31], sequence: [32, 35], user: [36, 65], rule: [66, 69] },
  ...{ reference: [70, 77], date: [78, 85], amount: [86, 102], description: [103, 137], side: [138, 138], bank: [139, 140] },
  ...{ chart: [141, 141], index: [142, 147], fund: [148, 153], orgn: [154, 159], account: [160, 165], program: [166, 171] },
  ...{ activity: [172, 177], location: [178, 183] },
};
const COLLECTOR_ENTRY: Columns = {
  ...{ year: [1, 4], chart: [5, 6], fund: [7, 13], object: [19, 22], balance: [26, 27], period: [30, 31], documentType: [32, 35] },
  ...{
    origin: [36, 37],
    document: [38, 51],
    sequence: [52, 56],
    description: [57, 96],
    amount: [97, 117],
    side: [118, 118],
    date: [119, 128],
  },
};
const COLLECTOR_HEADER: Columns = {
  year: [1, 4],
  chart: [5, 6],
  organization: [7, 10],
  date: [16, 25],
  type: [26, 27],
  batch: [28, 28],
  email: [29, 68],
  phone: [161, 170],
};
const COLLECTOR_TRAILER: Columns = { before: [1, 25], type: [26, 27], count: [47, 51], amount: [93, 112] };
const JOURNAL_LINE: Columns = {
  ...{
    type: [1, 1],
    unit: [2, 6],
    sequence: [7, 15],
    ledger: [16, 25],
    account: [26, 35],
    orgn: [46, 55],
    fund: [70, 74],
    program: [80, 84],
  },
  ...{ project: [148, 162], amount: [188, 215], reference: [234, 243], description: [244, 273], currency: [274, 276], entered: [282, 309] },
};

function csvLine(cells: Readonly<Record<string, string>>): ReadLine {
  const { debit = '', credit = '' } = cells;
  expect([debit, credit].filter((cell) => cell !== '')).toHaveLength(1);
  return { isDebit: debit !== '', amount: Decimal.parse(debit || credit), cells };
}

const SHIPPED: Readonly<Record<string, Shipped>> = {
  'banner_gurfeed.txt': {
    page: 'banner.md',
    read: (text) => {
      const [header, ...details] = records(text).map((record) => {
        expect(record).toHaveLength(183);
        return readColumns(record, GURFEED);
      });
      expect(header).toMatchObject({ type: '1', sequence: '0000', side: '', document: details[0]?.['document'] ?? header?.['document'] });
      return {
        control: { amount: cents(header?.['amount'] ?? '').toPadded(2) },
        lines: details.map((cells, index) => {
          expect(cells).toMatchObject({
            type: '2',
            sequence: String(index + 1).padStart(4, '0'),
            side: expect.stringMatching(/^[DC]$/) as string,
          });
          return { isDebit: cells['side'] === 'D', amount: cents(cells['amount'] ?? ''), cells };
        }),
      };
    },
    total: ({ debits, credits }) => debits.plus(credits),
    statesCount: false,
    fundWidth: 6,
    descriptionWidth: 35,
  },
  'kuali_collector.txt': {
    page: 'kuali.md',
    read: (text) => {
      const [header = '', ...rest] = records(text);
      const trailer = rest.pop() ?? '';
      expect([header.length, trailer.length]).toEqual([172, 112]);
      expect(readColumns(header, COLLECTOR_HEADER)).toMatchObject({ year: '2025', type: 'HD', date: '2025-04-02' });
      const { before, type, count, amount } = readColumns(trailer, COLLECTOR_TRAILER);
      expect([before, type]).toEqual(['', 'TL']);
      return {
        control: { amount: amount ?? '', count: String(Number(count)) },
        lines: rest.map((record, index) => {
          expect(record).toHaveLength(187);
          const cells = readColumns(record, COLLECTOR_ENTRY);
          expect(cells).toMatchObject({
            sequence: String(index + 1).padStart(5, '0'),
            period: '09',
            side: expect.stringMatching(/^[DC]$/) as string,
          });
          expect(cells['amount']).toMatch(/^\+\d{17}\.\d\d$/);
          return { isDebit: cells['side'] === 'D', amount: Decimal.parse((cells['amount'] ?? '').replace('+', '')), cells };
        }),
      };
    },
    total: ({ debits }) => debits,
    statesCount: true,
    fundWidth: 7,
    descriptionWidth: 40,
  },
  'peoplesoft_journal.txt': {
    page: 'peoplesoft.md',
    read: (text) => {
      const [title = '', totals = '', header = '', ...rest] = records(text);
      expect(title).toHaveLength(101);
      expect(header).toMatch(/^H.{5}OC250301 {2}03312025N/);
      const [, count, debits, credits] = /^#lines (\d+), debits ([\d.]+), credits ([\d.]+) *$/.exec(totals) ?? [];
      expect(debits).toBe(credits);
      return {
        control: { amount: debits ?? '', count: count ?? '' },
        lines: rest.map((record, index) => {
          expect(record).toHaveLength(309);
          const cells = readColumns(record, JOURNAL_LINE);
          expect(cells).toMatchObject({
            type: 'L',
            sequence: String(index + 1).padStart(9, '0'),
            currency: 'USD',
            entered: cells['amount'],
          });
          const amount = Decimal.parse(cells['amount'] ?? '');
          return { isDebit: !amount.isNegative(), amount: amount.abs(), cells };
        }),
      };
    },
    total: ({ debits }) => debits,
    statesCount: true,
    isSigned: true,
    fundWidth: 5,
    descriptionWidth: 30,
  },
  'oracle_fbdi.csv': {
    page: 'oracle-fbdi.md',
    read: (text) => ({
      control: {},
      lines: readCsv(text).map((row) => {
        expect(row).toHaveLength(150);
        expect([row[0], row[2], row[6], row[7], row[149]]).toEqual(['NEW', '2025/03/31', '2025/04/02', 'A', 'END']);
        expect(row[66]).toBe('202503001');
        const [debit = '', credit = ''] = [row[38], row[39]];
        return csvLine({ debit, credit, fund: row[8] ?? '', orgn: row[9] ?? '', account: row[10] ?? '', description: row[51] ?? '' });
      }),
    }),
    total: () => undefined,
    statesCount: false,
    fundWidth: 25,
    descriptionWidth: 240,
  },
  'workday_journal.csv': {
    page: 'workday.md',
    read: (text) => {
      const [names = [], ...rows] = readCsv(text);
      const lines = rows.map((row, index) => {
        expect(row).toHaveLength(names.length);
        const cells = Object.fromEntries(names.map((name, column) => [name, row[column] ?? '']));
        expect(cells).toMatchObject({ LineOrder: String(index + 1), Currency: 'USD', AccountingDate: '2025-03-31' });
        const { DebitAmount: debit = '', CreditAmount: credit = '', FundReferenceID: fund = '', LineMemo: description = '' } = cells;
        return csvLine({ ...cells, debit, credit, fund, description, orgn: cells['CostCenterReferenceID'] ?? '' });
      });
      return { lines, control: lines[0] === undefined ? {} : { amount: lines[0].cells['ControlTotalAmount'] ?? '' } };
    },
    total: ({ entries, debits }) => (entries.length === 0 ? undefined : debits),
    statesCount: false,
    fundWidth: 60,
    descriptionWidth: 10_000,
  },
};

const layout = (name: string): string => readFileSync(`libs/journals/templates/${name}`, 'utf8');
const pageOf = (name: string): string => readFileSync(`${PAGES}/${SHIPPED[name]?.page}`, 'utf8');

/** The template of a site as the page shows it: it sets what is its own, and includes the shipped one. */
const siteTemplate = (name: string): string => /```jinja\n(.*?)```/s.exec(pageOf(name))?.[1] ?? '';

function rendered(name: string, built: BuiltEntries, source = siteTemplate(name)): string {
  return renderTemplate({
    source,
    name: `our_${name}`,
    templates: new Map([[name, layout(name)]]),
    context: templateContext(built.entries, PERIOD, { currency: 'USD' }, anExport()),
    fuel: templateFuel(built.entries.length),
  });
}

function built(
  postings: readonly JournalPosting[],
  settings: Partial<JournalSettings> = {},
  zeroRows: ZeroRows = 'left-out',
): BuiltEntries {
  const changes = { fundOrgRegex: '(?P<orgn>[^-]+)-(?P<fund>.+)', defaultAccount: '7050', ...settings };
  return buildEntries(
    postings,
    [aSource('hpc', { fundOrg: 'IT-10HPC' }), aSource('aws', { fundOrg: 'IT-10AWS' })],
    someSettings(changes),
    PERIOD,
    zeroRows,
  );
}

/** Two PIs, two sources, a refund, and a name with letters that no fixed column has. */
const sample = (): BuiltEntries =>
  built(
    [
      aPosting('1234.5', { fundOrg: 'CHEM-F2201', source: 'hpc', projectId: 'Ångström lab, “foams”', references: ['PO-7'] }),
      aPosting('310.07', { fundOrg: 'OCE-F0042' }),
      aPosting('-20.15', { fundOrg: 'CHEM-F2201', accountCode: '7060' }),
    ],
    { debitDescription: '{source} {period} {project_id}' },
  );

describe.each(Object.entries(SHIPPED))(
  'the shipped template %s',
  (name, { page, read, total, statesCount, isSigned = false, fundWidth, descriptionWidth }) => {
    it(`writes what ${page} shows`, async () => {
      // Blanks at the ends of lines would not stay in a page.
      const text = rendered(name, sample()).replace(/ *\r?\n/g, '\n');
      const shown = pageOf(name).replace(/(```text\n).*?(```)/s, (_all, open: string, close: string) => open + text + close);
      expect(shown).toContain(text);
      await expect(shown).toMatchFileSnapshot(`${process.cwd()}/${PAGES}/${page}`);
    });

    it('books any month: balanced, every line in its columns, and its control totals true', () => {
      const amount = fc
        .oneof(fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }), fc.constant(0n))
        .map((units) => Decimal.ofUnits(units, 2));
      const posting = fc.record({
        billed: amount,
        fund: fc.constantFrom('F1', 'F22', 'A0042'),
        source: fc.constantFrom('aws', 'hpc'),
        projectId: fc.string({ unit: 'grapheme', maxLength: 60 }),
      });
      fc.assert(
        fc.property(fc.array(posting, { maxLength: 12 }), fc.constantFrom<ZeroRows>('written', 'left-out'), (some, zeroRows) => {
          const journal = built(
            some.map(({ billed, fund, ...rest }) => ({ ...aPosting(), ...rest, billed, fundOrg: `ART-${fund}` })),
            { debitDescription: '{project_id} {project_id}' },
            zeroRows,
          );
          const { lines, control } = read(rendered(name, journal));
          expect(sidesOf(lines)).toEqual({ debits: journal.debits.toPadded(2), credits: journal.debits.toPadded(2) });
          const side = (isDebit: boolean, of: Decimal): boolean => isDebit || (isSigned && of.isZero());
          expect(lines.map(({ isDebit, amount: read, cells }) => [side(isDebit, read), read.toString(), cells['fund']])).toEqual(
            journal.entries.map(({ isDebit, amount: written, fund }) => [side(isDebit, written), written.toString(), fund]),
          );
          expect(control.amount).toBe(total(journal)?.toPadded(2));
          if (statesCount) expect(control.count).toBe(String(journal.entries.length));
        }),
        { numRuns: 25 },
      );
    });

    it('a description keeps to its column and its line, whatever stands in it', () => {
      const hostile = 'a,"b"\r\nc\t;\u2028=1+1 ' + 'x'.repeat(300);
      const journal = built([aPosting('5', { projectId: hostile, fundOrg: 'ART-F1', references: ['PO "1",\n2'] })], {
        debitDescription: '{project_id}',
      });
      const [line] = read(rendered(name, journal)).lines;
      const expected = journal.entries[0]?.description.replace(/[\r\n\t\u2028]+/g, ' ') ?? '';
      expect(line?.cells['description']).toBe(expected.slice(0, descriptionWidth).trim());
    });

    it('a fund that fills its column is written, a longer one is refused by name', () => {
      const fund = 'F'.padEnd(fundWidth, '7');
      expect(read(rendered(name, built([aPosting('5', { fundOrg: `ART-${fund}` })]))).lines[0]?.cells['fund']).toBe(fund);
      expect(() => rendered(name, built([aPosting('5', { fundOrg: `ART-${fund}8` })]))).toThrow(
        new RegExp(
          `in ${name.replace('.', '\\.')}: the .*“${fund}8” has ${fundWidth + 1} characters, its column ${fundWidth}; codes and amounts are never cut off`,
        ),
      );
    });

    it('an entry without account is refused', () => {
      expect(() => rendered(name, built([aPosting('5', { fundOrg: 'ART-F1' })], { defaultAccount: '' }))).toThrow(/is missing; set it/);
    });

    it('an empty month is an empty journal', () => {
      expect(read(rendered(name, built([]))).lines).toEqual([]);
    });

    it('its page says how sure the layout is, and is listed', () => {
      expect(pageOf(name)).toMatch(/^## How sure/m);
      expect(readFileSync(`${PAGES}/README.md`, 'utf8')).toContain(`](${page})`);
    });
  },
);

describe('what a layout has no room for', () => {
  it('is every template but the default one', () => {
    expect(readdirSync('libs/journals/templates').sort()).toEqual([...Object.keys(SHIPPED), 'journal_gl.csv'].sort());
  });

  it.each(['kuali_collector.txt', 'peoplesoft_journal.txt', 'oracle_fbdi.csv', 'workday_journal.csv'])(
    '%s asks for what only the site knows',
    (name) => {
      expect(() => rendered(name, sample(), layout(name))).toThrow(/is missing; set it in a template of your own that includes this one/);
    },
  );

  it('amounts of 10^15 go where there are columns for them, exactly, and are refused where not', () => {
    const rich = built([aPosting('1000000000000000.01', { fundOrg: 'ART-F1' })]);
    expect(() => rendered('banner_gurfeed.txt', rich)).toThrow(/the control total “200000000000000002” has 18 characters, its column 17/);
    for (const name of Object.keys(SHIPPED).filter((other) => other !== 'banner_gurfeed.txt')) {
      expect(sidesOf(SHIPPED[name]?.read(rendered(name, rich)).lines ?? [])).toEqual({
        debits: '1000000000000000.01',
        credits: '1000000000000000.01',
      });
    }
  });

  it('Banner has 9,999 details in a document', () => {
    const postings = Array.from({ length: 10_000 }, (_, index) => aPosting('1', { fundOrg: `ART-${index}` }));
    expect(() => rendered('banner_gurfeed.txt', built(postings))).toThrow(
      /the sequence number of a document “10000” has 5 characters, its column 4/,
    );
  });

  it('Kuali: the fiscal year begins where the site says, and the trailer may count both sides', () => {
    const site = siteTemplate('kuali_collector.txt');
    const text = rendered(
      'kuali_collector.txt',
      sample(),
      `{% set fiscal_year_first_month = 1 %}{% set trailer_total = "both" -%}\n${site}`,
    );
    const [header = '', entry = '', ...rest] = text.trimEnd().split('\n');
    expect([header.slice(0, 4), entry.slice(29, 31)]).toEqual(['2025', '03']);
    const { debits, credits } = sample();
    expect(rest.at(-1)?.slice(92).trim()).toBe(debits.plus(credits).toPadded(2));
    expect(() => rendered('kuali_collector.txt', sample(), `{% set trailer_total = "net" -%}\n${site}`)).toThrow(
      /is debits or both, not “net”/,
    );
    const autumn = `{% set fiscal_year_first_month = 3 -%}\n${site}`;
    expect(rendered('kuali_collector.txt', sample(), autumn).slice(0, 4)).toBe('2026');
  });

  it('Oracle: segments in the order of the site, constants included, and none of them empty', () => {
    const site = siteTemplate('oracle_fbdi.csv');
    const withSegments = (segments: string): string =>
      rendered('oracle_fbdi.csv', sample(), site.replace(/{% set segments.*?%}/, `{% set segments = ${segments} %}`));
    expect(readCsv(withSegments('["=01", "account", "fund", "=0,0"]'))[0]?.slice(8, 13)).toEqual(['01', '7050', 'F2201', '0,0', '']);
    expect(() => withSegments('["fund", "progam"]')).toThrow(/segment 2 \(progam\) is missing/);
  });

  it('Oracle: thirty segments in a journal of thousands of entries', () => {
    const site = siteTemplate('oracle_fbdi.csv').replace(
      /{% set segments.*?%}/,
      `{% set segments = ["fund", "orgn"${', "=0000"'.repeat(28)}] %}`,
    );
    const postings = Array.from({ length: 5000 }, (_, index) => aPosting('1', { fundOrg: `ART-${index}` }));
    const rows = readCsv(rendered('oracle_fbdi.csv', built(postings), site));
    expect(rows).toHaveLength(5001);
    expect(rows[0]?.slice(8, 40)).toEqual(['0', 'ART', ...Array.from({ length: 28 }, () => '0000'), '1.00', '']);
    expect(() => rendered('oracle_fbdi.csv', sample(), site.replace('"orgn"', '"orgn", "orgn"'))).toThrow(
      /there are 31 segments, and columns for 30/,
    );
  });
});
