import { Inject, Injectable } from '@nestjs/common';
import { type BillingPeriod, type Currency, Decimal, minorUnitDigits } from '#kernel';
import { Database } from '#platform';
import { BILLABLE_STANDINGS, PAST_STANDINGS, type Standing } from '../domain/standing.js';
import { LedgerDigests, type ScopeDigest } from './ledger-digests.js';
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

/** What is billed of one source, PI or service: sums of rounded postings. */
export interface LedgerGroup {
  readonly name: string;
  readonly lineCount: number;
  readonly list: Decimal;
  readonly billed: Decimal;
}

export interface PeriodBreakdown {
  readonly totals: PeriodTotals;
  readonly bySource: readonly LedgerGroup[];
  readonly byPi: readonly LedgerGroup[];
  readonly byService: readonly LedgerGroup[];
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
  private readonly digests: LedgerDigests;

  constructor(@Inject(Database) private readonly database: SqlSession) {
    this.digests = new LedgerDigests(database);
  }

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

  /** What a PI's project is billed in each of these periods that has charges to bill: sums of rounded postings. */
  async monthlyDues(
    periods: readonly BillingPeriod[],
    currency: Currency,
    scope: { readonly piEmail: string; readonly projectId: string },
  ): Promise<Map<BillingPeriod, Decimal>> {
    const rows = await this.database.query<{ period: BillingPeriod; due: string }>(
      `select period, sum(due)::text as due
       from (
         select period, round(sum(billed), $3) as due from ledger_balances
         where period = any($1) and currency = $2 and standing = any($4) and pi_email = $5 and project_id = $6
         group by period, fund_org, source, service_name, account_code) postings
       group by period`,
      [periods, currency, minorUnitDigits(currency), BILLABLE_STANDINGS, scope.piEmail, scope.projectId],
    );
    return new Map(rows.map(({ period, due }) => [period, Decimal.parse(due)]));
  }

  async totals(period: BillingPeriod, currency: Currency, filter: Omit<PostingFilter, 'includeFlagged'> = {}): Promise<PeriodTotals> {
    return (await this.breakdown(period, currency, filter)).totals;
  }

  /** The totals of a period and what they are made of; grouped where the postings are, because there may be tens of thousands. */
  async breakdown(period: BillingPeriod, currency: Currency, filter: Omit<PostingFilter, 'includeFlagged'> = {}): Promise<PeriodBreakdown> {
    const groups = await this.groups(period, currency, filter);
    const standings = await this.standings(period, currency, filter);
    const live = standings.filter(({ standing }) => !PAST_STANDINGS.includes(standing));
    const of = (dimension: Dimension): LedgerGroup[] => groups.filter((group) => group.dimension === dimension);
    const all = groups.find(({ dimension }) => dimension === 'all');
    const { list, billed, billedExact } = all ?? { list: Decimal.ZERO, billed: Decimal.ZERO, billedExact: Decimal.ZERO };
    return {
      totals: {
        lineCount: live.reduce((sum, { lines }) => sum + lines, 0),
        flaggedCount: live.filter(({ standing }) => standing === 'flagged').reduce((sum, { lines }) => sum + lines, 0),
        piCount: of('pi').length,
        projectCount: all?.projectCount ?? 0,
        list,
        discount: list.minus(billed),
        billed,
        billedExact,
        rounding: billed.minus(billedExact),
        byStanding: standings
          .filter((row) => row.isOwn)
          .map(({ standing, lines, ...money }) => ({
            standing,
            lineCount: lines,
            list: Decimal.parse(money.list),
            billed: Decimal.parse(money.billed),
          })),
      },
      bySource: of('source'),
      byPi: of('pi'),
      byService: of('service'),
    };
  }

