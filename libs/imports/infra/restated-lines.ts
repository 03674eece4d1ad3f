import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#platform';
import type { StoredTotal } from './line-comparison.js';

/** Lines of files that restate a finalized period, from when they are read until they were compared. */
@Injectable()
export class RestatedLines {
  /** Where {@link LineStore.copy} puts them. */
  readonly table = 'restated_lines';

  constructor(private readonly database: Database) {}

  async discard(importId: number): Promise<void> {
    await this.database.transaction((tx) => this.discardHeld(tx, importId));
  }

  /** In the transaction that has done with them; waits for whoever compares them. */
  async discardHeld(tx: Tx, importId: number): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('import-lines:' || $1::int, 0))`, [importId]);
    await tx.query('delete from restated_lines where import_id = $1', [importId]);
  }

  async totals(tx: Tx, importId: number): Promise<StoredTotal[]> {
    return tx.query<StoredTotal>(
      `select period, currency, count(*)::int as "lineCount", trim_scale(sum(amount))::text as amount, trim_scale(sum(list_cost))::text as "listCost"
       from restated_lines where import_id = $1 group by period, currency`,
      [importId],
    );
  }
}
