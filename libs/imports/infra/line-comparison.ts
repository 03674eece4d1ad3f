import { Injectable } from '@nestjs/common';
import type { BillingPeriod, Currency } from '#kernel';
import { CARRIES_OVER } from '#ledger';
import type { Tx } from '#platform';
import type { ImportReport, OutcomeTotal } from '../domain/import.events.js';
import type { MatchedLines } from './line-store.js';

/** What the table holds of an import, for the check against the control totals. */
export interface StoredTotal {
  readonly period: BillingPeriod;
  readonly currency: Currency;
  readonly lineCount: number;
  readonly amount: string;
  readonly listCost: string;
}

export interface Comparison {
  readonly stored: readonly StoredTotal[];
  readonly outcomes: readonly OutcomeTotal[];
  readonly piChanges: NonNullable<ImportReport['piChanges']>;
}

/** What is known of an import's lines when they are compared. */
export interface ComparedLines {
  readonly periods: readonly BillingPeriod[];
  readonly matched: MatchedLines;
  readonly lineCount: number;
  /** Under which the parts of divided lines were written. */
  readonly splitIds: readonly number[];
}

/** PIs in a report; who wants all of them, asks the ledger. */
const PIS_SHOWN = 20;

/** Compares an import with what is held, once its lines are matched and before it is recorded. */
@Injectable()
export class LineComparison {
  /**
   * One pass over the import's lines. What stays of the held lines is not looked at line by line but subtracted: held, less what was matched or
   * withdrawn, from the balances that the ledger keeps anyway.
   */
  async of(tx: Tx, importId: number, source: string, { periods, matched, lineCount, splitIds }: ComparedLines): Promise<Comparison> {
    const [outcome, join] = outcomeOf(matched, lineCount);
    const [row] = await tx.query<{
      stored: StoredTotal[] | null;
      outcomes: OutcomeTotal[] | null;
      piCount: number;
      top: Comparison['piChanges']['top'] | null;
    }>(
      `with told as materialized (
         select l.period, l.currency, ${outcome} as outcome, coalesce(l.pi_email, '') as pi_email,
           count(*) as line_count, sum(l.amount) as amount, sum(l.list_cost) as list_cost
         from charge_lines l ${join}
         where l.import_id = $1
         group by 1, 2, 3, 4),
       revised as materialized (
         select l.import_id, l.line_no, o.import_id as old_import_id, o.line_no as old_line_no, l.currency, l.amount, o.currency as old_currency, o.amount as previous, o.pi_email as old_pi, o.standing as old_standing,
           case when ${CARRIES_OVER} and o.reattributed then o.pi_email else coalesce(l.pi_email, '') end as pi_email,
           ${CARRIES_OVER} and o.standing = 'rejected' as stays_rejected
         from charge_line_matches m
         join charge_lines l on l.import_id = m.import_id and l.line_no = m.line_no
         join charges o on o.import_id = m.old_import_id and o.line_no = m.old_line_no
         join charge_lines was on was.import_id = m.old_import_id and was.line_no = m.old_line_no
         where m.import_id = $1 and m.outcome = 'revised' and l.import_id = $1),
       withdrawn as materialized (
         select c.import_id, c.line_no, c.currency, c.amount, c.pi_email, c.standing
         from charge_line_withdrawals w join charges c on c.import_id = w.old_import_id and c.line_no = w.old_line_no
         where w.import_id = $1),
       kept as (
         select currency, sum(line_count) as line_count, sum(amount) as amount from (
           select currency, line_count, billed as amount from ledger_balances
           where source = $2 and period = any($3) and standing not in ('superseded', 'withdrawn')
           union all select currency, -1, -amount from charges
           where adjusts_import_id is not null and source = $2 and period = any($3) and standing not in ('superseded', 'withdrawn')
           union all select currency, -1, -amount from charges
           where part_of_import_id is not null and source = $2 and period = any($3) and standing not in ('superseded', 'withdrawn')
           union all select currency, -line_count, -amount from told where outcome = 'unchanged'
           union all select old_currency, -1, -previous from revised
           union all select currency, -1, -amount from withdrawn) held
         group by currency having sum(line_count) > 0),
       outcomes as (
         select outcome, currency, sum(line_count) as line_count, sum(amount) as amount, null::numeric as previous
         from told where outcome <> 'revised' group by outcome, currency
         union all select 'revised', currency, count(*), sum(amount), sum(previous) from revised group by currency
         union all select 'withdrawn', currency, count(*), sum(amount), null from withdrawn group by currency
         union all select 'kept', currency, line_count, amount, null from kept),
       moves as (
         select pi_email collate "C" as pi_email, currency, sum(amount) as change from (
           select pi_email, currency, amount from told where outcome = 'new'
           union all select pi_email, currency, amount from revised where not stays_rejected
           union all select old_pi, old_currency, -previous from revised where old_standing <> 'rejected'
           union all select pi_email, currency, -amount from withdrawn where standing <> 'rejected'
           ${MOVES_OF_PARTS}) moved
         group by 1, 2 having sum(amount) <> 0),
       top as (
         select m.pi_email, m.currency, m.change, (
           select coalesce(sum(b.billed), 0) from ledger_balances b
           where b.period = any($3) and b.currency = m.currency and b.pi_email = m.pi_email and b.standing in ('clear', 'flagged', 'approved')) as before
         from (select * from moves order by abs(change) desc, pi_email, currency limit ${PIS_SHOWN}) m)
       select
         (select jsonb_agg(jsonb_build_object('period', period, 'currency', currency, 'lineCount', line_count,
                    'amount', trim_scale(amount)::text, 'listCost', trim_scale(list_cost)::text) order by period, currency)
          from (select period, currency, sum(line_count) as line_count, sum(amount) as amount, sum(list_cost) as list_cost
                from told group by period, currency) totals) as stored,
         (select jsonb_agg(jsonb_build_object('outcome', outcome, 'currency', currency, 'lineCount', line_count,
                    'amount', trim_scale(amount)::text, 'previousAmount', trim_scale(previous)::text)
                  order by array_position(array['new', 'unchanged', 'revised', 'withdrawn', 'kept'], outcome), currency)
          from outcomes) as outcomes,
         (select count(distinct pi_email)::int from moves) as "piCount",
         (select jsonb_agg(jsonb_build_object('piEmail', pi_email, 'currency', currency,
                    'before', trim_scale(before)::text, 'after', trim_scale(before + change)::text) order by abs(change) desc, pi_email, currency)
          from top) as top`,
      [importId, source, periods, splitIds],
    );
    if (row === undefined) throw new Error('a query without rows to read from answered nothing');
    return { stored: row.stored ?? [], outcomes: row.outcomes ?? [], piChanges: { piCount: row.piCount, top: row.top ?? [] } };
  }
}

