import type { RestatedFile } from '#imports';
import type { BillingPeriod } from '#kernel';
import type { Tx } from '#platform';

/** The prices of a line that a restatement compares and books, the one that is billed first. */
const PRICES = ['amount', 'list_cost', 'contracted_cost', 'billed_cost', 'effective_cost'] as const;
const each = (write: (price: (typeof PRICES)[number]) => string): string => PRICES.map(write).join(', ');

/** What makes a line another one for an import, too. */
const TOLD = PRICES.filter((price) => price !== 'billed_cost');

/** Charges that a refusal names. */
const CHARGES_NAMED = 5;

/** Who pays, as the source says: what an attribution rule made of it is no reason to bill anew. */
const SAID_OF_LINE = `coalesce(l.attribution_by_tags::jsonb - 1,
  jsonb_build_array(l.pi_email, l.project_id, l.fund_org, l.cost_center, l.account_code))::text`;

/** Prices under names that join: a null never equals a null, and no price is NaN. */
const KEY = `currency, amount_key, list_key, contracted_key, effective_key, said`;

/**
 * Compares the lines of a file, staged in `restated_lines`, with all that is billed of a source in a finalized period, in temporary tables of the transaction: as an
 * import in mode `replace` matches them, but with what earlier adjustments made of each charge, and with the lines that earlier restatements booked.
 */
export class RestatedCharges {
  private constructor(
    private readonly tx: Tx,
    private readonly file: RestatedFile,
  ) {}

  /** @param earlier numbers of the restatements of the period, by the log: read models may lag behind */
  static async match(tx: Tx, file: RestatedFile, earlier: readonly number[]): Promise<RestatedCharges> {
    const charges = new RestatedCharges(tx, file);
    // The planner knows nothing of tables that were just filled, and would compare each line with each.
    await tx.query('set local enable_nestloop = off');
    await charges.readFile();
    await charges.readHeld(earlier);
    await charges.pair();
    return charges;
  }

  private async readFile(): Promise<void> {
    const { importId, byLineId } = this.file;
    await this.tx.query(
      `create temporary table restating on commit drop as
       select l.line_no, l.fingerprint, l.currency, ${each((price) => `l.${price}`)}, l.billing_account_id, ${byLineId ? SAID_OF_LINE : `''::text`} as said
       from restated_lines l where l.import_id = $1`,
      [importId],
    );
    await this.tx.query('analyze restating');
  }

  /** Charges of the period, and lines that restatements of it booked because it lacked them; each with all its adjustments, and those of the adjustments. */
  private async readHeld(earlier: readonly number[]): Promise<void> {
    const { source, adjustedPeriod, byLineId } = this.file;
    const stands = `standing not in ('superseded', 'withdrawn')`;
    await this.tx.query(
      `create temporary table restated_own on commit drop as
       select c.import_id, c.line_no, c.standing, c.flags, c.fingerprint, c.currency, c.reattributed, c.pi_email, c.project_id, c.fund_org, c.cost_center, c.account_code
       from charges c where c.source = $1 and c.period = $2 and c.${stands} and c.adjusts_import_id is null and c.part_of_import_id is null
       union all
       select c.import_id, c.line_no, c.standing, c.flags, c.fingerprint, c.currency, c.reattributed, c.pi_email, c.project_id, c.fund_org, c.cost_center, c.account_code
       from charges c
       where c.import_id = any($3::int[]) and c.source = $1 and c.${stands} and c.adjusts_import_id = c.import_id and c.adjusts_line_no is null`,
      [source, adjustedPeriod, earlier],
    );
    await this.tx.query('analyze restated_own');
    // What was rejected is not billed. An adjustment is withdrawn only if nothing live corrects it.
    await this.tx.query(
      `create temporary table restated_corrections on commit drop as
       with recursive live as materialized (
         select import_id, line_no, adjusts_import_id, adjusts_line_no from charges
         where adjusts_import_id is not null and adjusts_line_no is not null and standing not in ('superseded', 'withdrawn', 'rejected')),
       chain as (
         select o.import_id as of_import_id, o.line_no as of_line_no, x.import_id, x.line_no
         from restated_own o join live x on x.adjusts_import_id = o.import_id and x.adjusts_line_no = o.line_no
         union all
         select k.of_import_id, k.of_line_no, y.import_id, y.line_no
         from chain k join live y on y.adjusts_import_id = k.import_id and y.adjusts_line_no = k.line_no)
       select * from chain`,
    );
    await this.tx.query('analyze restated_corrections');
    await this.tx.query(
      `create temporary table restated_held on commit drop as
       with corrected as (
         select k.of_import_id, k.of_line_no, bool_or(k.import_id = any($1::int[])) as restated, ${each((price) => `sum(l.${price}) as ${price}`)}
         from restated_corrections k join charge_lines l on l.import_id = k.import_id and l.line_no = k.line_no
         where l.import_id = any(array(select distinct import_id from restated_corrections)) group by 1, 2)
       select o.*, l.billing_account_id, ${byLineId ? SAID_OF_LINE : `''::text`} as said, coalesce(e.restated, false) as restated,
         ${each((price) => `l.${price}`)}, ${each((price) => `l.${price} + coalesce(e.${price}, 0) as ${price}_left`)}
       from restated_own o
       join charge_lines l on l.import_id = o.import_id and l.line_no = o.line_no
       left join corrected e on e.of_import_id = o.import_id and e.of_line_no = o.line_no
       where l.import_id = any(array(select distinct import_id from restated_own))`,
      [earlier],
    );
    await this.tx.query('analyze restated_held');
  }

