import { AskText, AskTexts, Choice, Instant, ListOf, Text, Texts, Whole, YesNo } from '../http/fields.js';
import { Written } from '../http/written.dto.js';

const MAX_ADDRESS = 254;
const MAX_DELEGATES = 20;

export class MailSettings {
  @Choice(['smtp', 'folder'], 'MailMode', { description: 'folder: dev_mode; nothing leaves the machine.' }) mode!: 'smtp' | 'folder';
  @Text({ nullable: true, description: 'host:port; null until smtp.host is set.' }) server!: string | null;
  @Text({ nullable: true, description: 'Where messages are written in dev_mode.' }) folder!: string | null;
  @Text({ example: 'Research Computing Billing <billing@example.edu>' }) from!: string;
  @Text({ nullable: true }) replyTo!: string | null;
  @Text({ nullable: true, description: 'Null: the built-in message.' }) htmlTemplate!: string | null;
  @Text({ nullable: true, description: 'Null: the built-in message.' }) textTemplate!: string | null;
  @Whole({ nullable: true, description: 'PDFs that are larger together go as links; null: they are always attached.' })
  attachmentLimitBytes!: number | null;
  @Whole({ description: 'How many days such a link works.' }) linkDays!: number;
}

class SuppressedAddressInfo {
  @Text({ format: 'email' }) address!: string;
  @Text() reason!: string;
  @Text() suppressedBy!: string;
  @Instant() suppressedAt!: Date;
}

class ProposedSuppressionInfo {
  @Text({ format: 'email' }) address!: string;
  @Text({ description: 'With what words the server refused it for good.' }) response!: string;
  @Text() deliveryId!: string;
  @Instant() failedAt!: Date;
}

export class SuppressionList {
  @ListOf(() => SuppressedAddressInfo) suppressed!: readonly SuppressedAddressInfo[];
  @ListOf(() => ProposedSuppressionInfo, {
    description: 'Addresses that a server refused for good, last of all, and that are not on the list.',
  })
  proposed!: readonly ProposedSuppressionInfo[];
}

export class SuppressAddress {
  @AskText({ maxLength: MAX_ADDRESS }) address!: string;
  @AskText() reason!: string;
}

export class ReleaseAddress {
  @AskText({ maxLength: MAX_ADDRESS }) address!: string;
  @AskText({ required: false }) reason?: string;
}

export class ChangedAddress extends Written {
  @Text({ description: 'As it is on the list: trimmed, in lower case.' }) address!: string;
}

class DelegatesInfo {
  @Text({ format: 'email' }) piEmail!: string;
  @Text({ nullable: true, description: 'Null: delegates of the PI, who get a copy of the whole message.' }) projectId!: string | null;
  @Texts() addresses!: readonly string[];
  @Text() changedBy!: string;
  @Instant() changedAt!: Date;
}

export class DelegatesList {
  @ListOf(() => DelegatesInfo) delegates!: readonly DelegatesInfo[];
}

export class DelegatesQuery {
  @AskText({ required: false, maxLength: MAX_ADDRESS }) piEmail?: string;
}

export class SetDelegates {
  @AskText({ maxLength: MAX_ADDRESS }) piEmail!: string;
  @AskText({ required: false, description: 'Left out: delegates of the PI. They get a message with the statements of this project.' })
  projectId?: string;
  @AskTexts({ maxItems: MAX_DELEGATES, maxLength: MAX_ADDRESS, description: 'None ends it.' }) addresses!: readonly string[];
}

export class ChangedDelegates extends Written {
  @Text() piEmail!: string;
  @Text({ nullable: true }) projectId!: string | null;
  @Texts() addresses!: readonly string[];
}

export class SendTestMail {
  @AskText({ required: false, maxLength: MAX_ADDRESS, description: 'Left out: whoever is signed in.' }) to?: string;
}

export class TestMailResult extends Written {
  @Text({ format: 'email' }) to!: string;
  @YesNo({ description: 'The server took it, or it was written to a file.' }) taken!: boolean;
  @YesNo() devMode!: boolean;
  @Text({ description: 'The server’s words.' }) response!: string;
}
