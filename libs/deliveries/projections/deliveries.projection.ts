import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type {
  DeliveredCopy,
  DeliveryDeferred,
  DeliveryFailed,
  DeliveryOutcome,
  DeliveryQueued,
  DeliverySent,
  DeliverySuppressed,
} from '../domain/delivery.events.js';

/** The email log: one row per message with how it ended. */
@Injectable()
export class DeliveriesProjection implements Projection {
  readonly name = 'deliveries';
  readonly version = 2;
  readonly tables = ['deliveries'];
  readonly eventTypes = ['DeliveryQueued', 'DeliveryDeferred', 'DeliverySent', 'DeliveryFailed', 'DeliverySuppressed'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (isEvent<DeliveryQueued>(event, 'DeliveryQueued')) {
        const { data } = event;
        await tx.query(
          `insert into deliveries (delivery_id, period, pi_email, recipient, cc, subject, status, statements, message_id, queued_by, queued_at)
           values ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9, $10)
           on conflict (delivery_id) do update set status = 'queued', cc = excluded.cc, response = null, ended_at = null, copies = '[]',
             by_link = false, attempts = 0, address_refused = false`,
          [
            ...[data.deliveryId, data.period, data.piEmail, data.recipient, JSON.stringify(data.cc), data.subject],
            ...[JSON.stringify(data.statements), data.messageId, event.metadata.actor.id, event.recordedAt],
          ],
        );
      } else if (isEvent<DeliveryDeferred>(event, 'DeliveryDeferred')) {
        const { deliveryId, response } = event.data;
        await tx.query('update deliveries set attempts = attempts + 1, response = $2 where delivery_id = $1', [deliveryId, response]);
      } else if (isEvent<DeliverySent>(event, 'DeliverySent')) {
        const { devMode, response, copies, byLink } = event.data;
        await this.end(tx, event, { status: devMode ? 'dev_mode' : 'sent', response, tries: 1, copies, byLink });
      } else if (isEvent<DeliveryFailed>(event, 'DeliveryFailed')) {
        const { response, addressRefused, attemptsUsedUp } = event.data;
        // The last attempt is counted already if the message was put off until there was none left.
        await this.end(tx, event, { status: 'failed', response, tries: attemptsUsedUp ? 0 : 1, addressRefused });
      } else if (isEvent<DeliverySuppressed>(event, 'DeliverySuppressed')) {
        const { address, reason } = event.data;
        await this.end(tx, event, { status: 'suppressed', response: `${address} is on the suppression list: ${reason}`, tries: 0 });
      }
    }
  }

  private async end(tx: Tx, event: RecordedEvent<DeliveryOutcome>, end: Ending): Promise<void> {
    await tx.query(
      `update deliveries set status = $2, response = $3, ended_at = $4, attempts = attempts + $5, copies = $6, by_link = $7, address_refused = $8
       where delivery_id = $1`,
      [
        ...[event.data.deliveryId, end.status, end.response, event.recordedAt, end.tries],
        ...[JSON.stringify(end.copies ?? []), end.byLink ?? false, end.addressRefused ?? false],
      ],
    );
  }
}

interface Ending {
  readonly status: string;
  readonly response: string;
  readonly tries: number;
  readonly copies?: readonly DeliveredCopy[];
  readonly byLink?: boolean;
  readonly addressRefused?: boolean;
}
