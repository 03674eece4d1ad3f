/** What a file must do when it is imported. */
export interface CostFile {
  readonly path: string;
  /** Declared for the source before the import. */
  readonly dateFormat?: string;
  readonly expected: Recorded | Refused;
}

export interface Recorded {
  /** Lines by period. */
  readonly lines: Readonly<Record<string, number>>;
  /** Exact sum of BilledCost by currency. */
  readonly sums: Readonly<Record<string, string>>;
  /** Lines with a flag. */
  readonly flaggedLines: number;
  /** A flag with its lines. */
  readonly flag?: readonly [name: string, lines: number];
}

export interface Refused {
  readonly code: string;
  /** Found in the reason. */
  readonly says: readonly string[];
  /** The only columns with errors, in the order of their names. */
  readonly columns?: readonly string[];
}

const EXAMPLES = 'focus/spec_examples_1.2';
const ALL_COSTS = ['BilledCost', 'ContractedCost', 'EffectiveCost', 'ListCost'];
/** Ends are kept as they are and nothing is inferred from them, so they are no errors. */
const ALL_DATES = ['BillingPeriodStart', 'ChargePeriodStart'];

/** Facts about public files, by their authors' own counts and sums. */
export const COST_FILES: readonly CostFile[] = [
  {
    path: 'focus/official_sample_1.0.csv',
    expected: { lines: { '2024-09': 999, '2024-10': 1 }, sums: { USD: '20.52022672899' }, flaggedLines: 1000 },
  },
  example('commitment_discount_purchase_scenario_1', 1, '8760'),
  example('commitment_discount_purchase_scenario_2', 3, '3'),
  example('commitment_discount_purchase_scenario_3', 4, '4381.5'),
  example('commitment_discount_usage_scenario_1', 1, '0'),
  example('commitment_discount_usage_scenario_2', 1, '0'),
  example('one_hundred_percent_utilization_with_commitment_discount_flexibility_with_2_resources', 3, '2'),
  ...saasAgreement('a1', '$10,000.00'),
  ...saasAgreement('a2', '$50,000.00'),
  ...saasAgreement('c', '$10,100.00'),
  {
    path: `${EXAMPLES}/virtual_currency_pricing_model_a1.csv`,
    expected: { code: 'import.row-errors', says: ['4/1/25'], columns: ALL_DATES },
  },
  {
    path: `${EXAMPLES}/virtual_currency_pricing_model_a1.csv`,
    dateFormat: 'M/D/YY',
    expected: { lines: { '2025-04': 1 }, sums: { USD: '200000' }, flaggedLines: 1 },
  },
  {
    path: 'focus/synthetic_aws_1.2.csv',
    expected: { lines: { '2026-05': 100 }, sums: { USD: '1157.48882377213324' }, flaggedLines: 100 },
  },
  {
    path: 'focus/synthetic_multi_provider_1.3.csv',
    expected: { lines: { '2026-05': 4 }, sums: { EUR: '100', USD: '208' }, flaggedLines: 4, flag: ['currency_mismatch', 1] },
  },
  { path: 'focus/synthetic_correction_chain.csv', expected: { code: 'import.missing-columns', says: ['BillingPeriodStart'] } },
  { path: 'focus/not_cost_contract_commitment_1.3.csv', expected: { code: 'import.wrong-data-set', says: ['Contract Commitment'] } },
  { path: 'focus/not_focus_azure_ea.csv', expected: { code: 'import.wrong-data-set', says: ['Azure', 'FOCUS'] } },
];

function example(name: string, lineCount: number, sum: string): CostFile {
  return { path: `${EXAMPLES}/${name}.csv`, expected: { lines: { '2023-01': lineCount }, sums: { USD: sum }, flaggedLines: lineCount } };
}

/** Refused for costs and dates; once its dates are declared, for the costs alone. */
function saasAgreement(name: string, cost: string): CostFile[] {
  const path = `${EXAMPLES}/simple_saas_agreements_${name}.csv`;
  return [
    { path, expected: { code: 'import.row-errors', says: ['4/1/25', cost], columns: [...ALL_COSTS, ...ALL_DATES].sort() } },
    { path, dateFormat: 'M/D/YY', expected: { code: 'import.row-errors', says: [cost], columns: ALL_COSTS } },
  ];
}
