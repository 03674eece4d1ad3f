import { Inject, Injectable } from '@nestjs/common';
import { type BillingPeriod, Decimal, minorUnitDigits, writeAmount } from '#kernel';
import { BILLABLE_STANDINGS } from '#ledger';
import { APP_CONFIG, type AppConfig, Database } from '#platform';
import type { HeldCharges, StatementScope } from '../domain/statement.events.js';

/** Decimals with the currency's digits: sums of rounded postings (domain.md §8). */
export interface BilledMoney {
  readonly list: string;
  readonly discount: string;
  readonly due: string;
}

/** What one fund/org pays for one service, before and after. */
export interface ServiceDifference {
  readonly fundOrg: string;
  readonly serviceName: string;
  readonly before: BilledMoney;
  readonly after: BilledMoney;
}

/** A charge as it stood on a statement; exact decimals. */
export interface ChargeOnStatement {
  readonly chargeId: string;
  readonly fundOrg: string;
  readonly list: string;
  readonly amount: string;
}

export interface ChargeDifference {
  readonly serviceName: string;
  readonly resource: string;
  /** `YYYY-MM-DD`, or null where the file named no day. */
  readonly date: string | null;
  /** Null for one that was added. */
  readonly before: ChargeOnStatement | null;
  /** Null for one that is gone. */
  readonly after: ChargeOnStatement | null;
}

/** What makes one content of a statement differ from another. */
export interface ContentDifference {
  readonly addedCount: number;
  readonly goneCount: number;
  /** Revised by a later import, or paid by another fund/org or account. */
  readonly changedCount: number;
  readonly before: BilledMoney;
  readonly after: BilledMoney;
  /** Those whose money changed, by fund/org and service. */
  readonly services: readonly ServiceDifference[];
}

interface DifferenceRow extends Pick<ContentDifference, 'addedCount' | 'goneCount' | 'changedCount'> {
  readonly services: readonly ServiceRow[];
}

interface ServiceRow {
  readonly fundOrg: string;
  readonly serviceName: string;
  readonly listBefore: string;
  readonly dueBefore: string;
  readonly listAfter: string;
  readonly dueAfter: string;
}

interface ChargeRow {
  readonly serviceName: string;
  readonly resource: string;
  readonly date: string | null;
  readonly idBefore: string | null;
  readonly fundOrgBefore: string | null;
  readonly listBefore: string | null;
  readonly amountBefore: string | null;
  readonly idAfter: string | null;
  readonly fundOrgAfter: string | null;
  readonly listAfter: string | null;
  readonly amountAfter: string | null;
}

/**
 * Where contents `$1` and `$2` differ: what both hold and others pay for, what an import revised (perhaps several times in between), what is new,
 * and what is gone. A charge's money, service and source are those of its line for ever; who pays is what the content says. Charges are looked up
 * run by run: Postgres takes texts of unknown length for millions of lines, and would read all charges there are (offset 0 keeps it from that).
 */
const DIFFERENCE = `
  with recursive both_sides as materialized (
    select side.name as side, c.import_id, c.line_no, h.fund_org, h.account_code, c.source, c.service_name, c.list_cost, c.amount, c.charge_date,
      coalesce(c.resource_name, c.resource_id, '') as resource
    from (values ('before', $1::jsonb), ('after', $2::jsonb)) as side(name, contents),
      jsonb_to_recordset(side.contents) as h(import_id int, fund_org text, account_code text, lines int4multirange),
      unnest(h.lines) as run,
      lateral (select * from charges where import_id = h.import_id and line_no >= lower(run) and line_no < upper(run) offset 0) as c
  ), gone as (
    select b.* from both_sides b where b.side = 'before'
      and not exists (select 1 from both_sides a where a.side = 'after' and a.import_id = b.import_id and a.line_no = b.line_no)
  ), added as (
    select a.* from both_sides a where a.side = 'after'
      and not exists (select 1 from both_sides b where b.side = 'before' and b.import_id = a.import_id and b.line_no = a.line_no)
  ), ancestry (import_id, line_no, old_import_id, old_line_no) as (
    select a.import_id, a.line_no, m.old_import_id, m.old_line_no
    from added a join charge_line_matches m using (import_id, line_no) where m.outcome = 'revised'
    union all
    select y.import_id, y.line_no, m.old_import_id, m.old_line_no
    from ancestry y join charge_line_matches m on m.import_id = y.old_import_id and m.line_no = y.old_line_no where m.outcome = 'revised'
  ), revised as (
    select y.import_id, y.line_no, g.import_id as old_import_id, g.line_no as old_line_no
    from ancestry y join gone g on g.import_id = y.old_import_id and g.line_no = y.old_line_no
  ), differing as (
    select b as was, a as now from both_sides b join both_sides a using (import_id, line_no)
      where b.side = 'before' and a.side = 'after' and (b.fund_org, b.account_code) <> (a.fund_org, a.account_code)
    union all
    select g, a from revised r join gone g on g.import_id = r.old_import_id and g.line_no = r.old_line_no
      join added a on a.import_id = r.import_id and a.line_no = r.line_no
    union all
    select g, null from gone g where (g.import_id, g.line_no) not in (select old_import_id, old_line_no from revised)
    union all
    select null, a from added a where (a.import_id, a.line_no) not in (select import_id, line_no from revised)
  )`;

