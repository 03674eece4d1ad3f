import { type BillingPeriod, type Currency, Decimal } from '#kernel';
import { type SqlSession, type Standing, STANDINGS } from '#ledger';
import { type ChargeFilter, isReviewed } from './charge-filter.js';

/** The charges of one period that a filter may find, as far as the ledger's key tells: period, source, PI, project, standing. */
export interface PeriodPart {
  readonly period: BillingPeriod;
  /** Charges that match; those that a flag or a text is looked for in. */
  readonly candidates: number;
  /** Standings that they have; an index may serve these although it doesn't serve all that were asked for. */
  readonly standings: readonly Standing[];
  /** Rows to read when an index finds them; null without one that fits. */
  readonly indexed: number | null;
  /** Imports whose lines hold them, in order. */
  readonly imports: readonly ImportLines[];
  /** Lines of these imports. */
  readonly lines: number;
}

export interface Whereabouts {
  /** Newest first; periods without any are left out. */
  readonly parts: readonly PeriodPart[];
  readonly count: number;
  readonly amounts: readonly ChargeSum[];
}

/** Exact sums of charges in one currency. */
export interface ChargeSum {
  readonly currency: Currency;
  readonly list: string;
  readonly amount: string;
}

interface Cell {
  readonly period: BillingPeriod;
  readonly source: string;
  readonly standing: Standing;
  readonly currency: Currency;
  readonly lines: number;
  readonly list: string;
  readonly billed: string;
}

/** Adjustments and splits have lines as imports have, under numbers of the same sequence. */
export interface ImportLines {
  readonly importId: number;
  readonly periods: readonly BillingPeriod[];
  readonly lines: number;
}

/**
 * Asks the balances, which are as exact as the charges and change with them in one transaction, and are a few ten thousand rows a period
 * however many charges there are. `filter` has its identifiers folded; flag and text are not looked at.
 * @param summed whose money the amounts are
 */
export async function whereaboutsOf(
  session: SqlSession,
  filter: ChargeFilter,
  summed: readonly Standing[] = STANDINGS,
): Promise<Whereabouts> {
  const [cells, imports] = await Promise.all([readCells(session, filter), readImports(session, filter)]);
  const matching = cells.filter((cell) => isWanted(cell, filter));
  const periods = [...new Set(matching.map(({ period }) => period))].sort().reverse();
  return {
    parts: periods.map((period) => partOf(period, filter, cells, imports)),
    count: lineSum(matching),
    amounts: [...new Set(matching.map(({ currency }) => currency))].sort().map((currency) => {
      const own = matching.filter((cell) => cell.currency === currency && summed.includes(cell.standing));
      const sum = (amount: (cell: Cell) => string): string => Decimal.sum(own.map((cell) => Decimal.parse(amount(cell)))).toString();
      return { currency, list: sum(({ list }) => list), amount: sum(({ billed }) => billed) };
    }),
  };
}

function partOf(period: BillingPeriod, filter: ChargeFilter, cells: readonly Cell[], imports: readonly ImportLines[]): PeriodPart {
  const here = cells.filter((cell) => cell.period === period);
  const matching = here.filter((cell) => isWanted(cell, filter));
  const standings = [...new Set(matching.map(({ standing }) => standing))];
  const from = imports.filter((each) => each.periods.includes(period));
  return {
    period,
    candidates: lineSum(matching),
    standings,
    indexed: indexedRows(filter, here, standings),
    imports: from,
    lines: from.reduce((sum, { lines }) => sum + lines, 0),
  };
}

/** `here` is all that the period holds of the PI and project asked for, in any standing and from any source, as their index is. */
function indexedRows(filter: ChargeFilter, here: readonly Cell[], standings: readonly Standing[]): number | null {
  if (filter.piEmail !== undefined || filter.projectId !== undefined) return lineSum(here);
  return isReviewed(standings) ? lineSum(here.filter(({ standing }) => standings.includes(standing))) : null;
}

async function readCells(session: SqlSession, { period, piEmail, projectId }: ChargeFilter): Promise<Cell[]> {
  const parameters: unknown[] = [];
  const where = Object.entries({ period, pi_email: piEmail, project_id: projectId }).flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} = $${parameters.push(value)}`],
  );
  return session.query<Cell>(
    `select period, source, standing, currency, sum(line_count)::int as lines, sum(list)::text as list, sum(billed)::text as billed
     from ledger_balances ${where.length === 0 ? '' : `where ${where.join(' and ')}`} group by period, source, standing, currency`,
    parameters,
  );
}

async function readImports(session: SqlSession, { period, source }: ChargeFilter): Promise<ImportLines[]> {
  return session.query<ImportLines>(
    `select import_id as "importId", periods, line_count as lines from imports
     where periods <> '{}' and ($1::text is null or $1 = any(periods)) and ($2::text is null or source = $2)
     union all select adjustment_id, array[period], line_count from adjustments
     where ($1::text is null or period = $1) and ($2::text is null or $2 = any(sources))
     union all select split_id, array[period], line_count from splits
     where ($1::text is null or period = $1) and ($2::text is null or $2 = any(sources)) order by 1`,
    [period ?? null, source ?? null],
  );
}

function isWanted({ source, standing }: Cell, filter: ChargeFilter): boolean {
  return (filter.source === undefined || filter.source === source) && (filter.standings?.includes(standing) ?? true);
}

function lineSum(cells: readonly Cell[]): number {
  return cells.reduce((sum, { lines }) => sum + lines, 0);
}
