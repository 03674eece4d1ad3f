import { fileURLToPath } from 'node:url';
import { Inject, Injectable } from '@nestjs/common';
import { type BillingPeriod, minorUnitDigits } from '#kernel';
import { APP_CONFIG, type AppConfig } from '#platform';
import type { AreaTemplates, TemplateTrial } from '#site-templates';
import { inlineStyles } from '../message/inline-styles.js';
import { MessageComposer } from './message-composer.js';
import { SendStatementsHandler } from './send-statements.handler.js';

const HTML_SETTING = 'email.html_template';
const TEXT_SETTING = 'email.text_template';
const HTML_NAME = /\.html?(\.j2)?$/i;

/** Templates of messages: which are shipped, which ones are set, and what one is tried with. */
@Injectable()
export class MailTemplates implements AreaTemplates {
  readonly area = 'mail';
  readonly setting = `${HTML_SETTING} and ${TEXT_SETTING}`;
  readonly shippedFolder = fileURLToPath(new URL('../templates', import.meta.url));

  constructor(
    private readonly composer: MessageComposer,
    private readonly sending: SendStatementsHandler,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  configured(): readonly { readonly setting: string; readonly name: string }[] {
    const { htmlTemplate, textTemplate } = this.config.email;
    return [
      ...(htmlTemplate === undefined ? [] : [{ setting: HTML_SETTING, name: htmlTemplate }]),
      ...(textTemplate === undefined ? [] : [{ setting: TEXT_SETTING, name: textTemplate }]),
    ];
  }

  /** The message that the first PI of the period would get now. */
  async trial(name: string, asked: BillingPeriod | null): Promise<TemplateTrial> {
    const [owed] = asked === null ? [] : await this.sending.owed(asked);
    const context = owed === undefined ? this.composer.sampleContext() : await this.composer.contextOf({ ...owed, deliveryId: 'preview' });
    const isHtml = HTML_NAME.test(name) || name === this.config.email.htmlTemplate;
    return {
      period: owed?.period ?? null,
      context,
      digits: minorUnitDigits(this.config.currency),
      about: {
        entryCount: null,
        debits: null,
        credits: null,
        recipient: String(context['recipient']),
        subject: String(context['subject']),
      },
      ...(isHtml && { finish: inlineStyles }),
    };
  }
}
