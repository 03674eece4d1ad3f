import type { ImportReport, Refusal } from '../../api/import-queries.js';
import type { PeriodSummary } from '../../api/queries.js';

/** The one finalized period for whose sake a file was refused; null if the file was refused for another reason, or has lines elsewhere too. */
export function restatedPeriod(refusal: Refusal | null, report: ImportReport | null, periods: readonly PeriodSummary[]): string | null {
  if (refusal?.code !== 'import.period-shut' || !report?.readToEnd) return null;
  const [period, ...others] = new Set(report.totals.periods.map((total) => total.period));
  if (period === undefined || others.length > 0 || report.totals.refusedRowCount > 0) return null;
  return periods.find((each) => each.period === period)?.state === 'finalized' ? period : null;
}
