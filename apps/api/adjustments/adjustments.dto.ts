import {
  ADJUSTMENT_KINDS,
  ADJUSTMENT_STATES,
  type AdjustmentKind,
  type AdjustmentState,
  BOOKED_KINDS,
  type BookedKind,
} from '#adjustments';
import { type BillingPeriod, MAX_ATTRIBUTION_BYTES } from '#kernel';
import {
  AskChoice,
  AskMoney,
  AskPart,
  AskPeriod,
  AskText,
  AskWhole,
  AskYesNo,
  Choice,
  Instant,
  ListOf,
  Money,
  Period,
  Text,
  Texts,
  Whole,
} from '../http/fields.js';
import { Written } from '../http/written.dto.js';

const MAX_REASON_LENGTH = 500;

class AdjustedStatementScope {
  @AskPeriod() period!: BillingPeriod;
  @AskText({ maxLength: MAX_ATTRIBUTION_BYTES.piEmail }) piEmail!: string;
  @AskText({ maxLength: MAX_ATTRIBUTION_BYTES.projectId }) projectId!: string;
}

/** Either `chargeId` or `statement`; at most one of `amount` and `percent`. */
export class BookAdjustmentsBody {
  @AskText({ required: false, example: '12-345', description: 'A billed charge of a finalized period. Either this or a statement.' })
  chargeId?: string;
  @AskPart(() => AdjustedStatementScope, { required: false, description: 'All billed charges of a PI’s project in a finalized period.' })
  statement?: AdjustedStatementScope;
  @AskPeriod({ description: 'An open period, in which it is billed.' }) period!: BillingPeriod;
  @AskChoice(ADJUSTMENT_KINDS, 'AdjustmentKind', { required: false, description: '`credit` (default) takes back, `debit` charges more.' })
  kind?: AdjustmentKind;
  @AskMoney({ required: false, description: 'How much in all, exact and positive. Left out with percent: all that is left.' })
  amount?: string;
  @AskMoney({ required: false, description: 'Which share of each charge, up to 100.', example: '50' }) percent?: string;
  @AskText({ maxLength: MAX_REASON_LENGTH, description: 'The PI reads it on the next statement.' }) reason!: string;
}

export class BookAdjustmentsQuery {
  @AskYesNo({ required: false, description: 'Work it out, show it, and book nothing.' }) dryRun?: boolean;
}

export class WithdrawAdjustmentBody {
  @AskText({ maxLength: MAX_REASON_LENGTH }) reason!: string;
}

export class AdjustmentListQuery {
  @AskPeriod({ required: false, description: 'Billed in this period.' }) period?: BillingPeriod;
  @AskPeriod({ required: false, description: 'Correcting this period.' }) adjustedPeriod?: BillingPeriod;
  @AskText({ required: false }) piEmail?: string;
  @AskWhole({ min: 1, max: 500, default: 100, required: false }) limit = 100;
  @AskWhole({ min: 0, max: 100_000_000, default: 0, required: false }) offset = 0;
}

class AdjustmentTotal {
  @Text({ example: 'USD' }) currency!: string;
  @Whole() lineCount!: number;
  @Money({ description: 'Exact; that of a credit is negative.' }) listCost!: string;
  @Money({ description: 'Exact; that of a credit is negative.', example: '-12.5' }) amount!: string;
}

class AdjustmentLine {
  @Text({ description: 'The charge that adjusts; of a dry run, a number that is not used.', example: '17-1' }) chargeId!: string;
  @Text({ description: 'The charge that it corrects.', example: '12-345' }) adjusts!: string;
  @Text() source!: string;
  @Text() serviceName!: string;
  @Text({ nullable: true }) resource!: string | null;
  @Text() fundOrg!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Money({ description: 'What was billed; exact.' }) billed!: string;
  @Money({ description: 'Exact.' }) listCost!: string;
  @Money({ description: 'Exact.' }) amount!: string;
  @Money({ description: 'Of the corrected charge, after this; exact.' }) left!: string;
}

export class AdjustmentAnswer extends Written {
  @Whole({ nullable: true, description: 'Null: a dry run.' }) adjustmentId!: number | null;
  @Period({ description: 'In which it is billed.' }) period!: string;
  @Period({ description: 'Which it corrects.' }) adjustedPeriod!: string;
  @Whole({ description: 'Lines.' }) count!: number;
  @ListOf(() => AdjustmentTotal) totals!: readonly AdjustmentTotal[];
  @ListOf(() => AdjustmentLine, { description: 'The first hundred.' }) lines!: readonly AdjustmentLine[];
}

export class AdjustmentInfo {
  @Whole({ description: 'Of the same numbers as those of imports: its charges are named by it.' }) adjustmentId!: number;
  @Choice(ADJUSTMENT_STATES, 'AdjustmentState') state!: AdjustmentState;
  @Period({ description: 'In which it is billed.' }) period!: string;
  @Period({ description: 'Which it corrects.' }) adjustedPeriod!: string;
  @Text({ nullable: true, description: 'The one charge that it corrects; null: those of a statement, or of a file.' }) chargeId!:
    string | null;
  @Text({ nullable: true, description: 'Null: a file corrects charges of any PI.' }) piEmail!: string | null;
  @Text({ nullable: true }) projectId!: string | null;
  @Text({ nullable: true, description: 'The file that states the corrected period anew; its import has the number of the adjustment.' })
  fileName!: string | null;
  @Whole({ nullable: true, description: 'Of the statement that it corrects; null if there was none.' }) revision!: number | null;
  @Choice(BOOKED_KINDS, 'BookedAdjustmentKind', { description: '`restatement`: what differs in a file that states the period anew.' })
  kind!: BookedKind;
  @Money({ nullable: true, description: 'How much was asked for; null: a share, or all that was left.' }) amount!: string | null;
  @Money({ nullable: true, description: 'Which share of each charge was asked for.' }) percent!: string | null;
  @Text() reason!: string;
  @Texts() sources!: readonly string[];
  @Whole() lineCount!: number;
  @Whole({ description: 'The line of its first charge: 17-1, or 17-23.' }) firstLine!: number;
  @ListOf(() => AdjustmentTotal) totals!: readonly AdjustmentTotal[];
  @Text() bookedBy!: string;
  @Instant() bookedAt!: Date;
  @Text({ nullable: true, description: 'Who withdrew it.' }) endedBy!: string | null;
  @Instant({ nullable: true }) endedAt!: Date | null;
  @Text({ nullable: true }) endReason!: string | null;
}

export class AdjustmentList {
  @ListOf(() => AdjustmentInfo, { description: 'Newest first.' }) adjustments!: readonly AdjustmentInfo[];
  @Whole({ description: 'How many match, on all pages.' }) count!: number;
}

export class AdjustmentWithdrawn extends Written {
  @Whole() adjustmentId!: number;
}
