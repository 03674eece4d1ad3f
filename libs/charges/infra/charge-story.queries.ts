import { Injectable } from '@nestjs/common';
import type { BillingPeriod } from '#kernel';
import type { SqlSession, Standing } from '#ledger';
import { Database } from '#platform';
import { type ChargeId, formatChargeId, parseChargeId } from '../domain/charge-id.js';
import type { ChargeAdjustment, ChargePart, WholeCharge } from '../domain/charge-story.js';
import type { StoredLine } from '../domain/line-as-imported.js';
import { CHARGE_COLUMNS, type ChargeRow, type StoredCharge, withId } from './charge-row.js';

/** Revisions of one line that are followed; nobody revises a line more often in a month. */
const MOST_REVISIONS = 500;

export interface ImportFacts {
  readonly importId: number;
  readonly fileName: string;
  readonly sha256: string;
  readonly receivedBy: string;
  readonly expectedPeriod: BillingPeriod | null;
  readonly state: string;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
  /** When it was recorded, and where in the log. */
  readonly recordedAt: Date;
  readonly position: number;
}

/** A line of a later import that was found to be the charge's. */
export interface LaterMatch extends ChargeId {
  readonly outcome: 'unchanged' | 'revised';
  readonly amount: string;
}

export interface LoggedDecision extends ChargeId {
  readonly position: number;
  readonly action: string;
  readonly amount: string;
  readonly note: string | null;
  readonly actor: string;
  readonly recordedAt: Date;
  readonly count: number;
}

/** What ended a charge: a later line, an import whose snapshot lacks it, or the end of its own import. */
export type Ends = Pick<ChargeRecord, 'later' | 'withdrawnBy' | 'imports'>;

/** The charge that a part belongs to. */
export interface WholeRecord extends Ends {
  readonly charge: ChargeRow;
  readonly told: WholeCharge;
  /** How it stood before it was divided. */
  readonly stood: Standing;
  /** When it was put together again; null: not by a decision. */
  readonly undoneAt: Date | null;
}

/** What the tables hold of one charge, as of one moment. */
export interface ChargeRecord {
  readonly charge: ChargeRow;
  /** The lines that one another replaced, oldest first; the last one is the charge's own. */
  readonly lines: readonly StoredLine[];
  readonly later: readonly LaterMatch[];
  /** The import whose snapshot lacks the line. */
  readonly withdrawnBy: number | null;
  readonly imports: ReadonlyMap<number, ImportFacts>;
  /** On the charge and those it replaced, oldest first. */
  readonly decisions: readonly LoggedDecision[];
  /** Of the charge, and, if it is one itself, of the charge that it corrects; oldest first. */
  readonly adjustments: readonly ChargeAdjustment[];
  readonly parts: readonly (ChargePart & { readonly position: number })[];
  /** Null unless it is a part itself. */
  readonly whole: WholeRecord | null;
  readonly previous: string | null;
  readonly next: string | null;
}

/** Reads one charge with all that touched it. Every step goes through an index, whatever the planner knows of tables that were just filled. */
@Injectable()
export class ChargeStoryQueries {
  constructor(private readonly database: Database) {}

  /** Undefined if there is no such charge. */
  async record(id: ChargeId): Promise<ChargeRecord | undefined> {
    return this.database.snapshot(async (tx) => {
      await tx.query('set local enable_seqscan = off');
      const [row] = await tx.query<StoredCharge>(`select ${CHARGE_COLUMNS} from charges c where c.import_id = $1 and c.line_no = $2`, [
        id.importId,
        id.lineNumber,
      ]);
      if (row === undefined) return undefined;
      const lines = await linesOf(tx, id);
      return {
        charge: withId(row),
        lines,
        ...(await endsOf(tx, row, lines)),
        decisions: await decisionsOn(tx, lines),
        adjustments: await adjustmentsOf(tx, row),
        parts: await partsOf(tx, id),
        whole: row.partOf === null ? null : await wholeOf(tx, id, row.partOf),
        ...(await neighbours(tx, id)),
      };
    });
  }

  /** The charge that a line states once more; undefined if it is no such line. */
  async restatedBy(id: ChargeId): Promise<string | undefined> {
    const [row] = await this.database.query<ChargeId>(
      `select old_import_id as "importId", old_line_no as "lineNumber" from charge_line_matches
       where import_id = $1 and line_no = $2 and outcome = 'unchanged'`,
      [id.importId, id.lineNumber],
    );
    return row === undefined ? undefined : formatChargeId(row);
  }
}

