import { type BillingPeriod, type Currency, Decimal, minorUnitDigits } from '#kernel';
import { BILLABLE_STANDINGS } from '../domain/standing.js';
import type { PostingFilter } from './ledger.queries.js';
import type { SqlSession } from './sql-session.js';

/** What one PI × project is billed in a period: sums of rounded postings (domain.md §8). */
export interface LedgerShare {
  readonly lineCount: number;
  readonly list: Decimal;
  readonly billed: Decimal;
  readonly fundOrgs: readonly string[];
}

/** A share that is not as it was; nothing billed is a share of zeros. */
export interface ShareChange {
  readonly piEmail: string;
  readonly projectId: string;
  readonly before: LedgerShare;
  readonly after: LedgerShare;
}

interface ChangeRow {
  piEmail: string;
  projectId: string;
  linesBefore: number | null;
  listBefore: string | null;
  billedBefore: string | null;
  fundOrgsBefore: string[] | null;
  linesAfter: number | null;
  listAfter: string | null;
  billedAfter: string | null;
  fundOrgsAfter: string[] | null;
}

/** The digest tells shares apart that are billed the same, but to another fund/org, service or account. */
const SHARES = `
  select pi_email, project_id, sum(lines)::int as lines, sum(list) as list, sum(billed) as billed,
    array_agg(distinct fund_org collate "C" order by fund_org collate "C") as fund_orgs,
    md5(string_agg(jsonb_build_array(fund_org, source, service_name, account_code, lines, list, billed)::text, E'\\n'
      order by fund_org collate "C", source collate "C", service_name collate "C", account_code collate "C")) as digest
  from (
    select pi_email, project_id, fund_org, source, service_name, account_code,
      sum(line_count) as lines, round(sum(list), $3) as list, round(sum(billed), $3) as billed
    from ledger_balances
    where period = $1 and currency = $2 and standing = any($4) and ($5::text is null or pi_email = $5) and ($6::text is null or project_id = $6)
    group by pi_email, project_id, fund_org, source, service_name, account_code
  ) as posting group by pi_email, project_id`;

/**
 * Compares a period's shares with how they stood when it was asked last, in the session's own table: only what changed leaves the
 * database. The first answer is every share there is.
 */
export class ShareChanges {
  private constructor(
    private readonly session: SqlSession,
    private readonly parameters: readonly unknown[],
  ) {}

  static async start(session: SqlSession, period: BillingPeriod, currency: Currency, filter: PostingFilter): Promise<ShareChanges> {
    await session.query(
      `create temporary table ledger_shares (pi_email text not null, project_id text not null, lines int not null, list numeric not null,
         billed numeric not null, fund_orgs text[] not null, digest text not null)`,
    );
    const { piEmail = null, projectId = null } = filter;
    return new ShareChanges(session, [period, currency, minorUnitDigits(currency), BILLABLE_STANDINGS, piEmail, projectId]);
  }

  /** Sorted by PI and project. */
  async next(): Promise<ShareChange[]> {
    const rows = await this.session.query<ChangeRow>(
      `with now as materialized (${SHARES}),
       changed as (
         select pi_email, project_id, was.lines as was_lines, was.list as was_list, was.billed as was_billed, was.fund_orgs as was_fund_orgs,
           now.lines, now.list, now.billed, now.fund_orgs, now.digest
         from now full join ledger_shares was using (pi_email, project_id) where now.digest is distinct from was.digest
       ),
       gone as (delete from ledger_shares s using changed c where s.pi_email = c.pi_email and s.project_id = c.project_id),
       kept as (insert into ledger_shares select pi_email, project_id, lines, list, billed, fund_orgs, digest from changed where digest is not null)
       select pi_email as "piEmail", project_id as "projectId",
         was_lines as "linesBefore", was_list as "listBefore", was_billed as "billedBefore", was_fund_orgs as "fundOrgsBefore",
         lines as "linesAfter", list as "listAfter", billed as "billedAfter", fund_orgs as "fundOrgsAfter"
       from changed order by pi_email collate "C", project_id collate "C"`,
      this.parameters,
    );
    return rows.map(({ piEmail, projectId, ...row }) => ({
      piEmail,
      projectId,
      before: share(row.linesBefore, row.listBefore, row.billedBefore, row.fundOrgsBefore),
      after: share(row.linesAfter, row.listAfter, row.billedAfter, row.fundOrgsAfter),
    }));
  }
}

function share(lines: number | null, list: string | null, billed: string | null, fundOrgs: string[] | null): LedgerShare {
  return { lineCount: lines ?? 0, list: Decimal.parse(list ?? '0'), billed: Decimal.parse(billed ?? '0'), fundOrgs: fundOrgs ?? [] };
}
