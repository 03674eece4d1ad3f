import { type RuleAction, RULE_ACTIONS, RULE_TEXT_LIMITS } from '#attribution-rules';
import type { BillingPeriod, Currency } from '#kernel';
import { MOST_PARTS } from '#splits';
import { AskMoney, AskPart, AskParts, AskPeriod, AskText, AskWhole, AskYesNo } from '../http/fields.js';
import { Choice, Instant, ListOf, Money, Part, Period, Text, Texts, Whole, YesNo } from '../http/fields.js';
import { Written } from '../http/written.dto.js';
import { SplitPartInfo, SplitPartInput } from '../splits/splits.dto.js';

const MATCHED = 'The whole text, in any case; * stands for any characters. Null: whatever it is.';
const SETS = 'Null: what the tags say stays.';

class RuleMatchInfo {
  @Text({ nullable: true, description: MATCHED, example: 'aws*' }) source!: string | null;
  @Text({ nullable: true, description: 'SubAccountId.' }) subAccount!: string | null;
  @Text({ nullable: true, description: 'ServiceName, or ServiceCategory where the line has none.' }) service!: string | null;
  @Text({ nullable: true, example: 'gpu-*' }) resourceId!: string | null;
  @Text({ nullable: true }) resourceName!: string | null;
}

class RuleAttributionInfo {
  @Text({ nullable: true, description: SETS }) piEmail!: string | null;
  @Text({ nullable: true }) projectId!: string | null;
  @Text({ nullable: true }) fundOrg!: string | null;
  @Text({ nullable: true }) costCenter!: string | null;
  @Text({ nullable: true }) accountCode!: string | null;
}

class AttributionRuleFacts {
  @Whole() ruleId!: number;
  @Whole({ description: 'Counts the changes of this rule, from 1. Charges name it: R3.2.' }) version!: number;
  @Whole({ description: 'From 1, disabled rules included; the first rule that matches a charge counts.' }) place!: number;
  @Text({ example: 'GPU nodes of the vision lab' }) name!: string;
  @Part(() => RuleMatchInfo, { description: 'All of it must hold.' }) match!: RuleMatchInfo;
  @Text({ nullable: true, format: 'date', description: 'First day of charges; null: open.' }) validFrom!: string | null;
  @Text({ nullable: true, format: 'date', description: 'Last day of charges, included; null: open.' }) validTo!: string | null;
  @Part(() => RuleAttributionInfo) set!: RuleAttributionInfo;
  @ListOf(() => SplitPartInfo, {
    description: 'Into what a charge is divided; empty: it is not. What a part leaves open, `set` says, then the tags.',
  })
  parts!: readonly SplitPartInfo[];
  @Text({ description: 'Empty: none.' }) note!: string;
  @YesNo() enabled!: boolean;
}

class AttributionRuleInfo extends AttributionRuleFacts {
  @Text({ description: 'Who changed it last.' }) changedBy!: string;
  @Instant() changedAt!: Date;
}

export class AttributionRuleList {
  @ListOf(() => AttributionRuleInfo, { description: 'In their order.' }) rules!: readonly AttributionRuleInfo[];
}

class AttributionRuleVersion extends AttributionRuleInfo {
  @Whole({ description: 'Position of the event in the log.' }) position!: number;
  @Choice(RULE_ACTIONS, 'RuleAction') action!: RuleAction;
  @Text({ nullable: true, description: 'Why it was disabled.' }) reason!: string | null;
}

export class AttributionRuleDetail extends AttributionRuleInfo {
  @ListOf(() => AttributionRuleVersion, { description: 'How each change left it, newest first.' })
  versions!: readonly AttributionRuleVersion[];
}

class RuleMatchInput {
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.match, description: 'Empty: any.' }) source?: string;
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.match }) subAccount?: string;
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.match }) service?: string;
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.match }) resourceId?: string;
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.match }) resourceName?: string;
}

class RuleAttributionInput {
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.piEmail, description: 'Empty: what the tags say stays.' }) piEmail?: string;
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.projectId }) projectId?: string;
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.fundOrg }) fundOrg?: string;
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.costCenter }) costCenter?: string;
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.accountCode }) accountCode?: string;
}

/** What is left out stays as it is. */
export class ChangeRuleBody {
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.name }) name?: string;
  @AskPart(() => RuleMatchInput, { required: false }) match?: RuleMatchInput;
  @AskText({ required: false, maxLength: 10, example: '2025-01-01', description: 'First day of charges; empty: open.' }) validFrom?: string;
  @AskText({ required: false, maxLength: 10, description: 'Last day of charges, included; empty: open.' }) validTo?: string;
  @AskPart(() => RuleAttributionInput, { required: false }) set?: RuleAttributionInput;
  @AskParts(() => SplitPartInput, {
    maxItems: MOST_PARTS,
    required: false,
    description: 'All of them; an empty list: charges are not divided.',
  })
  parts?: SplitPartInput[];
  @AskText({ required: false, maxLength: RULE_TEXT_LIMITS.note }) note?: string;
}

const MOST_RULES = 1_000_000;

