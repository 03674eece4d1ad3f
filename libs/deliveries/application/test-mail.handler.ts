import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type EventMetadata, EventStore } from '#event-store';
import { DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig, Database, MAIL_TRANSPORT, MailError, type MailTransport } from '#platform';
import { mailTestStream, type TestMailTried } from '../domain/mail-address.events.js';
import { MailAddressQueries } from '../infra/mail-address.queries.js';
import { oneLine } from '../message/message-wording.js';
import { addressOf } from './mail-addresses.js';

/** Sends a message without a statement, to see whether mail works; the answer of the server is told and recorded. */
@Injectable()
export class TestMailHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly addresses: MailAddressQueries,
    @Inject(MAIL_TRANSPORT) private readonly mail: MailTransport,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError `mail.address-malformed`, `mail.suppressed`. */
  async send(text: string, metadata: EventMetadata): Promise<TestMailTried['data'] & { readonly position: number }> {
    const to = addressOf(text);
    const reason = (await this.addresses.reasons([to])).get(to);
    if (reason !== undefined) {
      throw new DomainError('mail.suppressed', 'conflict', `${to} is on the suppression list: ${reason} Release it first.`);
    }
    const id = randomUUID();
    const { taken, response } = await this.attempt(to, id);
    const data = { to, taken, devMode: this.mail.mode === 'folder', response };
    const { position } = await this.database.transaction((tx) =>
      this.store.append(tx, mailTestStream(id), 0, [{ type: 'TestMailTried', data }], metadata),
    );
    return { ...data, position };
  }

  private async attempt(to: string, id: string): Promise<{ taken: boolean; response: string }> {
    const { fromName, fromAddress, replyTo } = this.config.email;
    const organization = oneLine(this.config.organization.name);
    const text = `This is a test message of OpenChargeback at ${organization}.\n\nIf you read it, statements can be sent. Nothing else needs to be done.\n`;
    try {
      const { response } = await this.mail.send({
        messageId: `<test-${id}@${fromAddress.split('@').at(-1) ?? 'localhost'}>`,
        from: { name: fromName, address: fromAddress },
        to,
        cc: [],
        replyTo: replyTo ?? null,
        subject: 'Test message of OpenChargeback',
        text,
        html: `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Test message</title></head><body>${text
          .trim()
          .split('\n\n')
          .map((paragraph) => `<p>${escaped(paragraph)}</p>`)
          .join('')}</body></html>`,
        attachments: [],
      });
      return { taken: true, response };
    } catch (error) {
      if (error instanceof MailError) return { taken: false, response: error.response };
      throw error;
    }
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
