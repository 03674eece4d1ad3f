import { grouped, table } from '../output/table.js';
import type { BilledMonth } from './bill-a-month.js';
import type { DemoFolder } from './demo-folder.js';

const RIGHT = { align: 'right' } as const;

/** What the demo has done, and where to look at it. */
export function describeMonths(months: readonly BilledMonth[], folder: DemoFolder): string {
  const titles = ['LINES', 'REVIEWED', 'LIST USD', 'BILLED', 'STATEMENTS', 'DUE', 'EMAILS', 'DEBITS', 'CREDITS'];
  const rows = months.map((month) => [
    month.period,
    String(month.lines),
    String(month.flagged),
    grouped(month.list),
    grouped(month.billed),
    String(month.statements),
    grouped(month.statementTotal),
    String(month.emails),
    grouped(month.journalDebits),
    grouped(month.journalCredits),
  ]);
  return [
    table([{ title: 'PERIOD' }, ...titles.map((title) => ({ title, ...RIGHT }))], rows),
    '',
    `PDF statements  ${folder.pdfDir}`,
    `emails          ${folder.emailDir}`,
    `journals        ${folder.journalDir}`,
  ].join('\n');
}

/** Months whose figures contradict each other: what is billed, what statements say is due, and both sides of the journal are one sum. */
export function contradictions(months: readonly BilledMonth[]): string[] {
  return months
    .filter(
      ({ billed, statementTotal, journalDebits, journalCredits }) =>
        new Set([billed, statementTotal, journalDebits, journalCredits]).size > 1,
    )
    .map((month) => `${month.period}: billed, statements, debits and credits differ`);
}
