import type { BillingPeriod } from '#kernel';
import { PAST_STANDINGS, type SqlSession, type Standing, STANDINGS } from '#ledger';
import type { ChargeId } from '../domain/charge-id.js';
import { type ChargePlace, formatChargePlace, parseChargePlace, startOf } from '../domain/charge-place.js';
import { type ChargeFilter, isToldByLedger, normalized } from './charge-filter.js';
import { pageOf, rowsToRead, walk } from './charge-pages.js';
import { type ChargeRow, type StoredCharge, withId } from './charge-row.js';
import { SEARCH_EFFORT, type SearchEffort, searchedAtOnce, searchPage, searchTotals, withKeys } from './charge-search.js';
import { type ChargeSum, type PeriodPart, type Whereabouts, whereaboutsOf } from './charge-whereabouts.js';

export interface PageAsked {
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

export interface ChargePage {
  readonly items: readonly ChargeRow[];
  /** All that match, on this page or not. */
  readonly count: number;
  /** Exact sum of what matches, per currency. */
  readonly amounts: readonly ChargeSum[];
  /** Count and sums are of this period and the newer ones: a search reads about a million charges at once. Null: of all. */
  readonly countedFrom: BillingPeriod | null;
  /** Where the next page begins; null at the end. A search may go on there even if this page is not full, or empty. */
  readonly next: string | null;
}

interface Request {
  readonly filter: ChargeFilter;
  /** Whose money is summed: what was asked for, else what stands; a charge that was replaced or divided would count twice. */
  readonly summed: readonly Standing[];
  readonly after: ChargePlace | null;
  readonly limit: number;
  readonly effort: SearchEffort;
}

/** @throws DomainError `charge.malformed-place`. */
export async function findCharges(
  session: SqlSession,
  asked: ChargeFilter,
  page: PageAsked,
  effort: SearchEffort = SEARCH_EFFORT,
): Promise<ChargePage> {
  const after = page.after === undefined ? null : parseChargePlace(page.after);
  const filter = normalized(asked);
  const summed = asked.standings ?? STANDINGS.filter((standing) => !PAST_STANDINGS.includes(standing));
  const request: Request = { filter, summed, after, limit: page.limit, effort };
  const whereabouts = await whereaboutsOf(session, filter, summed);
  return isToldByLedger(filter) ? list(session, whereabouts, request) : search(session, whereabouts, request);
}

/** The count is the ledger's; rows are read period by period until the page is full. */
async function list(session: SqlSession, { parts, count, amounts }: Whereabouts, { filter, after, limit }: Request): Promise<ChargePage> {
  const rows: StoredCharge[] = [];
  for (const part of partsAfter(parts, after)) {
    rows.push(...(await pageOf(session, { filter, part, after: placeIn(part, after), limit: limit + 1 - rows.length })));
    if (rows.length > limit) break;
  }
  return { ...cutOff(rows, limit, null), count, amounts, countedFrom: null };
}

/** What is found often fills the page at once; what is rare is read once for both, the page and the totals. */
async function search(
  session: SqlSession,
  { parts }: Whereabouts,
  { filter: asked, summed, after, limit, effort }: Request,
): Promise<ChargePage> {
  const counted = searchedAtOnce(parts, effort);
  const countedFrom = counted.length === parts.length ? null : (counted.at(-1)?.period ?? null);
  const left = partsAfter(parts, after);
  const searched = searchedAtOnce(left, effort);
  const [first] = searched;
  const filter = await withKeys(session, asked, [...new Set([...counted, ...searched])], effort);
  if (first === undefined) return { items: [], next: null, countedFrom, ...(await searchTotals(session, filter, counted, summed)) };
  if (rowsToRead(first) >= first.lines) {
    const probe = await walk(session, { filter, part: first, after: placeIn(first, after), limit: limit + 1 }, effort.probe);
    if (probe.rows.length > limit) {
      return { ...cutOff(probe.rows, limit, null), countedFrom, ...(await searchTotals(session, filter, counted, summed)) };
    }
  }
  const found = await searchPage(session, filter, searched, { after: after ?? startOf(first.period), limit: limit + 1, summed });
  const isCounted = left.length === parts.length;
  const { count, amounts } = isCounted ? found : await searchTotals(session, filter, counted, summed);
  const older = left[searched.length];
  return { ...cutOff(found.rows, limit, older === undefined ? null : startOf(older.period)), count, amounts, countedFrom };
}

/** One row more than the page takes tells that there are more. */
function cutOff(rows: readonly StoredCharge[], limit: number, otherwise: ChargePlace | null): Pick<ChargePage, 'items' | 'next'> {
  const items = rows.slice(0, limit).map(withId);
  const next = rows.length > limit ? (items.at(-1) ?? null) : otherwise;
  return { items, next: next === null ? null : formatChargePlace(next) };
}

function partsAfter(parts: readonly PeriodPart[], after: ChargePlace | null): readonly PeriodPart[] {
  return after === null ? parts : parts.filter(({ period }) => period <= after.period);
}

function placeIn(part: PeriodPart, after: ChargePlace | null): ChargeId {
  return after?.period === part.period ? after : startOf(part.period);
}
