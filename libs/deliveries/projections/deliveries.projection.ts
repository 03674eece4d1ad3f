import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { DeliveryFailed, DeliveryQueued, DeliverySent } from '../domain/delivery.events.js';

/** The email log: one row per message with how it ended. */
@Injectable()
export class DeliveriesProjection implements Projection {
  readonly name = 'deliveries';
  readonly version = 1;
  readonly tables = ['deliveries'];
  readonly eventTypes = ['DeliveryQueued', 'DeliverySent', 'DeliveryFailed'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (isEvent<DeliveryQueued>(event, 'DeliveryQueued')) {
        const { data } = event;
        await tx.query(
          `insert into deliveries (delivery_id, period, pi_email, recipient, subject, status, statements, message_id, queued_by, queued_at)
           values ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9)
           on conflict (delivery_id) do update set status = 'queued', response = null, ended_at = null`,
          [
            data.deliveryId,
            data.period,
            data.piEmail,
            data.recipient,
            data.subject,
            JSON.stringify(data.statements),
            data.messageId,
            event.metadata.actor.id,
            event.recordedAt,
          ],
        );
      } else if (isEvent<DeliverySent>(event, 'DeliverySent')) {
        await this.end(tx, event, event.data.devMode ? 'dev_mode' : 'sent');
      } else if (isEvent<DeliveryFailed>(event, 'DeliveryFailed')) {
        await this.end(tx, event, 'failed');
      }
    }
  }

  private async end(tx: Tx, event: RecordedEvent<DeliverySent | DeliveryFailed>, status: string): Promise<void> {
    await tx.query('update deliveries set status = $2, response = $3, ended_at = $4 where delivery_id = $1', [
      event.data.deliveryId,
      status,
      event.data.response,
      event.recordedAt,
    ]);
  }
}
