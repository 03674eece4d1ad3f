/** The versions of FOCUS that are read. */
const FOCUS_VERSIONS = ['1.0', '1.1', '1.2', '1.3', '1.4'] as const;
export type FocusVersion = (typeof FOCUS_VERSIONS)[number];

/** The columns of FOCUS's Cost and Usage data set, by the version that brought them in. */
const COLUMNS_BY_VERSION: Readonly<Record<FocusVersion, string>> = {
  '1.0':
    'AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ' +
    'ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart ' +
    'CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus CommitmentDiscountType ' +
    'ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost InvoiceIssuerName ListCost ListUnitPrice ' +
    'PricingCategory PricingQuantity PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName ' +
    'ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId SubAccountName Tags',
  '1.1':
    'CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity CommitmentDiscountUnit ServiceSubcategory ' +
    'SkuMeter SkuPriceDetails',
  '1.2':
    'BillingAccountType InvoiceId PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost ' +
    'PricingCurrencyListUnitPrice SubAccountType',
  '1.3':
    'AllocatedMethodDetails AllocatedMethodId AllocatedResourceId AllocatedResourceName AllocatedTags ContractApplied ' +
    'HostProviderName ServiceProviderName',
  '1.4': 'CommitmentProgramEligibilityDetails InvoiceDetailId',
};

/** Version 1.4 took these out in favour of ServiceProviderName and HostProviderName. */
const REMOVED_IN_1_4: readonly string[] = ['providername', 'publishername'];

/** Name without case → the version that brought the column in. */
const introducedIn = new Map<string, FocusVersion>(
  FOCUS_VERSIONS.flatMap((version) => COLUMNS_BY_VERSION[version].split(' ').map((name) => [name.toLowerCase(), version] as const)),
);

/** Names that FOCUS gave columns before 1.0, and the ones they have had since; some providers still write them. */
const RENAMED_IN_1_0: ReadonlyMap<string, string> = new Map([
  ['amortizedcost', 'EffectiveCost'],
  ['billedcurrency', 'BillingCurrency'],
  ['chargetype', 'ChargeCategory'],
  ['invoiceissuer', 'InvoiceIssuerName'],
  ['provider', 'ProviderName'],
  ['publisher', 'PublisherName'],
  ['region', 'RegionId'],
  ['usagequantity', 'ConsumedQuantity'],
  ['usageunit', 'ConsumedUnit'],
]);

/** What FOCUS 1.0 calls a column of the drafts before it. */
export function renamedInFocus10(foldedName: string): string | undefined {
  return RENAMED_IN_1_0.get(foldedName);
}

/** How header names are compared: without case and surrounding space. */
export function foldColumnName(name: string): string {
  return name.trim().toLowerCase();
}

export function isFocusColumn(foldedName: string): boolean {
  return introducedIn.has(foldedName);
}

/**
 * The version that a header set speaks: the lowest one that has all its FOCUS columns. A header that mixes columns of 1.4 with ones that 1.4 took
 * out is of 1.4 all the same, as its newest column can come from nowhere else.
 */
export function focusVersionOf(foldedNames: readonly string[]): FocusVersion {
  let newest = 0;
  for (const name of foldedNames) {
    const version = introducedIn.get(name);
    if (version !== undefined) newest = Math.max(newest, FOCUS_VERSIONS.indexOf(version));
  }
  return FOCUS_VERSIONS[newest] ?? '1.0';
}

/** Whether the version still has the column. */
export function isRemoved(foldedName: string, version: FocusVersion): boolean {
  return version === '1.4' && REMOVED_IN_1_4.includes(foldedName);
}

/**
 * Whether a column holds amounts, prices or quantities, which a later delivery of the same charge may change: such columns say
 * nothing about which line it is. ContractApplied is JSON that holds applied costs and quantities.
 */
export function isAmountColumn(foldedName: string): boolean {
  return /(?:cost|price|quantity)$/.test(foldedName) || foldedName === 'contractapplied';
}
