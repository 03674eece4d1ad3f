import { EventActor } from '../http/event-actor.dto.js';
import { AskText, Choice, Instant, ListOf, Money, Part, Period, Text, Texts, Whole } from '../http/fields.js';
import { PERIOD_STATES, type PeriodStateName, StandingSum } from '../periods/periods.dto.js';

const MOMENT =
  'A position of the log (`118`), a time with its zone (`2025-10-03T16:30:00Z`), a date for the end of that day in UTC (`2025-10-03`), ' +
  'or `now`, `close`, `finalize`, `statements` (the end of the last statement run), `statements:3` (of run 3). One that lies ahead stands for now.';

class LedgerScopeQuery {
  @AskText({ required: false, maxLength: 254 }) piEmail?: string;
  @AskText({ required: false }) projectId?: string;
}

export class LedgerQuery extends LedgerScopeQuery {
  @AskText({ required: false, maxLength: 60, description: `${MOMENT} Left out: now.` }) asOf?: string;
}

export class LedgerDiffQuery extends LedgerScopeQuery {
  @AskText({ maxLength: 60, description: MOMENT }) from!: string;
  @AskText({ required: false, maxLength: 60, description: `${MOMENT} Left out: now.` }) to?: string;
}

class LedgerMomentItem {
  @Whole({ description: 'Position of the event in the log; hand it back as a moment.' }) position!: number;
  @Instant() at!: Date;
  @Part(() => EventActor, { description: 'Who caused it; for what a worker did, whoever asked for it.' }) by!: EventActor;
  @Text({ example: 'ImportRecorded' }) type!: string;
  @Text({ example: 'Import 12 recorded (aws_2025-09.csv)' }) text!: string;
  @Text({ nullable: true, description: 'What was noted with it: a note, a reason.' }) note!: string | null;
  @Whole({ nullable: true, description: 'The import that it is about.' }) importId!: number | null;
}

export class LedgerMoments {
  @Period() period!: string;
  @Choice(PERIOD_STATES, 'PeriodState') state!: PeriodStateName;
  @ListOf(() => LedgerMomentItem, { description: 'Oldest first.' }) moments!: readonly LedgerMomentItem[];
}

class LedgerStandpointItem {
  @Whole({ description: 'Of the last event that counts; 0 before the first.' }) position!: number;
  @Instant({ nullable: true, description: 'When that event was recorded; null before the first.' }) at!: Date | null;
  @Text({ example: 'Period closed' }) text!: string;
}

class LedgerTotals {
  @Whole({ description: 'Lines held, superseded and withdrawn ones left out.' }) lineCount!: number;
  @Whole({ description: 'Charges that waited for review.' }) flaggedCount!: number;
  @Whole() piCount!: number;
  @Whole() projectCount!: number;
  @Money() list!: string;
  @Money({ description: 'List minus billed.' }) discount!: string;
  @Money() billed!: string;
  @Money({ description: 'Before rounding.' }) billedExact!: string;
  @Money({ example: '-0.0034' }) rounding!: string;
  @ListOf(() => StandingSum) byStanding!: readonly StandingSum[];
}

class LedgerRow {
  @Text() piEmail!: string;
  @Text() projectId!: string;
  @Text() fundOrg!: string;
  @Whole() lineCount!: number;
  @Money() list!: string;
  @Money() discount!: string;
  @Money() billed!: string;
  @Money({ description: 'Before rounding.' }) listExact!: string;
  @Money({ description: 'Before rounding.' }) discountExact!: string;
  @Money({ description: 'Before rounding.' }) billedExact!: string;
}

export class PeriodLedger {
  @Period() period!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Part(() => LedgerStandpointItem) asOf!: LedgerStandpointItem;
  @Part(() => LedgerTotals) totals!: LedgerTotals;
  @ListOf(() => LedgerRow, { description: 'What is billed, per PI × project × fund/org: sums of rounded postings.' })
  rows!: readonly LedgerRow[];
}

class LedgerSumItem {
  @Whole() lineCount!: number;
  @Money() list!: string;
  @Money() discount!: string;
  @Money() billed!: string;
}

class LedgerShareItem extends LedgerSumItem {
  @Texts() fundOrgs!: readonly string[];
}

class LedgerCauseItem extends LedgerMomentItem {
  @Part(() => LedgerSumItem) change!: LedgerSumItem;
}

class LedgerDiffRow {
  @Text() piEmail!: string;
  @Text() projectId!: string;
  @Part(() => LedgerShareItem) before!: LedgerShareItem;
  @Part(() => LedgerShareItem) after!: LedgerShareItem;
  @Part(() => LedgerSumItem, { description: 'All zero if only fund/org, service or account changed, or if later events set it right.' })
  change!: LedgerSumItem;
  @ListOf(() => LedgerCauseItem, { description: 'Oldest first; their changes add up to that of the row.' })
  causes!: readonly LedgerCauseItem[];
}

export class LedgerDiff {
  @Period() period!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Part(() => LedgerStandpointItem) from!: LedgerStandpointItem;
  @Part(() => LedgerStandpointItem) to!: LedgerStandpointItem;
  @Part(() => LedgerSumItem) before!: LedgerSumItem;
  @Part(() => LedgerSumItem) after!: LedgerSumItem;
  @Part(() => LedgerSumItem) change!: LedgerSumItem;
  @ListOf(() => LedgerDiffRow, { description: 'Every PI × project whose billing an event between the two touched.' })
  rows!: readonly LedgerDiffRow[];
}
