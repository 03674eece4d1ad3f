import { Inject, Injectable } from '@nestjs/common';
import { ProjectionRunner } from '#event-store';
import { type JobCatalogue, type JobContext, OnJob, OnJobExhausted } from '#jobs';
import { type BillingPeriod, DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig, MAIL_TRANSPORT, MailError, type MailMessage, type MailTransport, Turns } from '#platform';
import { StatementQueries, type StatementRow } from '#statements';
import type { DeliveredCopy, DeliveryOutcome, DeliveryQueued, DeliverySent, DeliverySuppressed } from '../domain/delivery.events.js';
import { DeliveryQueries } from '../infra/delivery.queries.js';
import { MailAddressQueries } from '../infra/mail-address.queries.js';
import { MessageComposer } from './message-composer.js';
import { OpenDeliveries, type OpenDelivery } from './open-deliveries.js';

/** Messages in hand for each connection: one on its way, and the next one put together meanwhile. More would only hold their PDFs in memory. */
const IN_HAND_PER_CONNECTION = 2;
/** What the log said about addresses is asked again after this: a batch waits for its server, and somebody may be taken off the list meanwhile, or put on it. */
const FRESH_MS = 1_000;

/** What is read once for all messages of a batch. */
interface Batch {
  /** Why addresses get no mail, as the log said it then. */
  readonly suppressed: ReadonlyMap<string, string>;
  /** In milliseconds of a clock that never goes back. */
  readonly askedAt: number;
  readonly statements: ReadonlyMap<string, StatementRow>;
}

/**
 * Sends messages, as many at once as there are connections. A temporary refusal is recorded and tried again with growing pauses, a permanent one
 * ends as failed with the server's words, and an addressee on the suppression list ends as suppressed. What keeps a message from being put
 * together is no answer of the server: the delivery stays queued until it is retried. None of them keeps the others of its batch waiting.
 */
@Injectable()
export class SendDeliveryHandler {
  private readonly inHand: Turns;