const LINE_COLUMNS = `l.import_id as "importId", l.line_no as "lineNumber", l.period, provider_name as "providerName",
  billing_account_id as "billingAccountId", sub_account_id as "subAccountId", invoice_id as "invoiceId", charge_category as "chargeCategory",
  charge_description as "chargeDescription", ${instant('charge_period_start')} as "chargePeriodStart", ${instant('charge_period_end')} as "chargePeriodEnd",
  service_name as "serviceName", service_category as "serviceCategory", resource_id as "resourceId", resource_name as "resourceName",
  region_id as "regionId", sku_id as "skuId", currency, trim_scale(list_cost)::text as "listCost", trim_scale(contracted_cost)::text as "contractedCost",
  trim_scale(billed_cost)::text as "billedCost", trim_scale(effective_cost)::text as "effectiveCost", trim_scale(amount)::text as amount,
  pi_email as "piEmail", pi_email_as_written as "piEmailAsWritten", project_id as "projectId", fund_org as "fundOrg", cost_center as "costCenter",
  account_code as "accountCode", reference_1 as "reference1", reference_2 as "reference2", end_date::text as "endDate",
  reconciliation_end::text as "reconciliationEnd", attribution_rule as "attributionRule", attribution_by_tags as "attributionByTags", tags, other_columns as "otherColumns", flags`;

/** `2025-01-01T00:00:00Z`, with a fraction only where it is not zero. */
function instant(column: string): string {
  return `regexp_replace(to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '[.]?0*$', '') || 'Z'`;
}

async function linesOf(tx: SqlSession, { importId, lineNumber }: ChargeId): Promise<StoredLine[]> {
  return tx.query<StoredLine>(
    `with recursive version as (
       select $1::int as import_id, $2::int as line_no, 0 as age
       union all
       select m.old_import_id, m.old_line_no, age + 1
       from version v join charge_line_matches m on m.import_id = v.import_id and m.line_no = v.line_no and m.outcome = 'revised'
       where age < ${MOST_REVISIONS})
     select ${LINE_COLUMNS} from version v join charge_lines l on l.import_id = v.import_id and l.line_no = v.line_no order by v.age desc`,
    [importId, lineNumber],
  );
}

/** By the index `charge_line_matches_by_old_line`, whose expression this is. */
async function laterMatches(tx: SqlSession, { importId, lineNumber }: ChargeId): Promise<LaterMatch[]> {
  return tx.query<LaterMatch>(
    `with found as materialized (
       select import_id, line_no, outcome from charge_line_matches
       where ((old_import_id::bigint << 32) | old_line_no) = (($1::bigint << 32) | $2::int) and old_import_id = $1::int and old_line_no = $2::int
         and outcome in ('unchanged', 'revised'))
     select f.import_id as "importId", f.line_no as "lineNumber", f.outcome, trim_scale(l.amount)::text as amount
     from found f join charge_lines l on l.import_id = f.import_id and l.line_no = f.line_no`,
    [importId, lineNumber],
  );
}

async function withdrawal(tx: SqlSession, charge: StoredCharge): Promise<number | null> {
  const [row] = await tx.query<{ importId: number }>(
    `select w.import_id as "importId" from imports i
     join charge_line_withdrawals w on w.import_id = i.import_id and w.old_import_id = $1 and w.old_line_no = $2
     where i.source = $3 and $4 = any(i.periods)`,
    [charge.importId, charge.lineNumber, charge.source, charge.period],
  );
  return row?.importId ?? null;
}

async function importsOf(tx: SqlSession, importIds: readonly number[]): Promise<Map<number, ImportFacts>> {
  const rows = await tx.query<Omit<ImportFacts, 'position'> & { position: string }>(
    `select i.import_id as "importId", i.file_name as "fileName", i.sha256, i.received_by as "receivedBy", i.expected_period as "expectedPeriod",
       i.state, i.ended_at as "endedAt", i.ended_by as "endedBy", i.end_reason as "endReason", e.recorded_at as "recordedAt", e.position
     from imports i join events e on e.stream = 'import-' || i.import_id and e.type = 'ImportRecorded'
     where i.import_id = any($1)
     union all
     select a.adjustment_id, coalesce(r.file_name, ''), coalesce(r.sha256, ''), a.booked_by, r.expected_period,
       case a.state when 'booked' then 'recorded' else a.state end, a.ended_at, a.ended_by, a.end_reason, a.booked_at, a.position
     from adjustments a left join imports r on r.import_id = a.adjustment_id where a.adjustment_id = any($1)
     union all
     select split_id, '', '', split_by, null, 'recorded', null, null, null, split_at, position from splits where split_id = any($1)`,
    [importIds],
  );
  return new Map(rows.map((row) => [row.importId, { ...row, position: Number(row.position) }]));
}

/** By the indexes of both sides: the partial one over charges that adjust others, and the primary key. */
async function adjustmentsOf(tx: SqlSession, { importId, lineNumber, adjusts }: StoredCharge): Promise<ChargeAdjustment[]> {
  const [ofImport, ofLine] = (adjusts ?? `${importId}-${lineNumber}`).split('-');
  return tx.query<ChargeAdjustment>(
    `select c.import_id as "adjustmentId", c.import_id || '-' || c.line_no as "chargeId", c.adjusts_import_id || '-' || c.adjusts_line_no as adjusts,
       a.adjusted_period as "adjustedPeriod", a.revision, c.period, c.standing, a.kind, a.reason, trim_scale(c.amount)::text as amount,
       trim_scale(c.list_cost)::text as "listCost", a.booked_by as "bookedBy", a.booked_at as "bookedAt", a.end_reason as "endReason"
     from charges c join adjustments a on a.adjustment_id = c.import_id
     where c.adjusts_import_id is not null
       and ((c.adjusts_import_id = $1 and c.adjusts_line_no = $2) or (c.adjusts_import_id = $3 and c.adjusts_line_no = $4))
     order by a.adjustment_id, c.line_no`,
    [importId, lineNumber, ofImport, ofLine],
  );
}

