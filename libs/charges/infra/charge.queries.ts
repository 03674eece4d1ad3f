import { Injectable } from '@nestjs/common';
import { type BillingPeriod, type Currency, Decimal, DomainError, foldIdentifier } from '#kernel';
import { BILLABLE_STANDINGS, type Standing } from '#ledger';
import { Database, type Tx } from '#platform';
import { type ChargeId, formatChargeId } from '../domain/charge-id.js';
import type { ReviewableCharge } from '../domain/review.decide.js';

/** What charges are looked for by; everything given must hold. */
export interface ChargeFilter {
  readonly period?: BillingPeriod;
  readonly source?: string;
  readonly piEmail?: string;
  readonly projectId?: string;
  readonly standings?: readonly Standing[];
  /** A flag, or `pattern_match` for every pattern. */
  readonly flag?: string;
  /** Found anywhere in resource, service, PI, project or fund/org, whatever the case. */
  readonly text?: string;
}

export interface ChargeRow {
  readonly id: string;
  readonly importId: number;
  readonly lineNumber: number;
  readonly period: BillingPeriod;
  readonly source: string;
  readonly standing: Standing;
  readonly flags: readonly string[];
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly costCenter: string;
  readonly accountCode: string;
  readonly serviceName: string;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly chargeDate: string | null;
  readonly currency: Currency;
  /** Exact decimals as text. */
  readonly listCost: string;
  readonly amount: string;
}

export interface ChargePage {
  readonly items: readonly ChargeRow[];
  /** All that match, on this page or not. */
  readonly count: number;
  /** Exact sum of what matches, per currency. */
  readonly amounts: readonly { currency: Currency; list: string; amount: string }[];
}

/** One entry of the review log. */
export interface ReviewLogEntry {
  readonly position: number;
  readonly chargeId: string;
  readonly action: string;
  readonly amount: string;
  readonly note: string | null;
  readonly actor: string;
  readonly recordedAt: Date;
}

const COLUMNS = `c.import_id as "importId", c.line_no as "lineNumber", c.period, c.source, c.standing, c.flags, c.pi_email as "piEmail",
  c.project_id as "projectId", c.fund_org as "fundOrg", c.cost_center as "costCenter", c.account_code as "accountCode",
  c.service_name as "serviceName", c.resource_id as "resourceId", c.resource_name as "resourceName",
  to_char(c.charge_date, 'YYYY-MM-DD') as "chargeDate", c.currency, trim_scale(c.list_cost)::text as "listCost", trim_scale(c.amount)::text as amount`;

/** Reads charges. */
@Injectable()
export class ChargeQueries {
  constructor(private readonly database: Database) {}

  async find(filter: ChargeFilter, page: { limit: number; offset: number }): Promise<ChargePage> {
    const { where, parameters } = conditions(filter);
    const items = await this.database.query<Omit<ChargeRow, 'id'>>(
      `select ${COLUMNS} from charges c where ${where} order by c.period desc, c.import_id, c.line_no
       limit $${parameters.length + 1} offset $${parameters.length + 2}`,
      [...parameters, page.limit, page.offset],
    );
    const sums = await this.database.query<{ currency: Currency; lines: number; list: string; amount: string }>(
      `select c.currency, count(*)::int as lines, trim_scale(sum(c.list_cost))::text as list, trim_scale(sum(c.amount))::text as amount
       from charges c where ${where} group by c.currency order by c.currency`,
      parameters,
    );
    return {
      items: items.map(withId),
      count: sums.reduce((count, row) => count + row.lines, 0),
      amounts: sums.map(({ currency, list, amount }) => ({ currency, list, amount })),
    };
  }

  /** @throws DomainError `charge.unknown`. */
  async get(id: ChargeId): Promise<ChargeRow> {
    const [row] = await this.database.query<Omit<ChargeRow, 'id'>>(
      `select ${COLUMNS} from charges c where c.import_id = $1 and c.line_no = $2`,
      [id.importId, id.lineNumber],
    );
    if (row === undefined) throw unknownCharge([id]);
    return withId(row);
  }

  /** The line as it was imported: every column of the file, by name; amounts are exact decimals as text. */
  async lineAsImported(id: ChargeId): Promise<Record<string, unknown>> {
    const [row] = await this.database.query<{ line: Record<string, unknown> }>(
      // Amounts as text: a JSON number would be read back as a binary float.
      `select to_jsonb(l) || jsonb_build_object('list_cost', trim_scale(l.list_cost)::text, 'contracted_cost', trim_scale(l.contracted_cost)::text,
         'billed_cost', trim_scale(l.billed_cost)::text, 'effective_cost', trim_scale(l.effective_cost)::text, 'amount', trim_scale(l.amount)::text) as line
       from charge_lines l where l.import_id = $1 and l.line_no = $2`,
      [id.importId, id.lineNumber],
    );
    return row?.line ?? {};
  }

