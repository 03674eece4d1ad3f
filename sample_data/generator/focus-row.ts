import type { Amount } from './amount.js';
import { wholeMonth, type ChargeWindow, type SamplePeriod } from './calendar.js';
import type { SourceName, Tags } from './university.js';

/** The FOCUS 1.2 columns the sample's sources write, in the order of the widest of them. */
export const FOCUS_COLUMNS = [
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodStart',
  'BillingPeriodEnd',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ListCost',
  'ContractedCost',
  'BilledCost',
  'EffectiveCost',
  'ProviderName',
  'PublisherName',
  'InvoiceIssuerName',
  'InvoiceId',
  'ServiceName',
  'ServiceCategory',
  'SubAccountId',
  'RegionId',
  'ResourceId',
  'ResourceName',
  'ResourceType',
  'SkuId',
  'ConsumedQuantity',
  'ConsumedUnit',
  'PricingQuantity',
  'PricingUnit',
  'Tags',
] as const;
export type FocusColumn = (typeof FOCUS_COLUMNS)[number];

/** The cells of one row as they stand in the file, before CSV quoting. */
export type FocusRow = Readonly<Partial<Record<FocusColumn, string>>>;

/** A charge before its source gives it the form of its files. */
export interface ChargeDraft {
  readonly window: ChargeWindow;
  readonly category?: 'Usage' | 'Purchase' | 'Tax' | 'Credit' | 'Adjustment';
  readonly correction?: boolean;
  readonly description: string;
  readonly service: string;
  readonly serviceCategory: string;
  /** Undefined: the provider states none. */
  readonly list?: Amount | undefined;
  readonly billed: Amount;
  readonly currency?: string;
  readonly issuer?: string;
  readonly resourceId?: string;
  readonly resourceName?: string;
  readonly resourceType?: string;
  readonly region?: string;
  readonly sku?: string;
  readonly quantity?: string;
  readonly unit?: string;
  /** Undefined: the row has no tags. */
  readonly tags?: Tags;
}

export interface CsvDialect {
  readonly byteOrderMark: boolean;
  readonly newline: '\n' | '\r\n';
  readonly quotes: 'needed' | 'all';
  readonly finalNewline: boolean;
}

/** How one source writes its files; every habit here is legal and seen in real exports. */
export interface SourceProfile {
  readonly name: SourceName;
  readonly columns: readonly FocusColumn[];
  readonly dialect: CsvDialect;
  /** Cells that are the same in every row. */
  readonly constants: FocusRow;
  readonly subAccounts: readonly [string, ...string[]];
  readonly nullCell: string;
  /** Takes `YYYY-MM-DD` or `YYYY-MM-DDTHH`, UTC. */
  readonly writeTime: (moment: string) => string;
  readonly writeAmount: (value: Amount) => string;
  readonly writeTags: (tags: Tags) => string;
}

export function focusRow(profile: SourceProfile, period: SamplePeriod, draft: ChargeDraft): FocusRow {
  const month = wholeMonth(period);
  const list = draft.list === undefined ? undefined : profile.writeAmount(draft.list);
  const billed = profile.writeAmount(draft.billed);
  const project = draft.tags?.['project_id'] ?? '';
  const cells: Readonly<Partial<Record<FocusColumn, string | undefined>>> = {
    BillingCurrency: draft.currency ?? 'USD',
    BillingPeriodStart: profile.writeTime(month.from),
    BillingPeriodEnd: profile.writeTime(month.to),
    ChargePeriodStart: profile.writeTime(draft.window.from),
    ChargePeriodEnd: profile.writeTime(draft.window.to),
    ChargeCategory: draft.category ?? 'Usage',
    ChargeClass: draft.correction === true ? 'Correction' : undefined,
    ChargeDescription: draft.description,
    ListCost: list,
    ContractedCost: billed,
    BilledCost: billed,
    EffectiveCost: billed,
    InvoiceIssuerName: draft.issuer ?? profile.constants.InvoiceIssuerName,
    InvoiceId: `${profile.name.toUpperCase()}-${period.replace('-', '')}`,
    ServiceName: draft.service,
    ServiceCategory: draft.serviceCategory,
    SubAccountId: profile.subAccounts[project.length % profile.subAccounts.length],
    RegionId: draft.region,
    ResourceId: draft.resourceId,
    ResourceName: draft.resourceName,
    ResourceType: draft.resourceType,
    SkuId: draft.sku,
    ConsumedQuantity: draft.category === undefined ? draft.quantity : undefined,
    ConsumedUnit: draft.category === undefined ? draft.unit : undefined,
    PricingQuantity: draft.quantity,
    PricingUnit: draft.unit,
    Tags: draft.tags === undefined ? undefined : profile.writeTags(draft.tags),
  };
  return Object.fromEntries(profile.columns.map((column) => [column, cells[column] ?? profile.constants[column] ?? profile.nullCell]));
}
