import { Inject, Injectable } from '@nestjs/common';
import { type BillingPeriod, type Currency, Decimal, minorUnitDigits } from '#kernel';
import { Database } from '#platform';
import { BILLABLE_STANDINGS, PAST_STANDINGS, type Standing } from '../domain/standing.js';
import type { SqlSession } from './sql-session.js';

/**
 * A posting: PI × project × fund/org × source × service × account of a period, the finest thing accounting sees.
 * `list` and `billed` are rounded to the currency's minor unit; everything shown or booked is a sum of these (domain.md §8).
 */
export interface Posting {
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly source: string;
  readonly serviceName: string;
  readonly accountCode: string;
  readonly lineCount: number;
  readonly list: Decimal;
  readonly billed: Decimal;
  /** Before rounding. */
  readonly listExact: Decimal;
  readonly billedExact: Decimal;
}

/** Lines and exact money of one standing. */
export interface StandingTotal {
  readonly standing: Standing;
  readonly lineCount: number;
  readonly list: Decimal;
  readonly billed: Decimal;
}

/** The totals of a period, as on its page. All but `byStanding` are sums of rounded postings. */
export interface PeriodTotals {
  readonly lineCount: number;
  readonly flaggedCount: number;
  readonly piCount: number;
  readonly projectCount: number;
  readonly list: Decimal;
  readonly discount: Decimal;
  readonly billed: Decimal;
  readonly billedExact: Decimal;
  /** What rounding the postings gained (positive) or lost against the exact sum of the files. */
  readonly rounding: Decimal;
  readonly byStanding: readonly StandingTotal[];
}

/** A period in one row of a list: sums of rounded postings, as in {@link PeriodTotals}. */
export interface PeriodSummary {
  readonly period: BillingPeriod;
  readonly lineCount: number;
  readonly flaggedCount: number;
  readonly piCount: number;
  readonly list: Decimal;
  readonly discount: Decimal;
  readonly billed: Decimal;
  readonly rounding: Decimal;
}

export interface PostingFilter {
  readonly piEmail?: string;
  readonly projectId?: string;
  /** Also the charges that wait for review; only for journals that ask for it. */
  readonly includeFlagged?: boolean;
}

interface PostingRow {
  piEmail: string;
  projectId: string;
  fundOrg: string;
  source: string;
  serviceName: string;
  accountCode: string;
  lineCount: number;
  list: string;
  billed: string;
  listExact: string;
  billedExact: string;
}

/** Reads the period ledger: the live one, or the one that a session holds in tables of its own. */
@Injectable()
export class LedgerQueries {
  constructor(@Inject(Database) private readonly database: SqlSession) {}

  /** Sorted by PI, project, fund/org, source, service, account. */
  async postings(period: BillingPeriod, currency: Currency, filter: PostingFilter = {}): Promise<Posting[]> {
    const standings = filter.includeFlagged === true ? [...BILLABLE_STANDINGS, 'flagged'] : BILLABLE_STANDINGS;
    const rows = await this.database.query<PostingRow>(
      `select pi_email as "piEmail", project_id as "projectId", fund_org as "fundOrg", source, service_name as "serviceName",
              account_code as "accountCode", sum(line_count)::int as "lineCount",
              round(sum(list), $3) as list, round(sum(billed), $3) as billed,
              sum(list) as "listExact", sum(billed) as "billedExact"
       from ledger_balances
       where period = $1 and currency = $2 and standing = any($4)
         and ($5::text is null or pi_email = $5) and ($6::text is null or project_id = $6)
       group by pi_email, project_id, fund_org, source, service_name, account_code
       order by pi_email collate "C", project_id collate "C", fund_org collate "C", source collate "C", service_name collate "C", account_code collate "C"`,
      [period, currency, minorUnitDigits(currency), standings, filter.piEmail ?? null, filter.projectId ?? null],
    );
    return rows.map((row) => ({
      ...row,
      list: Decimal.parse(row.list),
      billed: Decimal.parse(row.billed),
      listExact: Decimal.parse(row.listExact),
      billedExact: Decimal.parse(row.billedExact),
    }));
  }

