import type { SqlSession } from '#ledger';
import type { ChargeId } from '../domain/charge-id.js';
import { Conditions, type SearchFilter } from './charge-filter.js';
import { CHARGE_COLUMNS, type StoredCharge } from './charge-row.js';
import type { PeriodPart } from './charge-whereabouts.js';

/** Rows that a walk looks at in its first step; every further one is eight times as long, up to the longest. */
const FIRST_STEP_ROWS = 500;
const LONGEST_STEP_ROWS = 200_000;
/** A row that an index finds lies anywhere; rows of a walk lie side by side. */
const COST_OF_INDEXED_ROW = 5;

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
  const isTold = filter.flag === undefined && filter.text === undefined;
  const walkCost = isTold ? (limit * part.lines) / Math.max(1, part.candidates) : part.lines;
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

/** Passes over the lines of the period's imports in order, by the primary key, and looks at about `mostRows` of them. */
export async function walk(session: SqlSession, { filter, part, after, limit }: PageRequest, mostRows: number): Promise<Walked> {
  const imports = part.imports.filter((importId) => importId >= after.importId);
  const rows: StoredCharge[] = [];
  let place = after;
  let step = Math.max(FIRST_STEP_ROWS, limit * 2);
  for (let looked = 0; looked < mostRows; looked += step, step = Math.min(step * 8, LONGEST_STEP_ROWS)) {
    const range = [imports, place.importId, place.lineNumber];
    const conditions = new Conditions({ ...filter, period: part.period });
    const [ids, importId, lineNumber] = range.map((value) => conditions.parameter(value));
    // The limit inside keeps the planner from pulling the subquery up, and from any other order than the key's.
    const found = await session.query<StoredCharge>(
      `select ${CHARGE_COLUMNS} from (
         select * from charges where import_id = any(${ids}) and (import_id, line_no) > (${importId}, ${lineNumber})
         order by import_id, line_no limit ${step}) c
       where ${conditions.sql} order by c.import_id, c.line_no limit ${conditions.parameter(limit - rows.length)}`,
      conditions.parameters,
    );
    rows.push(...found);
    if (rows.length >= limit) return { rows, restart: null };
    const [last] = await session.query<ChargeId>(
      `select import_id as "importId", line_no as "lineNumber" from charges where import_id = any($1) and (import_id, line_no) > ($2, $3)
       order by import_id, line_no offset ${step - 1} limit 1`,
      range,
    );
    if (last === undefined) return { rows, restart: null };
    place = last;
  }
  return { rows, restart: place };
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

/** The index of PIs serves a project too: the ledger knows whose it is. */
export function indexedConditions(filter: SearchFilter): Conditions {
  const conditions = new Conditions(filter);
  if (filter.projectId === undefined || filter.piEmail !== undefined) return conditions;
  const projectId = conditions.parameter(filter.projectId);
  const period = filter.period === undefined ? '' : `period = ${conditions.parameter(filter.period)} and`;
  return conditions.add(`c.pi_email = any(array(select distinct pi_email from ledger_balances where ${period} project_id = ${projectId}))`);
}
