import type { SqlSession } from '#ledger';
import type { ChargeId } from '../domain/charge-id.js';
import { Conditions, isToldByLedger, type SearchFilter } from './charge-filter.js';
import { CHARGE_COLUMNS, type StoredCharge } from './charge-row.js';
import type { PeriodPart } from './charge-whereabouts.js';

/** Rows that a walk looks at in its first step; every further one is eight times as long, up to the longest. */
const FIRST_STEP_ROWS = 500;
const LONGEST_STEP_ROWS = 50_000;
/** A row that an index finds lies anywhere; rows of a walk lie side by side. */
export const COST_OF_INDEXED_ROW = 5;

/** Rows to read, counted as rows that lie side by side, to see every candidate of the part. */
export function rowsToRead(part: PeriodPart): number {
  return Math.min(part.lines, part.indexed === null ? Infinity : part.indexed * COST_OF_INDEXED_ROW);
}

/** What is wanted of one period: at most `limit` charges that match `filter`, after a place, by import and line. */
export interface PageRequest {
  readonly filter: SearchFilter;
  readonly part: PeriodPart;
  readonly after: ChargeId;
  readonly limit: number;
}

/**
 * Reads a page of one period, by the cheaper of two ways. Which one is told by the ledger and not by the planner's statistics, which know
 * nothing of a month that was imported a minute ago. A walk that finds less than was to be expected, because what matches lies
 * together further on, ends in the other way.
 */
export async function pageOf(session: SqlSession, request: PageRequest): Promise<StoredCharge[]> {
  const { filter, part, limit } = request;
  const indexCost = part.indexed === null ? Infinity : part.indexed * COST_OF_INDEXED_ROW;
  const walkCost = isToldByLedger(filter) ? (limit * part.lines) / Math.max(1, part.candidates) : part.lines;
  if (indexCost <= Math.min(walkCost, part.lines)) return pick(session, request);
  const walked = await walk(session, request, indexCost);
  if (walked.restart === null) return walked.rows;
  return [...walked.rows, ...(await pick(session, { ...request, after: walked.restart, limit: limit - walked.rows.length }))];
}

interface Walked {
  readonly rows: StoredCharge[];
  /** After which line the rest is to be looked for; null if the page is full or nothing is left. */
  readonly restart: ChargeId | null;
}

/**
 * Passes over the lines of the period's imports in order, and looks at about `mostRows` of them. Each step is bounded by keys, not by a limit:
 * it reads no more than its range, whatever plan the planner takes for it.
 */
export async function walk(session: SqlSession, { filter, part, after, limit }: PageRequest, mostRows: number): Promise<Walked> {
  const rows: StoredCharge[] = [];
  let place = after;
  let left = part.imports.filter(({ importId }) => importId >= after.importId);
  let step = Math.max(FIRST_STEP_ROWS, limit * 2);
  for (let looked = 0; left.length > 0; looked += step, step = Math.min(step * 8, LONGEST_STEP_ROWS)) {
    if (looked >= mostRows) return { rows, restart: place };
    const ids = wholeImports(left, step);
    const [first] = ids;
    const from = first === place.importId ? place.lineNumber : 0;
    const to = ids.length === 1 ? from + step : null;
    rows.push(...(await readRange(session, new Conditions({ ...filter, period: part.period }), { ids, from, to }, limit - rows.length)));
    if (rows.length >= limit) return { rows, restart: null };
    if (first !== undefined && to !== null && (await hasLinesAfter(session, first, to))) place = { importId: first, lineNumber: to };
    else {
      left = left.slice(ids.length);
      place = { importId: left[0]?.importId ?? 0, lineNumber: 0 };
    }
  }
  return { rows, restart: null };
}

/** As many imports as have no more than `mostRows` lines together, but at least one. */
function wholeImports(imports: PeriodPart['imports'], mostRows: number): number[] {
  let rowCount = 0;
  const end = imports.findIndex(({ lines }) => (rowCount += lines) > mostRows);
  return imports.slice(0, end === -1 ? imports.length : Math.max(1, end)).map(({ importId }) => importId);
}

interface LineRange {
  readonly ids: readonly number[];
  /** Of the first import, after this line. */
  readonly from: number;
  /** Null: to the end. */
  readonly to: number | null;
}

async function readRange(
  session: SqlSession,
  conditions: Conditions,
  { ids, from, to }: LineRange,
  limit: number,
): Promise<StoredCharge[]> {
  const [all, first, after, last] = [ids, ids[0], from, to].map((value) => conditions.parameter(value));
  // `offset 0` keeps the planner from looking for what the filter names in another index.
  return session.query<StoredCharge>(
    `select ${CHARGE_COLUMNS} from (
       select * from charges where import_id = any(${all}) and (import_id, line_no) > (${first}, ${after}::int)
         and (${last}::int is null or line_no <= ${last}) offset 0) c
     where ${conditions.sql} order by c.import_id, c.line_no limit ${conditions.parameter(limit)}`,
    conditions.parameters,
  );
}

async function hasLinesAfter(session: SqlSession, importId: number, lineNumber: number): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>(
    'select coalesce(max(line_no) > $2, false) as found from charges where import_id = $1',
    [importId, lineNumber],
  );
  return row?.found === true;
}

/** Takes all that match by the index of PIs, or of what needs a person, and of these the first ones. */
async function pick(session: SqlSession, { filter, part, after, limit }: PageRequest): Promise<StoredCharge[]> {
  const conditions = indexedConditions({ ...filter, period: part.period, standings: part.standings });
  const [importId, lineNumber] = [conditions.parameter(after.importId), conditions.parameter(after.lineNumber)];
  return session.query<StoredCharge>(
    `with found as materialized (select c.import_id, c.line_no from charges c where ${conditions.sql}),
     first as (select * from found where (import_id, line_no) > (${importId}, ${lineNumber}) order by import_id, line_no
       limit ${conditions.parameter(limit)})
     select ${CHARGE_COLUMNS} from first join charges c using (import_id, line_no) order by c.import_id, c.line_no`,
    conditions.parameters,
  );
}

/** The index of PIs serves a project and a fund/org too: the ledger knows whose they are. */
export function indexedConditions(filter: SearchFilter): Conditions {
  const { period, piEmail, projectId, fundOrg } = filter;
  const conditions = new Conditions(filter);
  if (piEmail !== undefined || (projectId === undefined && fundOrg === undefined)) return conditions;
  const where = Object.entries({ period, project_id: projectId, fund_org: fundOrg }).flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} = ${conditions.parameter(value)}`],
  );
  return conditions.add(`c.pi_email = any(array(select distinct pi_email from ledger_balances where ${where.join(' and ')}))`);
}
