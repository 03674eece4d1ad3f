import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { AdjustmentsBooked, AdjustmentsWithdrawn } from '../domain/adjustment.events.js';

/** The list of adjustments. */
@Injectable()
export class AdjustmentsProjection implements Projection {
  readonly name = 'adjustments';
  readonly version = 1;
  readonly tables = ['adjustments'];
  readonly eventTypes = ['AdjustmentsBooked', 'AdjustmentsWithdrawn'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (isEvent<AdjustmentsBooked>(event, 'AdjustmentsBooked')) {
        const { data } = event;
        await tx.query(
          `insert into adjustments (adjustment_id, position, state, period, adjusted_period, charge_id, pi_email, project_id, revision, kind, amount,
             percent, reason, sources, line_count, totals, booked_by, booked_at, file_name, first_line)
           values ($1, $2, 'booked', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
          [
            data.adjustmentId,
            event.position,
            data.period,
            data.adjustedPeriod,
            data.chargeId,
            data.statement?.piEmail ?? null,
            data.statement?.projectId ?? null,
            data.statement?.revision ?? null,
            data.kind,
            data.amount,
            data.percent,
            data.reason,
            data.sources.map(({ source }) => source),
            data.count,
            JSON.stringify(data.totals),
            event.metadata.actor.id,
            event.recordedAt,
            data.restatement?.fileName ?? null,
            Math.min(...data.sources.map(({ firstLine }) => firstLine)),
          ],
        );
      } else if (isEvent<AdjustmentsWithdrawn>(event, 'AdjustmentsWithdrawn')) {
        await tx.query(
          `update adjustments set state = 'withdrawn', ended_by = $2, ended_at = $3, end_reason = $4 where adjustment_id = $1`,
          [event.data.adjustmentId, event.metadata.actor.id, event.recordedAt, event.data.reason],
        );
      }
    }
  }
}
