import type { BillingPeriod } from '#kernel';
import type { ChecklistItem } from '#periods';
import { table } from '../output/table.js';

/** Which command mends what a question finds missing. */
const MENDING: Readonly<Record<string, (period: BillingPeriod) => string>> = {
  review: (period) => `review list -p ${period}`,
  statements: (period) => `generate -p ${period}`,
  invoices: (period) => `invoices list -p ${period}`,
  journal: (period) => `export-journal -p ${period}`,
};

/** The checklist with closing as its first question, and what to run for what is missing. */
export function checklistText(period: BillingPeriod, isClosed: boolean, checklist: readonly ChecklistItem[]): string {
  const closing: ChecklistItem = {
    check: 'close',
    done: isClosed,
    text: isClosed ? 'the period is closed to imports' : 'the period is open to imports',
    overridable: false,
  };
  const rows = [closing, ...checklist].map(({ check, done, text, overridable }) => [
    done ? 'done' : overridable ? 'missing' : 'blocking',
    text,
    done ? '' : check === 'close' ? `periods close ${period}` : (MENDING[check]?.(period) ?? ''),
  ]);
  return table([{ title: 'CHECK' }, { title: 'BEFORE IT IS FINALIZED' }, { title: 'COMMAND' }], rows);
}
