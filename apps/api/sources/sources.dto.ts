import { AskChoice, AskText, AskYesNo, Choice, Instant, ListOf, Text, Whole, YesNo } from '../http/fields.js';
import { Written } from '../http/written.dto.js';

export const DELIVERY_MODE_NAMES = ['merge', 'replace', 'append'] as const;
export type DeliveryModeName = (typeof DELIVERY_MODE_NAMES)[number];
const COST_BASES = ['billed', 'effective'] as const;

class Source {
  @Text({ example: 'aws' }) name!: string;
  @Text({ example: 'Amazon Web Services' }) displayName!: string;
  @Text({ description: 'Part of a file name, or a glob over all of it; empty: never guessed.' }) pattern!: string;
  @Text({ description: 'Credited in the journal; empty: none.' }) fundOrg!: string;
  @Text({ description: 'GL account of charges without one of their own; empty: none.' }) accountCode!: string;
  @Choice(DELIVERY_MODE_NAMES, 'DeliveryMode') deliveryMode!: DeliveryModeName;
  @Choice(COST_BASES, 'CostBasis') costBasis!: 'billed' | 'effective';
  @Text({ description: 'Declared format of ambiguous dates, such as M/D/YY; empty: none.' }) dateFormat!: string;
  @Text({ description: 'Column that identifies a line between deliveries; empty: none.' }) lineIdColumn!: string;
  @YesNo() enabled!: boolean;
  @Instant({ nullable: true }) lastImportAt!: Date | null;
  @Whole({ nullable: true }) lastImportId!: number | null;
  @Text({ nullable: true, example: 'recorded' }) lastState!: string | null;
}

export class SourceList {
  @ListOf(() => Source) sources!: readonly Source[];
}

export class ChangeSource {
  @AskText({ required: false, maxLength: 100 }) displayName?: string;
  @AskText({ required: false, maxLength: 100, description: 'Part of a file name, or a glob over all of it.' }) pattern?: string;
  @AskText({ required: false, maxLength: 100, description: 'Credited in the journal.' }) fundOrg?: string;
  @AskText({ required: false, maxLength: 100 }) accountCode?: string;
  @AskChoice(DELIVERY_MODE_NAMES, 'DeliveryMode', { required: false }) deliveryMode?: DeliveryModeName;
  @AskChoice(COST_BASES, 'CostBasis', { required: false }) costBasis?: 'billed' | 'effective';
  @AskText({ required: false, maxLength: 40 }) dateFormat?: string;
  @AskText({ required: false, maxLength: 100 }) lineIdColumn?: string;
  @AskYesNo({ required: false }) enabled?: boolean;
}

export class RegisterSource extends ChangeSource {
  @AskText({ maxLength: 63, example: 'aws' }) name!: string;
}

export class SourceChange extends Written {
  @Text({ example: 'aws' }) name!: string;
}
