import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { type EventMetadata, EventStore, isEvent, isStreamConflict, ProjectionRunner, type RecordedEvent } from '#event-store';
import { type JobCatalogue, type JobContext, OnJob, OnJobExhausted } from '#jobs';
import {
  APP_CONFIG,
  type AppConfig,
  Database,
  FILE_STORAGE,
  type FileStorage,
  MAIL_TRANSPORT,
  MailError,
  type MailTransport,
} from '#platform';
import { StatementQueries, type StatementRow } from '#statements';
import { type DeliveryEvent, type DeliveryQueued, deliveryStream } from '../domain/delivery.events.js';
import { SendStatementsHandler } from './send-statements.handler.js';

const WORKER: EventMetadata['actor'] = { kind: 'system', id: 'deliveries' };

/**
 * Sends one message. A temporary refusal is tried again with growing pauses, a permanent one ends as failed with the server's words. What
 * keeps the message from being put together is no answer of the server: the delivery stays queued until it is retried.
 */
@Injectable()
export class SendDeliveryHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly statements: StatementQueries,
    private readonly sending: SendStatementsHandler,
    @Inject(MAIL_TRANSPORT) private readonly mail: MailTransport,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @OnJob('deliveries.send')
  async send({ deliveryId }: JobCatalogue['deliveries.send'], { signal }: JobContext): Promise<void> {
    const queued = await this.queued(deliveryId);
    if (queued === undefined) return;
    try {
      const message = await this.message(queued.data);
      // Past this point a repeat has the same Message-ID; before it, an attempt that was given up sends nothing.
      signal.throwIfAborted();
      const { response } = await this.mail.send(message);
      await this.end(queued, { type: 'DeliverySent', data: { deliveryId, devMode: this.mail.mode === 'folder', response } });
    } catch (error) {
      if (!(error instanceof MailError) || error.temporary) throw error;
      await this.end(queued, { type: 'DeliveryFailed', data: { deliveryId, response: error.response } });
    }
  }

  @OnJobExhausted('deliveries.send')
  async giveUp({ deliveryId }: JobCatalogue['deliveries.send'], error: unknown): Promise<boolean> {
    if (!(error instanceof MailError)) return false;
    const queued = await this.queued(deliveryId);
    if (queued !== undefined) await this.end(queued, { type: 'DeliveryFailed', data: { deliveryId, response: error.response } });
    return true;
  }

  private async message(queued: DeliveryQueued['data']): Promise<Parameters<MailTransport['send']>[0]> {
    await this.projections.waitFor(await this.store.lastPosition(), ['statements']);
    const rows: StatementRow[] = [];
    for (const { projectId, revision } of queued.statements) {
      rows.push(await this.statements.get(queued.period, { piEmail: queued.piEmail, projectId }, revision));
    }
    const { subject, text, html } = this.sending.compose(queued.period, queued.piEmail, rows);
    const { email } = this.config;
    return {
      messageId: queued.messageId,
      from: { name: email.fromName, address: email.fromAddress },
      to: queued.recipient,
      cc: [],
      replyTo: email.replyTo ?? null,
      subject,
      text,
      html,
      attachments: await Promise.all(
        rows.map(async (row) => ({ fileName: row.fileName, content: new Uint8Array(await buffer(await this.storage.open(row.sha256))) })),
      ),
    };
  }

  /** The delivery as it was queued last, unless it has ended since. */
  private async queued(deliveryId: string): Promise<RecordedEvent<DeliveryQueued> | undefined> {
    const last = (await this.store.readStream(deliveryStream(deliveryId))).at(-1);
    return last !== undefined && isEvent<DeliveryQueued>(last, 'DeliveryQueued') ? last : undefined;
  }

  /** Records how the delivery ended. Another attempt may have done so meanwhile; then the stream has moved on and its outcome stays. */
  private async end(queued: RecordedEvent<DeliveryQueued>, event: DeliveryEvent): Promise<void> {
    const metadata: EventMetadata = { actor: WORKER, correlationId: queued.stream };
    try {
      await this.database.transaction((tx) => this.store.append(tx, queued.stream, queued.version, [event], metadata));
    } catch (error) {
      if (!isStreamConflict(error)) throw error;
    }
  }
}
