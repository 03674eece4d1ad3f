import { type Attribution, type ChargeId, type ChargeRanges, type CurrencyAmount } from '#charges';
import type { BillingPeriod } from '#kernel';
import { CARRIES_OVER } from '#ledger';
import type { Tx } from '#platform';
import { type Part, sharesOf } from '../domain/division.js';
import type { AlikeCharges, PartOfAlike } from '../domain/split.decide.js';
import type { PartsOfSource } from '../domain/split.events.js';

/** Charges of one division that have the same payer, reasons for review and day. */
export interface AlikeGroup extends AlikeCharges {
  readonly no: number;
  readonly division: string;
}

/** What is written under one number: the charges of a period that are divided alike. */
export interface DivisionOfPeriod {
  readonly period: BillingPeriod;
  readonly division: string;
}

export interface WrittenParts {
  readonly sources: readonly PartsOfSource[];
  readonly charges: readonly ChargeRanges[];
  readonly count: number;
  readonly amounts: readonly CurrencyAmount[];
  readonly lineCount: number;
}

/** Less decimals than these are not cut off a price that goes with a part of an amount. */
const LEAST_DECIMALS = 6;
const PRICES = ['list_cost', 'contracted_cost', 'billed_cost', 'effective_cost'] as const;

/** How a division by hand is named among those of rules; `R3.2` is one of these. */
const BY_HAND = 'S';

/** A division by hand that a revised line takes over: the split that its charge was divided by. */
export function carriedSplit(division: string): number | null {
  return division.startsWith(BY_HAND) ? Number(division.slice(BY_HAND.length)) : null;
}

/** Works the parts of charges out in temporary tables and writes them as charge lines; there may be any number. */
export class SplitLines {
  private constructor(private readonly tx: Tx) {}

  /** Charges that are divided alike. @param division how it is called here */
  static async ofCharges(tx: Tx, ids: readonly ChargeId[], division: string): Promise<SplitLines> {
    return SplitLines.choose(
      tx,
      `select c.import_id, c.line_no, c.period, c.source, $3::text as division, null::int as old_import_id, null::int as old_line_no,
         c.pi_email, c.project_id, c.fund_org, c.cost_center, c.account_code, c.flags, coalesce(to_char(c.charge_date, 'YYYY-MM-DD'), c.period || '-01') as day
       from unnest($1::int[], $2::int[]) as chosen(import_id, line_no) join charges c using (import_id, line_no)`,
      [ids.map(({ importId }) => importId), ids.map(({ lineNumber }) => lineNumber), division],
    );
  }

  /** Whether anything of what is held of a source in periods is divided. */
  static async anyHeld(tx: Tx, source: string, periods: readonly BillingPeriod[]): Promise<boolean> {
    const [row] = await tx.query<{ any: boolean }>(
      `select exists (select 1 from ledger_balances where source = $1 and period = any($2) and standing = 'split') as any`,
      [source, periods],
    );
    return row?.any ?? false;
  }

  /**
   * Lines of an import that is about to be recorded: those that a rule divides, and those that revise a charge that was divided by hand, if that carries over. A
   * charge that stays rejected is divided for nobody.
   * @param rules those that divide, as lines name them
   */
  static async ofImport(tx: Tx, importId: number, source: string, rules: readonly string[]): Promise<SplitLines> {
    return SplitLines.choose(
      tx,
      `select l.import_id, l.line_no, l.period, $2::text as source, case when t.takes_over then '${BY_HAND}' || s.split_id else l.attribution_rule end as division,
         m.old_import_id, m.old_line_no, coalesce(l.pi_email, '') as pi_email, coalesce(l.project_id, '') as project_id, coalesce(l.fund_org, '') as fund_org,
         coalesce(l.cost_center, '') as cost_center, coalesce(l.account_code, '') as account_code, l.flags,
         coalesce(to_char(l.charge_period_start at time zone 'UTC', 'YYYY-MM-DD'), l.period || '-01') as day
       from charge_lines l
       left join charge_line_matches m on m.import_id = l.import_id and m.line_no = l.line_no
       left join charges o on o.import_id = m.old_import_id and o.line_no = m.old_line_no
       left join charge_lines was on was.import_id = o.import_id and was.line_no = o.line_no
       left join lateral (
         select p.import_id as split_id, pl.attribution_rule is null as by_hand from charges p join charge_lines pl on pl.import_id = p.import_id and pl.line_no = p.line_no
         where p.part_of_import_id is not null and p.part_of_import_id = o.import_id and p.part_of_line_no = o.line_no and p.standing not in ('superseded', 'withdrawn')
         limit 1) s on o.standing = 'split'
       cross join lateral (select coalesce(s.by_hand and ${CARRIES_OVER}, false) as takes_over) t
       where l.import_id = $1 and m.outcome is distinct from 'unchanged' and (t.takes_over or l.attribution_rule = any($3))
         and not coalesce(o.standing = 'rejected' and ${CARRIES_OVER}, false)`,
      [importId, source, rules],
    );
  }

