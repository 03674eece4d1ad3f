import { createHash } from 'node:crypto';
import type { Event } from '#event-store';
import type { BillingPeriod } from '#kernel';

export interface DeliveredStatement {
  readonly projectId: string;
  readonly revision: number;
}

/** An email with a PI's statements is to be sent: for the first time, or again because sending failed or somebody asked for it. */
export type DeliveryQueued = Event<
  'DeliveryQueued',
  {
    readonly deliveryId: string;
    readonly period: BillingPeriod;
    readonly piEmail: string;
    readonly recipient: string;
    readonly subject: string;
    readonly statements: readonly DeliveredStatement[];
    /** The same at every attempt, so that a repeat can be told from a second message. */
    readonly messageId: string;
  }
>;
/** The mail server took the message, or in `dev_mode` it was written to a folder. */
export type DeliverySent = Event<'DeliverySent', { deliveryId: string; devMode: boolean; response: string }>;
/** The message could not be sent, and no further attempt follows by itself. */
export type DeliveryFailed = Event<'DeliveryFailed', { deliveryId: string; response: string }>;
/** A statement run that was to send has queued its messages: the outcome that ends its sending. */
export type RunDeliveriesQueued = Event<'RunDeliveriesQueued', { runId: number; period: BillingPeriod; count: number }>;
export type DeliveryEvent = DeliveryQueued | DeliverySent | DeliveryFailed;

export function deliveryStream(deliveryId: string): string {
  return `delivery-${deliveryId}`;
}

export function runDeliveriesStream(runId: number): string {
  return `run-deliveries-${runId}`;
}

/**
 * Made from what is sent: the same statements to the same PI are the same delivery and are never sent twice.
 * @param repeat 0 for the first sending, then the number of the explicit resend
 */
export function deliveryId(period: BillingPeriod, piEmail: string, statements: readonly DeliveredStatement[], repeat: number): string {
  const content = JSON.stringify([period, piEmail, statements.map(({ projectId, revision }) => [projectId, revision]).sort()]);
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 20);
  return `${period}-${digest}${repeat === 0 ? '' : `-${repeat}`}`;
}