  /** Every period that has lines, newest first; all of them in one query. */
  async summaries(currency: Currency): Promise<PeriodSummary[]> {
    const [first, ...others] = BILLABLE_STANDINGS;
    const rows = await this.database.query<{
      period: BillingPeriod;
      lineCount: number;
      flaggedCount: number;
      piCount: number;
      list: string;
      billed: string;
      billedExact: string;
    }>(
      // Nearly every posting is one balance, which is rounded where it lies. Grouping them all by their key of eight texts would take three
      // times as long; only those that consist of two standings are put together, and count by what that changes.
      `with held as (
         select period, pi_email, coalesce(sum(line_count) filter (where not standing = any($5)), 0) as live,
           coalesce(sum(line_count) filter (where standing = 'flagged'), 0) as flagged,
           sum(round(list, $2)) filter (where currency = $1 and standing = $3) as list,
           sum(round(billed, $2)) filter (where currency = $1 and standing = $3) as billed,
           sum(billed) filter (where currency = $1 and (standing = $3 or standing = any($4))) as exact
         from ledger_balances group by period, pi_email
       ), joined as (
         select o.period, sum(round(o.list + coalesce(f.list, 0), $2) - coalesce(round(f.list, $2), 0)) as list,
           sum(round(o.billed + coalesce(f.billed, 0), $2) - coalesce(round(f.billed, $2), 0)) as billed
         from (
           select period, currency, pi_email, project_id, fund_org, source, service_name, account_code, sum(list) as list, sum(billed) as billed
           from ledger_balances where currency = $1 and standing = any($4)
           group by period, currency, pi_email, project_id, fund_org, source, service_name, account_code) o
         left join ledger_balances f on f.standing = $3 and f.period = o.period and f.currency = o.currency and f.pi_email = o.pi_email
           and f.project_id = o.project_id and f.fund_org = o.fund_org and f.source = o.source and f.service_name = o.service_name
           and f.account_code = o.account_code
         group by o.period
       ), sums as (
         select period, sum(live)::int as live, sum(flagged)::int as flagged, count(exact)::int as pis, sum(list) as list, sum(billed) as billed,
           sum(exact) as exact
         from held group by period
       )
       select period, s.live as "lineCount", s.flagged as "flaggedCount", s.pis as "piCount",
         (coalesce(s.list, 0) + coalesce(j.list, 0))::text as list, (coalesce(s.billed, 0) + coalesce(j.billed, 0))::text as billed,
         coalesce(s.exact, 0)::text as "billedExact"
       from sums s left join joined j using (period) where s.live > 0 or s.pis > 0 order by period desc`,
      [currency, minorUnitDigits(currency), first, others, PAST_STANDINGS],
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
    return scope === null ? this.digests.ofPeriod(period) : this.digests.ofScope(period, scope);
  }

  /** Every PI × project with billable charges in `period`, with the digest of its part of the ledger. */
  async statementScopes(period: BillingPeriod, currency: Currency): Promise<readonly ScopeDigest[]> {
    return this.digests.ofScopes(period, currency);
  }

  /** The same without digests: told by the balances. */
  async billedScopes(period: BillingPeriod, currency: Currency): Promise<{ piEmail: string; projectId: string }[]> {
    return this.database.query(
      `select pi_email as "piEmail", project_id as "projectId" from ledger_balances where period = $1 and currency = $2 and standing = any($3)
       group by pi_email, project_id order by pi_email collate "C", project_id collate "C"`,
      [period, currency, BILLABLE_STANDINGS],
    );
  }

  private async groups(period: BillingPeriod, currency: Currency, filter: PostingFilter): Promise<GroupRow[]> {
    const rows = await this.database.query<
      Omit<GroupRow, 'list' | 'billed' | 'billedExact'> & Record<'list' | 'billed' | 'billedExact', string>
    >(
      `with postings as materialized (
         select pi_email, project_id, source, service_name, sum(line_count) as lines, round(sum(list), $3) as list, round(sum(billed), $3) as billed,
           sum(billed) as exact
         from ledger_balances
         where period = $1 and currency = $2 and standing = any($4)
           and ($5::text is null or pi_email = $5) and ($6::text is null or project_id = $6)
         group by pi_email, project_id, fund_org, source, service_name, account_code)
       select case when grouping(source) = 0 then 'source' when grouping(pi_email) = 0 then 'pi' when grouping(service_name) = 0 then 'service'
           else 'all' end as dimension,
         coalesce(source, pi_email, service_name, '') as name, coalesce(sum(lines), 0)::int as "lineCount", coalesce(sum(list), 0)::text as list,
         coalesce(sum(billed), 0)::text as billed, coalesce(sum(exact), 0)::text as "billedExact",
         (select count(*)::int from (select distinct pi_email, project_id from postings) as projects) as "projectCount"
       from postings group by grouping sets ((), (source), (pi_email), (service_name))`,
      [period, currency, minorUnitDigits(currency), BILLABLE_STANDINGS, filter.piEmail ?? null, filter.projectId ?? null],
    );
    return rows.map((row) => ({
      ...row,
      list: Decimal.parse(row.list),
      billed: Decimal.parse(row.billed),
      billedExact: Decimal.parse(row.billedExact),
    }));
  }

  /** By standing, and apart for the ledger's own currency. */
  private async standings(period: BillingPeriod, currency: Currency, filter: PostingFilter): Promise<StandingRow[]> {
    return this.database.query<StandingRow>(
      `select standing, currency = $2 as "isOwn", sum(line_count)::int as lines, sum(list)::text as list, sum(billed)::text as billed
       from ledger_balances
       where period = $1 and ($3::text is null or pi_email = $3) and ($4::text is null or project_id = $4)
       group by standing, currency = $2 order by standing`,
      [period, currency, filter.piEmail ?? null, filter.projectId ?? null],
    );
  }
}

type Dimension = 'all' | 'source' | 'pi' | 'service';

interface GroupRow extends LedgerGroup {
  readonly dimension: Dimension;
  readonly billedExact: Decimal;
  /** Of the whole period. */
  readonly projectCount: number;
}

interface StandingRow {
  readonly standing: Standing;
  readonly isOwn: boolean;
  readonly lines: number;
  readonly list: string;
  readonly billed: string;
}
