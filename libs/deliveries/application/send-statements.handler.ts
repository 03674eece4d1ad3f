import { Inject, Injectable } from '@nestjs/common';
import { type EventMetadata, EventStore, ProjectionRunner, type RecordedEvent, type StreamAppend } from '#event-store';
import { type JobCatalogue, OnJob } from '#jobs';
import { type BillingPeriod, DomainError, foldIdentifier } from '#kernel';
import { APP_CONFIG, type AppConfig, Database, type Tx } from '#platform';
import { StatementQueries, type StatementRow } from '#statements';
import {
  type DeliveredStatement,
  deliveryId,
  type DeliveryQueued,
  deliveryStream,
  type RunDeliveriesQueued,
  runDeliveriesStream,
} from '../domain/delivery.events.js';
import { DeliveryQueries, type DeliveryRow } from '../infra/delivery.queries.js';
import { type DelegatesRow, MailAddressQueries } from '../infra/mail-address.queries.js';
import { MAIL_ADDRESSES_PROJECTION } from '../projections/mail-addresses.projection.js';
import { MessageComposer } from './message-composer.js';

const WORKER: EventMetadata['actor'] = { kind: 'system', id: 'deliveries' };
const READ_MODELS = ['statements', 'deliveries', MAIL_ADDRESSES_PROJECTION];
const ALL = 100_000;

export interface QueuedDeliveries {
  readonly position: number;
  readonly queued: readonly string[];
  /** Messages of the current statements that were all sent before. */
  readonly alreadySent: number;
}

/** A message that is owed for the current statements. */
interface OwedMessage {
  readonly period: BillingPeriod;
  readonly piEmail: string;
  readonly recipient: string;
  readonly cc: readonly string[];
  readonly statements: readonly StatementRow[];
}

/**
 * Queues one message per PI with all current statements of a period, with copies for the PI's delegates, and one per delegate of single
 * projects with the statements of these. What was sent is not sent again without an explicit resend.
 */
