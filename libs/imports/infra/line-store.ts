import { finished, pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { escapeLiteral, type PoolClient } from 'pg';
import pgCopyStreams from 'pg-copy-streams';
import { CHARGE_LINE_COLUMNS } from '#charge-lines';
import { type BillingPeriod, DomainError } from '#kernel';
import { Database, hasSqlState, makeRoomForBulkWork, type Tx } from '#platform';
import type { DeliveryMode } from '#sources';

/** With fewer lines than held ones by this factor, leaving out what can't match costs less than sorting it. */
const SMALL_PART = 4;

/** What an import's lines are matched with, and how. */
export interface Matching {
  readonly source: string;
  readonly periods: readonly BillingPeriod[];
  readonly mode: DeliveryMode;
  /** The source declares a column that identifies its lines. */
  readonly byLineId: boolean;
  /** Of the import. */
  readonly lineCount: number;
}

const RESTRICT_VIOLATION = '23001';

/** How many lines of an import were there already, with the same amounts or with others. */
export interface MatchedLines {
  readonly unchanged: number;
  readonly revised: number;
}

/** Of charges `c`: adjustments and the parts of divided charges are in no file, and no file states them again. */
const FROM_A_FILE = 'c.adjusts_import_id is null and c.part_of_import_id is null';

const NONE_MATCHED: MatchedLines = { unchanged: 0, revised: 0 };

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

  /**
   * Copies encoded lines in a transaction of its own; they stay invisible until their import is recorded (docs/adr/0004). It doesn't wait for
   * the disk: recording the import does, and what is on disk then includes all that was written before.
   * @throws DomainError `import.period-shut` if a period was shut while the file was read.
   */
  async copy(partition: string, encodedLines: Buffer): Promise<void> {
    try {
      await this.database.withConnection(async (client) => {
        await client.query('begin; set local synchronous_commit = off');
        const sink = client.query(pgCopyStreams.from(`copy ${partition} (${CHARGE_LINE_COLUMNS.join(', ')}) from stdin`));
        sink.end(encodedLines);
        await finished(sink);
        await client.query('commit');
      });
    } catch (error) {
      throw shutMeanwhile(error) ?? error;
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
  async match(tx: Tx, importId: number, { source, periods, mode, byLineId, lineCount }: Matching): Promise<MatchedLines> {
    if (mode === 'append') return NONE_MATCHED;
    const [balance] = await tx.query<{ lineCount: number }>(
      `select coalesce(sum(line_count), 0)::int as "lineCount" from ledger_balances
       where source = $1 and period = any($2) and standing not in ('superseded', 'withdrawn')`,
      [source, periods],
    );
    const heldLineCount = balance?.lineCount ?? 0;
    if (heldLineCount === 0) return NONE_MATCHED;
    const isSmallPart = lineCount * SMALL_PART < heldLineCount;
    const held = `c.source = ${escapeLiteral(source)} and c.period in (${periods.map(escapeLiteral).join(', ')}) and c.standing not in ('superseded', 'withdrawn')
      and ${FROM_A_FILE} ${isSmallPart ? `and c.fingerprint in (select fingerprint from charge_lines where import_id = ${importId})` : ''}`;
    const unchanged = await this.storeUnchanged(tx, importId, held, byLineId);
    await planForBulk(tx.client);
    const revised = unchanged < lineCount && unchanged < heldLineCount ? await this.storeRevised(tx, importId, held) : 0;
    if (mode === 'replace') await this.storeWithdrawals(tx, importId, source, periods);
    await tx.query('set local enable_nestloop to default');
    return { unchanged, revised };
  }

  /**
   * Equal lines, whatever their order; twins are told apart by counting them. Most re-imports are nothing else, so it is a statement of its own, and what it
   * leaves is looked for only if it leaves anything. One connection finds them while the other stores them: lines are staged, and charges up to date, in
   * transactions that are through.
   * @param held SQL condition on charges `c` that an import may restate
   * @returns how many lines are unchanged
   */
  private async storeUnchanged(tx: Tx, importId: number, held: string, byLineId: boolean): Promise<number> {
    const said = byLineId ? SAID : `''`;
    return this.database.snapshot(async ({ client: finder }) => {
      await planForBulk(finder);
      const found = finder.query(
        pgCopyStreams.to(`copy (
          select ${importId}, f.line_no, 'unchanged', h.import_id, h.line_no
          from (
            select *, row_number() over (partition by fingerprint, period, ${MONEY_KEY} order by line_no) as twin
            from (select line_no, period, fingerprint, ${MONEY}, ${said} as said from charge_lines l where import_id = ${importId}) lines) f
          join (
            select *, row_number() over (partition by fingerprint, period, ${MONEY_KEY} order by import_id, line_no) as twin
            from (select import_id, line_no, period, fingerprint, ${MONEY},
                    ${byLineId ? `(select ${SAID} from charge_lines l where l.import_id = c.import_id and l.line_no = c.line_no)` : said} as said
                  from charges c where ${held}) charges) h using (fingerprint, period, ${MONEY_KEY}, twin)
          -- In the order of the primary key, whose tree then grows at one end.
          order by f.line_no) to stdout`),
      );
      const stored = tx.client.query(
        pgCopyStreams.from('copy charge_line_matches (import_id, line_no, outcome, old_import_id, old_line_no) from stdin'),
      );
      await pipeline(found, stored);
      return stored.rowCount;
    });
  }

  /** What is left of a fingerprint, on both sides, by its ordinal. */
  private async storeRevised(tx: Tx, importId: number, held: string): Promise<number> {
    const { rowCount } = await tx.client.query(
      `insert into charge_line_matches (import_id, line_no, outcome, old_import_id, old_line_no)
       select $1::int, f.line_no, 'revised', h.import_id, h.line_no
       from (
         select line_no, period, fingerprint, row_number() over (partition by fingerprint, period order by line_no) as ordinal
         from charge_lines l
         where import_id = $1 and not exists (select 1 from charge_line_matches m where m.import_id = $1 and m.line_no = l.line_no)) f
       join (
         select import_id, line_no, period, fingerprint, row_number() over (partition by fingerprint, period order by import_id, line_no) as ordinal
         from charges c
         where ${held} and not exists (
           select 1 from charge_line_matches m where m.import_id = $1 and m.old_import_id = c.import_id and m.old_line_no = c.line_no)) h
       using (fingerprint, period, ordinal)
       order by f.line_no`,
      [importId],
    );
    return rowCount ?? 0;
  }

  /** A snapshot speaks for its billing accounts, if it names any, and for all of source × period otherwise. */
  private async storeWithdrawals(tx: Tx, importId: number, source: string, periods: readonly BillingPeriod[]): Promise<void> {
    await tx.query(
      `insert into charge_line_withdrawals (import_id, old_import_id, old_line_no)
       with accounts as (select distinct billing_account_id as account from charge_lines where import_id = $1 and billing_account_id is not null)
       select $1::int, c.import_id, c.line_no
       from charges c
       where c.source = $2 and c.period = any($3) and c.standing not in ('superseded', 'withdrawn') and ${FROM_A_FILE}
         and (not exists (select 1 from accounts) or
              (select l.billing_account_id from charge_lines l where l.import_id = c.import_id and l.line_no = c.line_no) in (select account from accounts))
         and not exists (select 1 from charge_line_matches m where m.import_id = $1 and m.old_import_id = c.import_id and m.old_line_no = c.line_no)`,
      [importId, source, periods],
    );
  }
}

/** What the trigger on lines says of periods that take none, as the verdict on the file that it is. */
function shutMeanwhile(error: unknown): DomainError | undefined {
  if (!hasSqlState(error, RESTRICT_VIOLATION)) return undefined;
  const shut = /^charge lines are refused: (period .*)$/.exec(error.message)?.[1];
  if (shut === undefined) return undefined;
  return new DomainError(
    'import.period-shut',
    'conflict',
    `While the file was read, its lines could no longer be stored: ${shut}. Nothing was stored. Reopen the period and import the file again.`,
  );
}

/**
 * Until autovacuum has counted the lines that were just copied, the planner takes them for a handful and would compare each with each.
 */
async function planForBulk(client: PoolClient): Promise<void> {
  await makeRoomForBulkWork(client);
  await client.query('set local enable_nestloop = off');
}

/** The amounts of a line under names that join: a null never equals a null, and no amount is NaN. */
const MONEY = `currency, amount, list_cost, coalesce(contracted_cost, 'NaN') as contracted_key, coalesce(effective_cost, 'NaN') as effective_key`;
const MONEY_KEY = 'currency, amount, list_cost, contracted_key, effective_key, said';

/**
 * What else of a line reaches a bill, or an invoice. Columns tell lines apart where no line id does, so equal fingerprints say the same; a line id says
 * nothing of them, and a charge whose PI was put right by its source must not stay with the wrong one, nor one that was put on an invoice without it. It is what the source says that counts: where
 * an attribution rule said something else, on either side, it is held against what the tags say, so that a new rule makes no line a revised one.
 */
const SAID = `jsonb_build_array(
  coalesce(l.attribution_by_tags::jsonb - 1, jsonb_build_array(l.pi_email, l.project_id, l.fund_org, l.cost_center, l.account_code)), l.service_name, l.resource_id, l.resource_name,
  l.charge_period_start, l.charge_category, l.charge_description, l.invoice_id, l.reference_1, l.reference_2, l.end_date, l.reconciliation_end)::text`;
