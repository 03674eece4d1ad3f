import type { ImportReport } from '#imports';
import { Decimal } from '#kernel';
import { section } from '../output/section.js';

const AMOUNT = { align: 'point' } as const;

/** The PIs whose money changes most, with before and after. */
export function whoseMoney(piChanges: ImportReport['piChanges'], most: number): string[] {
  if (piChanges === null || piChanges.top.length === 0) return [];
  const shown = piChanges.top.slice(0, most);
  const columns = [
    { title: 'WHOSE MONEY CHANGES' },
    { title: 'BEFORE', ...AMOUNT },
    { title: 'AFTER', ...AMOUNT },
    { title: 'CHANGE', ...AMOUNT },
    { title: '' },
  ];
  const cells = shown.map(({ piEmail, before, after, currency }) => [
    piEmail === '' ? '(no PI)' : piEmail,
    before,
    after,
    Decimal.parse(after).minus(Decimal.parse(before)).toString(),
    currency,
  ]);
  const more = piChanges.piCount - new Set(shown.map(({ piEmail }) => piEmail)).size;
  return [section(columns, cells), ...(more > 0 ? [`    and ${more} more`] : [])];
}
