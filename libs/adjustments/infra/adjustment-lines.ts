import { type BillingPeriod, type Currency, Decimal } from '#kernel';
import type { Tx } from '#platform';
import type { AskedPart, ChosenSum, Overdrawn } from '../domain/adjustment.decide.js';
import type { AdjustedSource, AdjustmentTotal } from '../domain/adjustment.events.js';

/** Decimals that a proportional list, contracted or effective price is given at least. */
const LEAST_DECIMALS = 6;

/** Which billed charges: one by its id, or all of a PI's project in one currency. */
export type AdjustedCharges =
  | { readonly importId: number; readonly lineNumber: number }
  | { readonly period: BillingPeriod; readonly piEmail: string; readonly projectId: string; readonly currency: Currency };

export interface AdjustmentLine {
  readonly chargeId: string;
  readonly adjusts: string;
  readonly source: string;
  readonly serviceName: string;
  readonly resource: string | null;
  readonly fundOrg: string;
  readonly currency: Currency;
  readonly billed: string;
  readonly listCost: string;
  readonly amount: string;
  /** Of the adjusted charge, once this is booked. */
  readonly left: string;
}

export interface WrittenLines {
  readonly sources: readonly AdjustedSource[];
  readonly totals: readonly AdjustmentTotal[];
}

/** The prices of a line that go with its amount. */
const PRICES = ['list_cost', 'contracted_cost', 'billed_cost', 'effective_cost'] as const;

/**
 * Works adjustments out in a temporary table and writes them as charge lines; a statement may have any number of charges. Whatever a price comes
 * to in proportion is rounded; the adjustment that takes back the last of a charge takes the rest of every price.
 */
export class AdjustmentLines {
  private constructor(private readonly tx: Tx) {}

  /** Chooses the charges, each with what earlier adjustments have left of it. Only billed charges are found. */
  static async choose(tx: Tx, charges: AdjustedCharges): Promise<AdjustmentLines> {
    const [condition, parameters] =
      'importId' in charges
        ? ['c.import_id = $1 and c.line_no = $2', [charges.importId, charges.lineNumber]]
        : [
            'c.pi_email = $1 and c.period = $2 and c.project_id = $3 and c.currency = $4',
            [charges.piEmail, charges.period, charges.projectId, charges.currency],
          ];
    // Each charge and what adjusts it is found by an index, whatever the planner knows of tables that were just filled.
    await tx.query('set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off');
    await tx.query(
      `create temporary table planned_adjustments on commit drop as
       select o.import_id, o.line_no, o.source, o.currency, o.reattributed, o.pi_email, o.project_id, o.fund_org, o.cost_center, o.account_code,
         o.amount, o.amount + coalesce(e.amount, 0) as amount_left,
         ${PRICES.map((price) => `l.${price}, l.${price} + coalesce(e.${price}, 0) as ${price}_left`).join(', ')},
         0::numeric as part, 0 as line
       from (select c.* from charges c where ${condition} and c.standing in ('clear', 'approved')) o
       join charge_lines l on l.import_id = o.import_id and l.line_no = o.line_no
       cross join lateral (
         select sum(xl.amount) as amount, ${PRICES.map((price) => `sum(xl.${price}) as ${price}`).join(', ')}
         from charges x join charge_lines xl on xl.import_id = x.import_id and xl.line_no = x.line_no
         where x.adjusts_import_id is not null and x.adjusts_import_id = o.import_id and x.adjusts_line_no = o.line_no
           and x.standing not in ('withdrawn', 'rejected')) e`,
      parameters,
    );
    await tx.query('set local enable_seqscan to default; set local enable_hashjoin to default; set local enable_mergejoin to default');
    await tx.query('analyze planned_adjustments');
    return new AdjustmentLines(tx);
  }

