import { foldColumnName, type FocusVersion } from './focus-columns.js';

/** How much FOCUS asks for a column; optional ones are missed by nobody. */
export type FocusLevel = 'Mandatory' | 'Conditional' | 'Recommended';

export interface MissingColumn {
  readonly column: string;
  readonly level: FocusLevel;
}

/**
 * Levels of the Cost and Usage columns: all of version 1.0, and what each later version added, changed or removed.
 * Facts of the FOCUS specification (https://focus.finops.org), © FinOps Foundation and Joint Development Foundation, CC-BY-4.0.
 */
const LEVELS_SINCE: readonly (readonly [FocusVersion, Readonly<Partial<Record<FocusLevel | 'Removed', string>>>])[] = [
  [
    '1.0',
    {
      Mandatory:
        'BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass ' +
        'ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName ListCost PricingQuantity ' +
        'PricingUnit ProviderName PublisherName ServiceCategory ServiceName',
      Conditional:
        'CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus CommitmentDiscountType ' +
        'ConsumedQuantity ConsumedUnit ContractedUnitPrice ListUnitPrice PricingCategory RegionId RegionName ResourceId ResourceName ' +
        'ResourceType SkuId SkuPriceId SubAccountId SubAccountName Tags',
      Recommended: 'AvailabilityZone ChargeFrequency',
    },
  ],
  [
    '1.1',
    {
      Conditional:
        'CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity CommitmentDiscountUnit SkuMeter SkuPriceDetails',
      Recommended: 'ServiceSubcategory',
    },
  ],
  [
    '1.2',
    {
      Conditional:
        'BillingAccountType PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost ' +
        'PricingCurrencyListUnitPrice SubAccountType',
      Recommended: 'InvoiceId',
    },
  ],
  [
    '1.3',
    {
      Mandatory: 'HostProviderName ServiceProviderName',
      Conditional: 'AllocatedMethodId AllocatedResourceId AllocatedResourceName AllocatedTags ContractApplied InvoiceId',
      Recommended: 'AllocatedMethodDetails',
    },
  ],
  ['1.4', { Conditional: 'CommitmentProgramEligibilityDetails InvoiceDetailId', Removed: 'ProviderName PublisherName' }],
];

const ORDER: readonly FocusLevel[] = ['Mandatory', 'Conditional', 'Recommended'];

/** What a header lacks of its version's columns: mandatory ones first, then by name. Case and surrounding space do not count. */
export function missingColumns(header: readonly string[], version: FocusVersion): MissingColumn[] {
  const names = new Set(header.map(foldColumnName));
  return [...levelsOf(version)]
    .filter(([column]) => !names.has(foldColumnName(column)))
    .map(([column, level]) => ({ column, level }))
    .sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level) || (a.column < b.column ? -1 : 1));
}

function levelsOf(version: FocusVersion): Map<string, FocusLevel> {
  const levels = new Map<string, FocusLevel>();
  for (const [since, changes] of LEVELS_SINCE) {
    for (const level of ORDER) for (const column of namesIn(changes[level])) levels.set(column, level);
    for (const column of namesIn(changes.Removed)) levels.delete(column);
    if (since === version) break;
  }
  return levels;
}

function namesIn(list: string | undefined): readonly string[] {
  return list === undefined ? [] : list.split(' ');
}
