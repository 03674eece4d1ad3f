import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { guessFromFileName } from '#imports';
import { ExportJournalHandler } from '#journals';
import { billingPeriod, currency, Decimal } from '#kernel';
import { LedgerQueries, type PeriodTotals } from '#ledger';
import { SourceQueries } from '#sources';
import { StatementQueries, StatementRunHandler } from '#statements';
import { eventually } from '../support/eventually.js';
import type { Checks } from './checks.js';
import { CHECKER, type Office } from './office.js';

const FOLDER = 'reference_2025-01';
const PERIOD = billingPeriod('2025-01');
const USD = currency('USD');
/** Per source: lines and exact sum of BilledCost. */
const SOURCES: Readonly<Record<string, readonly [lineCount: number, sum: string]>> = {
  aws: [25, '19086.75'],
  azure: [4, '735.25'],
  hpc: [9, '0'],
  it_storage: [6, '360'],
  storage: [15, '45'],
};

/** The sample month of the older program: everything that it made of it, and what it should have made. */
export async function checkReferenceMonth(office: Office, folder: string, checks: Checks): Promise<void> {
  for (const source of Object.keys(SOURCES)) await office.register(source, { fundOrg: `CREDIT-${source}`, accountCode: '54000' });
  await office.settle();
  for (const [source, [lineCount, sum]] of Object.entries(SOURCES)) {
    const name = `${source}_2025-01.csv`;
    const subject = `${FOLDER}/${name}`;
    await checks.of(subject, async () => {
      const { source: guessed, period } = guessFromFileName(name, await office.get(SourceQueries).list());
      checks.equal(subject, `the name tells ${source} and ${PERIOD}`, [guessed, period], [source, PERIOD]);
      const row = await office.import(source, name, await readFile(join(folder, FOLDER, name)));
      const totals = (row.report?.totals.periods ?? []).map((total) => [total.period, total.lineCount, total.amount]);
      checks.equal(subject, `${lineCount} lines, ${sum}`, [row.state, totals], ['recorded', [[PERIOD, lineCount, sum]]]);
    });
  }
  await checks.of(FOLDER, () => checkLedger(office, checks));
  await checks.of(`${FOLDER}/expected_journal_default.csv`, () => checkJournal(office, folder, checks));
  await checks.of(`${FOLDER}, statements`, () => checkStatements(office, checks));
}

async function checkLedger(office: Office, checks: Checks): Promise<void> {
  await office.settle();
  const totals: PeriodTotals = await office.get(LedgerQueries).totals(PERIOD, USD);
  checks.equal(FOLDER, '59 lines, none for review', [totals.lineCount, totals.flaggedCount], [59, 0]);
  checks.equal(FOLDER, '7 PIs', totals.piCount, 7);
  checks.equal(FOLDER, '10 projects', totals.projectCount, 10);
  checks.equal(FOLDER, 'billed 20,227.00, nothing to round', [totals.billed.toFixed(2), totals.rounding.toString()], ['20227.00', '0']);
}

/** Line order and line ends may differ: the older program sorts as pandas does and writes LF. */
async function checkJournal(office: Office, folder: string, checks: Checks): Promise<void> {
  const subject = `${FOLDER}/expected_journal_default.csv`;
  const options = { includeFlagged: false, allowUnbalanced: false };
  const { journal } = await office.get(ExportJournalHandler).execute(PERIOD, 'default', options, CHECKER);
  const written = linesOf(await text(await office.services.storage.open(journal.sha256)));
  const expected = linesOf(await readFile(join(folder, subject), 'utf8'));
  checks.equal(subject, 'the same header', written[0], expected[0]);
  checks.equal(subject, 'the same rows', written.slice(1).sort(), expected.slice(1).sort());
  const template = await office.get(ExportJournalHandler).execute(PERIOD, 'template', options, CHECKER);
  const sides = [template.journal.debits, template.journal.credits];
  checks.equal(FOLDER, 'the template journal balances over 20,227.00', sides, ['20227.00', '20227.00']);
}

async function checkStatements(office: Office, checks: Checks): Promise<void> {
  const { runId } = await office.get(StatementRunHandler).request(PERIOD, false, CHECKER);
  await eventually(async () => {
    await office.settle();
    return (await office.get(StatementQueries).run(runId)).state === 'completed' ? true : undefined;
  });
  const statements = await office.get(StatementQueries).current(PERIOD);
  checks.equal(FOLDER, '10 statements', statements.length, 10);
  const due = Decimal.sum(statements.map((statement) => Decimal.parse(statement.due)));
  checks.equal(FOLDER, 'statements over 20,227.00', due.toFixed(2), '20227.00');
  const flannister = statements.find((statement) => statement.projectId === 'climate-modeling');
  checks.equal(
    FOLDER,
    'Flannister / climate-modeling: list 2,530.00, discount 2,517.50, due 12.50',
    [flannister?.piEmail, flannister?.list, flannister?.discount, flannister?.due],
    ['quib.flannister@example.edu', '2530.00', '2517.50', '12.50'],
  );
}

function linesOf(csv: string): string[] {
  return csv.trimEnd().split(/\r?\n/);
}
