import type { BillingPeriod } from '#kernel';
import { AskChoice, AskPeriod, AskText, AskWhole, Choice, Instant, ListOf, Period, Text, Texts, Whole, YesNo } from '../http/fields.js';
import { Written } from '../http/written.dto.js';
import { DELIVERY_STATUSES, type DeliveryStatusName } from '../statements/statements.dto.js';

class AttachedStatement {
  @Text() projectId!: string;
  @Whole() revision!: number;
}

class DeliveryCopy {
  @Text({ format: 'email' }) address!: string;
  @YesNo() taken!: boolean;
  @Text({ description: 'What the server said, or why it was not sent.' }) response!: string;
}

export class Delivery {
  @Text() deliveryId!: string;
  @Period() period!: string;
  @Text() piEmail!: string;
  @Text({ description: 'The PI, or a delegate of single projects.' }) recipient!: string;
  @Texts({ description: 'Delegates of the PI, who get a copy.' }) cc!: readonly string[];
  @Text() subject!: string;
  @Choice(DELIVERY_STATUSES, 'DeliveryStatus') status!: DeliveryStatusName;
  @ListOf(() => AttachedStatement) statements!: readonly AttachedStatement[];
  @Text() messageId!: string;
  @Text({ nullable: true, description: 'What the server answered last, or why the message was not sent.' }) response!: string | null;
  @ListOf(() => DeliveryCopy, { description: 'What became of the copies, once it was sent.' }) copies!: readonly DeliveryCopy[];
  @YesNo({ description: 'The PDFs were too large to be attached and went as links.' }) byLink!: boolean;
  @Whole({ description: 'Since it was queued last.' }) attempts!: number;
  @Text() queuedBy!: string;
  @Instant() queuedAt!: Date;
  @Instant({ nullable: true }) endedAt!: Date | null;
}

class StatusCount {
  @Choice(DELIVERY_STATUSES, 'DeliveryStatus') status!: DeliveryStatusName;
  @Whole() count!: number;
}

export class DeliveryList {
  @ListOf(() => Delivery, { description: 'Newest first.' }) deliveries!: readonly Delivery[];
  @Whole({ description: 'How many fit in all.' }) count!: number;
  @ListOf(() => StatusCount, { description: 'Of all that fit, whatever status was asked for.' }) byStatus!: readonly StatusCount[];
}

export class DeliveryQuery {
  @AskPeriod({ required: false }) period?: BillingPeriod;
  @AskChoice(DELIVERY_STATUSES, 'DeliveryStatus', { required: false }) status?: DeliveryStatusName;
  @AskText({ required: false, maxLength: 254 }) piEmail?: string;
  @AskText({ required: false, maxLength: 254, description: 'Part of the PI’s or the addressee’s address.' }) search?: string;
  @AskWhole({ min: 1, max: 500, default: 100, required: false }) limit = 100;
  @AskWhole({ min: 0, max: 100_000_000, default: 0, required: false }) offset = 0;
}

export class SendStatements {
  @AskText({ required: false, maxLength: 254, description: 'Left out: every PI with a statement in the period.' }) piEmail?: string;
}

export class QueuedMessages extends Written {
  @Texts({ description: 'Ids of the deliveries that were queued.' }) queued!: readonly string[];
  @Whole({ description: 'Messages whose statements were all sent before; send them again by an explicit resend.' }) alreadySent!: number;
}

export class PreviewQuery {
  @AskText({ maxLength: 254 }) piEmail!: string;
  @AskText({ required: false, maxLength: 254, description: 'A delegate of single projects; left out: the PI.' }) recipient?: string;
}

class MessageAttachment {
  @Text() fileName!: string;
  @Whole() bytes!: number;
}

export class MessagePreview {
  @Text() from!: string;
  @Text() recipient!: string;
  @Texts() cc!: readonly string[];
  @Text({ nullable: true }) replyTo!: string | null;
  @Text() subject!: string;
  @Text() text!: string;
  @Text({ description: 'A whole HTML document; show it in a sandboxed frame.' }) html!: string;
  @ListOf(() => MessageAttachment) attachments!: readonly MessageAttachment[];
  @YesNo({ description: 'The PDFs are too large to be attached and go as links.' }) byLink!: boolean;
  @Text({ nullable: true, description: 'Why the addressee gets no mail; null if they do.' }) suppressedBecause!: string | null;
}

export class DeliveryMessage extends MessagePreview {
  @YesNo({ description: 'As it was written in dev_mode; else it is composed again of the same statements, by the templates of now.' })
  asWritten!: boolean;
}

export class LinkQuery {
  @AskText({ maxLength: 500 }) token!: string;
}
