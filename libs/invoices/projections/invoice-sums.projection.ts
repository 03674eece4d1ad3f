import { Injectable } from '@nestjs/common';
import type { Projection, RecordedEvent } from '#event-store';
import { makeRoomForBulkWork, type Tx } from '#platform';
import { invoiceKeySql } from '../infra/invoice-key-sql.js';

export const INVOICE_SUMS_PROJECTION = 'invoice-sums';

/** Beyond so many bytes an id is cut and told apart by a digest, because an index takes no longer keys. No announced invoice is that long. */
const MAX_KEY_BYTES = 256;

const SHORT = (text: string): string =>
  `case when octet_length(${text}) > ${MAX_KEY_BYTES} then left(${text}, 60) || '…' || md5(${text}) else ${text} end`;

/** @param lines SQL of lines `l` @returns SQL of their sums by invoice, with the columns `importId` and those of invoice_sums. */
const sumsOf = (lines: string): string => `
  select g.import_id, g.period, ${SHORT(invoiceKeySql('g.invoice_id'))} collate "C" as invoice_key, g.currency, min(${SHORT('g.invoice_id collate "C"')}) as invoice_id,
    sum(g.line_count)::int as line_count, sum(g.unpriced_count)::int as unpriced_count, trim_scale(sum(g.billed)) as billed
  from (select l.import_id, l.period, coalesce(l.invoice_id, '') as invoice_id, l.currency, count(*) as line_count,
          count(*) filter (where l.billed_cost is null) as unpriced_count, coalesce(sum(l.billed_cost), 0) as billed
        ${lines} group by 1, 2, 3, 4) g
  group by 1, 2, 3, 4`;

const INSERT = (lines: string): string => `
  insert into invoice_sums (import_id, period, invoice_key, currency, invoice_id, line_count, unpriced_count, billed, source)
  select s.*, $2::text from (${sumsOf(lines)}) s`;

/**
 * What the lines that still stand come to per invoice, import by import: an import that is withdrawn takes its rows with it. It is told from the events of
 * imports and what they found alone, because what people decide on charges is no business of the provider's; adjustments and the parts of divided charges are
 * in no file and no invoice.
 */
@Injectable()
export class InvoiceSumsProjection implements Projection {
  readonly name = INVOICE_SUMS_PROJECTION;
  readonly version = 1;
  readonly tables = ['invoice_sums'];
  readonly eventTypes = ['ImportRecorded', 'ImportWithdrawn'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      const { data } = event as RecordedEvent<ImportRecordedLike>;
      if (event.type === 'ImportWithdrawn') await tx.query('delete from invoice_sums where import_id = $1', [data.importId]);
      else await this.record(tx, data);
    }
  }

  private async record(tx: Tx, { importId, source, report: { outcomes } }: ImportRecordedLike['data']): Promise<void> {
    const has = (...names: readonly string[]): boolean => outcomes.some(({ outcome }) => names.includes(outcome));
    // All of it was there already.
    if (outcomes.length > 0 && !has('new', 'revised', 'withdrawn')) return;
    await makeRoomForBulkWork(tx);
    // Nothing in a table says of a million lines that they are unchanged, if none is.
    const unchanged = has('unchanged')
      ? `and not exists (select 1 from charge_line_matches m where m.import_id = l.import_id and m.line_no = l.line_no and m.outcome = 'unchanged')`
      : '';
    await tx.query(INSERT(`from charge_lines l where l.import_id = $1 ${unchanged}`), [importId, source]);
    if (has('revised', 'withdrawn')) await this.takeAway(tx, importId);
  }

  /** The lines that an import revised or withdrew stand no longer. */
  private async takeAway(tx: Tx, importId: number): Promise<void> {
    const replaced = `(
      select old_import_id, old_line_no from charge_line_matches where import_id = $1 and outcome = 'revised'
      union all select old_import_id, old_line_no from charge_line_withdrawals where import_id = $1) r`;
    const imports = await tx.query<{ importId: number }>(`select distinct old_import_id as "importId" from ${replaced}`, [importId]);
    const touched = imports.map((row) => row.importId);
    // Named, so that the lines of a year of daily deliveries are not read along.
    const lines = `from ${replaced}
        join charge_lines l on l.import_id = r.old_import_id and l.line_no = r.old_line_no and l.import_id = any($2)`;
    await tx.query(
      `update invoice_sums s set line_count = s.line_count - r.line_count, unpriced_count = s.unpriced_count - r.unpriced_count,
         billed = trim_scale(s.billed - r.billed)
       from (${sumsOf(lines)}) r
       where s.import_id = r.import_id and s.period = r.period and s.invoice_key = r.invoice_key and s.currency = r.currency`,
      [importId, touched],
    );
    await tx.query('delete from invoice_sums where import_id = any($1) and line_count = 0', [touched]);
  }
}

/** What this projection reads of an import's events; the events themselves belong to the imports. */
interface ImportRecordedLike {
  type: string;
  data: { importId: number; source: string; report: { outcomes: readonly { outcome: string }[] } };
}
