import { createHash } from 'node:crypto';
import type { Event } from '#event-store';
import type { BillingPeriod } from '#kernel';

export interface DeliveredStatement {
  readonly projectId: string;
  readonly revision: number;
}

/** What became of a copy to a delegate. */
export interface DeliveredCopy {
  readonly address: string;
  readonly taken: boolean;
  /** The server's words, or why it was not sent. */
  readonly response: string;
}

/** An email with a PI's statements is to be sent: for the first time, or again because sending failed or somebody asked for it. */
export type DeliveryQueued = Event<
  'DeliveryQueued',
  {
    readonly deliveryId: string;
    readonly period: BillingPeriod;
    readonly piEmail: string;
    /** The PI, or a delegate who gets the statements of single projects. */
    readonly recipient: string;
    /** Delegates of the PI, who get a copy. */
    readonly cc: readonly string[];
    readonly subject: string;
    readonly statements: readonly DeliveredStatement[];
    /** The same at every attempt, so that a repeat can be told from a second message. */
    readonly messageId: string;
  }
>;
/** The mail server put the message off, or could not be reached; another attempt follows by itself. */
export type DeliveryDeferred = Event<'DeliveryDeferred', { deliveryId: string; attempt: number; response: string }>;
/** The mail server took the message, or in `dev_mode` it was written to a folder. */
export type DeliverySent = Event<
  'DeliverySent',
  {
    deliveryId: string;
    devMode: boolean;
    response: string;
    copies: readonly DeliveredCopy[];
    /** The PDFs were too large to be attached: the message has links to them. */
    byLink: boolean;
  }
>;
/** The message could not be sent, and no further attempt follows by itself. */
export type DeliveryFailed = Event<
  'DeliveryFailed',
  {
    deliveryId: string;
    response: string;
    /** The server refuses this very address for good. */
    addressRefused: boolean;
    /** It put the message off to the last. */
    attemptsUsedUp: boolean;
  }
>;
/** The message was not sent, because its addressee is on the suppression list. */
export type DeliverySuppressed = Event<'DeliverySuppressed', { deliveryId: string; address: string; reason: string }>;
/** A statement run that was to send has queued its messages: the outcome that ends its sending. */
export type RunDeliveriesQueued = Event<'RunDeliveriesQueued', { runId: number; period: BillingPeriod; count: number }>;
export type DeliveryOutcome = DeliverySent | DeliveryFailed | DeliverySuppressed;
export type DeliveryEvent = DeliveryQueued | DeliveryDeferred | DeliveryOutcome;

export function deliveryStream(deliveryId: string): string {
  return `delivery-${deliveryId}`;
}

export function runDeliveriesStream(runId: number): string {
  return `run-deliveries-${runId}`;
}

export interface DeliveryIdentity {
  readonly period: BillingPeriod;
  readonly piEmail: string;
  readonly recipient: string;
  readonly statements: readonly DeliveredStatement[];
}

/**
 * Made from what is sent: the same statements to the same person are the same delivery and are never sent twice.
 * @param repeat 0 for the first sending, then the number of the explicit resend
 */
export function deliveryId({ period, piEmail, recipient, statements }: DeliveryIdentity, repeat: number): string {
  const projects = statements.map(({ projectId, revision }) => [projectId, revision]).sort();
  const content = JSON.stringify([period, piEmail, projects, ...(recipient === piEmail ? [] : [recipient])]);
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 20);
  return `${period}-${digest}${repeat === 0 ? '' : `-${repeat}`}`;
}