  constructor(
    private readonly projections: ProjectionRunner,
    private readonly statements: StatementQueries,
    private readonly queries: DeliveryQueries,
    private readonly open: OpenDeliveries,
    private readonly composer: MessageComposer,
    private readonly addresses: MailAddressQueries,
    @Inject(MAIL_TRANSPORT) private readonly mail: MailTransport,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {
    this.inHand = new Turns(IN_HAND_PER_CONNECTION * config.smtp.maxConnections);
  }

  @OnJob('deliveries.send-batch')
  async sendBatch(batch: JobCatalogue['deliveries.send-batch'], context: JobContext): Promise<void> {
    await this.sendAll(await this.openIn(batch), context);
  }

  @OnJob('deliveries.send')
  async send({ deliveryId }: JobCatalogue['deliveries.send'], context: JobContext): Promise<void> {
    await this.sendAll(await this.open.of([deliveryId]), context);
  }

  @OnJobExhausted('deliveries.send-batch')
  async giveUpBatch(batch: JobCatalogue['deliveries.send-batch'], error: unknown): Promise<boolean> {
    return error instanceof MailError && this.giveUpAll(await this.openIn(batch), error);
  }

  @OnJobExhausted('deliveries.send')
  async giveUp({ deliveryId }: JobCatalogue['deliveries.send'], error: unknown): Promise<boolean> {
    return error instanceof MailError && this.giveUpAll(await this.open.of([deliveryId]), error);
  }

  /** As the batch queued them: one that was queued again since belongs to another. */
  private async openIn(batch: JobCatalogue['deliveries.send-batch']): Promise<OpenDelivery[]> {
    const queued = await this.queries.ofBatch(batch);
    const positions = new Set(queued.map(({ position }) => position));
    return (await this.open.of(queued.map(({ deliveryId }) => deliveryId))).filter(({ position }) => positions.has(position));
  }

  /** @throws what kept one of them from ending; the others are through then. */
  private async sendAll(open: readonly OpenDelivery[], context: JobContext): Promise<void> {
    if (open.length === 0) return;
    const batch: Batch = {
      askedAt: performance.now(),
      suppressed: await this.addresses.reasons(open.flatMap(({ data }) => [data.recipient, ...data.cc])),
      statements: await this.attached(open),
    };
    const results = await Promise.allSettled(open.map((delivery) => this.sendOne(delivery, batch, context)));
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    // A failure of our own comes first: it is what somebody has to hear of if it lasts.
    const error = errors.find((each) => !(each instanceof MailError)) ?? errors[0];
    if (error !== undefined) throw error as Error;
  }

  /** What the server put off to the last ends as failed, with its words. A failure of our own is none of the delivery's. */
  private async giveUpAll(open: readonly OpenDelivery[], error: MailError): Promise<true> {
    for (const delivery of open) {
      const response = delivery.deferral ?? error.response;
      const addressRefused = response === error.response && error.addressRefused;
      const { deliveryId } = delivery.data;
      await this.open.record(delivery, { type: 'DeliveryFailed', data: { deliveryId, response, addressRefused, attemptsUsedUp: true } });
    }
    return true;
  }

  private async sendOne(open: OpenDelivery, batch: Batch, { attempt, signal }: JobContext): Promise<void> {
    const { deliveryId } = open.data;
    let outcome: DeliveryOutcome;
    try {
      outcome = await this.inHand.take(() => this.transmit(open.data, batch, signal));
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      const { response, addressRefused } = error;
      if (error.temporary) {
        if (!signal.aborted) await this.open.record(open, { type: 'DeliveryDeferred', data: { deliveryId, attempt, response } });
        throw error;
      }
      outcome = { type: 'DeliveryFailed', data: { deliveryId, response, addressRefused, attemptsUsedUp: false } };
    }
    await this.open.record(open, outcome);
  }

  /** @throws MailError if the server did not take it for the addressee. */
  private async transmit(data: DeliveryQueued['data'], batch: Batch, signal: AbortSignal): Promise<DeliverySent | DeliverySuppressed> {
    const { deliveryId, recipient, cc } = data;
    const isFresh = performance.now() - batch.askedAt < FRESH_MS;
    const suppressed = isFresh ? batch.suppressed : await this.addresses.reasons([recipient, ...cc]);
    const reason = suppressed.get(recipient);
    if (reason !== undefined) return { type: 'DeliverySuppressed', data: { deliveryId, address: recipient, reason } };
    const { byLink, ...message } = await this.message(data, batch.statements);
    // Past this point a repeat has the same Message-ID; before it, an attempt that was given up sends nothing.
    signal.throwIfAborted();
    const { response, copies } = await this.mail.send({ ...message, cc: cc.filter((address) => !suppressed.has(address)) });
    const devMode = this.mail.mode === 'folder';
    return { type: 'DeliverySent', data: { deliveryId, devMode, response, copies: [...copies, ...withheld(cc, suppressed)], byLink } };
  }

  private async message(data: DeliveryQueued['data'], known: Batch['statements']): Promise<MailMessage & { readonly byLink: boolean }> {
    const { deliveryId, period, piEmail, recipient } = data;
    const statements = data.statements.map(({ projectId, revision }) => {
      const found = known.get(keyOf({ period, piEmail, projectId, revision }));
      if (found !== undefined) return found;
      throw new DomainError(
        'statement.unknown',
        'not-found',
        `There is no statement of ${piEmail} for ${projectId} in ${period} with revision ${revision}.`,
      );
    });
    const { subject, text, html, attachments, byLink } = await this.composer.compose({
      ...{ deliveryId, period, piEmail, recipient, statements },
    });
    const { fromName, fromAddress, replyTo } = this.config.email;
    return {
      messageId: data.messageId,
      from: { name: fromName, address: fromAddress },
      to: recipient,
      cc: data.cc,
      replyTo: replyTo ?? null,
      ...{ subject, text, html, attachments, byLink },
    };
  }

  /** The revisions that they bring. Whoever queued them had read them; only a worker whose read model is behind has to wait. */
  private async attached(open: readonly OpenDelivery[]): Promise<Map<string, StatementRow>> {
    const wanted = open.flatMap(({ data: { period, piEmail, statements } }) =>
      statements.map(({ projectId, revision }) => ({ period, piEmail, projectId, revision })),
    );
    const found = await this.read(wanted);
    if (wanted.every((statement) => found.has(keyOf(statement)))) return found;
    await this.projections.waitFor(Math.max(...open.map(({ position }) => position)), ['statements']);
    return this.read(wanted);
  }

  private async read(wanted: readonly WantedStatement[]): Promise<Map<string, StatementRow>> {
    const found = new Map<string, StatementRow>();
    for (const period of new Set(wanted.map((statement) => statement.period))) {
      const rows = await this.statements.these(
        period,
        wanted.filter((statement) => statement.period === period),
      );
      for (const row of rows) found.set(keyOf(row), row);
    }
    return found;
  }
}

interface WantedStatement {
  readonly period: BillingPeriod;
  readonly piEmail: string;
  readonly projectId: string;
  readonly revision: number;
}

function keyOf({ period, piEmail, projectId, revision }: WantedStatement): string {
  return JSON.stringify([period, piEmail, projectId, revision]);
}

function withheld(cc: readonly string[], suppressed: ReadonlyMap<string, string>): DeliveredCopy[] {
  return cc.flatMap((address) => {
    const reason = suppressed.get(address);
    return reason === undefined ? [] : [{ address, taken: false, response: `on the suppression list: ${reason}` }];
  });
}
