import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import pgCopyStreams from 'pg-copy-streams';
import type { BillingPeriod, Currency } from '#kernel';
import { Database, type Tx } from '#platform';
import type { DeliveryMode } from '#sources';
import type { OutcomeTotal } from '../domain/import.events.js';
import { CHARGE_LINE_COLUMNS } from './charge-line.copy.js';

/** The table of charge lines: written by COPY, never updated. */
@Injectable()
export class LineStore {
  constructor(private readonly database: Database) {}

  /** The partition that holds an import's lines. Copying into it by name is several times as fast as through the parent. */
  async partitionOf(importId: number): Promise<string> {
    const [row] = await this.database.query<{ partition: string }>(
      `select inhrelid::regclass::text as partition from pg_inherits, generate_series(0, 7) as n
       where inhparent = 'charge_lines'::regclass and inhrelid::regclass::text = 'charge_lines_' || n
         and satisfies_hash_partition('charge_lines'::regclass, 8, n, $1::int)`,
      [importId],
    );
    if (row === undefined) throw new Error(`no partition of charge_lines takes import ${importId}`);
    return row.partition;
  }

  /** Copies encoded lines in a transaction of its own; they stay invisible until their import is recorded (docs/adr/0004). */
  async copy(partition: string, encodedLines: Buffer): Promise<void> {
    const client = await this.database.connection();
    let broken = true;
    try {
      const sink = client.query(pgCopyStreams.from(`copy ${partition} (${CHARGE_LINE_COLUMNS.join(', ')}) from stdin`));
      sink.end(encodedLines);
      await finished(sink);
      broken = false;
    } finally {
      client.release(broken);
    }
  }

  /** Removes the lines of an import that no event speaks of; the database refuses it for a recorded one. */
  async discardUnrecorded(importId: number): Promise<void> {
    await this.database.query('select discard_unrecorded_lines($1)', [importId]);
  }

  /** What the table holds of an import, for the check against the control totals; until `tx` ends nobody discards it. */
  async sums(
    tx: Tx,
    importId: number,
  ): Promise<{ period: BillingPeriod; currency: Currency; lineCount: number; amount: string; listCost: string }[]> {
    // A worker that took this import up because we seemed dead begins by discarding its lines.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('import-lines:' || $1::int, 0))`, [importId]);
    return tx.query(
      `select period, currency, count(*)::int as "lineCount", trim_scale(sum(amount))::text as amount, trim_scale(sum(list_cost))::text as "listCost"
       from charge_lines where import_id = $1 group by period, currency order by period, currency`,
      [importId],
    );
  }

  /**
   * Matches an import's lines with those held of the same source and periods, and stores what was found (domain.md §2). Equal lines are
   * matched first, whatever their order; what is left of a fingerprint is matched by its ordinal and counts as revised.
   */
  async match(tx: Tx, importId: number, source: string, periods: readonly BillingPeriod[], mode: DeliveryMode): Promise<void> {
    if (mode === 'append') return;
    const [held] = await tx.query<{ any: boolean }>(
      `select exists (select 1 from charges where source = $1 and period = any($2) and standing not in ('superseded', 'withdrawn')) as any`,
      [source, periods],
    );
    if (held?.any !== true) return;
    await tx.query(
      `insert into charge_line_matches (import_id, line_no, outcome, old_import_id, old_line_no)
       with fresh as (
         select line_no, period, fingerprint, ${SAME_MONEY('charge_lines')} as money,
           row_number() over (partition by period, fingerprint, ${SAME_MONEY('charge_lines')} order by line_no) as twin
         from charge_lines where import_id = $1),
       held as (
         select import_id, line_no, period, fingerprint, ${SAME_MONEY('charges')} as money,
           row_number() over (partition by period, fingerprint, ${SAME_MONEY('charges')} order by import_id, line_no) as twin
         from charges where source = $2 and period = any($3) and standing not in ('superseded', 'withdrawn')),
       same as (
         select f.line_no, h.import_id as old_import_id, h.line_no as old_line_no
         from fresh f join held h using (period, fingerprint, money, twin)),
       fresh_left as (
         select line_no, period, fingerprint, row_number() over (partition by period, fingerprint order by line_no) as ordinal
         from fresh f where not exists (select 1 from same s where s.line_no = f.line_no)),
       held_left as (
         select import_id, line_no, period, fingerprint, row_number() over (partition by period, fingerprint order by import_id, line_no) as ordinal
         from held h where not exists (select 1 from same s where s.old_import_id = h.import_id and s.old_line_no = h.line_no))
       select $1::int, line_no, 'unchanged', old_import_id, old_line_no from same
       union all
       select $1::int, f.line_no, 'revised', h.import_id, h.line_no from fresh_left f join held_left h using (period, fingerprint, ordinal)`,
      [importId, source, periods],
    );
    if (mode !== 'replace') return;
    // A snapshot speaks for its billing accounts, if it names any, and for all of source × period otherwise.
    await tx.query(
      `insert into charge_line_withdrawals (import_id, old_import_id, old_line_no)
       with accounts as (select distinct billing_account_id as account from charge_lines where import_id = $1 and billing_account_id is not null)
       select $1::int, c.import_id, c.line_no
       from charges c join charge_lines l on l.import_id = c.import_id and l.line_no = c.line_no
       where c.source = $2 and c.period = any($3) and c.standing not in ('superseded', 'withdrawn')
         and (not exists (select 1 from accounts) or l.billing_account_id in (select account from accounts))
         and not exists (select 1 from charge_line_matches m where m.import_id = $1 and m.old_import_id = c.import_id and m.old_line_no = c.line_no)`,
      [importId, source, periods],
    );
  }

  /** What became of the import's lines and of those held before, with money per currency. */
  async outcomes(tx: Tx, importId: number, source: string, periods: readonly BillingPeriod[]): Promise<OutcomeTotal[]> {
    return tx.query<OutcomeTotal>(
      `with lines as (
         select coalesce(m.outcome, 'new') as outcome, l.currency, l.amount, o.amount as previous
         from charge_lines l
         left join charge_line_matches m on m.import_id = l.import_id and m.line_no = l.line_no
         left join charges o on m.outcome = 'revised' and o.import_id = m.old_import_id and o.line_no = m.old_line_no
         where l.import_id = $1),
       others as (
         select case when w.import_id is null then 'kept' else 'withdrawn' end as outcome, c.currency, c.amount, null::numeric as previous
         from charges c
         left join charge_line_withdrawals w on w.import_id = $1 and w.old_import_id = c.import_id and w.old_line_no = c.line_no
         where c.source = $2 and c.period = any($3) and c.standing not in ('superseded', 'withdrawn')
           and not exists (select 1 from charge_line_matches m where m.import_id = $1 and m.old_import_id = c.import_id and m.old_line_no = c.line_no))
       select outcome, currency, count(*)::int as "lineCount", trim_scale(sum(amount))::text as amount, trim_scale(sum(previous))::text as "previousAmount"
       from (select * from lines union all select * from others) told
       group by outcome, currency
       order by array_position(array['new', 'unchanged', 'revised', 'withdrawn', 'kept'], outcome), currency`,
      [importId, source, periods],
    );
  }
}

/** One comparable value for the amounts of a line; numerics print alike once their trailing zeros are gone. */
const SAME_MONEY = (table: string): string =>
  ['amount', 'list_cost', 'contracted_cost', 'effective_cost']
    .map((column) => `coalesce(trim_scale(${table}.${column})::text, '')`)
    .join(` || '|' || `);
