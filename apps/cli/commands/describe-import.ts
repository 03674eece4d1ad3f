import type { ImportReport } from '#imports';
import type { Currency } from '#kernel';
import { flagMeaning } from '../output/flag-words.js';
import { section } from '../output/section.js';
import { printable } from '../output/table.js';
import { describeRestatement } from './describe-restatement.js';
import { whoseMoney } from './whose-money.js';
import type { IngestedFile } from './ingest.js';

const MOST_SHOWN = 10;
const COUNT = { align: 'right' } as const;
const AMOUNT = { align: 'point' } as const;

const OUTCOME_WORDS: Readonly<Record<ImportReport['outcomes'][number]['outcome'], string>> = {
  new: 'new',
  unchanged: 'unchanged',
  revised: 'revised: other amounts than before',
  withdrawn: 'withdrawn: not in the file',
  kept: 'kept: not in the file, and staying',
};

/** The report of an import for people; the same for a dry run. */
export function describeImport(ingested: IngestedFile, ledgerCurrency: Currency, refusedRowsFile: string | null): string {
  const { file, source, outcome, importId, duplicate, refusal, report, restatement, failure } = ingested;
  const parts = [
    `${file} → ${source}: ${duplicate && failure === null ? `known already as import ${importId}, nothing changed` : headline(outcome, importId)}`,
  ];
  if (refusal !== null)
    parts.push(`  ${refusal.reason}`, ...shortened(refusal.problems.map((problem) => `  ${problem.where}: ${problem.what}`)));
  if (failure !== null) parts.push(`  ${failure.reason}`, `  ${failure.advice}`);
  if (duplicate && refusedRowsFile !== null) parts.push(`  Its rows with errors: ${refusedRowsFile}`);
  if (report === null || duplicate) return parts.join('\n');
  if (!report.readToEnd) parts.push('  What was found until the file could not be read any further:');
  parts.push(`  ${inOneLine(report)}`, ...report.warnings.map((warning) => `  warning: ${printable(warning)}`), ...missing(report));
  if (restatement !== null) parts.push(...describeRestatement(restatement, importId));
  return [...parts, ...sections(report, ledgerCurrency), ...refusedRows(report, refusedRowsFile)].join('\n');
}

function headline(outcome: IngestedFile['outcome'], importId: number | null): string {
  return importId === null ? outcome : `${outcome}, import ${importId}`;
}

function inOneLine({ totals, focusVersion, deliveryMode }: ImportReport): string {
  const { lineCount, flaggedLineCount, refusedRowCount } = totals;
  const flagged = flaggedLineCount === 0 ? 'none for review' : `${flaggedLineCount} for review`;
  const refused = refusedRowCount === 0 ? '' : `, ${rows(refusedRowCount)} with errors`;
  return `FOCUS ${focusVersion ?? 'of an unknown version'}, ${deliveryMode}: ${lineCount} ${lineCount === 1 ? 'line' : 'lines'}, ${flagged}${refused}`;
}

function missing({ quality, focusVersion }: ImportReport): string[] {
  const names = (quality?.missingColumns ?? []).filter(({ level }) => level === 'Mandatory').map(({ column }) => column);
  if (names.length === 0) return [];
  const more = names.length > MOST_SHOWN ? ` and ${names.length - MOST_SHOWN} more` : '';
  return [`  columns that FOCUS ${focusVersion} makes mandatory and the file lacks: ${names.slice(0, MOST_SHOWN).join(', ')}${more}`];
}

