import { ApiProperty } from '@nestjs/swagger';
import type { BillingPeriod } from '#kernel';
import {
  AskChoice,
  AskPeriod,
  AskText,
  AskWhole,
  AskYesNo,
  Choice,
  Instant,
  ListOf,
  Money,
  Part,
  Period,
  Text,
  Texts,
  Whole,
  YesNo,
} from '../http/fields.js';
import { Problem, ProblemFinding } from '../http/problem.dto.js';
import { Written } from '../http/written.dto.js';
import { FailedJobNote } from '../jobs/jobs.dto.js';
import { DELIVERY_MODE_NAMES, type DeliveryModeName } from '../sources/sources.dto.js';

const IMPORT_STATES = ['received', 'recorded', 'booked', 'refused', 'withdrawn', 'cancelled'] as const;
const IMPORT_FILTERS = [...IMPORT_STATES, 'failed'] as const;
export type ImportStateName = (typeof IMPORT_STATES)[number];
const FOCUS_LEVELS = ['Mandatory', 'Conditional', 'Recommended'] as const;
const ATTRIBUTION_FIELDS = ['piEmail', 'projectId', 'fundOrg', 'costCenter', 'accountCode'] as const;
const RESTATED_KINDS = ['revised', 'withdrawn', 'new', 'unchanged', 'rejected'] as const;
const OUTCOMES = ['new', 'unchanged', 'revised', 'withdrawn', 'kept'] as const;

class ImportPeriodTotal {
  @Period() period!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Whole() lineCount!: number;
  @Money({ description: 'Exact.' }) listCost!: string;
  @Money({ description: 'Exact.' }) contractedCost!: string;
  @Money({ description: 'Exact.' }) billedCost!: string;
  @Money({ description: 'Exact.' }) effectiveCost!: string;
  @Money({ description: 'What is billed, by the cost basis of the source; exact.' }) amount!: string;
}

class ImportFlagTotal {
  @Text({ example: 'missing_project_id' }) flag!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Whole() lineCount!: number;
  @Money() amount!: string;
}

class ImportRefusedTotal {
  @Text({ nullable: true, description: 'Null where neither amount nor currency can be read.' }) currency!: string | null;
  @Whole() rowCount!: number;
  @Money() amount!: string;
}

class ImportRuleTotal {
  @Text({ description: 'The rule as it was then.', example: 'R3.2' }) rule!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Whole() lineCount!: number;
  @Money({ description: 'Exact.' }) amount!: string;
}

class ImportTotals {
  @Whole() lineCount!: number;
  @Whole() flaggedLineCount!: number;
  @Whole() refusedRowCount!: number;
  @ListOf(() => ImportPeriodTotal) periods!: readonly ImportPeriodTotal[];
  @ListOf(() => ImportFlagTotal) flags!: readonly ImportFlagTotal[];
  @ListOf(() => ImportRefusedTotal) refused!: readonly ImportRefusedTotal[];
  @ListOf(() => ImportRuleTotal, { description: 'Lines that attribution rules attributed, by rule.' }) rules!: readonly ImportRuleTotal[];
}

class ImportOutcomeTotal {
  @Choice(OUTCOMES, 'ImportOutcome', { description: 'kept: in what is there, but not in the file, and staying.' })
  outcome!: (typeof OUTCOMES)[number];
  @Text({ example: 'USD' }) currency!: string;
  @Whole() lineCount!: number;
  @Money() amount!: string;
  @Money({ nullable: true, description: 'Of revised lines: what the lines they replace said.' }) previousAmount!: string | null;
}

class RefusedCell {
  @Text() column!: string;
  @Text() value!: string;
  @Text() reason!: string;
}

class RefusedRow extends RefusedCell {
  @Whole() lineNumber!: number;
  @ListOf(() => RefusedCell) furtherProblems!: readonly RefusedCell[];
  @Money({ nullable: true }) amount!: string | null;
  @Text({ nullable: true }) currency!: string | null;
}

