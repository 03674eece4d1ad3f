import { Decimal } from '#kernel';
import type { ImportReport } from '../domain/import.events.js';
import type { StoredTotal } from '../infra/line-comparison.js';

/** Money in = money held (design.md, invariant 1). @throws Error when the table and the count of the file differ. */
export function requireEqualTotals(importId: number, report: ImportReport, stored: readonly StoredTotal[]): void {
  const read = report.totals.periods;
  const agrees =
    stored.length === read.length &&
    read.every((total) => {
      const held = stored.find((row) => row.period === total.period && row.currency === total.currency);
      return (
        held?.lineCount === total.lineCount &&
        Decimal.parse(held.amount).equals(Decimal.parse(total.amount)) &&
        Decimal.parse(held.listCost).equals(Decimal.parse(total.listCost))
      );
    });
  if (!agrees) throw new Error(`import ${importId}: what was read and what is stored differ`);
}
