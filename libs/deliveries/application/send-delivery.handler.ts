import { Inject, Injectable } from '@nestjs/common';
import { type EventMetadata, EventStore, isEvent, isStreamConflict, ProjectionRunner } from '#event-store';
import { type JobCatalogue, type JobContext, OnJob, OnJobExhausted } from '#jobs';
import { DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig, Database, MAIL_TRANSPORT, MailError, type MailTransport } from '#platform';
import { StatementQueries, type StatementRow } from '#statements';
import { type DeliveredCopy, type DeliveryEvent, type DeliveryQueued, deliveryStream } from '../domain/delivery.events.js';
import { MailAddressQueries } from '../infra/mail-address.queries.js';
import { MessageComposer } from './message-composer.js';

const WORKER: EventMetadata['actor'] = { kind: 'system', id: 'deliveries' };

interface OpenDelivery {
  readonly data: DeliveryQueued['data'];
  /** Position of the event that queued it. */
  readonly position: number;
  /** Of its stream now. */
  readonly version: number;
}

/**
 * Sends one message. A temporary refusal is recorded and tried again with growing pauses, a permanent one ends as failed with the
 * server's words, and an addressee on the suppression list ends as suppressed. What keeps the message from being put together is no
 * answer of the server: the delivery stays queued until it is retried.
 */
@Injectable()
export class SendDeliveryHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly statements: StatementQueries,
    private readonly composer: MessageComposer,
    private readonly addresses: MailAddressQueries,
    @Inject(MAIL_TRANSPORT) private readonly mail: MailTransport,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @OnJob('deliveries.send')
  async send({ deliveryId }: JobCatalogue['deliveries.send'], { attempt, signal }: JobContext): Promise<void> {
    const open = await this.open(deliveryId);
    if (open === undefined) return;
    const { recipient, cc } = open.data;
    const suppressed = await this.addresses.reasons([recipient, ...cc]);
    const reason = suppressed.get(recipient);
    if (reason !== undefined) {
      await this.record(open, { type: 'DeliverySuppressed', data: { deliveryId, address: recipient, reason } });
      return;
    }
    const message = await this.message(open);
    // Past this point a repeat has the same Message-ID; before it, an attempt that was given up sends nothing.
    signal.throwIfAborted();
    try {
      const { response, copies } = await this.mail.send({ ...message, cc: cc.filter((address) => !suppressed.has(address)) });
      const data = { deliveryId, devMode: this.mail.mode === 'folder', response, copies: [...copies, ...withheld(cc, suppressed)] };
      await this.record(open, { type: 'DeliverySent', data: { ...data, byLink: message.byLink } });
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      const { response, addressRefused } = error;
      if (!error.temporary) {
        await this.record(open, { type: 'DeliveryFailed', data: { deliveryId, response, addressRefused, attemptsUsedUp: false } });
        return;
      }
      if (!signal.aborted) await this.record(open, { type: 'DeliveryDeferred', data: { deliveryId, attempt, response } });
      throw error;
    }
  }

  @OnJobExhausted('deliveries.send')
  async giveUp({ deliveryId }: JobCatalogue['deliveries.send'], error: unknown): Promise<boolean> {
    if (!(error instanceof MailError)) return false;
    const open = await this.open(deliveryId);
    const { response, addressRefused } = error;
    if (open !== undefined) {
      await this.record(open, { type: 'DeliveryFailed', data: { deliveryId, response, addressRefused, attemptsUsedUp: true } });
    }
    return true;
  }

  private async message({ data, position }: OpenDelivery): Promise<Parameters<MailTransport['send']>[0] & { byLink: boolean }> {
    const { deliveryId, period, piEmail, recipient } = data;
    const statements = await this.attached(data, position);
    const { subject, text, html, attachments, byLink } = await this.composer.compose({
      deliveryId,
      period,
      piEmail,
      recipient,
      statements,
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

  /** The revisions that it brings. Whoever queued it had read them; only a worker whose read model is behind has to wait. */
  private async attached({ period, piEmail, statements }: DeliveryQueued['data'], position: number): Promise<StatementRow[]> {
    const read = (): Promise<StatementRow[]> =>
      Promise.all(statements.map(({ projectId, revision }) => this.statements.get(period, { piEmail, projectId }, revision)));
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'statement.unknown') throw error;
      await this.projections.waitFor(position, ['statements']);
      return read();
    }
  }

  /** The delivery as it was queued last, unless it has ended since. */
  private async open(deliveryId: string): Promise<OpenDelivery | undefined> {
    const recorded = await this.store.readStream(deliveryStream(deliveryId));
    const last = recorded.filter((event) => event.type !== 'DeliveryDeferred').at(-1);
    if (last === undefined || !isEvent<DeliveryQueued>(last, 'DeliveryQueued')) return undefined;
    return { data: last.data, position: last.position, version: recorded.length };
  }

  /**
   * Records what became of an attempt. Another one may have done so meanwhile: if it ended the delivery its outcome stays, if it was put
   * off only, this comes after it.
   */
  private async record(open: OpenDelivery, event: DeliveryEvent): Promise<void> {
    const stream = deliveryStream(open.data.deliveryId);
    const metadata: EventMetadata = { actor: WORKER, correlationId: stream };
    for (let current: OpenDelivery | undefined = open; current?.position === open.position;) {
      const { version } = current;
      try {
        await this.database.transaction((tx) => this.store.append(tx, stream, version, [event], metadata));
        return;
      } catch (error) {
        if (!isStreamConflict(error)) throw error;
        current = await this.open(open.data.deliveryId);
      }
    }
  }
}

function withheld(cc: readonly string[], suppressed: ReadonlyMap<string, string>): DeliveredCopy[] {
  return cc.flatMap((address) => {
    const reason = suppressed.get(address);
    return reason === undefined ? [] : [{ address, taken: false, response: `on the suppression list: ${reason}` }];
  });
}
