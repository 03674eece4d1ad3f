import { csvRow, guardFormula } from '#kernel';
import type { CellProblem, RefusedRow } from './refused-row.js';

/** What stands before the columns of the file itself. */
const FINDINGS = [
  'refused_line',
  'refused_column',
  'refused_value',
  'refused_reason',
  'refused_further_problems',
  'refused_amount',
  'refused_currency',
] as const;

/** A number is no formula, whatever its sign: a row is mended more easily if its amounts stay as they are. */
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** The first row of the CSV of refused rows. */
export function refusedRowsHeader(columns: readonly string[]): string {
  return csvRow([...FINDINGS, ...columns.map(guardFormula)]);
}

/** A refused row: where and why, its money where it can be read, then its cells as the file has them. */
export function refusedRowCsv(row: RefusedRow): string {
  const further = row.furtherProblems.map(problemText).join('; ');
  const texts = [row.column, row.value, row.reason, further].map(guarded);
  return csvRow([String(row.lineNumber), ...texts, row.amount ?? '', row.currency ?? '', ...row.cells.map(guarded)]);
}

function problemText({ column, value, reason }: CellProblem): string {
  return value === '' ? `${column} ${reason}` : `${column} “${value}” ${reason}`;
}

function guarded(text: string): string {
  return NUMBER.test(text) ? text : guardFormula(text);
}