  private static async choose(tx: Tx, charges: string, parameters: readonly unknown[]): Promise<SplitLines> {
    await tx.query('drop table if exists pg_temp.divided_charges, pg_temp.parts_of_alike');
    await tx.query(
      `create temporary table divided_charges on commit drop as
       select *, dense_rank() over (order by division, pi_email, project_id, fund_org, cost_center, account_code, flags, day)::int as group_no
       from (${charges}) chosen`,
      parameters,
    );
    await tx.query('analyze divided_charges');
    await tx.query(
      `create temporary table parts_of_alike (
         group_no int, part_no int, percent numeric, reached_from numeric, reached_to numeric, asked text,
         pi_email text, project_id text, fund_org text, cost_center text, account_code text, flags text[]) on commit drop`,
    );
    return new SplitLines(tx);
  }

  async groups(): Promise<AlikeGroup[]> {
    const rows = await this.tx.query<Omit<AlikeGroup, 'attribution'> & Attribution>(
      `select distinct group_no as no, division, pi_email as "piEmail", project_id as "projectId", fund_org as "fundOrg", cost_center as "costCenter",
         account_code as "accountCode", flags, day as "chargeDay"
       from divided_charges order by group_no`,
    );
    return rows.map(({ no, division, flags, chargeDay, ...attribution }) => ({ no, division, flags, chargeDay, attribution }));
  }

  /** Says how a group is divided. */
  async divide(group: AlikeGroup, parts: readonly Part[], alike: readonly PartOfAlike[]): Promise<void> {
    const rows = sharesOf(parts).map(({ percent, from, to, asked }, index) => ({
      part_no: index + 1,
      ...{ percent, reached_from: from, reached_to: to, asked, flags: alike[index]?.flags ?? [] },
      ...columnsOf(alike[index]?.attribution ?? group.attribution),
    }));
    await this.tx.query(
      `insert into parts_of_alike
       select $1::int, p.* from jsonb_to_recordset($2::jsonb) as p(part_no int, percent numeric, reached_from numeric, reached_to numeric, asked text,
         pi_email text, project_id text, fund_org text, cost_center text, account_code text, flags text[])`,
      [group.no, JSON.stringify(rows)],
    );
  }

  /** What is written under a number each. */
  async divisions(): Promise<DivisionOfPeriod[]> {
    return this.tx.query<DivisionOfPeriod>(
      `select period, division from divided_charges group by period, division order by period, division collate "C"`,
    );
  }

  /**
   * Writes the parts under the split's number, and which parts of former splits they revise: those with the same number of the charge that the line revises.
   * @param isOfImport then a part that a rule makes names it
   */
  async write(splitId: number, { period, division }: DivisionOfPeriod, isOfImport: boolean): Promise<WrittenParts> {
    await this.tx.query('drop table if exists pg_temp.new_parts');
    await this.tx.query(
      `create temporary table new_parts on commit drop as
       select *, row_number() over (order by source collate "C", import_id, line_no, part_no)::int as line from (
         select d.import_id, d.line_no, d.source, d.old_import_id, d.old_line_no, p.part_no, p.asked, p.pi_email, p.project_id, p.fund_org, p.cost_center,
           p.account_code, p.flags, ${[...PRICES, 'amount'].map((price) => `trim_scale(${partOf(price)}) as ${price}`).join(', ')},
           l.amount = 0 and l.list_cost = 0 and coalesce(l.contracted_cost, 0) = 0 and coalesce(l.billed_cost, 0) = 0 and coalesce(l.effective_cost, 0) = 0 as is_free
         from divided_charges d
         join parts_of_alike p on p.group_no = d.group_no
         join charge_lines l on l.import_id = d.import_id and l.line_no = d.line_no
         cross join lateral (select sign(l.amount) * least(p.reached_from, abs(l.amount)) as begins,
           case when p.reached_to is null then l.amount else sign(l.amount) * least(p.reached_to, abs(l.amount)) end as ends) x
         where d.period = $1 and d.division = $2) part
       where is_free or amount <> 0 or list_cost <> 0 or coalesce(contracted_cost, 0) <> 0 or coalesce(billed_cost, 0) <> 0 or coalesce(effective_cost, 0) <> 0`,
      [period, division],
    );
    await this.tx.query('analyze new_parts');
    await this.tx.query(
      `insert into charge_lines (import_id, line_no, period, provider_name, billing_account_id, sub_account_id, invoice_id, charge_category,
         charge_description, charge_period_start, charge_period_end, service_name, service_category, resource_id, resource_name, region_id, sku_id,
         currency, ${PRICES.join(', ')}, amount, pi_email, pi_email_as_written, project_id, fund_org, cost_center, account_code,
         reference_1, reference_2, end_date, reconciliation_end, attribution_rule, attribution_by_tags, fingerprint, flags,
         part_of_import_id, part_of_line_no, part_no, part_share)
       select $1::int, n.line, l.period, l.provider_name, l.billing_account_id, l.sub_account_id, l.invoice_id, l.charge_category,
         l.charge_description, l.charge_period_start, l.charge_period_end, l.service_name, l.service_category, l.resource_id, l.resource_name,
         l.region_id, l.sku_id, l.currency, ${PRICES.map((price) => `n.${price}`).join(', ')}, n.amount, nullif(n.pi_email, ''),
         case when n.pi_email = l.pi_email then l.pi_email_as_written else nullif(n.pi_email, '') end, nullif(n.project_id, ''), nullif(n.fund_org, ''),
         nullif(n.cost_center, ''), nullif(n.account_code, ''), l.reference_1, l.reference_2, l.end_date, l.reconciliation_end,
         ${isOfImport && carriedSplit(division) === null ? 'l.attribution_rule, l.attribution_by_tags' : 'null, null'}, md5('part ' || $1::int || ' ' || n.line)::uuid, n.flags,
         n.import_id, n.line_no, n.part_no, n.asked
       from new_parts n join charge_lines l on l.import_id = n.import_id and l.line_no = n.line_no order by n.line`,
      [splitId],
    );
    if (isOfImport) await this.matchWithFormerParts(splitId);
    await this.requireWhole();
    return this.written(period, division);
  }

