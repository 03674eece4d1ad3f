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

/** Of a line that is a part of a charge: of which, the how manieth, and the share as it was asked for. No import writes them. */
const PART_COLUMNS = ['part_of_import_id', 'part_of_line_no', 'part_no', 'part_share'] as const;

/** Which columns a digest of lines covers: 1 before there were attribution rules, 2 what an import writes, 3 all. An event that holds a digest names it. */
export type LineFormat = ImportedLineFormat | 3;
/** Of imports. */
export type ImportedLineFormat = 1 | 2;
/** What imports write. */
export const LINE_FORMAT: ImportedLineFormat = 2;
/** Of parts. */
export const PART_LINE_FORMAT: LineFormat = 3;

/** The columns that a digest of that format covers, and those that lines had to leave empty then. */
export function columnsOfFormat(format: LineFormat): { readonly covered: readonly string[]; readonly empty: readonly string[] } {
  switch (format) {
    case 1: {
      const later: readonly string[] = RULE_COLUMNS;
      return { covered: CHARGE_LINE_COLUMNS.filter((column) => !later.includes(column)), empty: [...RULE_COLUMNS, ...PART_COLUMNS] };
    }
    case 2:
      return { covered: CHARGE_LINE_COLUMNS, empty: PART_COLUMNS };
    case 3:
      return { covered: [...CHARGE_LINE_COLUMNS, ...PART_COLUMNS], empty: [] };
  }
}