function sections({ totals, outcomes, piChanges }: ImportReport, ledgerCurrency: Currency): string[] {
  const parts: string[] = [];
  if (totals.periods.length > 0) {
    const columns = [
      { title: 'PERIOD' },
      { title: 'LINES', ...COUNT },
      { title: 'LIST', ...AMOUNT },
      { title: 'CONTRACTED', ...AMOUNT },
      { title: 'BILLED', ...AMOUNT },
      { title: 'EFFECTIVE', ...AMOUNT },
      { title: 'CHARGED', ...AMOUNT },
      { title: '' },
    ];
    const cells = totals.periods.map((total) => [
      total.period,
      String(total.lineCount),
      total.listCost,
      total.contractedCost,
      total.billedCost,
      total.effectiveCost,
      total.amount,
      total.currency,
    ]);
    parts.push(section(columns, cells));
  }
  if (totals.periods.some((total) => total.currency !== ledgerCurrency))
    parts.push(`  Only ${ledgerCurrency} is billed; other currencies wait for review.`);
  parts.push(...againstHeld(outcomes, totals.lineCount), ...whoseMoney(piChanges, MOST_SHOWN));
  if (totals.rules.length > 0) {
    const columns = [{ title: 'ATTRIBUTED BY RULE' }, { title: 'LINES', ...COUNT }, { title: 'CHARGED', ...AMOUNT }, { title: '' }];
    const cells = totals.rules.map(({ rule, lineCount, amount, currency }) => [rule, String(lineCount), amount, currency]);
    parts.push(section(columns, cells));
  }
  if (totals.flags.length > 0) {
    const columns = [
      { title: 'FOR REVIEW' },
      { title: 'LINES', ...COUNT },
      { title: 'CHARGED', ...AMOUNT },
      { title: '' },
      { title: 'MEANING' },
    ];
    parts.push(
      section(
        columns,
        totals.flags.map(({ flag, lineCount, amount, currency }) => [flag, String(lineCount), amount, currency, flagMeaning(flag)]),
      ),
    );
  }
  return parts;
}

function againstHeld(outcomes: ImportReport['outcomes'], lineCount: number): string[] {
  const changes = outcomes.filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'kept');
  if (lineCount > 0 && outcomes.length > 0 && changes.length === 0) {
    const kept = outcomes.some(({ outcome }) => outcome === 'kept') ? ' What else is held stays.' : '';
    return [`  Nothing changes: all ${lineCount} lines are held already, with the same amounts.${kept}`];
  }
  if (outcomes.every(({ outcome }) => outcome === 'new')) return [];
  const columns = [
    { title: 'AGAINST WHAT IS HELD' },
    { title: 'LINES', ...COUNT },
    { title: 'BEFORE', ...AMOUNT },
    { title: 'CHARGED', ...AMOUNT },
    { title: '' },
  ];
  return [
    section(
      columns,
      outcomes.map((total) => [
        OUTCOME_WORDS[total.outcome],
        String(total.lineCount),
        total.previousAmount ?? '',
        total.amount,
        total.currency,
      ]),
    ),
  ];
}

function refusedRows({ totals, refusedRows: shown }: ImportReport, refusedRowsFile: string | null): string[] {
  const { refusedRowCount, refused } = totals;
  if (refusedRowCount === 0) return [];
  const money = refused.map(({ currency, rowCount, amount }) =>
    currency === null ? `${rows(rowCount)} whose amount can't be read` : `${amount} ${currency} in ${rows(rowCount)}`,
  );
  return [
    `  ${rows(refusedRowCount)} with errors: ${money.join(', ')}`,
    ...shortened(
      shown.map(
        ({ lineNumber, column, value, reason }) => `    line ${lineNumber}, ${column}${value === '' ? '' : ` “${value}”`}: ${reason}`,
      ),
      refusedRowCount,
    ),
    refusedRowsFile === null
      ? '    All of them as CSV: the same command with --refused FILE.'
      : `    All of them as CSV: ${refusedRowsFile}`,
  ];
}

function rows(count: number): string {
  return `${count} ${count === 1 ? 'row' : 'rows'}`;
}

function shortened(lines: readonly string[], count = lines.length): string[] {
  const shown = lines
    .slice(0, MOST_SHOWN)
    .map((line) => line.replace(/^( *)(.*)$/s, (_, blanks: string, text: string) => blanks + printable(text)));
  return count > shown.length ? [...shown, `    and ${count - shown.length} more`] : shown;
}
