import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type EventMetadata, EventStore, isEvent, isStreamConflict, type RecordedEvent, type StreamAppend } from '#event-store';
import { Database } from '#platform';
import { type DeliveryDeferred, type DeliveryEvent, type DeliveryQueued, deliveryStream } from '../domain/delivery.events.js';

/** Long enough for the answers of several connections to come together, short beside what a server takes for a message. */
const LINGER_MS = 15;

const WORKER: EventMetadata['actor'] = { kind: 'system', id: 'deliveries' };

export interface OpenDelivery {
  readonly data: DeliveryQueued['data'];
  /** Position of the event that queued it. */
  readonly position: number;
  /** Of its stream now. */
  readonly version: number;
  /** What the server answered when it put the message off last; null: it has not. */
  readonly deferral: string | null;
}

interface Outcome {
  readonly open: OpenDelivery;
  readonly event: DeliveryEvent;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Deliveries that wait for their outcome, and the record of it, straight from the log and to it. Outcomes that come while others are being
 * recorded, or a moment later, are recorded together: a commit each would take longer than sending.
 */
@Injectable()
export class OpenDeliveries {
  private waiting: Outcome[] = [];
  private isRecording = false;

  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
  ) {}

  /** The deliveries as they were queued last, without those that have ended since. */
  async of(deliveryIds: readonly string[]): Promise<OpenDelivery[]> {
    const streams = await this.store.readStreams(deliveryIds.map(deliveryStream));
    return [...new Set(deliveryIds)].flatMap((deliveryId) => openIn(streams.get(deliveryStream(deliveryId)) ?? []));
  }

  /**
   * Records what became of an attempt. Another one may have done so meanwhile: if it ended the delivery its outcome stays, if it was put
   * off only, this comes after it.
   */
  async record(open: OpenDelivery, event: DeliveryEvent): Promise<void> {
    await new Promise<void>((done, failed) => {
      this.waiting.push({ open, event, done, failed });
      if (!this.isRecording) void this.recordWaiting();
    });
  }

  private async recordWaiting(): Promise<void> {
    this.isRecording = true;
    while (this.waiting.length > 0) {
      await pause(LINGER_MS);
      const outcomes = this.waiting;
      this.waiting = [];
      try {
        await this.database.transaction((tx) =>
          this.store.appendEach(
            tx,
            outcomes.map(({ open, event }) => appendTo(open, open.version, event)),
          ),
        );
        for (const { done } of outcomes) done();
      } catch {
        // One of them failed all: each for itself says which.
        for (const { open, event, done, failed } of outcomes) await this.recordAlone(open, event).then(done, failed);
      }
    }
    this.isRecording = false;
  }

  private async recordAlone(open: OpenDelivery, event: DeliveryEvent): Promise<void> {
    for (let current: OpenDelivery | undefined = open; current?.position === open.position;) {
      const { version } = current;
      try {
        await this.database.transaction((tx) => this.store.appendEach(tx, [appendTo(open, version, event)]));
        return;
      } catch (error) {
        if (!isStreamConflict(error)) throw error;
        [current] = await this.of([open.data.deliveryId]);
      }
    }
  }
}

function appendTo({ data: { deliveryId } }: OpenDelivery, expectedVersion: number, event: DeliveryEvent): StreamAppend {
  const stream = deliveryStream(deliveryId);
  return { stream, expectedVersion, events: [event], metadata: { actor: WORKER, correlationId: stream } };
}

function openIn(recorded: readonly RecordedEvent[]): OpenDelivery[] {
  const isDeferral = (event: RecordedEvent): event is RecordedEvent<DeliveryDeferred> =>
    isEvent<DeliveryDeferred>(event, 'DeliveryDeferred');
  const queued = recorded.findLast((event) => !isDeferral(event));
  if (queued === undefined || !isEvent<DeliveryQueued>(queued, 'DeliveryQueued')) return [];
  const last = recorded.at(-1);
  const deferral = last !== undefined && isDeferral(last) ? last.data.response : null;
  return [{ data: queued.data, position: queued.position, version: recorded.length, deferral }];
}
