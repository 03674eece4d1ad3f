import type { BillingPeriod } from '#kernel';
import { MAX_ATTRIBUTION_BYTES } from '#kernel';
import { MOST_PARTS } from '#splits';
import { Review } from '../charges/charges.dto.js';
import {
  AskMoney,
  AskParts,
  AskPeriod,
  AskText,
  AskTexts,
  AskWhole,
  Instant,
  ListOf,
  Money,
  Period,
  Text,
  Texts,
  Whole,
} from '../http/fields.js';
import { Written } from '../http/written.dto.js';

const SHARE = 'Of each charge. Divide by per cent or by amounts; the part that has neither gets the rest.';

export class SplitPartInput {
  @AskMoney({ required: false, description: SHARE, example: '60' }) percent?: string;
  @AskMoney({ required: false, description: 'As far as a charge goes, in the order of the parts; of a credit, as much of that.' })
  amount?: string;
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.piEmail, description: 'Empty: the PI of the charge.' }) piEmail?: string;
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.projectId }) projectId?: string;
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.fundOrg }) fundOrg?: string;
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.costCenter }) costCenter?: string;
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.accountCode }) accountCode?: string;
}

export class SplitPartInfo {
  @Money({ nullable: true, description: SHARE }) percent!: string | null;
  @Money({ nullable: true }) amount!: string | null;
  @Text({ nullable: true, description: 'Null: the PI of the charge.' }) piEmail!: string | null;
  @Text({ nullable: true }) projectId!: string | null;
  @Text({ nullable: true }) fundOrg!: string | null;
  @Text({ nullable: true }) costCenter!: string | null;
  @Text({ nullable: true }) accountCode!: string | null;
}

/** Either `ids` or `filter`. */
export class SplitBody extends Review {
  @AskParts(() => SplitPartInput, { maxItems: MOST_PARTS, description: 'At least two.' }) parts!: SplitPartInput[];
}

class SplitSum {
  @Text({ example: 'USD' }) currency!: string;
  @Money({ description: 'Exact.' }) amount!: string;
}

class SplitLine {
  @Text({ example: '57-1' }) chargeId!: string;
  @Text({ example: '12-345', description: 'The charge that it is a part of.' }) partOf!: string;
  @Whole({ description: 'From 1, in the order of the division.' }) part!: number;
  @Text({ example: '60%', description: 'As it was asked for: per cent, amount, or “rest”.' }) share!: string;
  @Text() serviceName!: string;
  @Text({ nullable: true }) resource!: string | null;
  @Text() piEmail!: string;
  @Text() projectId!: string;
  @Text() fundOrg!: string;
  @Texts({ description: 'Reasons for which the part waits for review.' }) flags!: readonly string[];
  @Text({ example: 'USD' }) currency!: string;
  @Money({ description: 'Exact.' }) listCost!: string;
  @Money({ description: 'Exact.' }) amount!: string;
}

export class SplitAnswer extends Written {
  @Whole({ nullable: true, description: 'Null: nothing was divided, it was a dry run.' }) splitId!: number | null;
  @Period() period!: string;
  @Whole({ description: 'Charges.' }) count!: number;
  @ListOf(() => SplitSum, { description: 'What they come to, and so do their parts.' }) amounts!: readonly SplitSum[];
  @ListOf(() => SplitPartInfo) parts!: readonly SplitPartInfo[];
  @ListOf(() => SplitLine, { description: 'The first 100 of the charges that they are divided into.' }) lines!: readonly SplitLine[];
  @Whole() lineCount!: number;
}

/** Either `ids` or `splitId`. */
export class UndoSplitsBody {
  @AskTexts({ maxItems: 10_000, required: false, description: 'Divided charges, or any of their parts.' }) ids?: string[];
  @AskWhole({ min: 1, max: 2_147_483_647, required: false, description: 'All charges that this split divides by now.' }) splitId?: number;
  @AskText({ required: false, maxLength: 2000 }) note?: string;
}

class UndoneSplit {
  @Whole() splitId!: number;
  @Whole({ description: 'Charges that it no longer divides.' }) count!: number;
}

export class SplitsUndoneAnswer extends Written {
  @Period() period!: string;
  @Whole({ description: 'Charges that are whole again.' }) count!: number;
  @ListOf(() => SplitSum) amounts!: readonly SplitSum[];
  @ListOf(() => UndoneSplit) splits!: readonly UndoneSplit[];
}

export class SplitListQuery {
  @AskPeriod({ required: false }) period?: BillingPeriod;
  @AskWhole({ min: 1, max: 500, default: 100, required: false }) limit = 100;
  @AskWhole({ min: 0, max: 100_000_000, default: 0, required: false }) offset = 0;
}

class SplitInfo {
  @Whole() splitId!: number;
  @Period() period!: string;
  @Text({ nullable: true, description: 'The attribution rule that says so, as it was then; null: a person divided them.', example: 'R3.2' })
  rule!: string | null;
  @ListOf(() => SplitPartInfo) parts!: readonly SplitPartInfo[];
  @Text({ nullable: true }) note!: string | null;
  @Texts() sources!: readonly string[];
  @Whole({ description: 'Charges that were divided.' }) count!: number;
  @ListOf(() => SplitSum, { description: 'What they came to.' }) amounts!: readonly SplitSum[];
  @Whole({ description: 'Of these, charges that were put together again.' }) undoneCount!: number;
  @Whole({ description: 'Charges that they were divided into.' }) lineCount!: number;
  @Text() splitBy!: string;
  @Instant() splitAt!: Date;
}

export class SplitList {
  @ListOf(() => SplitInfo, { description: 'Newest first.' }) splits!: readonly SplitInfo[];
  @Whole() count!: number;
}

export class SplitDetail extends SplitInfo {
  @ListOf(() => SplitLine, { description: 'The first 100, as they were made.' }) lines!: readonly SplitLine[];
}
