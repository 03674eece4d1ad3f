import { Injectable } from '@nestjs/common';
import type { Projection, RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { SourceEvent } from '../domain/source.events.js';

/** The list of sources. */
@Injectable()
export class SourcesProjection implements Projection {
  readonly name = 'sources';
  readonly version = 2;
  readonly tables = ['sources'];
  readonly eventTypes = ['SourceRegistered', 'SourceChanged'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const { data } of events as readonly RecordedEvent<SourceEvent>[]) {
      await tx.query(
        `insert into sources (name, display_name, pattern, fund_org, account_code, delivery_mode, cost_basis, date_format, line_id_column,
           inclusive_period_ends, enabled)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (name) do update set display_name = $2, pattern = $3, fund_org = $4, account_code = $5, delivery_mode = $6,
           cost_basis = $7, date_format = $8, line_id_column = $9, inclusive_period_ends = $10, enabled = $11`,
        [
          data.name,
          data.displayName,
          data.pattern,
          data.fundOrg,
          data.accountCode,
          data.deliveryMode,
          data.costBasis,
          data.dateFormat,
          data.lineIdColumn,
          data.inclusivePeriodEnds,
          data.enabled,
        ],
      );
    }
  }
}