  /** Every decision on a charge, oldest first. */
  async decisions(id: ChargeId): Promise<ReviewLogEntry[]> {
    return this.log('import_id = $1 and line_no = $2', [id.importId, id.lineNumber], 'position');
  }

  /** Decisions in a period, newest first. */
  async reviewLog(period: BillingPeriod | null, page: { limit: number; offset: number }): Promise<ReviewLogEntry[]> {
    return this.log(
      '($1::text is null or period = $1)',
      [period, page.limit, page.offset],
      'position desc, import_id, line_no limit $2 offset $3',
    );
  }

  /** Lines and exact money per reason for review among the charges that wait, per currency. */
  async flagTotals(period: BillingPeriod): Promise<{ flag: string; currency: Currency; lineCount: number; amount: string }[]> {
    return this.database.query(
      `select flag, c.currency, count(*)::int as "lineCount", trim_scale(sum(c.amount))::text as amount
       from charges c, unnest(c.flags) as flag where c.period = $1 and c.standing = 'flagged'
       group by flag, c.currency order by count(*) desc, flag`,
      [period],
    );
  }

  /** Charges of a PI per project and standing, exact, for the summary of one PI. */
  async projectTotals(
    period: BillingPeriod,
    piEmail: string,
  ): Promise<{ projectId: string; lineCount: number; flaggedCount: number; amount: Decimal }[]> {
    const rows = await this.database.query<{ projectId: string; lineCount: number; flaggedCount: number; amount: string }>(
      `select project_id as "projectId", count(*)::int as "lineCount", (count(*) filter (where standing = 'flagged'))::int as "flaggedCount",
              sum(amount)::text as amount
       from charges where period = $1 and pi_email = $2 and standing in ('clear', 'flagged', 'approved')
       group by project_id order by project_id collate "C"`,
      [period, piEmail],
    );
    return rows.map((row) => ({ ...row, amount: Decimal.parse(row.amount) }));
  }

  /** Billable charges one by one in the order of the detail journal, read with a cursor: memory stays constant at any number. */
  async *billable(
    period: BillingPeriod,
    currency: Currency,
    options: { includeFlagged?: boolean; piEmail?: string; projectId?: string } = {},
  ): AsyncGenerator<ChargeRow> {
    const standings = options.includeFlagged === true ? [...BILLABLE_STANDINGS, 'flagged'] : BILLABLE_STANDINGS;
    yield* this.stream(
      `c.period = $1 and c.currency = $2 and c.standing = any($3)
         and ($4::text is null or c.pi_email = $4) and ($5::text is null or c.project_id = $5)
       order by c.pi_email collate "C", c.project_id collate "C", c.fund_org collate "C", c.service_name collate "C", c.import_id, c.line_no`,
      [period, currency, standings, options.piEmail ?? null, options.projectId ?? null],
    );
  }

  /** Every charge that matches, in the order of {@link find}, streamed: there may be any number. */
  async *each(filter: ChargeFilter): AsyncGenerator<ChargeRow> {
    const { where, parameters } = conditions(filter);
    yield* this.stream(`${where} order by c.period desc, c.import_id, c.line_no`, parameters);
  }

  /** The chosen charges, as a decision sees them. @throws DomainError `charge.unknown` naming ids that don't exist. */
  async chooseByIds(tx: Tx, ids: readonly ChargeId[]): Promise<(ReviewableCharge & { period: BillingPeriod })[]> {
    const rows = await tx.query<ReviewRow>(
      `${REVIEW_SELECT} join unnest($1::int[], $2::int[]) as chosen(import_id, line_no) using (import_id, line_no) order by c.import_id, c.line_no`,
      [ids.map((id) => id.importId), ids.map((id) => id.lineNumber)],
    );
    if (rows.length < new Set(ids.map(formatChargeId)).size) {
      const known = new Set(rows.map((row) => formatChargeId(row)));
      throw unknownCharge(ids.filter((id) => !known.has(formatChargeId(id))));
    }
    return rows.map(toReviewable);
  }

  async chooseByFilter(tx: Tx, filter: ChargeFilter): Promise<(ReviewableCharge & { period: BillingPeriod })[]> {
    const { where, parameters } = conditions(filter);
    const rows = await tx.query<ReviewRow>(`${REVIEW_SELECT} where ${where} order by c.import_id, c.line_no`, parameters);
    return rows.map(toReviewable);
  }