class MissingColumn {
  @Text({ example: 'ListCost' }) column!: string;
  @Choice(FOCUS_LEVELS, 'FocusLevel') level!: (typeof FOCUS_LEVELS)[number];
}

class UnattributedLines {
  @Choice(ATTRIBUTION_FIELDS, 'AttributionField') field!: (typeof ATTRIBUTION_FIELDS)[number];
  @Whole() lineCount!: number;
}

class ImportQuality {
  @ListOf(() => MissingColumn, { description: 'What the header lacks of its FOCUS version.' }) missingColumns!: readonly MissingColumn[];
  @ListOf(() => UnattributedLines, { description: 'Lines without a value, for every field.' }) unattributed!: readonly UnattributedLines[];
}

class ImportPiChange {
  @Text({ description: 'Empty for charges without a PI.' }) piEmail!: string;
  @Text({ example: 'USD' }) currency!: string;
  @Money({ description: 'Exact.' }) before!: string;
  @Money({ description: 'Exact.' }) after!: string;
}

class ImportPiChanges {
  @Whole({ description: 'PIs with any change; charges without a PI count as one.' }) piCount!: number;
  @ListOf(() => ImportPiChange, { description: 'At most 20, largest change first.' }) top!: readonly ImportPiChange[];
}

class ImportReportInfo {
  @YesNo({ description: 'False for a file whose reading broke off: the report says what was found until then.' }) readToEnd!: boolean;
  @Text({ nullable: true, example: '1.2' }) focusVersion!: string | null;
  @Choice(DELIVERY_MODE_NAMES, 'DeliveryMode') deliveryMode!: DeliveryModeName;
  @Texts() warnings!: readonly string[];
  @Part(() => ImportTotals) totals!: ImportTotals;
  @ListOf(() => ImportOutcomeTotal, { description: 'Against what is held already.' }) outcomes!: readonly ImportOutcomeTotal[];
  @ListOf(() => RefusedRow, { description: 'The first of them; all are in the CSV of refused rows.' }) refusedRows!: readonly RefusedRow[];
  @Text({ nullable: true }) refusedRowsSha256!: string | null;
  @Part(() => ImportQuality, { nullable: true, description: 'Null for imports of older versions of the program.' })
  quality!: ImportQuality | null;
  @Part(() => ImportPiChanges, {
    nullable: true,
    description:
      'Whose money in the periods of the import changes, from all sources: what is billed or waits for review, without the import and with it. ' +
      'Null for a refused file, and for imports of older versions of the program.',
  })
  piChanges!: ImportPiChanges | null;
}

class AsAdjustmentsInfo {
  @Period({ description: 'In which what differs is billed.' }) period!: string;
  @Text() reason!: string;
}

class RestatedTotal {
  @Choice(RESTATED_KINDS, 'RestatedKind', { description: 'rejected: charges that were never billed, which a file does not change.' })
  kind!: (typeof RESTATED_KINDS)[number];
  @Text({ example: 'USD' }) currency!: string;
  @Whole() lineCount!: number;
  @Money({ description: 'What was billed so far, with all adjustments; exact.' }) before!: string;
  @Money({ description: 'What the file says; exact.' }) after!: string;
  @Money({ description: 'What is booked; exact.' }) listCost!: string;
  @Money({ description: 'What is booked; exact.' }) amount!: string;
}

class RestatementInfo {
  @Period({ description: 'In which it is billed.' }) period!: string;
  @Period({ description: 'Which the file states anew.' }) adjustedPeriod!: string;
  @Text() reason!: string;
  @Whole({ description: 'Booked lines; 0: nothing differs.' }) lineCount!: number;
  @Whole({ description: 'Of these, those that wait for review.' }) flaggedLineCount!: number;
  @ListOf(() => RestatedTotal) kinds!: readonly RestatedTotal[];
  @Part(() => ImportPiChanges, { description: 'Whose money changes in the period in which it is billed, from all sources.' })
  piChanges!: ImportPiChanges;
}

