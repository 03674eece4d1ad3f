import type { BillingPeriod } from '#kernel';
import { AskChoice, AskPeriod, AskText, AskWhole, Choice, Instant, ListOf, Period, Text, Texts, Whole } from '../http/fields.js';
import { Written } from '../http/written.dto.js';
import { DELIVERY_STATUSES, type DeliveryStatusName } from '../statements/statements.dto.js';

class AttachedStatement {
  @Text() projectId!: string;
  @Whole() revision!: number;
}

class Delivery {
  @Text() deliveryId!: string;
  @Period() period!: string;
  @Text() piEmail!: string;
  @Text() recipient!: string;
  @Text() subject!: string;
  @Choice(DELIVERY_STATUSES, 'DeliveryStatus') status!: DeliveryStatusName;
  @ListOf(() => AttachedStatement) statements!: readonly AttachedStatement[];
  @Text() messageId!: string;
  @Text({ nullable: true, description: 'What the server answered, or why it failed.' }) response!: string | null;
  @Text() queuedBy!: string;
  @Instant() queuedAt!: Date;
  @Instant({ nullable: true }) endedAt!: Date | null;
}

export class DeliveryList {
  @ListOf(() => Delivery, { description: 'Newest first.' }) deliveries!: readonly Delivery[];
}

export class DeliveryQuery {
  @AskPeriod({ required: false }) period?: BillingPeriod;
  @AskChoice(DELIVERY_STATUSES, 'DeliveryStatus', { required: false }) status?: DeliveryStatusName;
  @AskText({ required: false, maxLength: 254 }) piEmail?: string;
  @AskWhole({ min: 1, max: 500, default: 100, required: false }) limit = 100;
  @AskWhole({ min: 0, max: 100_000_000, default: 0, required: false }) offset = 0;
}

export class SendStatements {
  @AskText({ required: false, maxLength: 254, description: 'Left out: every PI with a statement in the period.' }) piEmail?: string;
}

export class QueuedMessages extends Written {
  @Texts({ description: 'Ids of the deliveries that were queued.' }) queued!: readonly string[];
  @Whole({ description: 'PIs whose current statements were all sent before; send them again by an explicit resend.' }) alreadySent!: number;
}

export class PreviewQuery {
  @AskText({ maxLength: 254 }) piEmail!: string;
}

export class MessagePreview {
  @Text() subject!: string;
  @Text() text!: string;
  @Text({ description: 'A whole HTML document; show it in a sandboxed frame.' }) html!: string;
}