  async sums(): Promise<ChosenSum[]> {
    const rows = await this.tx.query<{ currency: Currency; count: number; countLeft: number; left: string; amount: string }>(
      `select currency, count(*)::int as count, count(*) filter (where amount_left <> 0 or list_cost_left <> 0)::int as "countLeft",
         sum(amount_left)::text as left, sum(amount)::text as amount
       from planned_adjustments group by currency order by currency`,
    );
    return rows.map((row) => ({ ...row, left: Decimal.parse(row.left), amount: Decimal.parse(row.amount) }));
  }

  /** Works out which part of each charge is adjusted, with the charge's sign. @returns credits of a share that exceed what is left */
  async apportion({ kind, amount, percent }: AskedPart): Promise<Overdrawn[]> {
    if (percent !== null) {
      await this.tx.query(`update planned_adjustments set part = amount * $1::numeric * 0.01`, [percent.toString()]);
      return kind === 'debit' ? [] : this.overdrawn();
    }
    if (amount === null) await this.tx.query('update planned_adjustments set part = amount_left');
    else await this.share(kind === 'credit' ? 'amount_left' : 'amount', amount);
    return [];
  }

  /**
   * Shares an amount out in proportion to `weight`, in the smallest unit that is written anywhere, so that it adds up exactly and no charge gets a
   * decimal more: each gets its share rounded down, and the units that are left over go to those that lost most by it.
   */
  private async share(weight: 'amount' | 'amount_left', amount: Decimal): Promise<void> {
    await this.tx.query(
      `with all_of as (
         select greatest(max(scale(trim_scale(${weight}))), scale(trim_scale($1::numeric)), 2) as digits, sum(${weight}) as total, count(*) as charges
         from planned_adjustments),
       units as (
         select p.import_id, p.line_no, digits, charges, ${weight} * power(10::numeric, digits) as own,
           total * power(10::numeric, digits) as total, sign(total) * $1::numeric * power(10::numeric, digits) as asked
         from planned_adjustments p, all_of),
       shared as (
         select *, div(own * asked, total) as cut, mod(own * asked, total) as rest from units where total <> 0),
       floored as (
         select *, cut - (case when rest * total < 0 then 1 else 0 end) as floor, abs(case when rest * total < 0 then rest + total else rest end) as lost from shared),
       ranked as (
         select *, asked - sum(floor) over () as over, row_number() over (order by lost desc, import_id, line_no) as rank from floored)
       update planned_adjustments p set part = trim_scale((floor + (case when rank <= over then 1 else 0 end)) / power(10::numeric, digits))
       from ranked r where r.import_id = p.import_id and r.line_no = p.line_no`,
      [amount.toString()],
    );
    // A charge that was billed at nothing has no part of anything; a debit gives it the amount as it is.
    await this.tx.query(
      `update planned_adjustments set part = $1::numeric where ${weight} = 0 and (select count(*) from planned_adjustments) = 1`,
      [amount.toString()],
    );
  }

  private async overdrawn(): Promise<Overdrawn[]> {
    return this.tx.query<Overdrawn>(
      `select import_id || '-' || line_no as "chargeId", trim_scale(amount_left)::text as left, trim_scale(part)::text as asked
       from planned_adjustments where abs(part) > abs(amount_left) or part * amount_left < 0 order by import_id, line_no limit 5`,
    );
  }