  async totals(period: BillingPeriod, currency: Currency, filter: Omit<PostingFilter, 'includeFlagged'> = {}): Promise<PeriodTotals> {
    const postings = await this.postings(period, currency, filter);
    const byStanding = await this.byStanding(period, currency, filter);
    const list = Decimal.sum(postings.map((posting) => posting.list));
    const billed = Decimal.sum(postings.map((posting) => posting.billed));
    const billedExact = Decimal.sum(postings.map((posting) => posting.billedExact));
    const live = await this.database.query<{ standing: Standing; lines: number }>(
      `select standing, sum(line_count)::int as lines from ledger_balances
       where period = $1 and not standing = any($2) and ($3::text is null or pi_email = $3) and ($4::text is null or project_id = $4)
       group by standing`,
      [period, PAST_STANDINGS, filter.piEmail ?? null, filter.projectId ?? null],
    );
    return {
      lineCount: live.reduce((sum, row) => sum + row.lines, 0),
      flaggedCount: live.find((row) => row.standing === 'flagged')?.lines ?? 0,
      piCount: new Set(postings.map((posting) => posting.piEmail)).size,
      projectCount: new Set(postings.map((posting) => JSON.stringify([posting.piEmail, posting.projectId]))).size,
      list,
      discount: list.minus(billed),
      billed,
      billedExact,
      rounding: billed.minus(billedExact),
      byStanding,
    };
  }

  /** Every period that has lines, newest first; all of them in one query. */
  async summaries(currency: Currency): Promise<PeriodSummary[]> {
    const rows = await this.database.query<{
      period: BillingPeriod;
      lineCount: number;
      flaggedCount: number;
      piCount: number;
      list: string;
      billed: string;
      billedExact: string;
    }>(
      `with postings as (
         select period, pi_email, round(sum(list), $2) as list, round(sum(billed), $2) as billed, sum(billed) as exact
         from ledger_balances where currency = $1 and standing = any($3)
         group by period, pi_email, project_id, fund_org, source, service_name, account_code
       ), sums as (
         select period, count(distinct pi_email)::int as pis, sum(list) as list, sum(billed) as billed, sum(exact) as exact from postings group by period
       ), lines as (
         select period, sum(line_count)::int as live, coalesce(sum(line_count) filter (where standing = 'flagged'), 0)::int as flagged
         from ledger_balances where not standing = any($4) group by period
       )
       select period, coalesce(live, 0) as "lineCount", coalesce(flagged, 0) as "flaggedCount", coalesce(pis, 0) as "piCount",
         coalesce(list, 0)::text as list, coalesce(billed, 0)::text as billed, coalesce(exact, 0)::text as "billedExact"
       from lines full join sums using (period) order by period desc`,
      [currency, minorUnitDigits(currency), BILLABLE_STANDINGS, PAST_STANDINGS],
    );
    return rows.map(({ billedExact, ...row }) => {
      const list = Decimal.parse(row.list);
      const billed = Decimal.parse(row.billed);
      return { ...row, list, billed, discount: list.minus(billed), rounding: billed.minus(Decimal.parse(billedExact)) };
    });
  }

  /**
   * Digest of what a ledger consists of: every billable charge with its attribution. Equal digests mean equal statements and journals.
   * @param scope the whole period, or one PI's project in it
   */
  async digest(period: BillingPeriod, scope: { piEmail: string; projectId: string } | null = null): Promise<string> {
    const [row] = await this.database.query<{ digest: string }>(
      `select ${DIGEST} as digest from charges
       where period = $1 and standing = any($2) and ($3::text is null or (pi_email = $3 and project_id = $4))`,
      [period, BILLABLE_STANDINGS, scope?.piEmail ?? null, scope?.projectId ?? null],
    );
    return row?.digest ?? '';
  }

  /** Every PI × project with billable charges in `period`, with the digest of its part of the ledger. */
  async statementScopes(period: BillingPeriod, currency: Currency): Promise<{ piEmail: string; projectId: string; digest: string }[]> {
    return this.database.query(
      `select pi_email as "piEmail", project_id as "projectId", ${DIGEST} as digest
       from charges where period = $1 and currency = $2 and standing = any($3)
       group by pi_email, project_id order by pi_email collate "C", project_id collate "C"`,
      [period, currency, BILLABLE_STANDINGS],
    );
  }

  private async byStanding(period: BillingPeriod, currency: Currency, filter: PostingFilter): Promise<StandingTotal[]> {
    const rows = await this.database.query<{ standing: Standing; lineCount: number; list: string; billed: string }>(
      `select standing, sum(line_count)::int as "lineCount", sum(list) as list, sum(billed) as billed
       from ledger_balances
       where period = $1 and currency = $2 and ($3::text is null or pi_email = $3) and ($4::text is null or project_id = $4)
       group by standing order by standing`,
      [period, currency, filter.piEmail ?? null, filter.projectId ?? null],
    );
    return rows.map((row) => ({ ...row, list: Decimal.parse(row.list), billed: Decimal.parse(row.billed) }));
  }
}

/** SHA-256 over the charges in order; a charge's line never changes, so its id, standing and attribution are enough. */
const DIGEST = `encode(sha256(convert_to(coalesce(string_agg(
  concat_ws('|', import_id, line_no, standing, pi_email, project_id, fund_org, account_code), E'\\n' order by import_id, line_no), ''), 'UTF8')), 'hex')`;
