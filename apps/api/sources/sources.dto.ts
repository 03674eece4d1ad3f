import { SOURCE_TEXT_LIMITS } from '#kernel';
import { COST_BASES, type CostBasis, DELIVERY_MODES, type DeliveryMode, type SourceSetting } from '#sources';
import { AskChoice, AskText, AskWhole, AskYesNo, Choice, Instant, ListOf, Text, Texts, Whole, YesNo } from '../http/fields.js';
import { Written } from '../http/written.dto.js';

// Names under which requests about imports know the same choice.
export { DELIVERY_MODES as DELIVERY_MODE_NAMES, type DeliveryMode as DeliveryModeName } from '#sources';

class Source {
  @Text({ example: 'aws' }) name!: string;
  @Text({ example: 'Amazon Web Services' }) displayName!: string;
  @Text({ description: 'Part of a file name, or a glob over all of it. Empty in sources of older programs: never guessed.' })
  pattern!: string;
  @Text({ description: 'Credited in the journal; empty: none.' }) fundOrg!: string;
  @Text({ description: 'GL account of charges without one of their own; empty: none.' }) accountCode!: string;
  @Choice(DELIVERY_MODES, 'DeliveryMode') deliveryMode!: DeliveryMode;
  @Choice(COST_BASES, 'CostBasis') costBasis!: CostBasis;
  @Text({ description: 'Declared format of ambiguous dates, such as M/D/YY; empty: none.' }) dateFormat!: string;
  @Text({ description: 'Column that identifies a line between deliveries; empty: none.' }) lineIdColumn!: string;
  @YesNo({ description: 'Its files end periods with the last day or second within; ends are kept as FOCUS’s exclusive ones.' })
  inclusivePeriodEnds!: boolean;
  @YesNo({ description: 'Takes imports, and is guessed from file names.' }) enabled!: boolean;
  @Instant({ nullable: true }) lastImportAt!: Date | null;
  @Whole({ nullable: true }) lastImportId!: number | null;
  @Text({ nullable: true, example: 'recorded' }) lastState!: string | null;
}

export class SourceDetail extends Source {
  @Texts({
    description: 'Settings that the configuration file states under imports.known_sources: they hold again after every start.',
    example: ['displayName', 'pattern'],
  })
  statedInConfig!: readonly SourceSetting[];
}

export class SourceList {
  @ListOf(() => Source) sources!: readonly Source[];
}

export class ChangeSource {
  @AskText({ required: false, maxLength: SOURCE_TEXT_LIMITS.displayName }) displayName?: string;
  @AskText({
    required: false,
    maxLength: SOURCE_TEXT_LIMITS.pattern,
    description: 'Part of a file name, or a glob over all of it; not that of another enabled source. A new source has its name.',
  })
  pattern?: string;
  @AskText({ required: false, maxLength: SOURCE_TEXT_LIMITS.fundOrg, description: 'Credited in the journal.' }) fundOrg?: string;
  @AskText({ required: false, maxLength: SOURCE_TEXT_LIMITS.accountCode }) accountCode?: string;
  @AskChoice(DELIVERY_MODES, 'DeliveryMode', { required: false }) deliveryMode?: DeliveryMode;
  @AskChoice(COST_BASES, 'CostBasis', { required: false }) costBasis?: CostBasis;
  @AskText({ required: false, maxLength: SOURCE_TEXT_LIMITS.dateFormat, description: 'Such as M/D/YY; empty: none.' }) dateFormat?: string;
  @AskText({ required: false, maxLength: SOURCE_TEXT_LIMITS.lineIdColumn }) lineIdColumn?: string;
  @AskYesNo({ required: false }) inclusivePeriodEnds?: boolean;
  @AskYesNo({ required: false }) enabled?: boolean;
}

export class RegisterSource extends ChangeSource {
  @AskText({ maxLength: 63, example: 'aws' }) name!: string;
}

export class ChangeSourceQuery {
  @AskYesNo({ required: false, description: 'Check it and say what would change, and change nothing.' }) dryRun?: boolean;
}

export class RegisteredSource extends Written {
  @Text({ example: 'aws' }) name!: string;
}

class SettingChange {
  @Text({ example: 'deliveryMode' }) setting!: SourceSetting;
  @Text({ description: 'true or false for a switch.', example: 'merge' }) before!: string;
  @Text({ example: 'replace' }) after!: string;
}

export class SourceChange extends RegisteredSource {
  @ListOf(() => SettingChange, { description: 'Empty: everything is as wanted already.' }) changes!: readonly SettingChange[];
}

export class QualityQuery {
  @AskWhole({ min: 1, max: 60, default: 12, required: false, description: 'Newest periods that the source has files of.' }) periods = 12;
}