  /** The periods that charges belong to. */
  async periodsOf(ids: readonly ChargeId[]): Promise<BillingPeriod[]> {
    const rows = await this.database.query<{ period: BillingPeriod }>(
      'select distinct period from charges join unnest($1::int[], $2::int[]) as chosen(import_id, line_no) using (import_id, line_no) order by period',
      [ids.map((id) => id.importId), ids.map((id) => id.lineNumber)],
    );
    return rows.map((row) => row.period);
  }

  async countWaiting(period: BillingPeriod): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*)::int as count from charges where period = $1 and standing = 'flagged'`,
      [period],
    );
    return row?.count ?? 0;
  }

  /** Rows by cursor, on a connection of its own that is given back however the reader ends. */
  private async *stream(whereAndOrder: string, parameters: readonly unknown[]): AsyncGenerator<ChargeRow> {
    const client = await this.database.connection();
    let broken = false;
    try {
      await client.query('begin read only');
      await client.query(`declare streamed no scroll cursor for select ${COLUMNS} from charges c where ${whereAndOrder}`, [...parameters]);
      for (;;) {
        const { rows } = await client.query<Omit<ChargeRow, 'id'>>('fetch 5000 from streamed');
        if (rows.length === 0) break;
        for (const row of rows) yield withId(row);
      }
    } catch (error) {
      broken = true;
      throw error;
    } finally {
      if (!broken) await client.query('rollback').catch(() => (broken = true));
      client.release(broken);
    }
  }

  private async log(where: string, parameters: readonly unknown[], order: string): Promise<ReviewLogEntry[]> {
    const rows = await this.database.query<
      Omit<ReviewLogEntry, 'chargeId' | 'position'> & { position: string; import_id: number; line_no: number }
    >(
      `select position, import_id, line_no, action, trim_scale(amount)::text as amount, note, actor, recorded_at as "recordedAt"
       from review_log where ${where} order by ${order}`,
      parameters,
    );
    return rows.map(({ position, import_id, line_no, ...entry }) => ({
      ...entry,
      position: Number(position),
      chargeId: formatChargeId({ importId: import_id, lineNumber: line_no }),
    }));
  }
}

interface ReviewRow {
  importId: number;
  lineNumber: number;
  period: BillingPeriod;
  standing: Standing;
  flags: string[];
  piEmail: string;
  projectId: string;
  fundOrg: string;
  costCenter: string;
  accountCode: string;
  currency: Currency;
  amount: string;
}

const REVIEW_SELECT = `select c.import_id as "importId", c.line_no as "lineNumber", c.period, c.standing, c.flags, c.pi_email as "piEmail",
  c.project_id as "projectId", c.fund_org as "fundOrg", c.cost_center as "costCenter", c.account_code as "accountCode", c.currency, c.amount::text as amount
  from charges c`;

function toReviewable(row: ReviewRow): ReviewableCharge & { period: BillingPeriod } {
  const { piEmail, projectId, fundOrg, costCenter, accountCode, ...rest } = row;
  return { ...rest, attribution: { piEmail, projectId, fundOrg, costCenter, accountCode } };
}

function withId(row: Omit<ChargeRow, 'id'>): ChargeRow {
  return { id: formatChargeId(row), ...row };
}

function conditions(filter: ChargeFilter): { where: string; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const parts: string[] = [];
  const add = (sql: (parameter: string) => string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    parts.push(sql(`$${parameters.length}`));
  };
  add((p) => `c.period = ${p}`, filter.period);
  add((p) => `c.source = ${p}`, filter.source === undefined ? undefined : foldIdentifier(filter.source));
  add((p) => `c.pi_email = ${p}`, filter.piEmail === undefined ? undefined : foldIdentifier(filter.piEmail));
  add((p) => `c.project_id = ${p}`, filter.projectId);
  add((p) => `c.standing = any(${p})`, filter.standings);
  if (filter.flag === 'pattern_match') parts.push(`exists (select 1 from unnest(c.flags) as flag where flag like 'pattern_match:%')`);
  else add((p) => `${p} = any(c.flags)`, filter.flag);
  add(
    (p) => `concat_ws(' ', c.resource_id, c.resource_name, c.service_name, c.pi_email, c.project_id, c.fund_org) ilike ${p}`,
    filter.text === undefined ? undefined : `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`,
  );
  return { where: parts.length === 0 ? 'true' : parts.join(' and '), parameters };
}

function unknownCharge(ids: readonly ChargeId[]): DomainError {
  const names = ids.slice(0, 5).map(formatChargeId).join(', ');
  return new DomainError(
    'charge.unknown',
    'not-found',
    `There is no charge ${names}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}.`,
  );
}