/**
 * The money of divided charges moves with their parts: each whole is taken back from whom it was counted for, and each part counted for its own payer. Of the new ones the
 * parts are lines under the numbers $4; of those that end they are charges.
 */
const MOVES_OF_PARTS = `union all
           select coalesce(r.pi_email, l.pi_email, ''), l.currency, -l.amount
           from (select distinct part_of_import_id as import_id, part_of_line_no as line_no from charge_lines where import_id = any($4)) whole
           join charge_lines l on l.import_id = whole.import_id and l.line_no = whole.line_no
           left join revised r on r.import_id = l.import_id and r.line_no = l.line_no
           union all
           select case when ${CARRIES_OVER} and o.reattributed then o.pi_email else coalesce(l.pi_email, '') end, l.currency, l.amount
           from charge_lines l
           left join charge_line_matches m on m.import_id = l.import_id and m.line_no = l.line_no
           left join charges o on o.import_id = m.old_import_id and o.line_no = m.old_line_no
           left join charge_lines was on was.import_id = o.import_id and was.line_no = o.line_no
           where l.import_id = any($4) and not coalesce(${CARRIES_OVER} and o.standing = 'rejected', false)
           union all select old_pi, old_currency, previous from revised where old_standing = 'split'
           union all select pi_email, currency, amount from withdrawn where standing = 'split'
           union all
           select p.pi_email, p.currency, -p.amount
           from (select old_import_id as import_id, old_line_no as line_no from revised where old_standing = 'split'
                 union all select import_id, line_no from withdrawn where standing = 'split') whole
           join charges p on p.part_of_import_id is not null and p.part_of_import_id = whole.import_id and p.part_of_line_no = whole.line_no
           where p.standing not in ('rejected', 'superseded', 'withdrawn')`;

/** A line's outcome, and the join that it takes. The common cases, a month that is new or all there already, need no look at a table for every line. */
function outcomeOf({ unchanged, revised }: MatchedLines, lineCount: number): [outcome: string, join: string] {
  if (unchanged + revised === 0) return [`'new'`, ''];
  if (unchanged === lineCount) return [`'unchanged'`, ''];
  return [`coalesce(m.outcome, 'new')`, 'left join charge_line_matches m on m.import_id = l.import_id and m.line_no = l.line_no'];
}
