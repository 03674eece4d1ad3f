import { Inject, Injectable } from '@nestjs/common';
import { type BillingPeriod, Decimal, minorUnitDigits } from '#kernel';
import { APP_CONFIG, type AppConfig, FILE_STORAGE, type FileStorage } from '#platform';
import { SiteTemplates } from '#site-templates';
import type { StatementRow } from '#statements';
import { renderTemplate } from '#templates';
import { composeStatementMessage, messageSubject } from '../message/compose-statement-message.js';
import { inlineStyles } from '../message/inline-styles.js';
import { sampleMessage } from '../message/sample-message.js';
import type { StatementMessage, StatementMessageInput } from '../message/statement-message.js';
import { messageContext } from '../message/template-context.js';
import { StatementLinks } from './statement-links.js';

/** What a message is made of. */
export interface MessageParts {
  /** Of the delivery; a message that is only looked at has none yet. */
  readonly deliveryId: string;
  readonly period: BillingPeriod;
  readonly piEmail: string;
  readonly recipient: string;
  readonly statements: readonly StatementRow[];
}

export interface ComposedMessage extends StatementMessage {
  /** Empty if the PDFs go as links. */
  readonly attachments: readonly { readonly fileName: string; readonly content: Uint8Array }[];
  /** The PDFs were too large to be attached. */
  readonly byLink: boolean;
}

/** Composes messages: the built-in one, or what the templates of the configuration make of the same facts. */
@Injectable()
export class MessageComposer {
  constructor(
    private readonly links: StatementLinks,
    private readonly templates: SiteTemplates,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
  ) {}

  subject(period: BillingPeriod): string {
    const { email, statement } = this.config;
    return messageSubject({ subjectTemplate: email.subjectTemplate, period, locale: statement.locale });
  }

  /** @throws DomainError `delivery.nothing_to_send`, `template.unknown`, `template.failed`. */
  async compose(parts: MessageParts): Promise<ComposedMessage> {
    const { input, attachments } = await this.facts(parts);
    return { ...(await this.written(input)), attachments: attachments ?? [], byLink: attachments === null };
  }

  /** What a template is given to make a message of the parts. */
  async contextOf(parts: MessageParts): Promise<Readonly<Record<string, unknown>>> {
    return this.context((await this.facts(parts)).input);
  }

  /** The same for a message that nobody gets: of a PI with two projects, one with a discount. */
  sampleContext(): Readonly<Record<string, unknown>> {
    return this.context({ ...this.office(), ...sampleMessage() });
  }

  private async facts(parts: MessageParts): Promise<{ input: StatementMessageInput; attachments: ComposedMessage['attachments'] | null }> {
    const attachments = await this.attachments(parts.statements);
    const linksExpireAt = attachments === null ? this.links.expiry() : null;
    const input: StatementMessageInput = {
      ...this.office(),
      period: parts.period,
      piEmail: parts.piEmail,
      recipient: parts.recipient,
      linksExpireAt,
      statements: parts.statements.map((row, index) => ({
        projectId: row.projectId,
        fundOrgs: row.fundOrgs,
        list: Decimal.parse(row.list),
        discount: Decimal.parse(row.discount),
        due: Decimal.parse(row.due),
        revision: row.revision,
        fileName: row.fileName,
        link: linksExpireAt === null ? null : this.links.address(parts.deliveryId, index, linksExpireAt),
      })),
    };
    return { input, attachments };
  }

  /** What all messages have in common. */
  private office(): Pick<StatementMessageInput, 'organization' | 'contact' | 'currency' | 'locale' | 'subjectTemplate'> {
    const { organization, email, statement, currency } = this.config;
    return {
      organization: organization.name,
      contact: organization.contact === '' ? null : organization.contact,
      currency,
      locale: statement.locale,
      subjectTemplate: email.subjectTemplate,
    };
  }

  private async written(input: StatementMessageInput): Promise<StatementMessage> {
    const { htmlTemplate, textTemplate } = this.config.email;
    const builtIn = composeStatementMessage(input);
    if (htmlTemplate === undefined && textTemplate === undefined) return builtIn;
    const request = { context: this.context(input), digits: minorUnitDigits(this.config.currency) };
    const filled = async (name: string): Promise<string> => renderTemplate({ ...request, ...(await this.templates.read('mail', name)) });
    return {
      subject: builtIn.subject,
      text: textTemplate === undefined ? builtIn.text : await filled(textTemplate),
      html: htmlTemplate === undefined ? builtIn.html : inlineStyles(await filled(htmlTemplate)),
    };
  }

  private context(input: StatementMessageInput): Readonly<Record<string, unknown>> {
    const { fromName, fromAddress, replyTo } = this.config.email;
    return messageContext(input, messageSubject(input), { fromName, contactEmail: replyTo ?? fromAddress });
  }

  /** Null if they are larger together than is attached. */
  private async attachments(statements: readonly StatementRow[]): Promise<ComposedMessage['attachments'] | null> {
    const limit = this.config.email.attachmentLimitBytes ?? Infinity;
    const attached: { fileName: string; content: Uint8Array }[] = [];
    let bytes = 0;
    for (const { fileName, sha256 } of statements) {
      const content = await this.storage.read(sha256);
      bytes += content.length;
      if (bytes > limit) return null;
      attached.push({ fileName, content });
    }
    return attached;
  }
}
