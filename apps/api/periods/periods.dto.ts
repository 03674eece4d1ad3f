import { EventActor } from '../http/event-actor.dto.js';
import { AskPart, AskPeriod, AskText, Choice, Instant, ListOf, Money, Part, Period, Text, Texts, Whole, YesNo } from '../http/fields.js';
import { Written } from '../http/written.dto.js';

export const PERIOD_STATES = ['open', 'closed', 'finalized'] as const;
export type PeriodStateName = (typeof PERIOD_STATES)[number];

class PeriodHead {
  @Period() period!: string;
  @Text({ example: 'January 2026' }) title!: string;
  @Choice(PERIOD_STATES, 'PeriodState') state!: PeriodStateName;
  @Instant() openedAt!: Date;
  @Instant({ nullable: true }) closedAt!: Date | null;
  @Instant({ nullable: true }) finalizedAt!: Date | null;
  @Text({ nullable: true, description: 'What was noted at the last change of state.' }) notes!: string | null;
}

export class PeriodOverview extends PeriodHead {
  @Whole({ description: 'Lines held, superseded and withdrawn ones left out.' }) lineCount!: number;
  @Whole({ description: 'Charges that wait for review.' }) flaggedCount!: number;
  @Whole() piCount!: number;
  @Whole() statementCount!: number;
  @Money() list!: string;
  @Money({ description: 'List minus billed.' }) discount!: string;
  @Money() billed!: string;
  @Money({ description: 'What rounding the postings gained or lost against the exact sum of the files.', example: '-0.0034' })
  rounding!: string;
}

export class PeriodList {
  @Text({ description: 'Currency of the ledger.', example: 'USD' }) currency!: string;
  @ListOf(() => PeriodOverview, { description: 'Newest first.' }) periods!: readonly PeriodOverview[];
}

export class StandingSum {
  @Text({ example: 'clear' }) standing!: string;
  @Whole() lineCount!: number;
  @Money({ description: 'Exact.' }) list!: string;
  @Money({ description: 'Exact.' }) billed!: string;
}

/** What belongs together in a period: sums of rounded postings. */
export class GroupSum {
  @Text({ description: 'The source, the PI or the service.' }) name!: string;
  @Text({ description: 'The same for people.' }) title!: string;
  @Whole() lineCount!: number;
  @Money() list!: string;
  @Money() discount!: string;
  @Money() billed!: string;
}

class FlagSum {
  @Text({ example: 'missing_project_id' }) flag!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Whole() lineCount!: number;
  @Money({ description: 'Exact.' }) amount!: string;
}

class ChecklistItem {
  @Text({ example: 'review' }) check!: string;
  @YesNo() done!: boolean;
  @Text({ example: '3 charges wait for review', description: 'What is missing, or that nothing is.' }) text!: string;
  @YesNo({ description: 'Finalizing by force, with a reason, may override it.' }) overridable!: boolean;
}

class ForcedFinalize {
  @Texts({ description: 'What the checklist asked for.' }) missing!: readonly string[];
  @Text({ description: 'Why it was finalized all the same.' }) reason!: string;
}

const PERIOD_STEPS = ['opened', 'closed', 'reopened', 'finalized'] as const;

class PeriodStepItem {
  @Whole({ description: 'Position of the event in the log.' }) position!: number;
  @Instant() at!: Date;
  @Part(() => EventActor, { description: 'Who did it; of a period that an import opened, who sent the file.' }) by!: EventActor;
  @Choice(PERIOD_STEPS, 'PeriodStep') step!: (typeof PERIOD_STEPS)[number];
  @Text({ nullable: true, description: 'Notes, or the reason for reopening.' }) note!: string | null;
  @Part(() => ForcedFinalize, { nullable: true, description: 'If something was missing when the period was finalized.' })
  forced!: ForcedFinalize | null;
}

export class PeriodDetail extends PeriodOverview {
  @Text({ example: 'USD' }) currency!: string;
  @Whole() projectCount!: number;
  @Money({ description: 'Before rounding.' }) billedExact!: string;
  @ListOf(() => StandingSum) byStanding!: readonly StandingSum[];
  @ListOf(() => FlagSum, { description: 'Charges that wait for review, by reason; one with two reasons is in two of these.' })
  flags!: readonly FlagSum[];
  @ListOf(() => GroupSum) bySource!: readonly GroupSum[];
  @ListOf(() => GroupSum) byPi!: readonly GroupSum[];
  @ListOf(() => GroupSum) byService!: readonly GroupSum[];
  @ListOf(() => ChecklistItem, { description: 'What must be in order before the period is finalized; empty once it is.' })
  checklist!: readonly ChecklistItem[];
  @ListOf(() => PeriodStepItem, { description: 'Who opened, closed, reopened and finalized it, when and why; oldest first.' })
  history!: readonly PeriodStepItem[];
}

export class PeriodChanged extends Written {
  @Period() period!: string;
  @Choice(PERIOD_STATES, 'PeriodState') state!: PeriodStateName;
}

export class OpenPeriod {
  @AskPeriod() period!: string;
}

export class ClosePeriod {
  @AskText({ required: false, maxLength: 2000 }) notes?: string;
}

export class ReopenPeriod {
  @AskText({ maxLength: 2000, description: 'Why; kept in the log.' }) reason!: string;
}

class ForceFinalize {
  @AskText({ maxLength: 2000, description: 'Why; kept in the log.' }) reason!: string;
}

export class FinalizePeriod {
  @AskText({ required: false, maxLength: 2000 }) notes?: string;
  @AskPart(() => ForceFinalize, {
    required: false,
    description: 'Overrides all findings of the checklist but charges that wait for review.',
  })
  force?: ForceFinalize;
}
