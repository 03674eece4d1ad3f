import type { BillingPeriod } from '#kernel';
import type { SqlSession } from '#ledger';
import { type RuledCharge, SWEPT_STANDINGS } from '../domain/rule-sweep.js';

/** Rows that are taken from the database at once. */
const BATCH_ROWS = 5_000;

type StoredRuledCharge = Omit<RuledCharge, 'flags'> & { readonly flags: readonly string[] | null };

/**
 * The charges of a period that rules are held against, import by import and line by line, in batches: any number of them takes the same memory.
 * Which imports there are is told by the log, not by their read model, which may lag behind. Adjustments are a person's decision, and no rule looks at them.
 */
export async function* ruledCharges(session: SqlSession, period: BillingPeriod): AsyncGenerator<readonly RuledCharge[]> {
  const imports = await session.query<{ importId: number }>(
    `select (data ->> 'importId')::int as "importId" from events where type = 'ImportRecorded' and data -> 'periods' ? $1 order by 1`,
    [period],
  );
  for (const { importId } of imports) {
    for (let after: number | undefined = 0; after !== undefined;) {
      const rows: readonly StoredRuledCharge[] = await session.query<StoredRuledCharge>(READ_BATCH, [
        importId,
        after,
        period,
        SWEPT_STANDINGS,
      ]);
      // A statement's text for none is cheaper to read than an empty list, and nearly all charges have none.
      yield rows.map((row) => ({ ...row, flags: row.flags ?? [] }));
      after = rows.length < BATCH_ROWS ? undefined : rows.at(-1)?.lineNumber;
    }
  }
}

const READ_BATCH = `
  select c.import_id as "importId", c.line_no as "lineNumber", c.standing, nullif(c.flags, '{}') as flags, c.service_name as "serviceName",
    c.resource_id as "resourceId", c.resource_name as "resourceName", c.pi_email as "piEmail", c.fund_org as "fundOrg",
    coalesce(to_char(c.charge_date, 'YYYY-MM-DD'), c.period || '-01') as "chargeDay", c.currency, trim_scale(c.amount)::text as amount
  from charges c
  where c.import_id = $1 and c.line_no > $2 and c.period = $3 and c.standing = any($4)
  order by c.line_no limit ${BATCH_ROWS}`;
