import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { type BillingPeriod, Decimal, minorUnitDigits } from '#kernel';
import { APP_CONFIG, type AppConfig, FILE_STORAGE, type FileStorage } from '#platform';
import type { StatementRow } from '#statements';
import { TemplateFiles, renderTemplate } from '#templates';
import { composeStatementMessage, messageSubject } from '../message/compose-statement-message.js';
import { inlineStyles } from '../message/inline-styles.js';
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
  private readonly htmlTemplates = new TemplateFiles('email.html_template', null);
  private readonly textTemplates = new TemplateFiles('email.text_template', null);

  constructor(
    private readonly links: StatementLinks,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
  ) {}

  subject(period: BillingPeriod): string {
    return messageSubject({ subjectTemplate: this.config.email.subjectTemplate, period });
  }

  /** @throws DomainError `delivery.nothing_to_send`, `template.unknown`, `template.failed`. */
  async compose(parts: MessageParts): Promise<ComposedMessage> {
    const attachments = await this.attachments(parts.statements);
    const linksExpireAt = attachments === null ? this.links.expiry() : null;
    const { organization, email, statement, currency } = this.config;
    const input: StatementMessageInput = {
      organization: organization.name,
      contact: organization.contact === '' ? null : organization.contact,
      period: parts.period,
      piEmail: parts.piEmail,
      recipient: parts.recipient,
      currency,
      locale: statement.locale,
      subjectTemplate: email.subjectTemplate,
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
    return { ...(await this.written(input)), attachments: attachments ?? [], byLink: attachments === null };
  }

  private async written(input: StatementMessageInput): Promise<StatementMessage> {
    const { htmlTemplate, textTemplate, fromName, fromAddress, replyTo } = this.config.email;
    const builtIn = composeStatementMessage(input);
    if (htmlTemplate === undefined && textTemplate === undefined) return builtIn;
    const request = {
      context: messageContext(input, builtIn.subject, { fromName, contactEmail: replyTo ?? fromAddress }),
      digits: minorUnitDigits(this.config.currency),
    };
    return {
      subject: builtIn.subject,
      text: textTemplate === undefined ? builtIn.text : renderTemplate({ ...request, ...(await this.textTemplates.read(textTemplate)) }),
      html:
        htmlTemplate === undefined
          ? builtIn.html
          : inlineStyles(renderTemplate({ ...request, ...(await this.htmlTemplates.read(htmlTemplate)) })),
    };
  }

  /** Null if they are larger together than is attached. */
  private async attachments(statements: readonly StatementRow[]): Promise<ComposedMessage['attachments'] | null> {
    const limit = this.config.email.attachmentLimitBytes ?? Infinity;
    const attached: { fileName: string; content: Uint8Array }[] = [];
    let bytes = 0;
    for (const { fileName, sha256 } of statements) {
      const content = new Uint8Array(await buffer(await this.storage.open(sha256)));
      bytes += content.length;
      if (bytes > limit) return null;
      attached.push({ fileName, content });
    }
    return attached;
  }
}
