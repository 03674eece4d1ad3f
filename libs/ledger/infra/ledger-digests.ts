import type { BillingPeriod, Currency } from '#kernel';
import { BILLABLE_STANDINGS, PAST_STANDINGS } from '../domain/standing.js';
import type { SqlSession } from './sql-session.js';

export interface ScopeDigest {
  readonly piEmail: string;
  readonly projectId: string;
  readonly digest: string;
}

interface Remembered {
  readonly state: string;
  readonly digest?: string;
  readonly scopes?: { readonly currency: Currency; readonly digests: readonly ScopeDigest[] };
}

/** SHA-256 over the charges in order; a charge's line never changes, so its id, standing and attribution are enough. */
const DIGEST = `encode(sha256(convert_to(coalesce(string_agg(
  concat_ws('|', import_id, line_no, standing, pi_email, project_id, fund_org, account_code), E'\\n' order by import_id, line_no), ''), 'UTF8')), 'hex')`;

/**
 * Digests of what ledgers consist of. Those of a whole period read all its charges, and are asked for by every page that shows what keeps it
 * from being finalized: they are remembered until the period changes.
 */
export class LedgerDigests {
  private readonly remembered = new Map<BillingPeriod, Remembered>();

  constructor(private readonly database: SqlSession) {}

  async ofPeriod(period: BillingPeriod): Promise<string> {
    const known = await this.known(period);
    const digest = known.digest ?? (await this.compute(period, null));
    this.remembered.set(period, { ...known, digest });
    return digest;
  }

  async ofScope(period: BillingPeriod, scope: { piEmail: string; projectId: string }): Promise<string> {
    return this.compute(period, scope);
  }

  async ofScopes(period: BillingPeriod, currency: Currency): Promise<readonly ScopeDigest[]> {
    const known = await this.known(period);
    if (known.scopes?.currency === currency) return known.scopes.digests;
    const digests = await this.database.query<ScopeDigest>(
      `select pi_email as "piEmail", project_id as "projectId", ${DIGEST} as digest
       from charges where period = $1 and currency = $2 and standing = any($3)
       group by pi_email, project_id order by pi_email collate "C", project_id collate "C"`,
      [period, currency, BILLABLE_STANDINGS],
    );
    this.remembered.set(period, { ...known, scopes: { currency, digests } });
    return digests;
  }

  private async compute(period: BillingPeriod, scope: { piEmail: string; projectId: string } | null): Promise<string> {
    const [row] = await this.database.query<{ digest: string }>(
      `select ${DIGEST} as digest from charges
       where period = $1 and standing = any($2) and ($3::text is null or (pi_email = $3 and project_id = $4))`,
      [period, BILLABLE_STANDINGS, scope?.piEmail ?? null, scope?.projectId ?? null],
    );
    return row?.digest ?? '';
  }

  /**
   * What is known of the period as it stands. Whatever changes one of its charges shows here: lines are only ever added, a line that is
   * superseded or withdrawn stays that, each decision on a charge is another row of the review log, and a rebuild puts another table
   * in place. The state is read before the charges, so at worst what is remembered is newer than it says.
   */
  private async known(period: BillingPeriod): Promise<Remembered> {
    const [row] = await this.database.query<{ state: string }>(
      `select concat_ws(' ', 'charges'::regclass::oid, sum(line_count), sum(line_count) filter (where standing = any($2)),
         (select count(*) from review_log where period = $1)) as state
       from ledger_balances where period = $1`,
      [period, PAST_STANDINGS],
    );
    const state = row?.state ?? '';
    const known = this.remembered.get(period);
    return known?.state === state ? known : { state };
  }
}
