import type { BillingPeriod, Currency } from '#kernel';
import { type Standing, STANDINGS } from '#ledger';
import { LONGEST_PATTERN_BYTES, MOST_PATTERNS } from '#review-rules';
import {
  AskPart,
  AskPeriod,
  AskText,
  AskTexts,
  AskWhole,
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
import { Written } from '../http/written.dto.js';
import { Seen } from './charges.dto.js';

const FLAG_PATTERNS =
  'Regular expressions of RE2, found in any case and anywhere in service, resource id or resource name: such a charge waits for review.';
const FUND_ORG_PATTERNS = 'Regular expressions of RE2, of which one must match a fund/org from its start, in any case. None: any will do.';
const LIMITS = { maxItems: MOST_PATTERNS, maxLength: LONGEST_PATTERN_BYTES, required: false } as const;

export class ReviewRulesInfo {
  @Texts({ description: FLAG_PATTERNS }) flagPatterns!: readonly string[];
  @Texts({ description: FUND_ORG_PATTERNS }) fundOrgPatterns!: readonly string[];
  @Whole({ description: 'Raised by every change; hand it in with the next one.' }) version!: number;
  @Text({ nullable: true, description: '`config`: the configuration file. Null: they were never set.' }) changedBy!: string | null;
  @Instant({ nullable: true }) changedAt!: Date | null;
}

export class SetReviewRules {
  @AskTexts({ ...LIMITS, description: `${FLAG_PATTERNS} Left out: they stay.` }) flagPatterns?: string[];
  @AskTexts({ ...LIMITS, description: `${FUND_ORG_PATTERNS} Left out: they stay.` }) fundOrgPatterns?: string[];
  @AskWhole({
    ...{ required: false, min: 0, max: 2_147_483_647 },
    description: 'Of the rules that were changed. If somebody else changed them since, nothing is saved (409).',
  })
  version?: number;
}

export class SetReviewRulesAnswer extends Written {
  @YesNo({ description: 'False: they were so already, and nothing was recorded.' }) changed!: boolean;
  @Part(() => ReviewRulesInfo) rules!: ReviewRulesInfo;
}

export class TestReviewRules {
  @AskPeriod() period!: BillingPeriod;
  @AskTexts({ ...LIMITS, description: 'Left out: those in force.' }) flagPatterns?: string[];
  @AskTexts({ ...LIMITS, description: 'Left out: those in force.' }) fundOrgPatterns?: string[];
}

class TalliedSum {
  @Text({ example: 'USD' }) currency!: Currency;
  @Money({ description: 'Exact.' }) amount!: string;
}

class SampleCharge {
  @Text({ example: '12-345' }) id!: string;
  @Choice(STANDINGS, 'Standing') standing!: Standing;
  @Text() serviceName!: string;
  @Text({ nullable: true }) resourceId!: string | null;
  @Text({ nullable: true }) resourceName!: string | null;
  @Text() piEmail!: string;
  @Text() fundOrg!: string;
  @Text() currency!: Currency;
  @Money({ description: 'Exact.' }) amount!: string;
}

class ChargeTallyInfo {
  @Whole({ description: 'Charges.' }) count!: number;
  @ListOf(() => TalliedSum, { description: 'Their exact sum in each currency.' }) amounts!: readonly TalliedSum[];
  @ListOf(() => SampleCharge, { description: 'The first five.' }) samples!: readonly SampleCharge[];
}

class ReasonEffectInfo {
  @Text({ example: 'pattern_match:gpu', description: '`pattern_match:` with the pattern, or `invalid_fund_org`.' }) flag!: string;
  @Part(() => ChargeTallyInfo, { description: 'Charges that the rules find it on.' }) matching!: ChargeTallyInfo;
  @Part(() => ChargeTallyInfo, { description: 'Those of them that do not carry it yet.' }) added!: ChargeTallyInfo;
  @Part(() => ChargeTallyInfo, { description: 'Charges that carry it and would lose it. Decisions that were made for it stand.' })
  removed!: ChargeTallyInfo;
}

class FundOrgPatternEffectInfo {
  @Text() pattern!: string;
  @Part(() => ChargeTallyInfo, { description: 'Charges whose fund/org it lets through.' }) taken!: ChargeTallyInfo;
}

class RulesEffectInfo {
  @Whole({ description: 'Charges that were looked at: clear, flagged, approved and rejected ones.' }) lookedAt!: number;
  @Part(() => ChargeTallyInfo, { description: 'Those whose reasons for review change.' }) changed!: ChargeTallyInfo;
  @Part(() => ChargeTallyInfo, { description: 'Those that were clear, approved or rejected and would wait for review.' })
  toReview!: ChargeTallyInfo;
  @Part(() => ChargeTallyInfo, { description: 'Those that wait for review and would be clear.' }) toClear!: ChargeTallyInfo;
  @ListOf(() => ReasonEffectInfo, { description: 'The rules in their order, then what charges carry of other ones.' })
  reasons!: readonly ReasonEffectInfo[];
  @ListOf(() => FundOrgPatternEffectInfo) fundOrgPatterns!: readonly FundOrgPatternEffectInfo[];
}

export class RulesTrialInfo {
  @Period() period!: BillingPeriod;
  @Texts({ description: 'The patterns that were held against the charges.' }) flagPatterns!: readonly string[];
  @Texts() fundOrgPatterns!: readonly string[];
  @Part(() => RulesEffectInfo, { description: 'What flagging the period again by them would do.' }) effect!: RulesEffectInfo;
}

export class Reflag {
  @AskPeriod() period!: BillingPeriod;
  @AskText({ required: false, maxLength: 2000, description: 'Kept in the review log.' }) note?: string;
  @AskPart(() => Seen, {
    required: false,
    description: 'The charges that change as a dry run showed them. If others change by now, nothing is done (409).',
  })
  seen?: Seen;
}

export class Reflagged extends Written {
  @YesNo({ description: 'False: a dry run, or nothing changes.' }) recorded!: boolean;
  @Whole({ description: 'Version of the rules by which it was done.' }) rulesVersion!: number;
  @Part(() => RulesEffectInfo) effect!: RulesEffectInfo;
}
