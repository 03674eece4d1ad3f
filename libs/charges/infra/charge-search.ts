import type { Currency } from '#kernel';
import type { SqlSession, Standing } from '#ledger';
import type { ChargePlace } from '../domain/charge-place.js';
import { asksLines, type ChargeFilter, Conditions, holdsText, isReviewed, type KeysWithText, type SearchFilter } from './charge-filter.js';
import { COST_OF_INDEXED_ROW, indexedConditions, rowsToRead } from './charge-pages.js';
import { CHARGE_COLUMNS, type StoredCharge } from './charge-row.js';
import { type ChargeSum, isOfPis, type PeriodPart } from './charge-whereabouts.js';

/** How much a search does at once, in rows that lie side by side. */
export interface SearchEffort {
  /** What one request may read: about a second's work. One period is always searched as a whole. */
  readonly atOnce: number;
  /** From here on it pays to look a text up in the ledger first. */
  readonly lookUpFrom: number;
  /** What is found often fills a page long before this many rows. */
  readonly probe: number;
}

export const SEARCH_EFFORT: SearchEffort = { atOnce: 1_000_000, lookUpFrom: 200_000, probe: 30_000 };

/** The newest of `parts` that are searched at once. */
export function searchedAtOnce(parts: readonly PeriodPart[], { atOnce }: SearchEffort): readonly PeriodPart[] {
  let rowCount = 0;
  const end = parts.findIndex((part) => (rowCount += rowsToRead(part)) > atOnce);
  return end === -1 ? parts : parts.slice(0, Math.max(1, end));
}

/** Looks the text of a filter up in the ledger of these periods. */
export async function withKeys(
  session: SqlSession,
  filter: ChargeFilter,
  parts: readonly PeriodPart[],
  { lookUpFrom }: SearchEffort,
): Promise<SearchFilter> {
  const { text } = filter;
  if (text === undefined || parts.reduce((rowCount, part) => rowCount + rowsToRead(part), 0) < lookUpFrom) return filter;
  const holding = (column: string): string =>
    `array(select ${column} from (select distinct ${column} from ledger_balances where period = any($1)) as held where ${holdsText(column, '$2', text)})`;
  const [keysWithText] = await session.query<KeysWithText>(
    `select ${holding('service_name')} as "serviceNames", ${holding('pi_email')} as "piEmails", ${holding('project_id')} as "projectIds",
       ${holding('fund_org')} as "fundOrgs"`,
    [parts.map(({ period }) => period), text],
  );
  return keysWithText === undefined ? filter : { ...filter, keysWithText };
}

export interface SearchTotals {
  readonly count: number;
  readonly amounts: readonly ChargeSum[];
}

interface SumRow extends ChargeSum {
  readonly lines: number;
}

/** @param summed SQL: the standings whose money is summed */
const sumsOf = (summed: string): string => `currency, count(*)::int as lines,
  trim_scale(coalesce(sum(list_cost) filter (where standing = any(${summed})), 0))::text as list,
  trim_scale(coalesce(sum(amount) filter (where standing = any(${summed})), 0))::text as amount`;

/** Counts and sums all that match in these periods. */
export async function searchTotals(
  session: SqlSession,
  filter: SearchFilter,
  parts: readonly PeriodPart[],
  summed: readonly Standing[],
): Promise<SearchTotals> {
  const { from, conditions } = searchedIn(filter, parts);
  const sumsOfAll = sumsOf(`${conditions.parameter(summed)}::text[]`);
  const sums = await session.query<SumRow>(
    `select ${sumsOfAll} from ${from} where ${conditions.sql} group by currency order by currency`,
    conditions.parameters,
  );
  return totalsOf(sums);
}

/** The same with the first charges after a place, from one reading. */
export async function searchPage(
  session: SqlSession,
  filter: SearchFilter,
  parts: readonly PeriodPart[],
  { after, limit, summed }: { readonly after: ChargePlace; readonly limit: number; readonly summed: readonly Standing[] },
): Promise<SearchTotals & { readonly rows: StoredCharge[] }> {
  const { from, conditions } = searchedIn(filter, parts);
  const [period, importId, lineNumber] = [after.period, after.importId, after.lineNumber].map((value) => conditions.parameter(value));
  const [found] = await session.query<{ sums: SumRow[] | null; imports: number[] | null; lines: number[] | null }>(
    `with found as materialized (select c.period, c.import_id, c.line_no, c.currency, c.list_cost, c.amount, c.standing from ${from} where ${conditions.sql}),
     sums as (select ${sumsOf(`${conditions.parameter(summed)}::text[]`)} from found group by currency),
     first as (select import_id, line_no from found
       where period < ${period} or (period = ${period} and (import_id, line_no) > (${importId}, ${lineNumber}))
       order by period desc, import_id, line_no limit ${conditions.parameter(limit)})
     select (select json_agg(sums order by currency) from sums) as sums, (select array_agg(import_id) from first) as imports,
       (select array_agg(line_no) from first) as lines`,
    conditions.parameters,
  );
  const rows = await session.query<StoredCharge>(
    `select ${CHARGE_COLUMNS} from charges c join unnest($1::int[], $2::int[]) as first(import_id, line_no) using (import_id, line_no)
     order by c.period desc, c.import_id, c.line_no`,
    [found?.imports ?? [], found?.lines ?? []],
  );
  return { ...totalsOf(found?.sums ?? []), rows };
}

interface Searched {
  /** The charges that are looked at, under the name `c`. */
  readonly from: string;
  readonly conditions: Conditions;
}

/** By an index where it leaves little to read, and otherwise import by import. */
function searchedIn({ period, ...filter }: SearchFilter, parts: readonly PeriodPart[]): Searched {
  const standings = [...new Set(parts.flatMap((part) => part.standings))];
  const isIndexed = (isOfPis(filter) || isReviewed(standings)) && isIndexShorter(parts);
  const narrowed = { ...filter, ...(period === undefined ? {} : { period }), standings };
  const conditions = isIndexed ? indexedConditions(narrowed) : new Conditions(narrowed, { joinsLines: true });
  conditions.add(`c.period = any(${conditions.parameter(parts.map((part) => part.period))})`);
  if (isIndexed) return { from: 'charges c', conditions };
  const imports = new Set(parts.flatMap((part) => part.imports.map(({ importId }) => importId)));
  // `offset 0` leaves the planner nothing but the primary key: it would read the whole table, or, without statistics, all of the
  // period through the index of PIs, a row here and a row there.
  const ofImport = asksLines(filter)
    ? `select c.* from charges c join charge_lines l on l.import_id = c.import_id and l.line_no = c.line_no
       where c.import_id = wanted.id and l.import_id = wanted.id and ${conditions.ofLine}`
    : 'select * from charges where import_id = wanted.id';
  const from = `unnest(${conditions.parameter([...imports])}::int[]) as wanted(id) cross join lateral (${ofImport} offset 0) c`;
  return { from, conditions };
}

/** A fund/org may be of PIs who have most of a period, and an import that was asked for may be short. */
function isIndexShorter(parts: readonly PeriodPart[]): boolean {
  const rows = (of: (part: PeriodPart) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  return rows(({ indexed }) => (indexed ?? 0) * COST_OF_INDEXED_ROW) <= rows(({ lines }) => lines);
}

function totalsOf(sums: readonly SumRow[]): SearchTotals {
  return {
    count: sums.reduce((count, { lines }) => count + lines, 0),
    amounts: sums.map(({ currency, list, amount }): { currency: Currency; list: string; amount: string } => ({ currency, list, amount })),
  };
}