  /** Charges that are divided into parts, where what the file says of the whole is something else: it says nothing of the parts. */
  async divided(): Promise<string[]> {
    const rows = await this.tx.query<{ id: string }>(
      `select distinct h.import_id || '-' || h.line_no as id, h.import_id, h.line_no from restatement_plan p
       join restated_held h on h.import_id = p.import_id and h.line_no = p.line_no
       where h.standing = 'split' and p.kind in ('revised', 'withdrawn') order by h.import_id, h.line_no limit ${CHARGES_NAMED}`,
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Equal lines first, whatever their order; what is left of a fingerprint by its ordinal. A charge that no restatement changed counts as it was imported: what was
   * credited by hand is not charged again because the source says once more what it said. Charges that were taken back altogether come last.
   */
  private async pair(): Promise<void> {
    const key = (of: (price: string) => string): string =>
      `${of('amount')} as amount_key, ${of('list_cost')} as list_key, coalesce(${of('contracted_cost')}, 'NaN') as contracted_key,
       coalesce(${of('effective_cost')}, 'NaN') as effective_key`;
    const now = (price: string): string => `case when restated then ${price}_left else ${price} end`;
    await this.tx.query(
      `create temporary table restated_pairs on commit drop as
       select f.line_no as file_line, h.import_id, h.line_no
       from (
         select line_no, fingerprint, ${KEY}, row_number() over (partition by fingerprint, ${KEY} order by line_no) as twin
         from (select line_no, fingerprint, currency, said, ${key((price) => price)} from restating) lines) f
       join (
         select import_id, line_no, fingerprint, ${KEY}, row_number() over (partition by fingerprint, ${KEY} order by import_id, line_no) as twin
         from (select import_id, line_no, fingerprint, currency, said, ${key(now)} from restated_held) held) h using (fingerprint, ${KEY}, twin)`,
    );
    await this.tx.query('analyze restated_pairs');
    await this.tx.query(
      `insert into restated_pairs
       select f.line_no, h.import_id, h.line_no
       from (
         select line_no, fingerprint, row_number() over (partition by fingerprint order by line_no) as ordinal
         from restating r where not exists (select 1 from restated_pairs p where p.file_line = r.line_no)) f
       join (
         select import_id, line_no, fingerprint,
           row_number() over (partition by fingerprint order by restated and amount_left = 0 and list_cost_left = 0, import_id, line_no) as ordinal
         from restated_held o
         where not exists (select 1 from restated_pairs p where p.import_id = o.import_id and p.line_no = o.line_no)) h using (fingerprint, ordinal)`,
    );
    await this.tx.query('analyze restated_pairs');
  }

  /**
   * Decides what is booked for each line and for each charge that the file leaves out. A matched line that another pays, or in another currency, is taken back and charged
   * anew. A price that either side does not tell is no difference. What is taken back comes after the lines of the file, and has numbers after theirs.
   */
  async plan(): Promise<void> {
    const isMoved = 'f.said <> h.said or f.currency <> h.currency';
    await this.tx.query(
      `create temporary table restatement_plan on commit drop as
       with accounts as (select distinct billing_account_id as account from restating where billing_account_id is not null),
       matched as (
         select p.file_line, h.*, ${isMoved} as is_moved, f.currency as file_currency,
           ${each((price) => `f.${price} as file_${price}`)}, ${each((price) => `f.${price} - h.${price}_left as ${price}_change`)}
         from restated_pairs p join restating f on f.line_no = p.file_line join restated_held h on h.import_id = p.import_id and h.line_no = p.line_no),
       sorted as (
         select case when standing = 'rejected' then 'rejected' when coalesce(${PRICES.map((price) => `nullif(${price}_change, 0)`).join(', ')}) is null
             or not restated and ${TOLD.map((price) => `coalesce(file_${price} = ${price}, true)`).join(' and ')} then 'unchanged' else 'revised' end as kind,
           file_line, import_id, line_no, currency, amount_left as before, file_amount as after, ${each((price) => `${price}_change as ${price}`)}
         from matched where standing = 'rejected' or not is_moved
         union all
         select 'withdrawn', null, import_id, line_no, currency, amount_left, 0, ${each((price) => `-${price}_left`)}
         from matched where standing <> 'rejected' and is_moved and (amount_left <> 0 or list_cost_left <> 0)
         union all
         select 'new', file_line, null, null, file_currency, 0, file_amount, ${each((price) => `file_${price}`)} from matched where standing <> 'rejected' and is_moved
         union all
         select 'new', line_no, null, null, currency, 0, amount, ${each((price) => price)}
         from restating r where not exists (select 1 from restated_pairs p where p.file_line = r.line_no)
         union all
         select case when standing = 'rejected' then 'rejected' else 'withdrawn' end, null, import_id, line_no, currency, amount_left, 0, ${each((price) => `-${price}_left`)}
         from restated_held h
         where not exists (select 1 from restated_pairs p where p.import_id = h.import_id and p.line_no = h.line_no)
           and (standing = 'rejected' or amount_left <> 0 or list_cost_left <> 0)
           and (not exists (select 1 from accounts) or billing_account_id in (select account from accounts)))
       select s.*, case when kind in ('unchanged', 'rejected') then null when file_line is not null then file_line
           else (select max(line_no) from restating) + row_number() over (partition by kind in ('unchanged', 'rejected'), file_line is null order by import_id, line_no)
         end::int as line
       from sorted s`,
    );
    await this.tx.query('analyze restatement_plan');
  }

  /** Writes what was planned as charge lines of `period`: differences with the attribution of the charges that they correct, new lines with that of the file. */
  async write(period: BillingPeriod, reason: string): Promise<void> {
    const { importId, adjustedPeriod } = this.file;
    await this.tx.query(
      `insert into charge_lines (import_id, line_no, period, provider_name, billing_account_id, sub_account_id, invoice_id, charge_category, charge_description,
         charge_period_start, charge_period_end, service_name, service_category, resource_id, resource_name, region_id, sku_id, currency, ${each((price) => price)},
         pi_email, pi_email_as_written, project_id, fund_org, cost_center, account_code, reference_1, reference_2, end_date, reconciliation_end,
         attribution_rule, attribution_by_tags, tags, other_columns, fingerprint, flags)
       select l.import_id, l.line_no, $2, l.provider_name, l.billing_account_id, l.sub_account_id, l.invoice_id, 'Adjustment',
         $3 || coalesce(' (' || nullif(l.charge_description, '') || ')', ''), l.charge_period_start, l.charge_period_end, l.service_name, l.service_category,
         l.resource_id, l.resource_name, l.region_id, l.sku_id, l.currency, ${each((price) => `l.${price}`)},
         l.pi_email, l.pi_email_as_written, l.project_id, l.fund_org, l.cost_center, l.account_code, l.reference_1, l.reference_2, l.end_date, l.reconciliation_end,
         l.attribution_rule, l.attribution_by_tags, l.tags, l.other_columns, l.fingerprint, l.flags
       from restatement_plan p join restated_lines l on l.line_no = p.line
       where p.kind = 'new' and l.import_id = $1 order by p.line`,
      [importId, period, `Of ${adjustedPeriod}: ${reason}`],
    );
    await this.tx.query(
      `insert into charge_lines (import_id, line_no, period, provider_name, billing_account_id, sub_account_id, invoice_id, charge_category, charge_description,
         charge_period_start, charge_period_end, service_name, service_category, resource_id, resource_name, region_id, sku_id, currency, ${each((price) => price)},
         pi_email, pi_email_as_written, project_id, fund_org, cost_center, account_code, reference_1, reference_2, end_date, reconciliation_end, fingerprint, flags)
       select $1::int, p.line, $2, l.provider_name, l.billing_account_id, l.sub_account_id, l.invoice_id, 'Adjustment', $3,
         l.charge_period_start, l.charge_period_end, l.service_name, l.service_category, l.resource_id, l.resource_name, l.region_id, l.sku_id, l.currency,
         ${each((price) => `trim_scale(p.${price})`)}, nullif(h.pi_email, ''), case when h.reattributed then nullif(h.pi_email, '') else l.pi_email_as_written end,
         nullif(h.project_id, ''), nullif(h.fund_org, ''), nullif(h.cost_center, ''), nullif(h.account_code, ''), l.reference_1, l.reference_2, l.end_date,
         l.reconciliation_end, md5('adjustment ' || $1::int || ' ' || p.line)::uuid, case when h.standing = 'flagged' then h.flags else '{}' end
       from restatement_plan p
       join restated_held h on h.import_id = p.import_id and h.line_no = p.line_no
       join charge_lines l on l.import_id = p.import_id and l.line_no = p.line_no
       where p.kind in ('revised', 'withdrawn') and l.import_id = any(array(select distinct import_id from restated_own)) order by p.line`,
      [importId, period, reason],
    );
    await this.tx.query(
      `insert into charge_line_matches (import_id, line_no, outcome, old_import_id, old_line_no)
       select $1::int, line, 'adjusts', import_id, line_no from restatement_plan where kind in ('revised', 'withdrawn') order by line`,
      [importId],
    );
  }
}
