import type { ImportQuality } from '#sources';
import { Choice, Instant, ListOf, Part, Period, Text, Texts, Whole } from '../http/fields.js';

const share = { type: 'number', minimum: 0, maximum: 1, nullable: true, example: 0.0125 } as const;

class LineShare {
  @Whole() lineCount!: number;
  @Whole({ ...share, description: '0 to 1; null where there is nothing to be a part of.' }) share!: number | null;
}

class FlagShare extends LineShare {
  @Text({ example: 'missing_fund_org' }) flag!: string;
}

class FieldShare extends LineShare {
  @Text({ example: 'projectId' }) field!: string;
}

class MissingFocusColumn {
  @Text({ example: 'ServiceCategory' }) column!: string;
  @Text({ description: 'Feature level: Mandatory, Conditional or Recommended.', example: 'Mandatory' }) level!: string;
}

class MissingColumnCount extends MissingFocusColumn {
  @Whole({ description: 'Imports that lack it.' }) importCount!: number;
}

class FlagCount {
  @Text({ example: 'missing_fund_org' }) flag!: string;
  @Whole() lineCount!: number;
}

class FieldCount {
  @Text({ example: 'projectId' }) field!: string;
  @Whole() lineCount!: number;
}

class PeriodQualityInfo {
  @Period() period!: string;
  @Whole({ description: 'Recorded imports with lines of this period; the figures are of all of them together.' }) importCount!: number;
  @Whole({ description: 'Of these, imports with lines of other periods too; each counts as a whole in each.' }) sharedImportCount!: number;
  @Whole({ description: 'Of these, imports older than the figures on attribution and columns.' }) unmeasuredImportCount!: number;
  @Whole({ description: 'Refused files with lines of this period; left out of the figures.' }) refusedImportCount!: number;
  @Whole({ description: 'Withdrawn imports with lines of this period; left out of the figures.' }) withdrawnImportCount!: number;
  @Whole() lineCount!: number;
  @Part(() => LineShare, { description: 'Lines with at least one flag.' }) flagged!: LineShare;
  @Part(() => LineShare, { description: 'Rows that could not be read, of all rows.' }) refused!: LineShare;
  @ListOf(() => FlagShare) flags!: readonly FlagShare[];
  @ListOf(() => FieldShare, { nullable: true, description: 'Lines without a value, of the measured ones; null: none were measured.' })
  unattributed!: readonly FieldShare[] | null;
  @ListOf(() => MissingColumnCount, { nullable: true, description: 'Columns of the file’s FOCUS version that were not in it.' })
  missingColumns!: readonly MissingColumnCount[] | null;
}

class ImportQualityInfo {
  @Whole() importId!: number;
  @Text() fileName!: string;
  @Choice(['recorded', 'withdrawn', 'refused'], 'EndedImportState', { description: 'Only recorded imports count in the periods.' })
  state!: ImportQuality['state'];
  @Texts() periods!: readonly string[];
  @Instant({ nullable: true }) endedAt!: Date | null;
  @Text({ nullable: true, example: '1.2' }) focusVersion!: string | null;
  @Whole() lineCount!: number;
  @Whole() flaggedLineCount!: number;
  @Whole() refusedRowCount!: number;
  @ListOf(() => FlagCount) flags!: readonly FlagCount[];
  @ListOf(() => FieldCount, { nullable: true }) unattributed!: readonly FieldCount[] | null;
  @ListOf(() => MissingFocusColumn, { nullable: true }) missingColumns!: readonly MissingFocusColumn[] | null;
}

export class SourceQualityInfo {
  @Text({ example: 'aws' }) name!: string;
  @ListOf(() => PeriodQualityInfo, { description: 'Newest first.' }) periods!: readonly PeriodQualityInfo[];
  @ListOf(() => ImportQualityInfo, { description: 'Newest first.' }) imports!: readonly ImportQualityInfo[];
}