class Refusal {
  @Text({ example: 'focus.missing-columns' }) code!: string;
  @Text() reason!: string;
  @ListOf(() => ProblemFinding) problems!: readonly ProblemFinding[];
}

export class ReadingProgressInfo {
  @Whole({ description: 'Of the file as it was handed in; of a gzipped one the packed bytes.' }) bytesRead!: number;
  @Whole() bytes!: number;
  @Whole() rows!: number;
}

export class ImportEntry {
  @Whole() importId!: number;
  @Text() source!: string;
  @Text() fileName!: string;
  @Text() sha256!: string;
  @Whole() bytes!: number;
  @Choice(IMPORT_STATES, 'ImportState') state!: ImportStateName;
  @Choice(DELIVERY_MODE_NAMES, 'DeliveryMode') deliveryMode!: DeliveryModeName;
  @Period({ nullable: true }) expectedPeriod!: string | null;
  @Texts() periods!: readonly string[];
  @Whole() lineCount!: number;
  @Part(() => Refusal, { nullable: true }) refusal!: Refusal | null;
  @Part(() => AsAdjustmentsInfo, {
    nullable: true,
    description: 'Asked for where what differs is booked as adjustments; null: it is imported.',
  })
  asAdjustments!: AsAdjustmentsInfo | null;
  @Part(() => RestatementInfo, { nullable: true, description: 'What was booked, as the adjustment of the same number.' })
  restatement!: RestatementInfo | null;
  @Text() receivedBy!: string;
  @Instant() receivedAt!: Date;
  @Instant({ nullable: true }) endedAt!: Date | null;
  @Text({ nullable: true, description: 'Who withdrew or cancelled it.' }) endedBy!: string | null;
  @Text({ nullable: true, description: 'Why it was withdrawn or cancelled, if somebody said so.' }) endReason!: string | null;
  @Part(() => ReadingProgressInfo, { nullable: true, description: 'While it is being read.' }) progress!: ReadingProgressInfo | null;
  @Part(() => FailedJobNote, {
    nullable: true,
    description: 'Why recording it failed for a technical reason; it stays received until the work is retried or the import cancelled.',
  })
  failure!: FailedJobNote | null;
}

export class ImportList {
  @ListOf(() => ImportEntry, { description: 'Newest first.' }) imports!: readonly ImportEntry[];
  @Whole({ description: 'How many match, on all pages.' }) count!: number;
}

export class ImportDetail extends ImportEntry {
  @Part(() => ImportReportInfo, { nullable: true }) report!: ImportReportInfo | null;
}

export class ReceivedImportInfo extends Written {
  @Whole() importId!: number;
  @YesNo({ description: 'The same bytes of the same source were there before: nothing was changed, and this is the earlier import.' })
  duplicate!: boolean;
  @Choice(IMPORT_STATES, 'ImportState') state!: ImportStateName;
}

export class StartedPreview {
  @Text({ format: 'uuid' }) previewId!: string;
}

class PreviewResult {
  @YesNo() accepted!: boolean;
  @Part(() => Refusal, { nullable: true, description: 'Why the file would be refused.' }) refusal!: Refusal | null;
  @Part(() => ImportReportInfo, { nullable: true }) report!: ImportReportInfo | null;
  @Part(() => RestatementInfo, { nullable: true, description: 'What would be booked as adjustments, if that was asked for.' })
  restatement!: RestatementInfo | null;
}

export class Preview {
  @Text({ format: 'uuid' }) previewId!: string;
  @Choice(['waiting', 'active', 'completed', 'failed'], 'JobState') state!: 'waiting' | 'active' | 'completed' | 'failed';
  @Part(() => ReadingProgressInfo, { nullable: true }) progress!: ReadingProgressInfo | null;
  @Part(() => PreviewResult, { nullable: true }) outcome!: PreviewResult | null;
}

export class FileNameGuessInfo {
  @Text({ nullable: true, example: 'aws' }) source!: string | null;
  @Period({ nullable: true }) period!: string | null;
  @Text({ description: 'Why this source or none; sources that tie are named.' }) sourceReason!: string;
  @Text() periodReason!: string;
}

