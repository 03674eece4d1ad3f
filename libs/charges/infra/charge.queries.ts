import { Injectable } from '@nestjs/common';
import { type BillingPeriod, type Currency, Decimal, DomainError } from '#kernel';
import { BILLABLE_STANDINGS, type SqlSession, type Standing } from '#ledger';
import { Database, type Tx } from '#platform';
import { type ChargeId, formatChargeId } from '../domain/charge-id.js';
import { startOf } from '../domain/charge-place.js';
import type { ReviewableCharge } from '../domain/review.decide.js';
import type { RuledCharge } from '../domain/rule-sweep.js';
import { billableCsv, type CsvPiece } from './billable-csv.js';
import { type ChargeFilter, Conditions, normalized } from './charge-filter.js';
import { pageOf } from './charge-pages.js';
import { CHARGE_COLUMNS, CHARGE_KIND, type ChargeRow, type StoredCharge, withId } from './charge-row.js';
import { SEARCH_EFFORT, withKeys } from './charge-search.js';
import { whereaboutsOf } from './charge-whereabouts.js';
import { type ChargePage, findCharges, type PageAsked } from './find-charges.js';
import { ruledCharges } from './ruled-charges.js';

/** Rows that a stream takes from the database at once. */
const STREAMED_ROWS = 5_000;

const RESOURCE = `coalesce(c.resource_name, c.resource_id, '') collate "C"`;
const BILLABLE_ORDERS = {
  day: `c.charge_date nulls first, c.service_name collate "C", ${RESOURCE}`,
  resource: `c.service_name collate "C", ${RESOURCE}, c.charge_date nulls first`,
} as const;
type BillableOrder = keyof typeof BILLABLE_ORDERS;

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

/** Reads charges. */
@Injectable()
export class ChargeQueries {
  constructor(private readonly database: Database) {}

  /**
   * A page by keyset, whatever is added or decided meanwhile: newest period first, then by import and line.
   * @throws DomainError `charge.malformed-place`.
   */
  async find(filter: ChargeFilter, page: PageAsked): Promise<ChargePage> {
    return findCharges(this.database, filter, page);
  }

  /** @throws DomainError `charge.unknown`. */
  async get(id: ChargeId): Promise<ChargeRow> {
    const [row] = await this.database.query<StoredCharge>(
      `select ${CHARGE_COLUMNS} from charges c where c.import_id = $1 and c.line_no = $2`,
      [id.importId, id.lineNumber],
    );
    if (row === undefined) throw unknownCharge([id]);
    return withId(row);
  }

