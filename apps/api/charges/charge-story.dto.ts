import { BOOKED_KINDS, type BookedKind } from '#adjustments';
import { IMPORT_TOUCHES, type ImportTouch } from '#charges';
import { type Standing, STANDINGS } from '#ledger';
import { Choice, Instant, ListOf, Money, Part, Period, Text, Texts, Whole, YesNo } from '../http/fields.js';
import { Charge } from './charges.dto.js';

class ImportedColumn {
  @Text({ description: 'FOCUS’s name where the ledger has a field for it; else as the file writes it.', example: 'ServiceName' })
  name!: string;
  @Text() value!: string;
  @Text({ nullable: true, description: 'Where the value is not the cell letter by letter: what it stands for.' }) note!: string | null;
}

class WrittenTag {
  @Text() name!: string;
  @Text() value!: string;
}

class TagReading {
  @Text({ example: 'pi_email' }) field!: string;
  @Texts({ description: 'Names under which it is looked for by the configuration of today; empty: not used.' }) tags!: readonly string[];
  @Text({ nullable: true }) value!: string | null;
}

class ImportedLine {
  @Whole({ description: 'The line of the file; its header is line 1.' }) lineNumber!: number;
  @ListOf(() => ImportedColumn, { description: 'Every column that has a value.' }) columns!: readonly ImportedColumn[];
  @ListOf(() => WrittenTag) tags!: readonly WrittenTag[];
  @ListOf(() => TagReading, { description: 'What the office reads from the tags; nothing for a part, whose payer the division says.' })
  readings!: readonly TagReading[];
}

class ExplainedFlag {
  @Text({ example: 'missing_fund_org' }) flag!: string;
  @YesNo({ description: 'Still a reason for review; else mended by a reattribution, or dropped when the period was flagged again.' })
  isOpen!: boolean;
  @Text({ description: 'The rule, with the settings of today.' }) rule!: string;
  @Text({ description: 'What was looked at, and found.' }) found!: string;
  @Text({ description: 'What mends it.' }) remedy!: string;
}

class TouchingImport {
  @Whole() importId!: number;
  @Text() fileName!: string;
  @Text({ description: 'SHA-256 of the file.' }) sha256!: string;
  @Choice(IMPORT_TOUCHES, 'ImportTouch') touch!: ImportTouch;
  @Instant({ description: 'When the import counted; for `was_withdrawn`, when it ceased to.' }) at!: Date;
  @Text() actor!: string;
  @Whole({ nullable: true, description: 'The line of its file; null where it is absent from the file.' }) lineNumber!: number | null;
  @Text({ nullable: true, description: '`brought_revision`: the charge that was replaced; `revised`: the one that replaced it.' })
  otherCharge!: string | null;
  @Money({ nullable: true, description: 'For the two kinds of revision; exact.' }) amountBefore!: string | null;
  @Money({ nullable: true, description: 'Exact.' }) amountAfter!: string | null;
  @Text({ nullable: true, description: 'Why it was withdrawn.' }) reason!: string | null;
}

class FieldChange {
  @Text({ example: 'fundOrg' }) field!: string;
  @Text() before!: string;
  @Text() after!: string;
}

class ChargeDecision {
  @Whole({ description: 'Of its event in the log.' }) position!: number;
  @Text({ description: 'This charge, or one that it replaced.', example: '12-345' }) chargeId!: string;
  @Text({ example: 'approve' }) action!: string;
  @Money({ description: 'Exact.' }) amount!: string;
  @Text({ nullable: true }) note!: string | null;
  @Text() actor!: string;
  @Instant() recordedAt!: Date;
  @Whole({ description: 'Charges decided on at once.' }) count!: number;
  @ListOf(() => FieldChange, { description: 'Of a reattribution: what it set.' }) changes!: readonly FieldChange[];
}

class ChargeAttribution {
  @Text() piEmail!: string;
  @Text() projectId!: string;
  @Text() fundOrg!: string;
  @Text() costCenter!: string;
  @Text() accountCode!: string;
}

class ChargeBooking {
  @Instant() from!: Date;
  @Instant({ nullable: true, description: 'Null: it still is.' }) until!: Date | null;
  @Choice(STANDINGS, 'Standing') standing!: Standing;
  @YesNo() isBilled!: boolean;
  @Part(() => ChargeAttribution) attribution!: ChargeAttribution;
}

class AttributingRule {
  @Text({ description: 'Rule and version.', example: 'R3.2' }) rule!: string;
  @Whole() ruleId!: number;
  @Whole() version!: number;
  @Text({ description: 'Its name then.' }) name!: string;
  @ListOf(() => FieldChange, { description: 'What it made of the tags; empty if they said the same.' }) changes!: readonly FieldChange[];
  @YesNo({ description: 'False once a decision set another payer.' }) isInForce!: boolean;
}

class ChargePosting {
  @Whole({ description: 'Charges in the posting.' }) lineCount!: number;
  @Money({ description: 'Rounded.' }) list!: string;
  @Money({ description: 'Rounded.' }) billed!: string;
}

