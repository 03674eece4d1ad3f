import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#platform';
import { type ChartImportMode, type Fund, FUNDS_STREAM } from '../domain/fund.events.js';

/** The last file that changed the chart, unless funds were taken out of the chart since: it brings them back then. */
export interface LastChartImport {
  readonly sha256: string;
  readonly mode: ChartImportMode;
  readonly importedAt: Date;
  readonly importedBy: string;
}

/**
 * The chart as the log says at this moment, for those who decide. The read model may lag behind, so what it has not seen yet is laid over it:
 * its rows and its place in the log are of one moment, because both are read by one statement.
 */
@Injectable()
export class ChartRepository {
  constructor(private readonly database: Database) {}

  /** Two changes at the same moment are decided on one after the other, each with what the other left. */
  async lock(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('funds', 0))`);
  }

  /** All funds, in the order of their fund/orgs. */
  async all(tx?: Tx): Promise<Fund[]> {
    return (tx ?? this.database).query<Fund>(CURRENT_FUNDS, [FUNDS_STREAM, null]);
  }

  async find(fundOrg: string, tx?: Tx): Promise<Fund | null> {
    const [fund] = await (tx ?? this.database).query<Fund>(CURRENT_FUNDS, [FUNDS_STREAM, fundOrg]);
    return fund ?? null;
  }

  async lastImport(tx?: Tx): Promise<LastChartImport | null> {
    const [last] = await (tx ?? this.database).query<LastChartImport>(
      `select data ->> 'sha256' as sha256, data ->> 'mode' as mode, recorded_at as "importedAt", metadata -> 'actor' ->> 'id' as "importedBy"
       from events f where stream = $1 and type = 'ChartOfFundsImported'
         and not exists (select 1 from events r where r.stream = $1 and r.type = 'FundRemoved' and r.version > f.version)
       order by version desc limit 1`,
      [FUNDS_STREAM],
    );
    return last ?? null;
  }
}

const CURRENT_FUNDS = `
  with seen as (
    select coalesce(max(transaction_id), '0'::xid8) as transaction_id, coalesce(max(position), 0) as position from projections where name = 'funds'
  ), entries as (
    select 0 as version, false as removed, fund_org, title, to_char(valid_from, 'YYYY-MM-DD') as valid_from, to_char(valid_to, 'YYYY-MM-DD') as valid_to, owner
    from funds where $2::text is null or fund_org = $2
    union all
    select e.version, e.type = 'FundRemoved', f."fundOrg" collate "C", f.title, f."validFrom", f."validTo", f.owner
    from events e, seen, jsonb_to_recordset(
      case e.type when 'ChartOfFundsImported' then (e.data -> 'added') || (e.data -> 'changed') || (e.data -> 'retired')
        else jsonb_build_array(e.data) end
    ) as f("fundOrg" text, title text, "validFrom" text, "validTo" text, owner text)
    where e.stream = $1 and (e.transaction_id, e.position) > (seen.transaction_id, seen.position) and ($2::text is null or f."fundOrg" = $2)
  )
  select fund_org as "fundOrg", title, valid_from as "validFrom", valid_to as "validTo", owner
  from (select distinct on (fund_org) * from entries order by fund_org, version desc) newest where not removed order by fund_org`;
