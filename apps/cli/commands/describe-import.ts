import type { Currency } from '#kernel';
import { grouped, table } from '../output/table.js';
import type { IngestedFile } from './ingest.js';

const MOST_SHOWN = 10;
const RIGHT = { align: 'right' } as const;

/** The report of an import for people; the same for a dry run. */
export function describeImport(ingested: IngestedFile, ledgerCurrency: Currency): string {
  const { file, source, outcome, importId, duplicate, refusal, report, failure } = ingested;
  const parts = [
    `${file} → ${source}: ${duplicate && failure === null ? `known already as import ${importId}, nothing changed` : headline(outcome, importId)}`,
  ];
  if (refusal !== null)
    parts.push(`  ${refusal.reason}`, ...shortened(refusal.problems.map((problem) => `  ${problem.where}: ${problem.what}`)));
  if (failure !== null) parts.push(`  ${failure.reason}`, `  ${failure.advice}`);
  if (report === null || duplicate) return parts.join('\n');
  const { totals, outcomes, warnings, refusedRows } = report;
  parts.push(...warnings.map((warning) => `  warning: ${warning}`));
  if (totals.periods.length > 0) {
    const rows = totals.periods.map((total) => [
      total.period,
      String(total.lineCount),
      grouped(total.listCost),
      grouped(total.amount),
      total.currency,
    ]);
    parts.push(
      indented(
        table(
          [{ title: 'PERIOD' }, { title: 'LINES', ...RIGHT }, { title: 'LIST', ...RIGHT }, { title: 'BILLED', ...RIGHT }, { title: '' }],
          rows,
        ),
      ),
    );
  }
  if (totals.periods.some((total) => total.currency !== ledgerCurrency))
    parts.push(`  Only ${ledgerCurrency} is billed; other currencies wait for review.`);
  if (outcomes.some(({ outcome: what }) => what !== 'new')) {
    const rows = outcomes.map((total) => [
      total.outcome,
      String(total.lineCount),
      grouped(total.amount),
      total.previousAmount === null ? '' : grouped(total.previousAmount),
      total.currency,
    ]);
    parts.push(
      indented(
        table(
          [
            { title: 'AGAINST WHAT IS THERE' },
            { title: 'LINES', ...RIGHT },
            { title: 'BILLED', ...RIGHT },
            { title: 'BEFORE', ...RIGHT },
            { title: '' },
          ],
          rows,
        ),
      ),
    );
  }
  if (totals.flags.length > 0) {
    const rows = totals.flags.map((total) => [total.flag, String(total.lineCount), grouped(total.amount), total.currency]);
    parts.push(
      indented(table([{ title: 'FOR REVIEW' }, { title: 'LINES', ...RIGHT }, { title: 'BILLED', ...RIGHT }, { title: '' }], rows)),
    );
  }
  if (totals.refusedRowCount > 0) {
    parts.push(`  ${totals.refusedRowCount} rows with errors:`);
    parts.push(
      ...shortened(
        refusedRows.map((row) => `    line ${row.lineNumber}, ${row.column}: ${row.reason}`),
        totals.refusedRowCount,
      ),
    );
  }
  return parts.join('\n');
}

function headline(outcome: IngestedFile['outcome'], importId: number | null): string {
  return importId === null ? outcome : `${outcome}, import ${importId}`;
}

function shortened(lines: readonly string[], count = lines.length): string[] {
  const shown = lines.slice(0, MOST_SHOWN);
  return count > shown.length ? [...shown, `    and ${count - shown.length} more`] : shown;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
