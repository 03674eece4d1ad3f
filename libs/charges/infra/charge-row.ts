import type { BillingPeriod, Currency } from '#kernel';
import type { Standing } from '#ledger';
import { formatChargeId } from '../domain/charge-id.js';

export interface ChargeRow {
  readonly id: string;
  readonly importId: number;
  readonly lineNumber: number;
  readonly period: BillingPeriod;
  readonly source: string;
  readonly standing: Standing;
  readonly flags: readonly string[];
  readonly piEmail: string;
  readonly projectId: string;
  readonly fundOrg: string;
  readonly costCenter: string;
  readonly accountCode: string;
  readonly serviceName: string;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
  readonly chargeDate: string | null;
  readonly currency: Currency;
  /** Exact decimals as text. */
  readonly listCost: string;
  readonly amount: string;
  /** The charge that it corrects, if it is an adjustment. */
  readonly adjusts: string | null;
  /** The charge that it is a part of, if that was divided. */
  readonly partOf: string | null;
  /** Its share of that, as it was asked for: `60%`, `250`, `rest`. */
  readonly partShare: string | null;
}

/** A charge as the database answers {@link CHARGE_COLUMNS}. */
export type StoredCharge = Omit<ChargeRow, 'id'>;

/** Of a table or subquery that goes by the name of `c`. */
export const CHARGE_COLUMNS = `c.import_id as "importId", c.line_no as "lineNumber", c.period, c.source, c.standing, c.flags, c.pi_email as "piEmail",
  c.project_id as "projectId", c.fund_org as "fundOrg", c.cost_center as "costCenter", c.account_code as "accountCode",
  c.service_name as "serviceName", c.resource_id as "resourceId", c.resource_name as "resourceName",
  to_char(c.charge_date, 'YYYY-MM-DD') as "chargeDate", c.currency, trim_scale(c.list_cost)::text as "listCost", trim_scale(c.amount)::text as amount,
  c.adjusts_import_id || '-' || c.adjusts_line_no as adjusts, c.part_of_import_id || '-' || c.part_of_line_no as "partOf",
  case when c.part_of_import_id is not null
    then (select l.part_share from charge_lines l where l.import_id = c.import_id and l.line_no = c.line_no) end as "partShare"`;

/** SQL that tells where a charge `c` comes from. */
export const CHARGE_KIND = `case when c.adjusts_import_id is not null then 'adjustment' when c.part_of_import_id is not null then 'part' else 'imported' end`;

export function withId(row: StoredCharge): ChargeRow {
  return { id: formatChargeId(row), ...row };
}
