import { CHARGE_KINDS, type ChargeKind } from '#charges';
import { type BillingPeriod, type Currency, MAX_ATTRIBUTION_BYTES } from '#kernel';
import { type Standing, STANDINGS } from '#ledger';
import {
  AskChoices,
  AskMoney,
  AskParts,
  AskPart,
  AskPeriod,
  AskText,
  AskTexts,
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

const AMOUNT_FROM = 'Amounts from this one on, exact; it may be negative. Compared in whatever currency a charge is.';
const AMOUNT_TO = 'Amounts up to this one, itself included.';

/** What charges are looked for by, besides period and standing; everything given must hold. */
class ChargeCriteria {
  @AskText({ required: false }) source?: string;
  @AskText({ required: false }) piEmail?: string;
  @AskText({ required: false, description: 'Exactly as it is written; empty: charges without one.' }) projectId?: string;
  @AskText({ required: false, description: 'Exactly as it is written; empty: charges without one.' }) fundOrg?: string;
  @AskText({ required: false, description: 'A reason for review; `pattern_match` for every pattern.' }) flag?: string;
  @AskText({ required: false, description: 'Found anywhere in resource, service, PI, project or fund/org.' }) text?: string;
  @AskMoney({ required: false, description: AMOUNT_FROM }) amountFrom?: string;
  @AskMoney({ required: false, description: AMOUNT_TO }) amountTo?: string;
  @AskChoices(CHARGE_KINDS, 'ChargeKind', {
    required: false,
    description: 'Where it comes from: a file, a correction of a finalized period, or the division of a charge. May be repeated.',
  })
  kind?: ChargeKind[];
  @AskWhole({ min: 1, max: 2_147_483_647, required: false, description: 'Number of the import, adjustment or split that brought it.' })
  importId?: number;
  @AskText({ required: false, description: 'BillingAccountId of the line; empty: lines without one.' }) billingAccountId?: string;
  @AskText({ required: false, description: 'SubAccountId of the line; empty: lines without one.' }) subAccountId?: string;
  @AskText({ required: false, description: 'InvoiceId of the line, in any case; empty: lines without one.' }) invoiceId?: string;
  @AskText({
    required: false,
    maxLength: 20,
    example: 'R3',
    description:
      'The attribution rule that said who pays when the line was imported, or divided the charge: `R3` in any version, `R3.2` in that one.',
  })
  attributionRule?: string;
}

export class ChargeQuery extends ChargeCriteria {
  @AskPeriod({ required: false }) period?: BillingPeriod;
  @AskChoices(STANDINGS, 'Standing', { required: false, description: 'May be repeated.' }) standing?: Standing[];
}

export class ChargePageQuery extends ChargeQuery {
  @AskWhole({ min: 1, max: 500, default: 100, required: false }) limit = 100;
  @AskText({ required: false, description: '`next` of the page before; left out for the first page.' }) after?: string;
}

export class Charge {
  @Text({ description: 'Import and line.', example: '12-345' }) id!: string;
  @Whole() importId!: number;
  @Whole() lineNumber!: number;
  @Period() period!: string;
  @Text() source!: string;
  @Choice(STANDINGS, 'Standing') standing!: Standing;
  @Texts() flags!: readonly string[];
  @Text() piEmail!: string;
  @Text() projectId!: string;
  @Text() fundOrg!: string;
  @Text() costCenter!: string;
  @Text() accountCode!: string;
  @Text() serviceName!: string;
  @Text({ nullable: true }) resourceId!: string | null;
  @Text({ nullable: true }) resourceName!: string | null;
  @Text({ nullable: true, format: 'date' }) chargeDate!: string | null;
  @Text({ example: 'USD' }) currency!: string;
  @Money({ description: 'Exact.' }) listCost!: string;
  @Money({ description: 'What is billed; exact.' }) amount!: string;
  @Text({ nullable: true, description: 'The charge that it corrects, if it is an adjustment.', example: '3-17' }) adjusts!: string | null;
  @Text({ nullable: true, description: 'The charge that it is a part of, if that was divided.', example: '3-17' }) partOf!: string | null;
  @Text({ nullable: true, description: 'Its share of that, as it was asked for: per cent, amount, or “rest”.', example: '60%' })
  partShare!: string | null;
}

class ChargeSum {
  @Text({ example: 'USD' }) currency!: string;
  @Money({ description: 'Exact.' }) list!: string;
  @Money({ description: 'Exact.' }) amount!: string;
}

export class ChargeList {
  @ListOf(() => Charge, { description: 'Newest period first, then by import and line.' }) charges!: readonly Charge[];
  @Whole({ description: 'How many match, on all pages.' }) count!: number;
  @ListOf(() => ChargeSum, {
    description:
      'Of all that match, per currency; charges that were replaced, withdrawn or divided left out unless their standing is asked for.',
  })
  sums!: readonly ChargeSum[];
  @Period({
    nullable: true,
    description:
      'Set when a search had too much to read at once: count and sums are of this period and the newer ones. Null: of all. ' +
      'What PI, project, fund/org, source and standing tell is counted without a search.',
  })
  countedFrom!: string | null;
  @Text({
    nullable: true,
    description:
      'Ask for the next page with this as `after`; null on the last page. A search may go on there even if this page is not full, or empty.',
  })
  next!: string | null;
}

class Decision {
  @Whole() position!: number;
  @Text({ example: '12-345' }) chargeId!: string;
  @Text({ example: 'approve' }) action!: string;
  @Money({ description: 'Exact.' }) amount!: string;
  @Text({ nullable: true }) note!: string | null;
  @Text() actor!: string;
  @Instant() recordedAt!: Date;
}

export class ReviewLog {
  @ListOf(() => Decision, { description: 'Newest first.' }) decisions!: readonly Decision[];
}

export class ReviewLogQuery {
  @AskPeriod({ required: false }) period?: BillingPeriod;
  @AskWhole({ min: 1, max: 500, default: 100, required: false }) limit = 100;
  @AskWhole({ min: 0, max: 100_000_000, default: 0, required: false }) offset = 0;
}

class ReviewFilter extends ChargeCriteria {
  @AskPeriod() period!: BillingPeriod;
  @AskChoices(STANDINGS, 'Standing', { required: false, description: 'Of these, only charges that can be decided on.' })
  standing?: Standing[];
}

class SeenSum {
  @AskText({ maxLength: 3, example: 'USD' }) currency!: Currency;
  @AskMoney({ description: 'Exact.' }) amount!: string;
}

export class Seen {
  @AskWhole({ min: 0, max: 2_147_483_647 }) count!: number;
  @AskParts(() => SeenSum, { maxItems: 200, required: false, description: 'Per currency.' }) amounts?: SeenSum[];
}

/** Either `ids` or `filter`. */
export class Review {
  @AskTexts({ maxItems: 10_000, required: false, description: 'Charges by id. Either these or a filter.' }) ids?: string[];
  @AskPart(() => ReviewFilter, { required: false, description: 'All charges that match and can be decided on.' }) filter?: ReviewFilter;
  @AskPart(() => Seen, {
    required: false,
    description: 'With a filter: what was seen of all that match. If anything else matches by now, the decision is refused (409).',
  })
  seen?: Seen;
  @AskText({ required: false, maxLength: 2000 }) note?: string;
}

const BYTES = 'As many bytes of UTF-8 at most, as in a file.';

class NewAttribution {
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.piEmail }) piEmail?: string;
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.projectId, description: BYTES }) projectId?: string;
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.fundOrg, description: BYTES }) fundOrg?: string;
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.costCenter, description: BYTES }) costCenter?: string;
  @AskText({ required: false, maxLength: MAX_ATTRIBUTION_BYTES.accountCode, description: BYTES }) accountCode?: string;
}

export class Reattribution extends Review {
  @AskPart(() => NewAttribution, { description: 'What is left out stays.' }) set!: NewAttribution;
}

export class ReviewQuery {
  @AskYesNo({ required: false, description: 'Check it, say how many charges and how much money it would touch, and change nothing.' })
  dryRun?: boolean;
}

class DecidedSum {
  @Text({ example: 'USD' }) currency!: string;
  @Money({ description: 'Exact.' }) amount!: string;
}

export class Reviewed extends Written {
  @Whole({ description: 'Charges decided on.' }) count!: number;
  @ListOf(() => DecidedSum, { description: 'Their exact sum in each currency.' }) amounts!: readonly DecidedSum[];
}