  private async matchWithFormerParts(splitId: number): Promise<void> {
    await this.tx.query(
      `insert into charge_line_matches (import_id, line_no, outcome, old_import_id, old_line_no)
       select $1::int, n.line, 'revised', p.import_id, p.line_no
       from new_parts n
       join charges p on p.part_of_import_id is not null and p.part_of_import_id = n.old_import_id and p.part_of_line_no = n.old_line_no
         and p.standing not in ('superseded', 'withdrawn')
       join charge_lines pl on pl.import_id = p.import_id and pl.line_no = p.line_no and pl.part_no = n.part_no
       order by n.line`,
      [splitId],
    );
  }

  /** Parts add up to their charge (design.md, invariant 1). @throws Error when they don't */
  private async requireWhole(): Promise<void> {
    const prices = [...PRICES, 'amount'];
    const broken = await this.tx.query<{ charge: string }>(
      `select n.import_id || '-' || n.line_no as charge
       from (select import_id, line_no, ${prices.map((price) => `sum(${price}) as ${price}`).join(', ')} from new_parts group by import_id, line_no) n
       join charge_lines l on l.import_id = n.import_id and l.line_no = n.line_no
       where ${prices.map((price) => `n.${price} is distinct from l.${price}`).join(' or ')} limit 1`,
    );
    if (broken[0] !== undefined) throw new Error(`the parts of charge ${broken[0].charge} don't add up to it`);
  }

  private async written(period: BillingPeriod, division: string): Promise<WrittenParts> {
    const sources = await this.tx.query<PartsOfSource>(
      `select source, min(line) as "firstLine", max(line) as "lastLine" from new_parts group by source order by 2`,
    );
    const charges = await this.tx.query<ChargeRanges>(
      `select import_id as "importId", string_agg(case when first = last then first::text else first || '-' || last end, ',' order by first) as lines
       from (select import_id, min(line_no) as first, max(line_no) as last
             from (select import_id, line_no, line_no - row_number() over (partition by import_id order by line_no) as run
                   from divided_charges where period = $1 and division = $2) numbered group by import_id, run) runs
       group by import_id order by import_id`,
      [period, division],
    );
    const amounts = await this.tx.query<CurrencyAmount & { count: number }>(
      `select l.currency, trim_scale(sum(l.amount))::text as amount, count(*)::int as count
       from divided_charges d join charge_lines l on l.import_id = d.import_id and l.line_no = d.line_no
       where d.period = $1 and d.division = $2 group by l.currency order by l.currency collate "C"`,
      [period, division],
    );
    return {
      sources,
      charges,
      count: amounts.reduce((sum, { count }) => sum + count, 0),
      amounts: amounts.map(({ currency, amount }) => ({ currency, amount })),
      lineCount: sources.reduce((sum, { firstLine, lastLine }) => sum + lastLine - firstLine + 1, 0),
    };
  }
}

function columnsOf({ piEmail, projectId, fundOrg, costCenter, accountCode }: Attribution): Record<string, string> {
  return { pi_email: piEmail, project_id: projectId, fund_org: fundOrg, cost_center: costCenter, account_code: accountCode };
}

/**
 * SQL for a price of a part. Per cents are exact. Along amounts, a price goes with the amount from place to place, rounded at each place and not for each part, so that
 * the parts add up; who reaches the end gets all that is left of it.
 */
function partOf(price: string): string {
  const column = `l.${price}`;
  const at = (place: string): string =>
    price === 'amount'
      ? place
      : `case when l.amount = 0 or ${place} = 0 then 0 when ${place} = l.amount then ${column}
           else round(${column} * ${place} / l.amount, greatest(scale(trim_scale(${column})), scale(trim_scale(${place})), ${LEAST_DECIMALS})) end`;
  return `case when ${column} is null then null when p.percent is not null then ${column} * p.percent * 0.01
    else (case when p.reached_to is null then ${column} else ${at('x.ends')} end) - (${at('x.begins')}) end`;
}
