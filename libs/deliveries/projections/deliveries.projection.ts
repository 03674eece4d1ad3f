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
    for (const run of runsOf(events)) {
      const [first] = run;
      if (first.type === 'DeliveryQueued') await this.queue(tx, run as readonly RecordedEvent<DeliveryQueued>[]);
      else if (first.type === 'DeliveryDeferred') await this.defer(tx, run as readonly RecordedEvent<DeliveryDeferred>[]);
      else await this.end(tx, run as readonly RecordedEvent<DeliveryOutcome>[]);
    }
  }

  private async queue(tx: Tx, events: readonly RecordedEvent<DeliveryQueued>[]): Promise<void> {
    const rows = events.map(({ data, metadata, recordedAt }) => ({ ...data, by: metadata.actor.id, at: recordedAt }));
    await tx.query(
      `insert into deliveries (delivery_id, period, pi_email, recipient, cc, subject, status, statements, message_id, queued_by, queued_at)
       select "deliveryId", period, "piEmail", recipient, cc, subject, 'queued', statements, "messageId", "by", at
       from jsonb_to_recordset($1::jsonb) as q("deliveryId" text, period text, "piEmail" text, recipient text, cc jsonb, subject text, statements jsonb,
         "messageId" text, "by" text, at timestamptz)
       on conflict (delivery_id) do update set status = 'queued', cc = excluded.cc, response = null, ended_at = null, copies = '[]',
         by_link = false, attempts = 0, address_refused = false`,
      [JSON.stringify(rows)],
    );
  }

  private async defer(tx: Tx, events: readonly RecordedEvent<DeliveryDeferred>[]): Promise<void> {
    await tx.query(
      `update deliveries d set attempts = attempts + 1, response = e.response
       from jsonb_to_recordset($1::jsonb) as e("deliveryId" text, response text) where d.delivery_id = e."deliveryId"`,
      [JSON.stringify(events.map(({ data }) => data))],
    );
  }

  private async end(tx: Tx, events: readonly RecordedEvent<DeliveryOutcome>[]): Promise<void> {
    const rows = events.map((event) => ({ deliveryId: event.data.deliveryId, at: event.recordedAt, ...endingOf(event) }));
    await tx.query(
      `update deliveries d set status = e.status, response = e.response, ended_at = e.at, attempts = attempts + e.tries,
         copies = coalesce(e.copies, '[]'), by_link = coalesce(e."byLink", false), address_refused = coalesce(e."addressRefused", false)
       from jsonb_to_recordset($1::jsonb) as e("deliveryId" text, at timestamptz, status text, response text, tries int, copies jsonb, "byLink" boolean,
         "addressRefused" boolean)
       where d.delivery_id = e."deliveryId"`,
      [JSON.stringify(rows)],
    );
  }
}

type Run = [RecordedEvent, ...RecordedEvent[]];

/** Neighbours that one statement can apply: of one kind, and none about a delivery that another of them is about. */
function runsOf(events: readonly RecordedEvent[]): Run[] {
  const runs: Run[] = [];
  let known = new Set<string>();
  let kind = '';
  for (const event of events) {
    const own = event.type === 'DeliveryQueued' || event.type === 'DeliveryDeferred' ? event.type : 'ended';
    const run = runs.at(-1);
    if (run !== undefined && own === kind && !known.has(event.stream)) run.push(event);
    else {
      runs.push([event]);
      known = new Set();
      kind = own;
    }
    known.add(event.stream);
  }
  return runs;
}

function endingOf(event: RecordedEvent<DeliveryOutcome>): Ending {
  if (isEvent<DeliverySent>(event, 'DeliverySent')) {
    const { devMode, response, copies, byLink } = event.data;
    return { status: devMode ? 'dev_mode' : 'sent', response, tries: 1, copies, byLink };
  }
  if (isEvent<DeliveryFailed>(event, 'DeliveryFailed')) {
    const { response, addressRefused, attemptsUsedUp } = event.data;
    // The last attempt is counted already if the message was put off until there was none left.
    return { status: 'failed', response, tries: attemptsUsedUp ? 0 : 1, addressRefused };
  }
  const { address, reason } = (event as RecordedEvent<DeliverySuppressed>).data;
  return { status: 'suppressed', response: `${address} is on the suppression list: ${reason}`, tries: 0 };
}

interface Ending {
  readonly status: string;
  readonly response: string;
  readonly tries: number;
  readonly copies?: readonly DeliveredCopy[];
  readonly byLink?: boolean;
  readonly addressRefused?: boolean;
}
