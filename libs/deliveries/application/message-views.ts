import { Inject, Injectable } from '@nestjs/common';
import { type BillingPeriod, DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig, MAIL_TRANSPORT, type MailTransport } from '#platform';
import { StatementQueries } from '#statements';
import { DeliveryQueries } from '../infra/delivery.queries.js';
import { MailAddressQueries } from '../infra/mail-address.queries.js';
import { type ComposedMessage, MessageComposer } from './message-composer.js';
import { SendStatementsHandler } from './send-statements.handler.js';

/** A message as people look at it before or after it is sent. */
export interface MessageView {
  readonly from: string;
  readonly recipient: string;
  readonly cc: readonly string[];
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { readonly fileName: string; readonly bytes: number }[];
  readonly byLink: boolean;
  /** Why its addressee gets no mail; null: they do. */
  readonly suppressedBecause: string | null;
}

export interface DeliveryView extends MessageView {
  /** As it was written to files in `dev_mode`; else it is composed once more of the same statements, by the templates of now. */
  readonly asWritten: boolean;
}

/** Shows messages: what would be sent, and what was. */
@Injectable()
export class MessageViews {
  constructor(
    private readonly sending: SendStatementsHandler,
    private readonly deliveries: DeliveryQueries,
    private readonly addresses: MailAddressQueries,
    private readonly statements: StatementQueries,
    private readonly composer: MessageComposer,
    @Inject(MAIL_TRANSPORT) private readonly mail: MailTransport,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** The message that a PI, or a delegate of theirs, would get now. @throws DomainError `statement.none`. */
  async preview(period: BillingPeriod, piEmail: string, recipient = piEmail): Promise<MessageView> {
    const message = (await this.sending.owed(period, { piEmail })).find((owed) => owed.recipient === recipient);
    if (message === undefined) {
      throw new DomainError('statement.none', 'not-found', `${recipient} has no statement in ${period}; generate it first.`);
    }
    return this.view(message, await this.composer.compose({ ...message, deliveryId: 'preview' }));
  }

  /** @throws DomainError `delivery.unknown`. */
  async ofDelivery(deliveryId: string): Promise<DeliveryView> {
    const delivery = await this.deliveries.get(deliveryId);
    const { period, piEmail, recipient } = delivery;
    const statements = await Promise.all(
      delivery.statements.map(({ projectId, revision }) => this.statements.get(period, { piEmail, projectId }, revision)),
    );
    const composed = await this.composer.compose({ deliveryId, period, piEmail, recipient, statements });
    const written = delivery.status === 'dev_mode' ? await this.mail.written(delivery.messageId) : null;
    const view = await this.view(delivery, composed);
    return { ...view, html: written?.html ?? view.html, subject: delivery.subject, asWritten: written !== null };
  }

  /** The message as it was written in `dev_mode`. @throws DomainError `delivery.unknown`, `delivery.not-written`. */
  async eml(deliveryId: string): Promise<{ readonly fileName: string; readonly content: Uint8Array }> {
    const { messageId } = await this.deliveries.get(deliveryId);
    const written = await this.mail.written(messageId);
    if (written === null) {
      throw new DomainError(
        'delivery.not-written',
        'not-found',
        `Message ${deliveryId} was not written to a file on this machine; only dev_mode does that.`,
      );
    }
    return { fileName: `${deliveryId}.eml`, content: written.eml };
  }

  private async view(
    { recipient, cc }: { readonly recipient: string; readonly cc: readonly string[] },
    { subject, text, html, attachments, byLink }: ComposedMessage,
  ): Promise<MessageView> {
    const { fromName, fromAddress, replyTo } = this.config.email;
    const suppressed = await this.addresses.reasons([recipient]);
    return {
      from: `${fromName} <${fromAddress}>`,
      recipient,
      cc,
      replyTo: replyTo ?? null,
      ...{ subject, text, html, byLink },
      attachments: attachments.map(({ fileName, content }) => ({ fileName, bytes: content.length })),
      suppressedBecause: suppressed.get(recipient) ?? null,
    };
  }
}
