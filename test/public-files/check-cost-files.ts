import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ChargeQueries } from '#charges';
import type { ImportRow } from '#imports';
import { billingPeriod, currency, Decimal } from '#kernel';
import { LedgerQueries } from '#ledger';
import type { Checks } from './checks.js';
import { type CostFile, COST_FILES, type Recorded, type Refused } from './cost-files.js';
import type { Office } from './office.js';

const USD = currency('USD');
const NEWLINE = Buffer.from('\n');

/** Imports every file of the table, each for a source of its own, so that no file is compared with another. */
export async function checkCostFiles(office: Office, folder: string, checks: Checks): Promise<void> {
  for (const [index, file] of COST_FILES.entries()) {
    const subject = file.dateFormat === undefined ? file.path : `${file.path}, dates ${file.dateFormat}`;
    await checks.of(subject, () => checkFile(office, folder, file, `file ${index + 1}`, subject, checks));
  }
}

async function checkFile(office: Office, folder: string, file: CostFile, source: string, subject: string, checks: Checks): Promise<void> {
  await office.register(source, file.dateFormat === undefined ? {} : { dateFormat: file.dateFormat });
  const content = await readFile(join(folder, file.path));
  const row = await office.import(source, basename(file.path), content);
  if ('code' in file.expected) {
    await checkRefused(office, source, row, file.expected, subject, checks);
    return;
  }
  await checkRecorded(office, source, row, file.expected, subject, checks);
  await checkAgain(office, source, row, content, file.expected, subject, checks);
}

async function checkRecorded(
  office: Office,
  source: string,
  row: ImportRow,
  expected: Recorded,
  subject: string,
  checks: Checks,
): Promise<void> {
  checks.equal(subject, 'recorded', [row.state, row.refusal], ['recorded', null]);
  const totals = row.report?.totals;
  const periods = totals?.periods ?? [];
  const lines: Record<string, number> = {};
  for (const total of periods) lines[total.period] = (lines[total.period] ?? 0) + total.lineCount;
  checks.equal(subject, `lines ${describe(expected.lines)}`, lines, expected.lines);
  checks.equal(subject, `sum ${describe(expected.sums)} in the report`, sumsOf(periods), expected.sums);
  const held = await office.get(ChargeQueries).find({ source }, { limit: 1 });
  checks.equal(subject, `sum ${describe(expected.sums)} in the charges`, sumsOf(held.amounts), expected.sums);
  checks.equal(subject, `${expected.flaggedLines} lines for review`, totals?.flaggedLineCount, expected.flaggedLines);
  checks.equal(
    subject,
    'the ledger holds the same',
    await ledgerSum(office, source, Object.keys(expected.lines)),
    expected.sums[USD] ?? '0',
  );
  if (expected.flag === undefined) return;
  const [name, count] = expected.flag;
  checks.equal(subject, `${count} × ${name}`, lineCountOf(totals?.flags ?? [], name), count);
}

/** The same bytes under another name change nothing; the same rows in other bytes are matched line by line. */
async function checkAgain(
  office: Office,
  source: string,
  first: ImportRow,
  content: Buffer,
  expected: Recorded,
  subject: string,
  checks: Checks,
): Promise<void> {
  const sums = async (): Promise<Record<string, string>> => {
    const live = await office.get(ChargeQueries).find({ source, standings: ['clear', 'flagged', 'approved', 'rejected'] }, { limit: 1 });
    return sumsOf(live.amounts);
  };
  const renamed = await office.import(source, 'renamed.csv', content);
  checks.equal(subject, 'known again under another name', [renamed.duplicate, renamed.importId], [true, first.importId]);
  checks.equal(subject, 'the same sum after that', await sums(), expected.sums);
  const delivered = await office.import(source, 'delivered-again.csv', Buffer.concat([content, NEWLINE, NEWLINE]));
  const outcomes = [...new Set(delivered.report?.outcomes.map((total) => total.outcome))];
  checks.equal(
    subject,
    'delivered again, every line unchanged',
    [delivered.state, delivered.duplicate, outcomes],
    ['recorded', false, ['unchanged']],
  );
  checks.equal(subject, 'the same sum after that too', await sums(), expected.sums);
}

async function checkRefused(
  office: Office,
  source: string,
  row: ImportRow,
  expected: Refused,
  subject: string,
  checks: Checks,
): Promise<void> {
  checks.equal(subject, `refused as ${expected.code}`, [row.state, row.refusal?.code], ['refused', expected.code]);
  const { refusal, report } = row;
  const said = JSON.stringify([refusal?.reason, refusal?.problems, report?.refusedRows]);
  for (const text of expected.says) checks.equal(subject, `the refusal says “${text}”`, said.includes(text), true);
  if (expected.columns !== undefined) {
    const cells = (report?.refusedRows ?? []).flatMap((refused) => [refused, ...refused.furtherProblems]);
    checks.equal(subject, `for ${expected.columns.join(', ')}`, [...new Set(cells.map((cell) => cell.column))].sort(), expected.columns);
  }
  const held = await office.get(ChargeQueries).find({ source }, { limit: 1 });
  checks.equal(subject, 'nothing was stored', held.count, 0);
}

/** What the ledger holds of a source in its currency, charges that wait for review included. */
async function ledgerSum(office: Office, source: string, periods: readonly string[]): Promise<string> {
  const amounts: Decimal[] = [];
  for (const period of periods) {
    const postings = await office.get(LedgerQueries).postings(billingPeriod(period), USD, { includeFlagged: true });
    amounts.push(...postings.filter((posting) => posting.source === source).map((posting) => posting.billedExact));
  }
  return Decimal.sum(amounts).toString();
}

function sumsOf(amounts: readonly { readonly currency: string; readonly amount: string }[]): Record<string, string> {
  const sums = new Map<string, Decimal>();
  for (const { currency: code, amount } of amounts) sums.set(code, (sums.get(code) ?? Decimal.ZERO).plus(Decimal.parse(amount)));
  return Object.fromEntries([...sums].map(([code, sum]) => [code, sum.toString()]));
}

function lineCountOf(flags: readonly { readonly flag: string; readonly lineCount: number }[], name: string): number {
  return flags.filter((total) => total.flag === name).reduce((sum, total) => sum + total.lineCount, 0);
}

function describe(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');
}