  /** The first charges that an import or adjustment brought, and how many there are. */
  async ofImport(importId: number, limit: number): Promise<{ readonly items: readonly ChargeRow[]; readonly count: number }> {
    const rows = await this.database.query<StoredCharge>(
      `select ${CHARGE_COLUMNS} from charges c where c.import_id = $1 order by c.line_no limit $2`,
      [importId, limit],
    );
    const [found] = await this.database.query<{ count: number }>('select count(*)::int as count from charges where import_id = $1', [
      importId,
    ]);
    return { items: rows.map(withId), count: found?.count ?? 0 };
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
      `select project_id as "projectId", sum(line_count)::int as "lineCount",
              coalesce(sum(line_count) filter (where standing = 'flagged'), 0)::int as "flaggedCount", sum(billed)::text as amount
       from ledger_balances where period = $1 and pi_email = $2 and standing in ('clear', 'flagged', 'approved')
       group by project_id order by project_id collate "C"`,
      [period, piEmail],
    );
    return rows.map((row) => ({ ...row, amount: Decimal.parse(row.amount) }));
  }

  /**
   * Billable charges one by one in the order of a statement: by PI, project, fund/org, then by day or by resource.
   * Read with a cursor, memory stays constant at any number; at once where they are known to be few, which is four round trips less.
   */
  async *billable(
    period: BillingPeriod,
    currency: Currency,
    options: { piEmail?: string; projectId?: string; order?: BillableOrder; areFew?: boolean } = {},
  ): AsyncGenerator<ChargeRow> {
    const { piEmail = null, projectId = null, order = 'day', areFew = false } = options;
    const where = `c.period = $1 and c.currency = $2 and c.standing = any($3)
         and ($4::text is null or c.pi_email = $4) and ($5::text is null or c.project_id = $5)
       order by c.pi_email collate "C", c.project_id collate "C", c.fund_org collate "C", ${BILLABLE_ORDERS[order]}, c.import_id, c.line_no`;
    const parameters = [period, currency, BILLABLE_STANDINGS, piEmail, projectId];
    if (areFew) {
      const rows = await this.database.query<StoredCharge>(`select ${CHARGE_COLUMNS} from charges c where ${where}`, parameters);
      for (const row of rows) yield withId(row);
    } else {
      yield* this.database.streamSnapshot((session) => cursored(session, where, parameters));
    }
  }

  /** The billable charges of a period as the rows of a detail journal, as of one moment; memory stays constant at any number. */
  billableCsv(period: BillingPeriod, currency: Currency, includeFlagged: boolean): AsyncGenerator<CsvPiece, void, void> {
    return this.database.streamSnapshot(({ client }) => billableCsv(client, period, currency, includeFlagged));
  }

  /** Every charge that matches, in the order of {@link find}, as of one moment: there may be any number, and none is sorted. */
  async *each(filterGiven: ChargeFilter): AsyncGenerator<ChargeRow> {
    const asked = normalized(filterGiven);
    yield* this.database.streamSnapshot(async function* (session) {
      for (const part of (await whereaboutsOf(session, asked)).parts) {
        const filter = await withKeys(session, asked, [part], SEARCH_EFFORT);
        let after: ChargeId | undefined = startOf(part.period);
        while (after !== undefined) {
          const rows: StoredCharge[] = await pageOf(session, { filter, part, after, limit: STREAMED_ROWS });
          for (const row of rows) yield withId(row);
          after = rows.length < STREAMED_ROWS ? undefined : rows.at(-1);
        }
      }
    });
  }

  /** The charges of a period that rules are held against, in batches, as of one moment or as the caller's transaction sees them. */
  async *ruled(period: BillingPeriod, tx?: Tx): AsyncGenerator<readonly RuledCharge[]> {
    yield* tx === undefined ? this.database.streamSnapshot((session) => ruledCharges(session, period)) : ruledCharges(tx, period);
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
    const { sql, parameters } = new Conditions(filter);
    const rows = await tx.query<ReviewRow>(`${REVIEW_SELECT} where ${sql} order by c.import_id, c.line_no`, parameters);
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

async function* cursored(session: SqlSession, whereAndOrder: string, parameters: readonly unknown[]): AsyncGenerator<ChargeRow> {
  await session.query(`declare streamed no scroll cursor for select ${CHARGE_COLUMNS} from charges c where ${whereAndOrder}`, parameters);
  for (;;) {
    const rows = await session.query<StoredCharge>(`fetch ${STREAMED_ROWS} from streamed`);
    if (rows.length === 0) return;
    for (const row of rows) yield withId(row);
  }
}

interface ReviewRow {
  importId: number;
  lineNumber: number;
  period: BillingPeriod;
  standing: Standing;
  kind: ReviewableCharge['kind'];
  flags: string[];
  piEmail: string;
  projectId: string;
  fundOrg: string;
  costCenter: string;
  accountCode: string;
  currency: Currency;
  amount: string;
  chargeDay: string;
}

const REVIEW_SELECT = `select c.import_id as "importId", c.line_no as "lineNumber", c.period, c.standing, ${CHARGE_KIND} as kind, c.flags, c.pi_email as "piEmail",
  c.project_id as "projectId", c.fund_org as "fundOrg", c.cost_center as "costCenter", c.account_code as "accountCode", c.currency, c.amount::text as amount,
  coalesce(c.charge_date::text, c.period || '-01') as "chargeDay"
  from charges c`;

function toReviewable(row: ReviewRow): ReviewableCharge & { period: BillingPeriod } {
  const { piEmail, projectId, fundOrg, costCenter, accountCode, ...rest } = row;
  return { ...rest, attribution: { piEmail, projectId, fundOrg, costCenter, accountCode } };
}

function unknownCharge(ids: readonly ChargeId[]): DomainError {
  const names = ids.slice(0, 5).map(formatChargeId).join(', ');
  return new DomainError(
    'charge.unknown',
    'not-found',
    `There is no charge ${names}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}.`,
  );
}