  /** Writes the lines under the adjustment's number, and which charge each corrects. */
  async write(adjustmentId: number, { kind, amount, percent }: AskedPart, period: BillingPeriod, reason: string): Promise<WrittenLines> {
    // A charge that was billed at nothing may have had a list price: all of it is taken back together.
    const isAll = amount === null && percent === null;
    await this.tx.query(
      `update planned_adjustments p set line = n.line
       from (select import_id, line_no, row_number() over (order by source collate "C", import_id, line_no)::int as line
             from planned_adjustments where part <> 0 ${isAll ? 'or list_cost_left <> 0' : ''}) n
       where n.import_id = p.import_id and n.line_no = p.line_no`,
    );
    const sign = kind === 'credit' ? '-' : '';
    const prices = PRICES.map((price) => `trim_scale(${sign}(${priceOfPart(price, kind)}))`);
    await this.tx.query(
      `insert into charge_lines (import_id, line_no, period, provider_name, billing_account_id, sub_account_id, invoice_id, charge_category,
         charge_description, charge_period_start, charge_period_end, service_name, service_category, resource_id, resource_name, region_id, sku_id,
         currency, ${PRICES.join(', ')}, amount, pi_email, pi_email_as_written, project_id, fund_org, cost_center, account_code,
         reference_1, reference_2, end_date, reconciliation_end, fingerprint, flags)
       select $1::int, p.line, $2, l.provider_name, l.billing_account_id, l.sub_account_id, l.invoice_id, 'Adjustment',
         $3, l.charge_period_start, l.charge_period_end, l.service_name, l.service_category, l.resource_id, l.resource_name, l.region_id, l.sku_id,
         l.currency, ${prices.join(', ')}, trim_scale(${sign}p.part), nullif(p.pi_email, ''),
         case when p.reattributed then nullif(p.pi_email, '') else l.pi_email_as_written end, nullif(p.project_id, ''), nullif(p.fund_org, ''),
         nullif(p.cost_center, ''), nullif(p.account_code, ''), l.reference_1, l.reference_2, l.end_date, l.reconciliation_end,
         md5('adjustment ' || $1::int || ' ' || p.line)::uuid, '{}'
       from planned_adjustments p join charge_lines l on l.import_id = p.import_id and l.line_no = p.line_no
       where p.line > 0 order by p.line`,
      [adjustmentId, period, reason],
    );
    await this.tx.query(
      `insert into charge_line_matches (import_id, line_no, outcome, old_import_id, old_line_no)
       select $1::int, line, 'adjusts', import_id, line_no from planned_adjustments where line > 0 order by line`,
      [adjustmentId],
    );
    const sources = await this.tx.query<AdjustedSource>(
      `select source, min(line) as "firstLine", max(line) as "lastLine" from planned_adjustments where line > 0 group by source order by 2`,
    );
    const totals = await this.tx.query<AdjustmentTotal>(
      `select currency, count(*)::int as "lineCount", trim_scale(sum(list_cost))::text as "listCost", trim_scale(sum(amount))::text as amount
       from charge_lines where import_id = $1 group by currency order by currency`,
      [adjustmentId],
    );
    return { sources, totals };
  }

  /** The first of the lines that were written. */
  async written(adjustmentId: number, limit: number): Promise<AdjustmentLine[]> {
    return this.tx.query<AdjustmentLine>(
      `select l.import_id || '-' || l.line_no as "chargeId", p.import_id || '-' || p.line_no as adjusts, p.source, l.service_name as "serviceName",
         coalesce(l.resource_name, l.resource_id) as resource, p.fund_org as "fundOrg", l.currency, trim_scale(p.amount)::text as billed,
         trim_scale(l.list_cost)::text as "listCost", trim_scale(l.amount)::text as amount, trim_scale(p.amount_left + l.amount)::text as left
       from planned_adjustments p join charge_lines l on l.import_id = $1 and l.line_no = p.line where p.line > 0 order by p.line limit $2`,
      [adjustmentId, limit],
    );
  }
}

/** What part of a price goes with the part of the amount. The price of a charge that was billed at nothing stays, unless it had none. */
function priceOfPart(price: (typeof PRICES)[number], kind: AskedPart['kind']): string {
  const inProportion = `round(l.${price} * p.part / p.amount, greatest(scale(trim_scale(l.${price})), scale(trim_scale(p.part)), ${LEAST_DECIMALS}))`;
  const all = kind === 'credit' ? `when p.part = p.amount_left then p.${price}_left ` : '';
  return `case when l.${price} is null then null ${all}when p.amount = 0 then case when l.${price} = 0 then p.part else 0 end else ${inProportion} end`;
}
