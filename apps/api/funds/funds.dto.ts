import { ApiProperty } from '@nestjs/swagger';
import { CHART_IMPORT_MODES, type ChartImportMode, FUND_STANDINGS, FUND_TEXT_LIMITS, type FundStanding } from '#funds';
import { AskChoice, AskText, AskWhole, AskYesNo, Choice, Instant, ListOf, Part, Text, Texts, Whole, YesNo } from '../http/fields.js';
import { Written } from '../http/written.dto.js';

const ACTIONS = ['registered', 'changed', 'retired', 'removed'] as const;

class FundFacts {
  @Text({ example: 'BIO-1', description: 'Exactly as in charges: its case counts.' }) fundOrg!: string;
  @Text({ example: 'Biology', description: 'Empty: none.' }) title!: string;
  @Text({ nullable: true, format: 'date', example: '2025-01-01', description: 'First day; null: no beginning.' }) validFrom!: string | null;
  @Text({ nullable: true, format: 'date', description: 'Last day; null: no end. Before the first day: retired before it began.' })
  validTo!: string | null;
  @Text({ example: 'dean@example.edu', description: 'Who answers for it; empty: nobody named.' }) owner!: string;
}

class FundInfo extends FundFacts {
  @Choice(FUND_STANDINGS, 'FundStanding', { description: 'Today (UTC).' }) standing!: FundStanding;
  @Text({ description: 'Who changed it last.' }) changedBy!: string;
  @Instant() changedAt!: Date;
}

export class FundList {
  @ListOf(() => FundInfo, { description: 'In the order of fund/orgs, byte by byte.' }) funds!: readonly FundInfo[];
  @Whole({ description: 'Funds that fit the filter, on all pages.' }) count!: number;
  @Whole({ description: 'Funds in the chart. 0: no chart is in use, and no charge is held against one.' }) chartCount!: number;
  @Text({ nullable: true, description: 'Hand it in as `after` for the next page; null: this is the last one.' }) next!: string | null;
}

export class FundListQuery {
  @AskText({ required: false, maxLength: 200, description: 'Found in fund/org, title or owner, in any case.' }) text?: string;
  @AskChoice(FUND_STANDINGS, 'FundStanding', { required: false }) standing?: FundStanding;
  @AskText({ required: false, maxLength: 300, description: '`next` of the page before.' }) after?: string;
  @AskWhole({ required: false, min: 1, max: 500, default: 100 }) limit = 100;
}

class FundHistoryEntryInfo {
  @Whole({ description: 'Position of the event in the log.' }) position!: number;
  @Choice(ACTIONS, 'FundAction') action!: (typeof ACTIONS)[number];
  @Text() title!: string;
  @Text({ nullable: true, format: 'date' }) validFrom!: string | null;
  @Text({ nullable: true, format: 'date' }) validTo!: string | null;
  @Text() owner!: string;
  @Text({ nullable: true }) reason!: string | null;
  @Text({ nullable: true, description: 'The file that did it; null: by hand.' }) fileName!: string | null;
  @Text() changedBy!: string;
  @Instant() changedAt!: Date;
}

export class FundDetail extends FundInfo {
  @ListOf(() => FundHistoryEntryInfo, { description: 'How the fund was left each time, newest first.' })
  history!: readonly FundHistoryEntryInfo[];
}

export class PutFundBody {
  @AskText({ required: false, maxLength: FUND_TEXT_LIMITS.title }) title?: string;
  @AskText({ required: false, maxLength: 10, example: '2025-01-01', description: 'First day; empty: no beginning.' }) validFrom?: string;
  @AskText({ required: false, maxLength: 10, description: 'Last day; empty: no end.' }) validTo?: string;
  @AskText({ required: false, maxLength: FUND_TEXT_LIMITS.owner }) owner?: string;
}

export class PutFundAnswer extends Written {
  @YesNo({ description: 'False: it was in the chart before.' }) registered!: boolean;
  @YesNo({ description: 'False: everything was so already, and nothing was recorded.' }) changed!: boolean;
  @Part(() => FundFacts) fund!: FundFacts;
}

