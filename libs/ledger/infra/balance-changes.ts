import type { SqlSession } from './sql-session.js';

/** Columns of `charges` that a balance is kept by; null attribution is kept as empty text. */
const KEY = 'period, currency, pi_email, project_id, fund_org, source, service_name, account_code, standing';

/**
 * Books changed charges into `ledger_balances`. `changes` is a SQL query over columns of `charges` plus `sign` (-1 for how a charge
 * stood before, +1 for how it stands now). Sums are exact numerics, so the order of changes leaves no trace; `trim_scale`
 * makes equal sums equal in writing too.
 */
export async function bookBalanceChanges(
  tx: SqlSession,
  withQueries: string,
  changes: string,
  parameters: readonly unknown[],
): Promise<void> {
  await tx.query(
    `with ${withQueries}, changes as (${changes})
     insert into ledger_balances as held (${KEY}, line_count, list, contracted, billed, effective)
     select ${KEY}, sum(sign)::int,
       trim_scale(sum(sign * list_cost)), trim_scale(sum(sign * coalesce(contracted_cost, amount))),
       trim_scale(sum(sign * amount)), trim_scale(sum(sign * coalesce(effective_cost, amount)))
     from changes group by ${KEY}
     on conflict (${KEY}) do update set
       line_count = held.line_count + excluded.line_count,
       list = trim_scale(held.list + excluded.list),
       contracted = trim_scale(held.contracted + excluded.contracted),
       billed = trim_scale(held.billed + excluded.billed),
       effective = trim_scale(held.effective + excluded.effective)`,
    parameters,
  );
  await tx.query('delete from ledger_balances where line_count = 0');
}