/** Which charges statements hold, and how two of them differ. In the database from end to end: a statement may have any number of charges. */
@Injectable()
export class StatementContents {
  constructor(
    private readonly database: Database,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** What a statement that is made now holds. */
  async current(period: BillingPeriod, { piEmail, projectId }: StatementScope): Promise<HeldCharges[]> {
    const rows = await this.database.query<HeldCharges>(
      `select import_id as "importId", fund_org as "fundOrg", account_code as "accountCode", range_agg(int4range(line_no, line_no + 1))::text as lines
       from charges where period = $1 and pi_email = $2 and project_id = $3 and currency = $4 and standing = any($5)
       group by import_id, fund_org, account_code order by import_id, fund_org collate "C", account_code collate "C"`,
      [period, piEmail, projectId, this.config.currency, BILLABLE_STANDINGS],
    );
    return rows.map((row) => ({ ...row, lines: toPlainRanges(row.lines) }));
  }

  async difference(before: readonly HeldCharges[], after: readonly HeldCharges[]): Promise<ContentDifference> {
    const contents = [asRecords(before), asRecords(after)];
    const [found] = await this.database.query<DifferenceRow>(
      `${DIFFERENCE}, postings as (
         select side, fund_org, service_name, round(sum(list_cost), $3) as list, round(sum(amount), $3) as due
         from both_sides group by side, fund_org, source, service_name, account_code
       ), services as (
         select fund_org as "fundOrg", service_name as "serviceName",
           coalesce(sum(list) filter (where side = 'before'), 0)::text as "listBefore", coalesce(sum(due) filter (where side = 'before'), 0)::text as "dueBefore",
           coalesce(sum(list) filter (where side = 'after'), 0)::text as "listAfter", coalesce(sum(due) filter (where side = 'after'), 0)::text as "dueAfter"
         from postings group by fund_org, service_name
       )
       select count(*) filter (where (was).import_id is null)::int as "addedCount", count(*) filter (where (now).import_id is null)::int as "goneCount",
         count(*) filter (where (was).import_id is not null and (now).import_id is not null)::int as "changedCount",
         (select coalesce(jsonb_agg(s order by "fundOrg" collate "C", "serviceName" collate "C"), '[]') from services s) as services
       from differing`,
      [...contents, minorUnitDigits(this.config.currency)],
    );
    const { services: rows, ...counts } = found ?? { services: [], addedCount: 0, goneCount: 0, changedCount: 0 };
    return {
      ...counts,
      before: this.sum(rows, 'listBefore', 'dueBefore'),
      after: this.sum(rows, 'listAfter', 'dueAfter'),
      services: rows
        .map((row) => ({
          fundOrg: row.fundOrg,
          serviceName: row.serviceName,
          before: this.sum([row], 'listBefore', 'dueBefore'),
          after: this.sum([row], 'listAfter', 'dueAfter'),
        }))
        .filter(({ before: was, after: now }) => was.due !== now.due || was.list !== now.list),
    };
  }

  /** The charges that differ, the largest difference in money first. */
  async charges(before: readonly HeldCharges[], after: readonly HeldCharges[], limit: number): Promise<ChargeDifference[]> {
    const rows = await this.database.query<ChargeRow>(
      `${DIFFERENCE}
       select coalesce((now).service_name, (was).service_name) as "serviceName", coalesce((now).resource, (was).resource) as resource,
         to_char(coalesce((now).charge_date, (was).charge_date), 'YYYY-MM-DD') as date,
         (was).import_id || '-' || (was).line_no as "idBefore", (was).fund_org as "fundOrgBefore",
         trim_scale((was).list_cost)::text as "listBefore", trim_scale((was).amount)::text as "amountBefore",
         (now).import_id || '-' || (now).line_no as "idAfter", (now).fund_org as "fundOrgAfter",
         trim_scale((now).list_cost)::text as "listAfter", trim_scale((now).amount)::text as "amountAfter"
       from differing
       order by abs(coalesce((now).amount, 0) - coalesce((was).amount, 0)) desc, (now).import_id, (now).line_no, (was).import_id, (was).line_no limit $3`,
      [asRecords(before), asRecords(after), limit],
    );
    return rows.map(({ serviceName, resource, date, ...row }) => ({
      serviceName,
      resource,
      date,
      before: onStatement(row.idBefore, row.fundOrgBefore, row.listBefore, row.amountBefore),
      after: onStatement(row.idAfter, row.fundOrgAfter, row.listAfter, row.amountAfter),
    }));
  }

  private sum(rows: readonly ServiceRow[], listColumn: 'listBefore' | 'listAfter', dueColumn: 'dueBefore' | 'dueAfter'): BilledMoney {
    const { currency } = this.config;
    const list = Decimal.sum(rows.map((row) => Decimal.parse(row[listColumn])));
    const due = Decimal.sum(rows.map((row) => Decimal.parse(row[dueColumn])));
    return { list: writeAmount(list, currency), discount: writeAmount(list.minus(due), currency), due: writeAmount(due, currency) };
  }
}

function onStatement(id: string | null, fundOrg: string | null, list: string | null, amount: string | null): ChargeOnStatement | null {
  if (id === null) return null;
  return { chargeId: id, fundOrg: fundOrg ?? '', list: list ?? '', amount: amount ?? '' };
}

/** `{[1,31),[45,46)}` → `1-30,45`, as events write lines. */
function toPlainRanges(multirange: string): string {
  return multirange
    .slice(1, -1)
    .replaceAll(/\[(\d+),(\d+)\)/g, (_, from: string, end: string) =>
      Number(end) - 1 === Number(from) ? from : `${from}-${Number(end) - 1}`,
    );
}

/** And back, for the database. */
function asRecords(contents: readonly HeldCharges[]): string {
  return JSON.stringify(
    contents.map(({ importId, fundOrg, accountCode, lines }) => ({
      import_id: importId,
      fund_org: fundOrg,
      account_code: accountCode,
      lines: `{${lines.replaceAll(/(\d+)(?:-(\d+))?/g, (_, from: string, to: string | undefined) => `[${from},${Number(to ?? from) + 1})`)}}`,
    })),
  );
}
