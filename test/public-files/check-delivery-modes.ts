import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ImportRow } from '#imports';
import { billingPeriod, currency, Decimal } from '#kernel';
import { LedgerQueries } from '#ledger';
import type { DeliveryMode } from '#sources';
import type { Checks } from './checks.js';
import { type CostFile, COST_FILES, type Recorded } from './cost-files.js';
import type { Office } from './office.js';

const MODES: readonly DeliveryMode[] = ['merge', 'replace', 'append'];
const BLANK_LINE = Buffer.from('\n');

/** Imports every file that is recorded three times over in each mode, and counts the money each time, to the last decimal (domain.md §2). */
export async function checkDeliveryModes(office: Office, folder: string, checks: Checks): Promise<void> {
  for (const [index, file] of COST_FILES.entries()) {
    if ('code' in file.expected) continue;
    for (const mode of MODES) {
      const subject = `${file.path}, three times in mode ${mode}`;
      await checks.of(subject, () => checkMode(office, join(folder, file.path), file, mode, `file ${index + 1} ${mode}`, subject, checks));
    }
  }
}

async function checkMode(
  office: Office,
  path: string,
  file: CostFile,
  mode: DeliveryMode,
  source: string,
  subject: string,
  checks: Checks,
): Promise<void> {
  const expected = file.expected as Recorded;
  await office.register(source, file.dateFormat === undefined ? {} : { dateFormat: file.dateFormat });
  const content = await readFile(path);
  const first = await office.import(source, basename(path), content, { mode });
  const lineCount = Object.values(expected.lines).reduce((sum, count) => sum + count, 0);
  checks.equal(subject, 'the first time, every line is new', outcomesOf(first), [`new ${lineCount}`]);
  await checkMoney(office, source, expected, 1, `${subject}, the first time`, checks);

  const sameBytes = await office.import(source, 'same-bytes.csv', content, { mode });
  checks.equal(
    subject,
    'the same bytes under another name are known again',
    [sameBytes.duplicate, sameBytes.importId],
    [true, first.importId],
  );
  await checkMoney(office, source, expected, 1, `${subject}, the same bytes again`, checks);

  for (const [time, name] of [
    [2, 'second'],
    [3, 'third'],
  ] as const) {
    // One blank line more each time: other bytes, the same rows.
    const bytes = Buffer.concat([content, ...Array.from({ length: time }, () => BLANK_LINE)]);
    const again = await office.import(source, `${name}.csv`, bytes, { mode });
    const outcomes = mode === 'append' ? appended(lineCount, time) : [`unchanged ${lineCount}`];
    checks.equal(subject, `the ${name} time: ${outcomes.join(', ')}`, outcomesOf(again), outcomes);
    await checkMoney(office, source, expected, mode === 'append' ? time : 1, `${subject}, the ${name} time`, checks);
  }
}

/** Appended lines are new beside what is there and stays. */
function appended(lineCount: number, time: number): string[] {
  return [`new ${lineCount}`, `kept ${lineCount * (time - 1)}`];
}

/** `outcome lines`, over all currencies. */
function outcomesOf({ report }: ImportRow): string[] {
  const counts = new Map<string, number>();
  for (const { outcome, lineCount } of report?.outcomes ?? []) counts.set(outcome, (counts.get(outcome) ?? 0) + lineCount);
  return [...counts].map(([outcome, count]) => `${outcome} ${count}`);
}

/** What the ledger and the charges that stand hold of a source, against `times` what the file holds. */
async function checkMoney(
  office: Office,
  source: string,
  expected: Recorded,
  times: number,
  subject: string,
  checks: Checks,
): Promise<void> {
  const sums = Object.fromEntries(
    Object.entries(expected.sums).map(([code, sum]) => [
      code,
      Decimal.parse(sum)
        .times(Decimal.parse(String(times)))
        .toString(),
    ]),
  );
  checks.equal(subject, `the ledger holds ${times} × the file`, await ledgerSums(office, source, expected), sums);
  const standing = await office.services.database.query<{ currency: string; amount: string }>(
    `select currency, trim_scale(sum(amount))::text as amount from charges
     where source = $1 and standing not in ('superseded', 'withdrawn') group by currency order by currency`,
    [source],
  );
  checks.equal(subject, 'and so do the charges', Object.fromEntries(standing.map(({ currency: code, amount }) => [code, amount])), sums);
}

async function ledgerSums(office: Office, source: string, expected: Recorded): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const code of Object.keys(expected.sums)) {
    const amounts: Decimal[] = [];
    for (const period of Object.keys(expected.lines)) {
      const postings = await office.get(LedgerQueries).postings(billingPeriod(period), currency(code), { includeFlagged: true });
      amounts.push(...postings.filter((posting) => posting.source === source).map((posting) => posting.billedExact));
    }
    sums[code] = Decimal.sum(amounts).toString();
  }
  return sums;
}
