import { Injectable } from '@nestjs/common';
import { type BillingPeriod, DomainError, foldIdentifier } from '#kernel';
import { Database, type Tx } from '#platform';
import type { AdjustmentTotal, BookedKind } from '../domain/adjustment.events.js';

export type AdjustmentState = 'booked' | 'withdrawn';
export const ADJUSTMENT_STATES: readonly AdjustmentState[] = ['booked', 'withdrawn'];

export interface AdjustmentRow {
  readonly adjustmentId: number;
  readonly state: AdjustmentState;
  /** In which it is billed. */
  readonly period: BillingPeriod;
  /** Which it corrects. */
  readonly adjustedPeriod: BillingPeriod;
  /** The one charge; null: all of a statement. */
  readonly chargeId: string | null;
  /** Null: a file corrects charges of any PI. */
  readonly piEmail: string | null;
  readonly projectId: string | null;
  /** The file that states the corrected period anew; null unless it is a restatement. */
  readonly fileName: string | null;
  /** Of the statement that it corrects; null if there was none. */
  readonly revision: number | null;
  readonly kind: BookedKind;
  readonly amount: string | null;
  readonly percent: string | null;
  readonly reason: string;
  readonly sources: readonly string[];
  readonly lineCount: number;
  /** The number of the first of its charges: that of a line of the file, if there is one. */
  readonly firstLine: number;
  readonly totals: readonly AdjustmentTotal[];
  readonly bookedBy: string;
  readonly bookedAt: Date;
  readonly endedBy: string | null;
  readonly endedAt: Date | null;
  readonly endReason: string | null;
}

export interface AdjustmentFilter {
  readonly period?: BillingPeriod | undefined;
  readonly adjustedPeriod?: BillingPeriod | undefined;
  readonly piEmail?: string | undefined;
}

const COLUMNS = `adjustment_id as "adjustmentId", state, period, adjusted_period as "adjustedPeriod", charge_id as "chargeId", pi_email as "piEmail",
  project_id as "projectId", file_name as "fileName", first_line as "firstLine", revision, kind, amount, percent, reason, sources, line_count as "lineCount", totals, booked_by as "bookedBy",
  booked_at as "bookedAt", ended_by as "endedBy", ended_at as "endedAt", end_reason as "endReason"`;

/** Reads adjustments. */
@Injectable()
export class AdjustmentQueries {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(
    { period, adjustedPeriod, piEmail }: AdjustmentFilter,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly adjustments: readonly AdjustmentRow[]; readonly count: number }> {
    const where = `($1::text is null or period = $1) and ($2::text is null or adjusted_period = $2) and ($3::text is null or pi_email = $3
      or pi_email is null and exists (select 1 from charges c where c.import_id = adjustment_id and c.pi_email = $3))`;
    const parameters = [period ?? null, adjustedPeriod ?? null, piEmail === undefined ? null : foldIdentifier(piEmail)];
    const adjustments = await this.database.query<AdjustmentRow>(
      `select ${COLUMNS} from adjustments where ${where} order by adjustment_id desc limit $4 offset $5`,
      [...parameters, page.limit, page.offset],
    );
    const [row] = await this.database.query<{ count: number }>(`select count(*)::int as count from adjustments where ${where}`, parameters);
    return { adjustments, count: row?.count ?? 0 };
  }

  /** @throws DomainError `adjustment.unknown`. */
  async get(adjustmentId: number): Promise<AdjustmentRow> {
    const [row] = await this.database.query<AdjustmentRow>(`select ${COLUMNS} from adjustments where adjustment_id = $1`, [adjustmentId]);
    if (row !== undefined) return row;
    throw new DomainError(
      'adjustment.unknown',
      'not-found',
      `There is no adjustment ${adjustmentId}; the list of adjustments has them all.`,
    );
  }

  /** Numbers of the restatements of a period, by the log. */
  async restatementsOf(tx: Tx, adjustedPeriod: BillingPeriod): Promise<number[]> {
    const rows = await tx.query<{ adjustmentId: number }>(
      `select (data ->> 'adjustmentId')::int as "adjustmentId" from events
       where type = 'AdjustmentsBooked' and data ->> 'adjustedPeriod' = $1 and data ->> 'kind' = 'restatement' order by 1`,
      [adjustedPeriod],
    );
    return rows.map(({ adjustmentId }) => adjustmentId);
  }

  /** Adjustments that stand and correct charges of this one. */
  async correctionsOf(tx: Tx, adjustmentId: number): Promise<number[]> {
    const rows = await tx.query<{ adjustmentId: number }>(
      `select distinct import_id as "adjustmentId" from charges
       where adjusts_import_id = $1 and import_id <> $1 and standing <> 'withdrawn' order by 1`,
      [adjustmentId],
    );
    return rows.map((row) => row.adjustmentId);
  }

  /** Of a statement; a finalized period gets no more of them. Null if none was made. */
  async newestRevision(period: BillingPeriod, piEmail: string, projectId: string): Promise<number | null> {
    const [row] = await this.database.query<{ revision: number | null }>(
      'select max(revision) as revision from statements where period = $1 and pi_email = $2 and project_id = $3',
      [period, piEmail, projectId],
    );
    return row?.revision ?? null;
  }
}