async function endsOf(tx: SqlSession, row: StoredCharge, lines: readonly ChargeId[]): Promise<Ends> {
  const later = await laterMatches(tx, row);
  const withdrawnBy = row.standing === 'withdrawn' ? await withdrawal(tx, row) : null;
  const touching = [...lines, ...later].map(({ importId }) => importId);
  return { later, withdrawnBy, imports: await importsOf(tx, withdrawnBy === null ? touching : [...touching, withdrawnBy]) };
}

const DIVISION = `s.split_id as "splitId", s.rule, s.note, s.split_by as "splitBy", s.split_at as "splitAt", l.part_no as part, l.part_share as share`;

/** By the partial index over charges that are parts. */
async function partsOf(tx: SqlSession, { importId, lineNumber }: ChargeId): Promise<(ChargePart & { position: number })[]> {
  return tx.query(
    `select ${DIVISION}, p.import_id || '-' || p.line_no as "chargeId", p.standing, p.pi_email as "piEmail", p.project_id as "projectId",
       p.fund_org as "fundOrg", trim_scale(p.list_cost)::text as "listCost", trim_scale(p.amount)::text as amount, s.position::float8 as position
     from charges p join splits s on s.split_id = p.import_id join charge_lines l on l.import_id = p.import_id and l.line_no = p.line_no
     where p.part_of_import_id is not null and p.part_of_import_id = $1 and p.part_of_line_no = $2 order by s.position, l.part_no`,
    [importId, lineNumber],
  );
}

async function wholeOf(tx: SqlSession, id: ChargeId, wholeId: string): Promise<WholeRecord | null> {
  const { importId, lineNumber } = parseChargeId(wholeId);
  const [row] = await tx.query<StoredCharge & { stood: Standing | null }>(
    `select ${CHARGE_COLUMNS}, c.stood from charges c where c.import_id = $1 and c.line_no = $2`,
    [importId, lineNumber],
  );
  const [told] = await tx.query<Omit<WholeCharge, 'chargeId' | 'wholeAmount' | 'wholeStanding' | 'others'> & { undoneAt: Date | null }>(
    `select ${DIVISION},
       (select count(*)::int from charges p where p.part_of_import_id is not null and p.part_of_import_id = $3 and p.part_of_line_no = $4
          and p.import_id = $1) as "partCount",
       (select min(r.recorded_at) from review_log r
        where r.import_id = $3 and r.line_no = $4 and r.action = 'unsplit' and r.position > s.position) as "undoneAt"
     from splits s join charge_lines l on l.import_id = s.split_id and l.line_no = $2 where s.split_id = $1`,
    [id.importId, id.lineNumber, importId, lineNumber],
  );
  if (row === undefined || told === undefined) return null;
  const { stood, ...stored } = row;
  const { undoneAt, ...division } = told;
  const parts = (await partsOf(tx, { importId, lineNumber })).map(({ position: _position, ...part }) => part);
  const others = parts.filter(({ splitId, chargeId }) => splitId === id.importId && chargeId !== formatChargeId(id));
  return {
    charge: withId(stored),
    told: { ...division, chargeId: wholeId, wholeAmount: stored.amount, wholeStanding: stored.standing, others },
    stood: stood ?? stored.standing,
    undoneAt,
    ...(await endsOf(tx, stored, [{ importId, lineNumber }])),
  };
}

async function decisionsOn(tx: SqlSession, ids: readonly ChargeId[]): Promise<LoggedDecision[]> {
  const rows = await tx.query<Omit<LoggedDecision, 'position'> & { position: string }>(
    `select r.position, r.import_id as "importId", r.line_no as "lineNumber", r.action, trim_scale(r.amount)::text as amount, r.note, r.actor,
       r.recorded_at as "recordedAt", (e.data ->> 'count')::int as count
     from unnest($1::int[], $2::int[]) as chosen(import_id, line_no)
     join review_log r on r.import_id = chosen.import_id and r.line_no = chosen.line_no
     join events e on e.position = r.position
     order by r.position`,
    [ids.map(({ importId }) => importId), ids.map(({ lineNumber }) => lineNumber)],
  );
  return rows.map((row) => ({ ...row, position: Number(row.position) }));
}

async function neighbours(tx: SqlSession, { importId, lineNumber }: ChargeId): Promise<Pick<ChargeRecord, 'previous' | 'next'>> {
  const [row] = await tx.query<{ previous: number | null; next: number | null }>(
    `select (select max(line_no) from charges where import_id = $1 and line_no < $2) as previous,
            (select min(line_no) from charges where import_id = $1 and line_no > $2) as next`,
    [importId, lineNumber],
  );
  const named = (line: number | null | undefined): string | null => (line == null ? null : formatChargeId({ importId, lineNumber: line }));
  return { previous: named(row?.previous), next: named(row?.next) };
}
