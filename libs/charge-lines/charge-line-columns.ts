/** Where the tags said something else than the line does, because a rule attributed it. */
const RULE_COLUMNS = ['attribution_rule', 'attribution_by_tags'] as const;

/** The columns of `charge_lines` in the order in which an import writes a line. */
export const CHARGE_LINE_COLUMNS = [
  'import_id',
  'line_no',
  'period',
  'provider_name',
  'billing_account_id',
  'sub_account_id',
  'invoice_id',
  'charge_category',
  'charge_description',
  'charge_period_start',
  'charge_period_end',
  'service_name',
  'service_category',
  'resource_id',
  'resource_name',
  'region_id',
  'sku_id',
  'currency',
  'list_cost',
  'contracted_cost',
  'billed_cost',
  'effective_cost',
  'amount',
  'pi_email',
  'pi_email_as_written',
  'project_id',
  'fund_org',
  'cost_center',
  'account_code',
  'reference_1',
  'reference_2',
  'end_date',
  'reconciliation_end',
  ...RULE_COLUMNS,
  'tags',
  'other_columns',
  'fingerprint',
  'flags',
] as const;

/** Which columns a digest of lines covers: 1 before there were attribution rules, 2 what an import writes. An event that holds a digest names it. */
export type LineFormat = 1 | 2;
/** What imports write. */
export const LINE_FORMAT: LineFormat = 2;

/** The columns that a digest of that format covers, and those that lines had to leave empty then. */
export function columnsOfFormat(format: LineFormat): { readonly covered: readonly string[]; readonly empty: readonly string[] } {
  if (format === 2) return { covered: CHARGE_LINE_COLUMNS, empty: [] };
  const later: readonly string[] = RULE_COLUMNS;
  return { covered: CHARGE_LINE_COLUMNS.filter((column) => !later.includes(column)), empty: later };
}
