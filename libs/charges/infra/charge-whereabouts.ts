import { type BillingPeriod, type Currency, Decimal } from '#kernel';
import { type SqlSession, type Standing, STANDINGS } from '#ledger';
import { type ChargeFilter, isReviewed, isRule, narrowsImports } from './charge-filter.js';

/** The charges of one period that a filter may find, as far as the ledger's key tells: period, source, PI, project, fund/org, standing. */
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
  /** Of the fund/org that was asked for; 0 where the cell is only of the same PI. */
  readonly lines: number;
  /** Of any fund/org: what the index of PIs finds. */
  readonly indexed: number;
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
    parts: periods.map((period) => partOf(period, filter, cells, imports)).filter(({ lines }) => lines > 0 || !narrowsImports(filter)),
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

/** Whether the index of PIs finds them: whose a project or a fund/org is, the ledger knows. */
export function isOfPis({ piEmail, projectId, fundOrg }: ChargeFilter): boolean {
  return piEmail !== undefined || projectId !== undefined || fundOrg !== undefined;
}

/** `here` is all that the period holds of the PIs and projects asked for, in any standing and from any source, as their index is. */
function indexedRows(filter: ChargeFilter, here: readonly Cell[], standings: readonly Standing[]): number | null {
  if (isOfPis(filter)) return here.reduce((sum, { indexed }) => sum + indexed, 0);
  return isReviewed(standings) ? lineSum(here.filter(({ standing }) => standings.includes(standing))) : null;
}

async function readCells(session: SqlSession, { period, piEmail, projectId, fundOrg }: ChargeFilter): Promise<Cell[]> {
  const parameters: unknown[] = [];
  const where = Object.entries({ period, pi_email: piEmail, project_id: projectId }).flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} = $${parameters.push(value)}`],
  );
  const wanted = fundOrg === undefined ? 'true' : `fund_org = $${parameters.push(fundOrg)}`;
  if (fundOrg !== undefined && piEmail === undefined) {
    where.push(`pi_email = any(array(select distinct pi_email from ledger_balances where ${[...where, wanted].join(' and ')}))`);
  }
  const sum = (column: string): string => `coalesce(sum(${column}) filter (where ${wanted}), 0)`;
  return session.query<Cell>(
    `select period, source, standing, currency, ${sum('line_count')}::int as lines, sum(line_count)::int as indexed, ${sum('list')}::text as list,
       ${sum('billed')}::text as billed
     from ledger_balances ${where.length === 0 ? '' : `where ${where.join(' and ')}`} group by period, source, standing, currency`,
    parameters,
  );
}

/** Which rules attributed lines of an import, its report tells; of an adjustment only its lines do. */
async function readImports(session: SqlSession, filter: ChargeFilter): Promise<ImportLines[]> {
  const { period, source, kinds, importId, attributionRule } = filter;
  return session.query<ImportLines>(
    `select * from (
       select import_id as "importId", periods, line_count as lines, 'imported' as kind from imports
       where periods <> '{}' and ($1::text is null or $1 = any(periods)) and ($2::text is null or source = $2)
         and ($5::text is null or exists (select 1 from jsonb_array_elements(report #> '{totals,rules}') as r where ${isRule(`(r ->> 'rule')`, '$5')}))
       union all select adjustment_id, array[period], line_count, 'adjustment' from adjustments
       where ($1::text is null or period = $1) and ($2::text is null or $2 = any(sources))
       union all select split_id, array[period], line_count, 'part' from splits
       where ($1::text is null or period = $1) and ($2::text is null or $2 = any(sources)) and ($5::text is null or ${isRule('rule', '$5')})) i
     where ($3::text[] is null or kind = any($3)) and ($4::int is null or "importId" = $4) order by 1`,
    [period ?? null, source ?? null, kinds ?? null, importId ?? null, attributionRule ?? null],
  );
}

function isWanted({ source, standing, lines }: Cell, filter: ChargeFilter): boolean {
  return lines > 0 && (filter.source === undefined || filter.source === source) && (filter.standings?.includes(standing) ?? true);
}

function lineSum(cells: readonly Cell[]): number {
  return cells.reduce((sum, { lines }) => sum + lines, 0);
}
