import { ApiProperty } from '@nestjs/swagger';
import type { BillingPeriod } from '#kernel';
import { EventActor } from '../http/event-actor.dto.js';
import { AskPeriod, AskText, AskWhole, Choice, Instant, ListOf, Money, Part, Period, Text, Whole } from '../http/fields.js';
import { GroupSum, PERIOD_STATES, PeriodDetail, type PeriodStateName } from '../periods/periods.dto.js';

export class DashboardQuery {
  @AskPeriod({ required: false, description: 'Left out: the newest.' }) period?: BillingPeriod;
}

class TrendPoint {
  @Period() period!: string;
  @Choice(PERIOD_STATES, 'PeriodState') state!: PeriodStateName;
  @Money() list!: string;
  @Money() billed!: string;
}

export class Activity {
  @Whole() position!: number;
  @Instant() recordedAt!: Date;
  @Part(() => EventActor) actor!: EventActor;
  @Text({ example: 'PeriodClosed' }) type!: string;
  @Text({ example: 'period-2026-01' }) stream!: string;
  @Text({ example: 'Period 2026-01 was closed' }) text!: string;
}

export class Dashboard {
  @Text({ description: 'Currency of the ledger.', example: 'USD' }) currency!: string;
  @Part(() => PeriodDetail, { nullable: true, description: 'Null if there is no period yet.' }) period!: PeriodDetail | null;
  @ListOf(() => TrendPoint, { description: 'The last 12 periods, oldest first.' }) trend!: readonly TrendPoint[];
  @ListOf(() => GroupSum, { description: 'The ten PIs with the largest bills.' }) topPis!: readonly GroupSum[];
  @ListOf(() => Activity, { description: 'Newest first.' }) activity!: readonly Activity[];
}

export class AuditQuery {
  @AskText({ required: false, maxLength: 100, description: 'Type of event.' }) type?: string;
  @AskText({ required: false, maxLength: 254, description: 'Who: email, key id, login name.' }) actor?: string;
  @AskText({ required: false, maxLength: 700 }) stream?: string;
  @AskWhole({ min: 1, max: Number.MAX_SAFE_INTEGER, required: false, description: 'Only events before this position.' }) before?: number;
  @AskWhole({ min: 1, max: 500, default: 100, required: false }) limit = 100;
}

class AuditEvent extends Activity {
  @Whole({ description: 'In its stream; 1 for the first.' }) version!: number;
  @Text({ description: 'The same for everything that one request led to.' }) correlationId!: string;
  @Text({ nullable: true }) requestIp!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true }) data!: object;
}

export class AuditPage {
  @ListOf(() => AuditEvent, { description: 'Newest first.' }) events!: readonly AuditEvent[];
  @Whole({ nullable: true, description: 'Hand it back as before= for the next page; null at the end.' }) nextBefore!: number | null;
}
