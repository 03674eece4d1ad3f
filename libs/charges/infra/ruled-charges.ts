import type { BillingPeriod } from '#kernel';
import type { SqlSession } from '#ledger';
import { type RuledCharge, SWEPT_STANDINGS } from '../domain/rule-sweep.js';

/** Lines that are read at once. */
const BATCH_LINES = 5_000;

type StoredRuledCharge = Omit<RuledCharge, 'flags'> & { readonly flags: readonly string[] | null };

/**
 * The charges of a period that rules are held against, import by import and line by line, in batches: any number of them takes the same memory.
 * Which imports there are is told by the log, not by their read model, which may lag behind. Adjustments are a person's decision, and no rule looks at them.
 */
export async function* ruledCharges(session: SqlSession, period: BillingPeriod): AsyncGenerator<readonly RuledCharge[]> {
  const imports = await session.query<{ importId: number; lastLine: number | null }>(
    `select i.import_id as "importId", (select max(line_no) from charges c where c.import_id = i.import_id) as "lastLine"
     from (select (data ->> 'importId')::int as import_id from events where type = 'ImportRecorded' and data -> 'periods' ? $1
           union all select (data ->> 'splitId')::int from events where type = 'ChargesSplit' and data ->> 'period' = $1) i order by 1`,
    [period],
  );
  for (const { importId, lastLine } of imports) {
    for (let from = 0; from < (lastLine ?? 0); from += BATCH_LINES) {
      const rows = await session.query<StoredRuledCharge>(READ_BATCH, [importId, from, from + BATCH_LINES, period, SWEPT_STANDINGS]);
      // A text for none is cheaper to read than an empty list, and nearly all charges have none.
      yield rows.map((row) => ({ ...row, flags: row.flags ?? [] }));
    }
  }
}

/** Bounded by keys, and `offset 0` keeps the planner from another index: a batch reads no more than its range, whatever the planner knows. */
const READ_BATCH = `
  select c.import_id as "importId", c.line_no as "lineNumber", c.standing, nullif(c.flags, '{}') as flags, c.service_name as "serviceName",
    c.resource_id as "resourceId", c.resource_name as "resourceName", c.pi_email as "piEmail", c.fund_org as "fundOrg",
    coalesce(to_char(c.charge_date, 'YYYY-MM-DD'), c.period || '-01') as "chargeDay", c.currency, trim_scale(c.amount)::text as amount
  from (select * from charges where import_id = $1 and line_no > $2 and line_no <= $3 offset 0) c
  where c.period = $4 and c.standing = any($5) order by c.line_no`;