export class GuessQuery {
  @AskText({ maxLength: 255, example: 'aws_2026-01.csv' }) fileName!: string;
}

export class ImportQuery {
  @AskText({ required: false }) source?: string;
  @AskPeriod({ required: false }) period?: BillingPeriod;
  @AskChoice(IMPORT_FILTERS, 'ImportStateFilter', {
    required: false,
    description: 'received: still to be read or being read; failed: received, but reading it failed for a technical reason.',
  })
  state?: (typeof IMPORT_FILTERS)[number];
  @AskWhole({ min: 1, max: 200, default: 50, required: false }) limit = 50;
  @AskWhole({ min: 0, max: 100_000_000, default: 0, required: false }) offset = 0;
}

/** What is said about a file: as form fields before the file, or in the query. */
export class UploadFields {
  @AskText({ required: false, maxLength: 63, description: 'Left out: guessed from the file name.' }) source?: string;
  @AskPeriod({ required: false, description: 'Lines of another period are flagged.' }) period?: BillingPeriod;
  @AskChoice(DELIVERY_MODE_NAMES, 'DeliveryMode', { required: false, description: 'Left out: the source’s own.' })
  deliveryMode?: DeliveryModeName;
  @AskYesNo({ required: false, description: 'Record what can be read and keep refused rows aside, instead of refusing the file.' })
  allowPartial?: boolean;
  @AskPeriod({
    required: false,
    description:
      'An open period: the file, a full snapshot (deliveryMode replace) of one finalized period, is compared with what was billed, and the difference is booked here as adjustments. Takes a person.',
  })
  asAdjustments?: BillingPeriod;
  @AskText({ required: false, maxLength: 500, description: 'With asAdjustments: why. The PIs read it on their next statement.' })
  reason?: string;
}

export class UploadQuery extends UploadFields {
  @AskYesNo({ required: false, description: 'Report what the import would do, and do nothing.' }) dryRun?: boolean;
  @AskText({ required: false, maxLength: 255, description: 'With a body that is the file itself.' }) fileName?: string;
}

export class UploadForm extends UploadFields {
  @ApiProperty({ type: String, format: 'binary', description: 'Comes last. A CSV file, or a gzipped one.' }) file!: unknown;
}

export class CancelImport {
  @AskText({ required: false, maxLength: 2000, description: 'Why; kept in the log.' }) reason?: string;
}

export class WithdrawImport {
  @AskText({ maxLength: 2000, description: 'Why; kept in the log.' }) reason!: string;
}

export class BatchFile {
  @Text({ description: 'As the form names it.' }) fileName!: string;
  @Whole({ nullable: true, description: 'The import; null if the file was not taken, or tried only.' }) importId!: number | null;
  @Text({ format: 'uuid', nullable: true, description: 'The dry run, with dryRun.' }) previewId!: string | null;
  @YesNo({ description: 'The same bytes of the same source were there before: nothing was changed, and this is the earlier import.' })
  duplicate!: boolean;
  @Choice(IMPORT_STATES, 'ImportState', { nullable: true }) state!: ImportStateName | null;
  @Part(() => Problem, { nullable: true, description: 'Why the file was not taken; nothing of it is kept.' }) problem!: Problem | null;
}

export class ReceivedBatch extends Written {
  @ListOf(() => BatchFile, { description: 'In the order of the form.' }) files!: readonly BatchFile[];
  @Texts({ description: 'Fields after the last file; they belong to none and were not used.' }) strayFields!: readonly string[];
}

/** What holds for all files of a batch that do not say otherwise. */
export class BatchQuery extends UploadFields {
  @AskYesNo({ required: false, description: 'Report what the imports would do, and do nothing.' }) dryRun?: boolean;
}

export class BatchForm extends UploadFields {
  @ApiProperty({ type: [String], format: 'binary', description: 'CSV files, also gzipped; each may have its own fields right before it.' })
  file!: readonly unknown[];
}