export class RetireFundBody {
  @AskText({ required: false, maxLength: 10, example: '2025-06-30', description: 'The last day; left out: today (UTC).' }) lastDay?: string;
  @AskText({ required: false, maxLength: 2000, description: 'Why; kept in the log.' }) reason?: string;
}

export class RemoveFundBody {
  @AskText({ required: false, maxLength: 2000, description: 'Why; kept in the log.' }) reason?: string;
}

export class RemoveFundAnswer extends Written {
  @Part(() => FundFacts, { description: 'As it was.' }) fund!: FundFacts;
}

export class ChartImportQuery {
  @AskYesNo({ required: false, description: 'Report what the import would do, and do nothing.' }) dryRun?: boolean;
  @AskChoice(CHART_IMPORT_MODES, 'ChartImportMode', {
    required: false,
    description: '`merge`, the default, leaves funds alone that the file lacks; `replace` retires them.',
  })
  mode?: ChartImportMode;
  @AskText({
    required: false,
    maxLength: 10,
    example: '2025-06-30',
    description: 'With `replace`: last day of the funds that the file lacks; left out: today (UTC).',
  })
  lastDay?: string;
  @AskText({ required: false, maxLength: 255, description: 'With a body that is the file itself.' }) fileName?: string;
}

export class ChartUploadForm {
  @ApiProperty({ type: String, format: 'binary', description: 'A CSV file with the columns fund_org, title, valid_from, valid_to, owner.' })
  file!: unknown;
}

class FundChangeInfo {
  @Part(() => FundFacts) before!: FundFacts;
  @Part(() => FundFacts) after!: FundFacts;
}

class RefusedChartRowInfo {
  @Whole({ description: 'Line of the file.' }) line!: number;
  @Text({ example: 'valid_to', description: 'Empty: it is about the row as a whole.' }) column!: string;
  @Text({ description: 'As written; cut if it is long.' }) value!: string;
  @Text() reason!: string;
}

class EarlierChartImport {
  @Instant() importedAt!: Date;
  @Text() importedBy!: string;
}

export class ChartImportAnswer extends Written {
  @YesNo({ description: 'False: a dry run, or a file that changes nothing.' }) recorded!: boolean;
  @Text() fileName!: string;
  @Text({ description: 'Of the file, hex.' }) sha256!: string;
  @Choice(CHART_IMPORT_MODES, 'ChartImportMode') mode!: ChartImportMode;
  @Text({ nullable: true, format: 'date', description: 'With `replace`: last day of the funds that are retired.' }) lastDay!: string | null;
  @Part(() => EarlierChartImport, {
    nullable: true,
    description: 'The last file that was imported, if it is this one in this mode: nothing changes then.',
  })
  duplicateOf!: EarlierChartImport | null;
  @Texts({ description: 'Columns of a chart that the file lacks: what the chart says there stays.' }) missingColumns!: readonly string[];
  @Texts({ description: 'Columns that mean nothing here.' }) ignoredColumns!: readonly string[];
  @Whole() rowCount!: number;
  @Whole() addedCount!: number;
  @Whole() changedCount!: number;
  @Whole() retiredCount!: number;
  @Whole() unchangedCount!: number;
  @Whole({ description: 'Rows; one may have several findings. With any, the file is not taken.' }) refusedRowCount!: number;
  @ListOf(() => FundFacts, { description: 'The first 200.' }) added!: readonly FundFacts[];
  @ListOf(() => FundChangeInfo, { description: 'The first 200.' }) changed!: readonly FundChangeInfo[];
  @ListOf(() => FundChangeInfo, { description: 'The first 200.' }) retired!: readonly FundChangeInfo[];
  @ListOf(() => RefusedChartRowInfo, { description: 'The first 200 findings, in the order of lines.' })
  refusedRows!: readonly RefusedChartRowInfo[];
}
