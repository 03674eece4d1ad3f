import { Injectable } from '@nestjs/common';
import { type ChargeId, type CurrencyAmount } from '#charges';
import { type BillingPeriod, type Currency, DomainError } from '#kernel';
import { PAST_STANDINGS, type SqlSession } from '#ledger';
import { Database } from '#platform';
import type { Part } from '../domain/division.js';

/** A charge line that is a part of a charge. */
export interface PartRow {
  readonly chargeId: string;
  /** The charge that it is a part of. */
  readonly partOf: string;
  /** From 1, in the order of the division. */
  readonly part: number;
  /** As it was asked for: `60%`, `250`, `rest`. */
  readonly share: string;
  readonly serviceName: string;
  readonly resource: string | null;
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly flags: readonly string[];
  readonly currency: Currency;
  readonly listCost: string;
  readonly amount: string;
}

export interface SplitRow {
  readonly splitId: number;
  readonly period: BillingPeriod;
  /** The rule that says so, as it was then; null where a person divided them. */
  readonly rule: string | null;
  readonly parts: readonly Part[];
  readonly note: string | null;
  readonly sources: readonly string[];
  /** Charges that were divided, what they came to, and how many of them were put together again. */
  readonly count: number;
  readonly amounts: readonly CurrencyAmount[];
  readonly undoneCount: number;
  /** Lines that they were divided into. */
  readonly lineCount: number;
  readonly splitBy: string;
  readonly splitAt: Date;
}

const COLUMNS = `split_id as "splitId", period, rule, parts, note, sources, charge_count as count, amounts, undone_count as "undoneCount", line_count as "lineCount",
  split_by as "splitBy", split_at as "splitAt"`;

/** Reads splits. */
@Injectable()
export class SplitQueries {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(
    period: BillingPeriod | undefined,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly splits: readonly SplitRow[]; readonly count: number }> {
    const splits = await this.database.query<SplitRow>(
      `select ${COLUMNS} from splits where $1::text is null or period = $1 order by split_id desc limit $2 offset $3`,
      [period ?? null, page.limit, page.offset],
    );
    const [row] = await this.database.query<{ count: number }>(
      'select count(*)::int as count from splits where $1::text is null or period = $1',
      [period ?? null],
    );
    return { splits, count: row?.count ?? 0 };
  }

  /** @throws DomainError `split.unknown`. */
  async get(splitId: number): Promise<SplitRow> {
    const [row] = await this.database.query<SplitRow>(`select ${COLUMNS} from splits where split_id = $1`, [splitId]);
    if (row !== undefined) return row;
    throw new DomainError('split.unknown', 'not-found', `There is no split ${splitId}; the list of splits has them all.`);
  }

  /** The first lines of a split, read from the lines: also before it is recorded. */
  async parts(splitId: number, limit: number, session: SqlSession = this.database): Promise<PartRow[]> {
    return session.query<PartRow>(
      `select import_id || '-' || line_no as "chargeId", part_of_import_id || '-' || part_of_line_no as "partOf", part_no as part, part_share as share,
         service_name as "serviceName", coalesce(resource_name, resource_id) as resource, coalesce(pi_email, '') as "piEmail",
         coalesce(project_id, '') as "projectId", coalesce(fund_org, '') as "fundOrg", flags, currency, trim_scale(list_cost)::text as "listCost",
         trim_scale(amount)::text as amount
       from charge_lines where import_id = $1 order by line_no limit $2`,
      [splitId, limit],
    );
  }

  /** Each charge, or the one that it is a part of; every one once. */
  async wholesOf(ids: readonly ChargeId[]): Promise<ChargeId[]> {
    return this.database.query<ChargeId>(
      `select distinct coalesce(c.part_of_import_id, chosen.import_id) as "importId", coalesce(c.part_of_line_no, chosen.line_no) as "lineNumber"
       from unnest($1::int[], $2::int[]) as chosen(import_id, line_no) left join charges c using (import_id, line_no) order by 1, 2`,
      [ids.map(({ importId }) => importId), ids.map(({ lineNumber }) => lineNumber)],
    );
  }

  /** The charges of a split that are still divided by it. */
  async stillDivided(splitId: number): Promise<ChargeId[]> {
    return this.database.query<ChargeId>(
      `select distinct part_of_import_id as "importId", part_of_line_no as "lineNumber" from charges
       where import_id = $1 and standing <> all($2) order by 1, 2`,
      [splitId, PAST_STANDINGS],
    );
  }

  /** The splits by which charges are divided now, and how many charges of each. */
  async splitsOf(session: SqlSession, charges: readonly ChargeId[]): Promise<{ splitId: number; count: number }[]> {
    return session.query(
      `select p.import_id as "splitId", count(distinct (p.part_of_import_id, p.part_of_line_no))::int as count
       from unnest($1::int[], $2::int[]) as whole(import_id, line_no)
       join charges p on p.part_of_import_id is not null and p.part_of_import_id = whole.import_id and p.part_of_line_no = whole.line_no
       where p.standing <> all($3) group by p.import_id order by p.import_id`,
      [charges.map(({ importId }) => importId), charges.map(({ lineNumber }) => lineNumber), PAST_STANDINGS],
    );
  }
}