@Injectable()
export class SendStatementsHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly statements: StatementQueries,
    private readonly deliveries: DeliveryQueries,
    private readonly addresses: MailAddressQueries,
    private readonly composer: MessageComposer,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `statement.none` if the period has no statements; `template.failed`, `template.unknown` before anything is queued. */
  async send(period: BillingPeriod, options: { piEmail?: string }, metadata: EventMetadata): Promise<QueuedDeliveries> {
    const owed = await this.owed(period, options);
    if (owed.length === 0) {
      throw new DomainError(
        'statement.none',
        'not-found',
        `There are no statements to send for ${options.piEmail ?? period}; generate them first.`,
      );
    }
    await this.tryFirst(owed);
    return this.database.transaction((tx) => this.queue(tx, owed, metadata));
  }

  /** Sends a message once more, as a delivery of its own. @throws DomainError `delivery.unknown`, `delivery.in-flight`, `statement.none`. */
  async resend(id: string, metadata: EventMetadata): Promise<QueuedDeliveries> {
    const earlier = await this.deliveries.get(id);
    if (earlier.status === 'queued')
      throw new DomainError('delivery.in-flight', 'conflict', `Delivery ${id} is being sent; wait for its outcome.`);
    const message = await this.sameAgain(earlier);
    await this.tryFirst([message]);
    return this.database.transaction(async (tx) => {
      for (let repeat = 1; ; repeat += 1) {
        const next = deliveryId({ ...message, statements: toDelivered(message.statements) }, repeat);
        if ((await this.store.head(deliveryStream(next), tx)).version > 0) continue;
        const position = await this.store.appendEach(tx, [this.queueing(next, 0, message, metadata)]);
        return { position, queued: [next], alreadySent: 0 };
      }
    });
  }

  /** Tries every failed message of a period again: as it was, or with the statements of now if there are newer ones. */
  async resendFailed(period: BillingPeriod, metadata: EventMetadata): Promise<QueuedDeliveries> {
    await this.projections.waitFor(await this.store.lastPosition(), READ_MODELS);
    const failed = await this.deliveries.list({ period, status: 'failed' }, { limit: ALL, offset: 0 });
    const results: QueuedDeliveries[] = [];
    for (const row of failed) {
      const message = await this.sameAgain(row);
      const isSame = JSON.stringify(toDelivered(message.statements)) === JSON.stringify(row.statements);
      results.push(
        await this.database.transaction((tx) =>
          isSame ? this.queueAs(tx, new Map([[row.deliveryId, message]]), metadata) : this.queue(tx, [message], metadata),
        ),
      );
    }
    return combined(results);
  }

  @OnJob('deliveries.queue')
  async queueRun({ runId }: JobCatalogue['deliveries.queue']): Promise<void> {
    await this.projections.waitFor(await this.store.lastPosition(), ['statements']);
    const { period } = await this.statements.run(runId);
    const piEmails = new Set((await this.statements.ofPisInRun(runId)).map(({ piEmail }) => piEmail));
    const owed = (await this.owed(period)).filter(({ piEmail }) => piEmails.has(piEmail));
    await this.tryFirst(owed);
    const metadata: EventMetadata = { actor: WORKER, correlationId: runDeliveriesStream(runId) };
    await this.database.transaction(async (tx) => {
      if ((await this.store.head(runDeliveriesStream(runId), tx)).version > 0) return;
      const { queued } = await this.queue(tx, owed, metadata);
      const outcome: RunDeliveriesQueued = { type: 'RunDeliveriesQueued', data: { runId, period, count: queued.length } };
      await this.store.append(tx, runDeliveriesStream(runId), 0, [outcome], metadata);
    });
  }

  /** The messages that are owed for the current statements of a period, sent or not. */
  async owed(period: BillingPeriod, filter: { piEmail?: string } = {}): Promise<OwedMessage[]> {
    await this.projections.waitFor(await this.store.lastPosition(), READ_MODELS);
    const current = await this.statements.current(period, filter);
    const delegates = await this.addresses.delegates(filter.piEmail);
    const byPi = new Map<string, StatementRow[]>();
    for (const row of current) {
      const own = byPi.get(row.piEmail);
      if (own === undefined) byPi.set(row.piEmail, [row]);
      else own.push(row);
    }
    return [...byPi].flatMap(([piEmail, statements]) => messagesOf(period, piEmail, statements, delegates));
  }

  /** A wrong template is found before a thousand messages wait for it. */
  private async tryFirst([first]: readonly OwedMessage[]): Promise<void> {
    if (first !== undefined) await this.composer.compose({ ...first, deliveryId: 'trial' });
  }

  /** An earlier message with the statements and the delegates of now. @throws DomainError `statement.none`. */
  private async sameAgain({ period, piEmail, recipient, statements }: DeliveryRow): Promise<OwedMessage> {
    const own = (await this.owed(period, { piEmail })).find((message) => message.recipient === recipient);
    if (own !== undefined) return own;
    // Somebody who is no delegate any more: what they were sent, as it is now.
    const projects = new Set(statements.map(({ projectId }) => projectId));
    const current = (await this.statements.current(period, { piEmail })).filter(({ projectId }) => projects.has(projectId));
    if (current.length > 0) return { period, piEmail, recipient, cc: [], statements: current };
    throw new DomainError('statement.none', 'not-found', `${piEmail} has no statement in ${period}; generate it first.`);
  }

  private async queue(tx: Tx, messages: readonly OwedMessage[], metadata: EventMetadata): Promise<QueuedDeliveries> {
    return this.queueAs(
      tx,
      new Map(messages.map((message) => [deliveryId({ ...message, statements: toDelivered(message.statements) }, 0), message])),
      metadata,
    );
  }

  /** @param messages by the id of their delivery */
  private async queueAs(tx: Tx, messages: ReadonlyMap<string, OwedMessage>, metadata: EventMetadata): Promise<QueuedDeliveries> {
    const streams = await this.store.readStreams([...messages.keys()].map(deliveryStream), tx);
    const recorded = (id: string): readonly RecordedEvent[] => streams.get(deliveryStream(id)) ?? [];
    const owed = [...messages].filter(([id]) => isOwed(recorded(id)));
    const position = await this.store.appendEach(
      tx,
      owed.map(([id, message]) => this.queueing(id, recorded(id).length, message, metadata)),
    );
    return { position, queued: owed.map(([id]) => id), alreadySent: messages.size - owed.length };
  }

  private queueing(id: string, expectedVersion: number, message: OwedMessage, metadata: EventMetadata): StreamAppend {
    const { period, piEmail, recipient, cc, statements } = message;
    const data: DeliveryQueued['data'] = {
      deliveryId: id,
      period,
      piEmail,
      recipient,
      cc,
      subject: this.composer.subject(period),
      statements: toDelivered(statements),
      messageId: `<${id}@${this.config.email.fromAddress.split('@').at(-1) ?? 'localhost'}>`,
    };
    return { stream: deliveryStream(id), expectedVersion, events: [{ type: 'DeliveryQueued', data }], metadata };
  }
}

/** A message that failed or was suppressed is owed still; one that is queued or was sent is not. */
function isOwed(recorded: readonly RecordedEvent[]): boolean {
  const last = recorded.at(-1)?.type;
  return last === undefined || last === 'DeliveryFailed' || last === 'DeliverySuppressed';
}

/** The message of a PI, and those of delegates of single projects, who must not see the others. */
function messagesOf(
  period: BillingPeriod,
  piEmail: string,
  statements: readonly StatementRow[],
  delegates: readonly DelegatesRow[],
): OwedMessage[] {
  const own = delegates.filter((row) => row.piEmail === foldIdentifier(piEmail));
  const cc = own.find((row) => row.projectId === null)?.addresses ?? [];
  const projects = new Map<string, StatementRow[]>();
  for (const row of statements) {
    for (const address of own.find(({ projectId }) => projectId === row.projectId)?.addresses ?? []) {
      if (!cc.includes(address)) projects.set(address, [...(projects.get(address) ?? []), row]);
    }
  }
  const copies = [...projects].map(([recipient, rows]) => ({ period, piEmail, recipient, cc: [], statements: rows }));
  return [{ period, piEmail, recipient: piEmail, cc, statements }, ...copies];
}

function combined(results: readonly QueuedDeliveries[]): QueuedDeliveries {
  return {
    position: Math.max(0, ...results.map((result) => result.position)),
    queued: results.flatMap((result) => [...result.queued]),
    alreadySent: results.reduce((sum, { alreadySent }) => sum + alreadySent, 0),
  };
}

function toDelivered(statements: readonly StatementRow[]): DeliveredStatement[] {
  return statements.map(({ projectId, revision }) => ({ projectId, revision }));
}