class StatementOfCharge {
  @Text() piEmail!: string;
  @Text() projectId!: string;
  @Whole() revision!: number;
  @Text() fileName!: string;
  @Instant() issuedAt!: Date;
}

class JournalOfCharge {
  @Whole() number!: number;
  @Text() format!: string;
  @Text() fileName!: string;
  @YesNo({ description: 'With charges that waited for review.' }) includeFlagged!: boolean;
  @Text() exportedBy!: string;
  @Instant() exportedAt!: Date;
}

class ChargeAdjustment {
  @Whole() adjustmentId!: number;
  @Text({ example: '17-1' }) chargeId!: string;
  @Text({ description: 'The charge that it corrects.', example: '12-345' }) adjusts!: string;
  @Period() adjustedPeriod!: string;
  @Whole({ nullable: true, description: 'Of the statement that it corrects; null if there was none.' }) revision!: number | null;
  @Period({ description: 'In which it is billed.' }) period!: string;
  @Choice(STANDINGS, 'Standing') standing!: Standing;
  @Choice(BOOKED_KINDS, 'BookedAdjustmentKind') kind!: BookedKind;
  @Text() reason!: string;
  @Money({ description: 'Exact.' }) amount!: string;
  @Money({ description: 'Exact.' }) listCost!: string;
  @Text() bookedBy!: string;
  @Instant() bookedAt!: Date;
  @Text({ nullable: true, description: 'Why it was withdrawn.' }) endReason!: string | null;
}

class ChargeDivision {
  @Whole() splitId!: number;
  @Text({ nullable: true, description: 'The attribution rule that says so, as it was then; null where a person divided it.' })
  rule!: string | null;
  @Text({ nullable: true }) note!: string | null;
  @Text() splitBy!: string;
  @Instant() splitAt!: Date;
  @Whole({ description: 'From 1, in the order of the division.' }) part!: number;
  @Text({ example: '60%', description: 'As it was asked for: per cent, amount, or “rest”.' }) share!: string;
}

class ChargePart extends ChargeDivision {
  @Text({ example: '57-1' }) chargeId!: string;
  @Choice(STANDINGS, 'Standing') standing!: Standing;
  @Text() piEmail!: string;
  @Text() projectId!: string;
  @Text() fundOrg!: string;
  @Money({ description: 'Exact.' }) listCost!: string;
  @Money({ description: 'Exact.' }) amount!: string;
}

class WholeCharge extends ChargeDivision {
  @Text({ example: '12-345' }) chargeId!: string;
  @Whole({ description: 'Those that came to nothing left out.' }) partCount!: number;
  @Money({ description: 'Exact.' }) wholeAmount!: string;
  @Choice(STANDINGS, 'Standing') wholeStanding!: Standing;
  @ListOf(() => ChargePart, { description: 'Where the rest of it went: the other parts of the same division.' })
  others!: readonly ChargePart[];
}

export class ChargeStoryInfo {
  @Part(() => Charge) charge!: Charge;
  @Part(() => ImportedLine) line!: ImportedLine;
  @Part(() => AttributingRule, {
    nullable: true,
    description: 'The attribution rule that said who pays when the line was imported; null where its tags alone did.',
  })
  attributedBy!: AttributingRule | null;
  @ListOf(() => ExplainedFlag, {
    description: 'Of the line as imported, mended ones too, and those it got when its period was flagged again.',
  })
  flags!: readonly ExplainedFlag[];
  @ListOf(() => TouchingImport, { description: 'In the order in which they counted.' }) imports!: readonly TouchingImport[];
  @ListOf(() => ChargeAdjustment, {
    description: 'Of this charge and, if it is an adjustment, of the charge that it corrects; itself, too. Oldest first.',
  })
  adjustments!: readonly ChargeAdjustment[];
  @ListOf(() => ChargeDecision, { description: 'Oldest first.' }) decisions!: readonly ChargeDecision[];
  @ListOf(() => ChargePart, { description: 'Into which it is or was divided, oldest split first.' }) parts!: readonly ChargePart[];
  @Part(() => WholeCharge, { nullable: true, description: 'The charge that it is a part of.' }) partOf!: WholeCharge | null;
  @ListOf(() => ChargeBooking, { description: 'How it was booked over time, oldest first.' }) bookings!: readonly ChargeBooking[];
  @Part(() => ChargePosting, { nullable: true, description: 'The posting that it is part of; null unless it is billed.' })
  posting!: ChargePosting | null;
  @ListOf(() => StatementOfCharge, { description: 'On which it stands or stood, oldest first.' }) statements!: readonly StatementOfCharge[];
  @ListOf(() => JournalOfCharge, { description: 'In which it is, oldest first.' }) journals!: readonly JournalOfCharge[];
  @Text({ nullable: true, description: 'The charge before it in the same import.' }) previous!: string | null;
  @Text({ nullable: true }) next!: string | null;
}
