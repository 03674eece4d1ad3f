import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { ChargesSplit, SplitsUndone } from '../domain/split.events.js';

/** The list of splits. */
@Injectable()
export class SplitsProjection implements Projection {
  readonly name = 'splits';
  readonly version = 1;
  readonly tables = ['splits'];
  readonly eventTypes = ['ChargesSplit', 'SplitsUndone'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (isEvent<ChargesSplit>(event, 'ChargesSplit')) {
        const { data } = event;
        await tx.query(
          `insert into splits (split_id, position, period, rule, parts, note, sources, charge_count, amounts, line_count, undone_count, split_by, split_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12)`,
          [
            ...[data.splitId, event.position, data.period, data.rule, JSON.stringify(data.parts), data.note],
            ...[data.sources.map(({ source }) => source), data.count, JSON.stringify(data.amounts), data.lineCount],
            ...[event.metadata.actor.id, event.recordedAt],
          ],
        );
      } else if (isEvent<SplitsUndone>(event, 'SplitsUndone')) {
        await tx.query(
          `update splits s set undone_count = undone_count + u.count
           from jsonb_to_recordset($1::jsonb) as u("splitId" int, count int) where s.split_id = u."splitId"`,
          [JSON.stringify(event.data.splits)],
        );
      }
    }
  }
}
