import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock, DomainError } from '#kernel';
import { APP_CONFIG, type AppConfig } from '#platform';
import { StatementQueries, type StatementRow } from '#statements';
import { DeliveryQueries } from '../infra/delivery.queries.js';
import { MailAddressQueries } from '../infra/mail-address.queries.js';

const ROUTE = '/api/v1/statement-links';
/** The key of a purpose of its own, so that no other signature of the program is ever a link. */
const PURPOSE = 'openchargeback statement links, version 1';
const DAY_MS = 24 * 60 * 60 * 1_000;
const MAX_TOKEN = 400;

/** Whatever is wrong with a link, unless it was ours once: nothing is told to those who guess. */
function unknownLink(): DomainError {
  return new DomainError(
    'statement-link.unknown',
    'not-found',
    'This link leads to no statement. Is it whole? Copy it from the message once more.',
  );
}

/**
 * Links to PDFs in messages: whoever has one may read that one statement until it expires, without signing in. A link ends earlier when a
 * newer revision of the statement was issued (the old one is not what is owed), and when its addressee is put on the suppression list.
 */
@Injectable()
export class StatementLinks {
  constructor(
    private readonly deliveries: DeliveryQueries,
    private readonly addresses: MailAddressQueries,
    private readonly statements: StatementQueries,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** When a link that is made now ends. */
  expiry(): Date {
    return new Date(this.clock.now().getTime() + this.config.email.linkDays * DAY_MS);
  }

  /** @param index of the statement in the delivery. */
  address(deliveryId: string, index: number, expiresAt: Date): string {
    const content = Buffer.from(JSON.stringify([deliveryId, index, Math.floor(expiresAt.getTime() / 1_000)])).toString('base64url');
    return `${this.config.web.publicUrl ?? ''}${ROUTE}?token=${content}.${this.sign(content).toString('base64url')}`;
  }

  /** The statement that a link leads to. @throws DomainError `statement-link.unknown`, `.expired`, `.replaced`, `.revoked`. */
  async open(token: string): Promise<StatementRow> {
    const { deliveryId, index, expiresAt } = this.read(token);
    if (this.clock.now().getTime() >= expiresAt.getTime()) {
      throw new DomainError(
        'statement-link.expired',
        'forbidden',
        `This link worked until ${expiresAt.toISOString().slice(0, 10)}. ${this.advice()}`,
      );
    }
    const delivery = await this.deliveries.find(deliveryId);
    const named = delivery?.statements[index];
    // A link in a preview is signed, too, and leads nowhere.
    if (delivery === undefined || named === undefined) throw unknownLink();
    if ((await this.addresses.reasons([delivery.recipient])).size > 0) {
      throw new DomainError('statement-link.revoked', 'forbidden', `This link was ended by the office that sent it. ${this.advice()}`);
    }
    const { projectId, revision } = named;
    const [newest] = await this.statements.revisions(delivery.period, { piEmail: delivery.piEmail, projectId });
    if (newest === undefined) throw unknownLink();
    if (newest.revision !== revision) {
      throw new DomainError(
        'statement-link.replaced',
        'forbidden',
        `Revision ${revision} of this statement was replaced by revision ${newest.revision}, which comes with a message of its own. ${this.advice()}`,
      );
    }
    return newest;
  }

  private advice(): string {
    const { replyTo, fromAddress } = this.config.email;
    return `Ask ${replyTo ?? fromAddress} to send the statement again.`;
  }

  private read(token: string): { deliveryId: string; index: number; expiresAt: Date } {
    const [content = '', signature = '', ...rest] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    if (this.config.web.secretKey === undefined || token.length > MAX_TOKEN || rest.length > 0) throw unknownLink();
    const expected = this.sign(content);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw unknownLink();
    // Signed, so it is what `address` wrote.
    const [deliveryId, index, seconds] = JSON.parse(Buffer.from(content, 'base64url').toString()) as [string, number, number];
    return { deliveryId, index, expiresAt: new Date(seconds * 1_000) };
  }

  private sign(content: string): Buffer {
    const key = createHmac('sha256', this.config.web.secretKey ?? '')
      .update(PURPOSE)
      .digest();
    return createHmac('sha256', key).update(content).digest();
  }
}