export class AddRuleBody extends ChangeRuleBody {
  @AskWhole({ required: false, min: 1, max: MOST_RULES, description: 'Where it stands; left out: behind all others.' }) place?: number;
}

export class MoveRuleBody {
  @AskWhole({ min: 1, max: MOST_RULES, description: 'From 1, which comes first.' }) place!: number;
}

export class DisableRuleBody {
  @AskText({ required: false, maxLength: 2000, description: 'Why; kept in the log.' }) reason?: string;
}

export class SavedRuleAnswer extends Written {
  @YesNo({ description: 'False: everything was so already, and nothing was recorded.' }) changed!: boolean;
  @Part(() => AttributionRuleFacts) rule!: AttributionRuleFacts;
}

const WITH_REATTRIBUTED = 'Also charges for which a decision set who pays: by hand, or by a rule that was applied.';

export class PreviewRuleBody extends AddRuleBody {
  @AskWhole({ required: false, min: 1, max: 2_147_483_647, description: 'The rule that is to be changed; left out: a new one.' })
  ruleId?: number;
  @AskPeriod({ required: false, description: 'An open one; left out: all open ones.' }) period?: BillingPeriod;
  @AskYesNo({ required: false, description: WITH_REATTRIBUTED }) withReattributed?: boolean;
}

class EffectSum {
  @Text({ example: 'USD' }) currency!: string;
  @Money({ description: 'Exact.' }) amount!: string;
}

class EffectMove extends EffectSum {
  @Text({ description: 'Empty: no PI.' }) piBefore!: string;
  @Text({ description: 'Empty: no PI.' }) piAfter!: string;
  @Whole() count!: number;
}

class EffectPayer {
  @Text() piEmail!: string;
  @Text() projectId!: string;
  @Text() fundOrg!: string;
  @Text() costCenter!: string;
  @Text() accountCode!: string;
}

class EffectPart {
  @Part(() => EffectPayer) payer!: EffectPayer;
  @Money({ description: 'Exact.' }) amount!: string;
}

class EffectCharge {
  @Text({ example: '12-345' }) id!: string;
  @Period() period!: string;
  @Text({ format: 'date' }) day!: string;
  @Text() source!: string;
  @Text() service!: string;
  @Text({ nullable: true }) resourceId!: string | null;
  @Text({ nullable: true }) resourceName!: string | null;
  @Text({ example: 'USD' }) currency!: string;
  @Money({ description: 'Exact.' }) amount!: string;
  @Part(() => EffectPayer) before!: EffectPayer;
  @Part(() => EffectPayer) after!: EffectPayer;
  @ListOf(() => EffectPart, { description: 'Into what it is divided; empty: it is not.' }) parts!: readonly EffectPart[];
}

export class RuleEffectInfo {
  @Texts({ description: 'The open periods that were looked at, oldest first.' }) periods!: readonly string[];
  @Whole({ description: 'Charges for which this is the first rule that matches.' }) matchedCount!: number;
  @Whole({ description: 'Of these, charges that it attributes otherwise than they are now.' }) count!: number;
  @ListOf(() => EffectSum, { description: 'Their exact sum in each currency.' }) amounts!: readonly EffectSum[];
  @Whole({ description: 'Attributed otherwise too, but left alone because a decision set who pays.' }) reattributedCount!: number;
  @Whole({ description: 'Pairs of PIs between which money moves.' }) moveCount!: number;
  @ListOf(() => EffectMove, { description: 'The largest 20.' }) moves!: readonly EffectMove[];
  @ListOf(() => EffectCharge, { description: 'The first 10 of the charges that would change.' }) samples!: readonly EffectCharge[];
}

class SeenEffectSum {
  @AskText({ maxLength: 3, example: 'USD' }) currency!: Currency;
  @AskMoney({ description: 'Exact.' }) amount!: string;
}

class SeenEffectBody {
  @AskWhole({ min: 0, max: 2_147_483_647 }) count!: number;
  @AskParts(() => SeenEffectSum, { maxItems: 200 }) amounts!: SeenEffectSum[];
}

export class ApplyRuleBody {
  @AskPeriod({ required: false, description: 'An open one; left out: all open ones.' }) period?: BillingPeriod;
  @AskYesNo({ required: false, description: WITH_REATTRIBUTED }) withReattributed?: boolean;
  @AskPart(() => SeenEffectBody, {
    required: false,
    description: 'What the preview showed. If the rule would change anything else by now, it is refused (409).',
  })
  seen?: SeenEffectBody;
  @AskText({ required: false, maxLength: 1500, description: 'Kept in the review log, behind the name of the rule.' }) note?: string;
}

class AppliedPeriod {
  @Period() period!: string;
  @Whole() count!: number;
}

export class AppliedRuleAnswer extends Written {
  @Whole({ description: 'Charges reattributed.' }) count!: number;
  @ListOf(() => EffectSum, { description: 'Their exact sum in each currency.' }) amounts!: readonly EffectSum[];
  @ListOf(() => AppliedPeriod) periods!: readonly AppliedPeriod[];
}
