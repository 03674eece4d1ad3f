import type { PiChange, RestatedTotal } from '#imports';
import type { BillingPeriod } from '#kernel';
import type { Tx } from '#platform';
import type { AdjustedSource, AdjustmentTotal } from '../domain/adjustment.events.js';

/** PIs that an answer names; who wants all of them, asks the ledger. */
const PIS_SHOWN = 20;

export interface RestatementSums {
  readonly lineCount: number;
  readonly flaggedLineCount: number;
  readonly totals: readonly AdjustmentTotal[];
  readonly sources: readonly AdjustedSource[];
}

/** What was planned (`restatement_plan`), by kind. */
export async function sumsByKind(tx: Tx): Promise<RestatedTotal[]> {
  return tx.query<RestatedTotal>(
    `select kind, currency, count(*)::int as "lineCount", trim_scale(sum(before))::text as before, trim_scale(sum(after))::text as after,
       trim_scale(coalesce(sum(list_cost) filter (where line is not null), 0))::text as "listCost",
       trim_scale(coalesce(sum(amount) filter (where line is not null), 0))::text as amount
     from restatement_plan group by kind, currency order by array_position(array['revised', 'withdrawn', 'new', 'unchanged', 'rejected'], kind), currency`,
  );
}

/** What was written under the adjustment's number. */
export async function sumsOfLines(tx: Tx, adjustmentId: number, source: string): Promise<RestatementSums> {
  const totals = await tx.query<AdjustmentTotal & { flagged: number; first: number; last: number }>(
    `select currency, count(*)::int as "lineCount", trim_scale(sum(list_cost))::text as "listCost", trim_scale(sum(amount))::text as amount,
       count(*) filter (where flags <> '{}')::int as flagged, min(line_no) as first, max(line_no) as last
     from charge_lines where import_id = $1 group by currency order by currency`,
    [adjustmentId],
  );
  const first = Math.min(...totals.map((total) => total.first));
  const last = Math.max(...totals.map((total) => total.last));
  return {
    lineCount: totals.reduce((sum, { lineCount }) => sum + lineCount, 0),
    flaggedLineCount: totals.reduce((sum, { flagged }) => sum + flagged, 0),
    totals: totals.map(({ currency, lineCount, listCost, amount }) => ({ currency, lineCount, listCost, amount })),
    sources: totals.length === 0 ? [] : [{ source, firstLine: first, lastLine: last }],
  };
}

/** Whose money changes in the period in which it is billed, and how. */
export async function piChanges(tx: Tx, adjustmentId: number, period: BillingPeriod): Promise<{ piCount: number; top: PiChange[] }> {
  const [row] = await tx.query<{ piCount: number; top: PiChange[] | null }>(
    `with moves as materialized (
       select coalesce(pi_email, '') collate "C" as pi_email, currency, sum(amount) as change
       from charge_lines where import_id = $1 group by 1, 2 having sum(amount) <> 0),
     top as (
       select m.*, (
         select coalesce(sum(b.billed), 0) from ledger_balances b
         where b.period = $2 and b.currency = m.currency and b.pi_email = m.pi_email and b.standing in ('clear', 'flagged', 'approved')) as before
       from (select * from moves order by abs(change) desc, pi_email, currency limit ${PIS_SHOWN}) m)
     select (select count(distinct pi_email)::int from moves) as "piCount",
       (select jsonb_agg(jsonb_build_object('piEmail', pi_email, 'currency', currency, 'before', trim_scale(before)::text,
                 'after', trim_scale(before + change)::text) order by abs(change) desc, pi_email, currency) from top) as top`,
    [adjustmentId, period],
  );
  return { piCount: row?.piCount ?? 0, top: row?.top ?? [] };
}
