import { finished } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import pgCopyStreams from 'pg-copy-streams';
import type { BillingPeriod } from '#kernel';
import { Database, type Tx } from '#platform';
import type { DeliveryMode } from '#sources';
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

  /** Until `tx` ends nobody discards the import's lines: a worker that takes it up because we seem dead begins with that. */
  async holdStaged(tx: Tx, importId: number): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('import-lines:' || $1::int, 0))`, [importId]);
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
}

/** One comparable value for the amounts of a line; numerics print alike once their trailing zeros are gone. */
const SAME_MONEY = (table: string): string =>
  ['amount', 'list_cost', 'contracted_cost', 'effective_cost']
    .map((column) => `coalesce(trim_scale(${table}.${column})::text, '')`)
    .join(` || '|' || `);
