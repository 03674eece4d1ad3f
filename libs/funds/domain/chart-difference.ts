import type { RefusedRow } from '#kernel';
import { type ChartFile, refusedCell } from './chart-file.js';
import { isSameFund, orderProblem, withInput } from './fund.decide.js';
import type { ChartImportMode, Fund } from './fund.events.js';

export interface FundChange {
  readonly before: Fund;
  readonly after: Fund;
}

/** What a file makes of the chart; each list in the order of fund/orgs in the file or, for `retired`, in the chart. */
export interface ChartDifference {
  readonly added: readonly Fund[];
  readonly changed: readonly FundChange[];
  readonly retired: readonly FundChange[];
  readonly unchangedCount: number;
  /** The file's own and those whose days don't go together with what the chart says. */
  readonly refusedRows: readonly RefusedRow[];
}

/** @param lastDay with `replace`, the last day of funds that the file does not name; those that end by then anyway stay as they are */
export function compareChart(
  chart: ReadonlyMap<string, Fund>,
  file: ChartFile,
  { mode, lastDay }: { readonly mode: ChartImportMode; readonly lastDay: string },
): ChartDifference {
  const added: Fund[] = [];
  const changed: FundChange[] = [];
  const refusedRows = [...file.refusedRows];
  let unchangedCount = 0;
  for (const { line, fundOrg, input } of file.rows) {
    const before = chart.get(fundOrg) ?? null;
    const after = withInput(before, fundOrg, input);
    const order = orderProblem(before, after);
    if (order !== undefined) refusedRows.push(refusedCell(line, 'validTo', after.validTo ?? '', order));
    else if (before === null) added.push(after);
    else if (isSameFund(before, after)) unchangedCount += 1;
    else changed.push({ before, after });
  }
  const retired = mode === 'merge' ? [] : retiredBy(chart, file, lastDay);
  refusedRows.sort((one, other) => one.line - other.line);
  return { added, changed, retired, unchangedCount, refusedRows };
}

function retiredBy(chart: ReadonlyMap<string, Fund>, { fundOrgs }: ChartFile, lastDay: string): FundChange[] {
  return Array.from(chart.values())
    .filter(({ fundOrg, validTo }) => !fundOrgs.has(fundOrg) && (validTo === null || validTo > lastDay))
    .map((before) => ({ before, after: { ...before, validTo: lastDay } }));
}
