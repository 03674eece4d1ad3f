import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import csv from 'csv-parser';
import { describe, expect, it } from 'vitest';
import type { FocusRow } from './generator/focus-row.js';
import { generateSample } from './generator/generate.js';
import { centsText, exactText, fixed, sum, toCents } from './generator/oracle/fixed-point.js';
import { sampleFiles, type SampleFile } from './generator/sample-files.js';

const folder = dirname(fileURLToPath(import.meta.url));
const committed = (path: string): string => readFileSync(join(folder, path), 'utf8');
const files = sampleFiles();
const allRows = files.flatMap((file) => file.rows);

function fileOf(name: string): SampleFile {
  const file = files.find(({ path }) => path.endsWith(`/${name}`));
  if (file === undefined) throw new Error(`The sample has no file ${name}.`);
  return file;
}

async function parseCsv(text: string): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = [];
  for await (const row of Readable.from([Buffer.from(text.replace(/^\ufeff/, ''))]).pipe(csv({ strict: true }))) {
    rows.push({ ...(row as Record<string, string>) });
  }
  return rows;
}

function tagsOf(row: FocusRow): Record<string, unknown> {
  return row.Tags === undefined || ['', 'NULL'].includes(row.Tags) ? {} : (JSON.parse(row.Tags) as Record<string, unknown>);
}

async function table(path: string): Promise<Record<string, string>[]> {
  return parseCsv(committed(path));
}

function totals(period: string): Record<string, unknown> {
  return JSON.parse(committed(`expected/${period}/totals.json`)) as Record<string, unknown>;
}

