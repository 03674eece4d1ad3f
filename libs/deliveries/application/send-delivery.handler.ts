import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { type EventMetadata, EventStore, ProjectionRunner } from '#event-store';
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

/** Sends one message. A temporary refusal is tried again with growing pauses, a permanent one ends as failed with the server's words. */
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
  async send({ deliveryId }: JobCatalogue['deliveries.send'], _context: JobContext): Promise<void> {
    const queued = await this.queued(deliveryId);
    if (queued === undefined) return;
    try {
      const { response } = await this.mail.send(await this.message(queued.data));
      await this.end(deliveryId, { type: 'DeliverySent', data: { deliveryId, devMode: this.mail.mode === 'folder', response } });
    } catch (error) {
      if (!(error instanceof MailError) || error.temporary) throw error;
      await this.end(deliveryId, { type: 'DeliveryFailed', data: { deliveryId, response: error.response } });
    }
  }

  @OnJobExhausted('deliveries.send')
  async giveUp({ deliveryId }: JobCatalogue['deliveries.send'], reason: string): Promise<void> {
    await this.end(deliveryId, { type: 'DeliveryFailed', data: { deliveryId, response: reason } });
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
      subject,
      text,
      html,
      attachments: await Promise.all(
        rows.map(async (row) => ({ fileName: row.fileName, content: new Uint8Array(await buffer(await this.storage.open(row.sha256))) })),
      ),
    };
  }

  /** The delivery as it was queued, unless it has ended since. */
  private async queued(deliveryId: string): Promise<DeliveryQueued | undefined> {
    const events = (await this.store.readStream(deliveryStream(deliveryId))) as unknown as DeliveryEvent[];
    const last = events.at(-1);
    return last?.type === 'DeliveryQueued' ? last : undefined;
  }

  private async end(deliveryId: string, event: DeliveryEvent): Promise<void> {
    const stream = deliveryStream(deliveryId);
    await this.database.transaction(async (tx) => {
      const recorded = (await this.store.readStream(stream, tx)) as unknown as DeliveryEvent[];
      if (recorded.at(-1)?.type !== 'DeliveryQueued') return;
      await this.store.append(tx, stream, recorded.length, [event], { actor: WORKER, correlationId: stream });
    });
  }
}
