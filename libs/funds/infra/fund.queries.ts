import { Injectable } from '@nestjs/common';
import { composedText } from '#kernel';
import { Database } from '#platform';
import { knownFund } from '../domain/fund.decide.js';
import type { Fund } from '../domain/fund.events.js';

/** How a fund stands on a day. */
export type FundStanding = 'valid' | 'upcoming' | 'ended';
export const FUND_STANDINGS: readonly FundStanding[] = ['valid', 'upcoming', 'ended'];

export interface FundRow extends Fund {
  readonly standing: FundStanding;
  readonly changedBy: string;
  readonly changedAt: Date;
}

export interface FundFilter {
  /** Found in fund/org, title or owner, in any case. */
  readonly text?: string | undefined;
  readonly standing?: FundStanding | undefined;
}

export interface FundPage {
  readonly funds: readonly FundRow[];
  /** Of the filter. */
  readonly count: number;
  /** Of the whole chart; 0: no chart is in use. */
  readonly chartCount: number;
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

export interface FundHistoryEntry extends Omit<Fund, 'fundOrg'> {
  readonly position: number;
  readonly action: 'registered' | 'changed' | 'retired' | 'removed';
  readonly reason: string | null;
  /** The file that did it; null: by hand. */
  readonly fileName: string | null;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** Reads the chart of funds. */
@Injectable()
export class FundQueries {
  constructor(private readonly database: Database) {}

  /** Funds in the order of their fund/orgs. @param today `YYYY-MM-DD`, the day on which they stand as they do */
  async list(filter: FundFilter, today: string, page: { readonly limit: number; readonly after?: string | undefined }): Promise<FundPage> {
    const { text, standing } = filter;
    const parameters = [today, composedText(text ?? ''), standing ?? null];
    const found = await this.database.query<FundRow>(
      `select * from (${STANDING_FUNDS}) f where ${FILTER} and ($4::text is null or "fundOrg" > $4 collate "C") order by "fundOrg" limit $5`,
      [...parameters, page.after ?? null, page.limit + 1],
    );
    const [counts] = await this.database.query<{ count: number; chartCount: number }>(
      `select (count(*) filter (where ${FILTER}))::int as count, count(*)::int as "chartCount" from (${STANDING_FUNDS}) f`,
      parameters,
    );
    const funds = found.slice(0, page.limit);
    const next = found.length > page.limit ? (funds.at(-1)?.fundOrg ?? null) : null;
    return { funds, count: counts?.count ?? 0, chartCount: counts?.chartCount ?? 0, next };
  }

  /** @throws DomainError `funds.unknown`. */
  async get(writtenFundOrg: string, today: string): Promise<FundRow> {
    const fundOrg = composedText(writtenFundOrg);
    const [row] = await this.database.query<FundRow>(`select * from (${STANDING_FUNDS}) f where "fundOrg" = $2`, [today, fundOrg]);
    if (row !== undefined) return row;
    knownFund(null, fundOrg);
    throw new Error('a fund that is not there is refused');
  }

  /** The fund/orgs that came into the chart, or were changed, last. */
  async newest(limit: number): Promise<readonly string[]> {
    const rows = await this.database.query<{ fundOrg: string }>(
      `select fund_org as "fundOrg" from funds order by changed_at desc, fund_org collate "C" limit $1`,
      [limit],
    );
    return rows.map(({ fundOrg }) => fundOrg);
  }

  /** What became of a fund, newest first. */
  async history(fundOrg: string): Promise<FundHistoryEntry[]> {
    return this.database.query<FundHistoryEntry>(
      `select position::float8 as position, action, title, to_char(valid_from, 'YYYY-MM-DD') as "validFrom", to_char(valid_to, 'YYYY-MM-DD') as "validTo",
         owner, reason, file_name as "fileName", changed_by as "changedBy", changed_at as "changedAt"
       from fund_changes f where fund_org = $1 order by f.position desc`,
      [composedText(fundOrg)],
    );
  }
}

const STANDING_FUNDS = `
  select fund_org as "fundOrg", title, to_char(valid_from, 'YYYY-MM-DD') as "validFrom", to_char(valid_to, 'YYYY-MM-DD') as "validTo", owner,
    changed_by as "changedBy", changed_at as "changedAt",
    case when valid_to < $1::date or valid_to < valid_from then 'ended' when valid_from > $1::date then 'upcoming' else 'valid' end as standing
  from funds`;

const FILTER = `strpos(lower("fundOrg" || chr(10) || title || chr(10) || owner), lower($2)) > 0 and ($3::text is null or standing = $3)`;