describe('the committed sample', () => {
  it('is what the generator makes, byte for byte, and nothing else', () => {
    const generated = generateSample(committed('config.yaml'), committed('review.yaml'));
    const there = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .filter((path) => /^(expected\/)?2025-\d\d\//.test(path))
      // Texts of the PDFs come from the program itself; the scenario of the sample months keeps them.
      .filter((path) => !path.endsWith('/statement_texts.txt'));
    expect(there.sort()).toEqual([...generated.keys()].sort());
    for (const [path, text] of generated) expect(committed(path) === text, path).toBe(true);
  });

  it.each(files.map((file) => [file.path, file] as const))('%s reads back as the rows it was made from', async (_path, file) => {
    expect(await parseCsv(file.text)).toEqual(file.rows);
  });

  it('has 400 to 800 lines a month and five sources', () => {
    for (const period of ['2025-09', '2025-10']) {
      const month = files.filter((file) => file.period === period);
      const lines = month.reduce((count, file) => count + file.rows.length, 0);
      expect(month.map((file) => file.source).sort()).toEqual(['aws', 'azure', 'hpc', 'openai', 'storage']);
      expect(lines).toBeGreaterThanOrEqual(400);
      expect(lines).toBeLessThanOrEqual(800);
    }
  });
});

describe('the habits of the sources', () => {
  it('differ in byte order mark, newlines, quotes, times and nulls', () => {
    expect(fileOf('aws_2025-09.csv').text).toMatch(/\r\n$/);
    expect(fileOf('azure_2025-09.csv').text.startsWith('\ufeff')).toBe(true);
    expect(fileOf('hpc_2025-09.csv').text).not.toContain('\r');
    expect(fileOf('storage_2025-09.csv').text.endsWith('\n')).toBe(false);
    expect(fileOf('openai_2025-09.csv').text).toContain('Seat,\r\nbilled monthly');
    expect(fileOf('openai_2025-09.csv').text.startsWith('"Tags","BilledCost"')).toBe(true);
    expect(files.slice(0, 5).map((file) => file.rows[0]?.BillingPeriodEnd)).toEqual([
      '2025-10-01T00:00:00Z',
      '2025-10-01T00:00:00.000Z',
      '2025-10-01',
      '2025-10-01 00:00:00',
      '2025-10-01T00:00Z',
    ]);
    expect(fileOf('azure_2025-09.csv').rows.some((row) => row.ListCost === 'NULL')).toBe(true);
    expect(fileOf('openai_2025-09.csv').rows.some((row) => row.ListCost === '')).toBe(true);
    expect(fileOf('aws_2025-09.csv').rows.some((row) => row.BilledCost === '4E-7')).toBe(true);
    expect(fileOf('storage_2025-09.csv').rows.some((row) => row.ListCost?.startsWith('.') === true)).toBe(true);
  });
});

describe('the interesting cases', () => {
  const cases: Readonly<Record<string, (row: FocusRow) => boolean>> = {
    'subsidised in full': (row) => row.ServiceName === 'HPC Cluster' && row.BilledCost === '0.00' && row.ListCost !== '0.00',
    'discounted in part': (row) => row.ServiceName === 'HPC Cluster - Priority' && row.BilledCost !== row.ListCost,
    'a negative credit': (row) => row.ChargeCategory === 'Credit' && row.BilledCost?.startsWith('-') === true,
    'tax without tags': (row) => row.ChargeCategory === 'Tax' && Object.keys(tagsOf(row)).length === 0,
    'no list price': (row) => row.ListCost === '0.00' && row.BilledCost === '-35.50',
    'more decimals than a cent has': (row) => row.BilledCost === '0.3333333333',
    'an address in other cases and with a blank': (row) => tagsOf(row)['pi_email'] === 'Maren.Aldous@WrenValley.example ',
    'an address in decomposed form': (row) => {
      const pi = tagsOf(row)['pi_email'];
      return (
        typeof pi === 'string' && pi !== pi.normalize('NFC') && pi.normalize('NFC').toLowerCase() === 'łukasz.çelik@wrenvalley.example'
      );
    },
    'an address with an apostrophe': (row) => tagsOf(row)['pi_email'] === "saoirse.o'dell@wrenvalley.example",
    'a project in Chinese characters': (row) => tagsOf(row)['project_id'] === '古籍数字化',
    'a project in Greek letters': (row) => tagsOf(row)['project_id'] === 'αρχείο-παπύρων',
    'a project with a comma': (row) => tagsOf(row)['project_id'] === 'coastal, phase 2',
    'account codes': (row) => tagsOf(row)['account_code'] === '54320',
    references: (row) => tagsOf(row)['grant_number'] !== undefined && tagsOf(row)['request_id'] !== undefined,
    'another currency': (row) => row.BillingCurrency === 'EUR',
    'a resource name that a spreadsheet would take for a formula': (row) => row.ResourceName?.startsWith('=') === true,
    'a correction of the month before': (row) =>
      row.ChargeClass === 'Correction' &&
      row.BillingPeriodStart?.startsWith('2025-10') === true &&
      row.ChargePeriodStart?.startsWith('2025-09') === true &&
      row.ChargeDescription?.includes('2025-09') === true,
    'a project that ends within 60 days': (row) =>
      row.BillingPeriodStart?.startsWith('2025-09') === true && tagsOf(row)['end_date'] === '2025-10-24',
  };

  it.each(Object.entries(cases))('has %s', (_name, matches) => {
    expect(allRows.some(matches)).toBe(true);
  });

  it('has identical rows in one file', () => {
    const texts = fileOf('aws_2025-09.csv').rows.map((row) => JSON.stringify(row));
    expect(texts.length - new Set(texts).size).toBe(2);
  });

  it('raises every flag that an import without an expected period can raise', async () => {
    const everyMonth = [
      'currency_mismatch',
      'invalid_fund_org',
      'invalid_pi_email',
      'missing_fund_org',
      'missing_pi_email',
      'missing_project_id',
    ];
    const patterns = ['pattern_match:gpu', 'pattern_match:p4d[.-]'];
    expect((await table('expected/2025-09/flags.csv')).map((row) => row['flag'])).toEqual([...everyMonth, ...patterns]);
    expect((await table('expected/2025-10/flags.csv')).map((row) => row['flag'])).toEqual(
      [...everyMonth, ...patterns, 'expired_project', 'late_charge'].sort(),
    );
  });

  it('bills one project to two fund/orgs, one project to two PIs, and one fund/org to several accounts', async () => {
    const ledger = await table('expected/2025-09/ledger.csv');
    const distinct = (column: string, where: string, value: string): number =>
      new Set(ledger.filter((row) => row[where] === value).map((row) => row[column])).size;
    expect(distinct('fund_org', 'project_id', 'river-sensors')).toBe(2);
    expect(distinct('pi_email', 'project_id', 'imaging-core')).toBe(2);
    expect(distinct('account_code', 'fund_org', 'CHEM-220415')).toBe(3);
  });

  it('has a statement over nothing that still shows what the service was worth', async () => {
    const statement = (await table('expected/2025-09/statements.csv')).find((row) => row['project_id'] === 'teaching-cluster');
    expect(statement?.['due']).toBe('0.00');
    expect(statement?.['discount']).not.toBe('0.00');
  });

  it('refunds a service, but never more than the journal group it belongs to was charged', async () => {
    expect((await table('expected/2025-10/ledger.csv')).map((row) => row['billed_rounded'])).toContain('-42.43');
    for (const period of ['2025-09', '2025-10']) expect(totals(period)['journalReversals']).toBe('0.00');
  });

  it('leaves no fund/org at zero, where formats differ in whether to show it', async () => {
    for (const period of ['2025-09', '2025-10']) {
      for (const row of await table(`expected/${period}/journal_gl.csv`)) expect([row['debit'], row['credit']]).not.toContain('0.00');
    }
  });
});

describe('the expected results', () => {
  it.each(['2025-09', '2025-10'])('agree with one another in %s', async (period) => {
    const total = totals(period);
    const column = async (name: string, heading: string): Promise<string> =>
      centsText(sum((await table(`expected/${period}/${name}`)).map((row) => fixed(row[heading] === '' ? '0' : (row[heading] ?? '')))));
    expect(await column('ledger.csv', 'billed_rounded')).toBe(total['billed']);
    expect(await column('statements.csv', 'due')).toBe(total['statementTotal']);
    expect(await column('statements.csv', 'list')).toBe(total['list']);
    expect(await column('journal_default.csv', 'Amount')).toBe(total['billed']);
    expect(await column('journal_summary.csv', 'total_cost')).toBe(total['billed']);
    expect(await column('journal_gl.csv', 'debit')).toBe(await column('journal_gl.csv', 'credit'));
    expect(total['statementTotal']).toBe(total['billed']);
    expect(total['journalDebits']).toBe(total['journalCredits']);
    expect(fixed(String(total['journalDebits'])) - fixed(String(total['journalReversals']))).toBe(fixed(String(total['statementTotal'])));
  });

  it.each(['2025-09', '2025-10'])('account for every line of the files of %s', async (period) => {
    const lines = (await table(`expected/${period}/files.csv`)).map((row) => Number(row['lines']));
    const total = totals(period);
    expect(lines.reduce((count, number) => count + number, 0)).toBe(total['lines']);
    expect(Number(total['clear']) + Number(total['approved']) + Number(total['rejected'])).toBe(total['lines']);
    expect(Number(total['approved']) + Number(total['rejected'])).toBe(total['flagged']);
  });

  it('round an exact half cent away from zero', async () => {
    const ledger = await table('expected/2025-09/ledger.csv');
    const rounded = (exact: string): string | undefined => ledger.find((row) => row['billed_exact'] === exact)?.['billed_rounded'];
    expect(rounded('2.675')).toBe('2.68');
    expect(rounded('-0.125')).toBe('-0.13');
  });
});

describe("the oracle's arithmetic", () => {
  it('is exact', () => {
    expect(exactText(fixed('4.2E-7'))).toBe('0.00000042');
    expect(exactText(fixed('-.5') + fixed('1'))).toBe('0.5');
    expect(centsText(toCents(fixed('0.005')))).toBe('0.01');
    expect(centsText(toCents(fixed('-0.0049')))).toBe('0.00');
    expect(() => fixed('1,5')).toThrow();
    expect(() => fixed('')).toThrow();
  });
});
