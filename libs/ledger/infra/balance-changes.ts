import type { SqlSession } from './sql-session.js';

/** Columns of `charges` that a balance is kept by; null attribution is kept as empty text. */
const KEY = 'period, currency, pi_email, project_id, fund_org, source, service_name, account_code, standing';

/**
 * Books changed charges into `ledger_balances`. `changes` is a SQL query over columns of `charges` plus `sign` (-1 for how a charge
 * stood before, +1 for how it stands now).
 */
export async function bookBalanceChanges(
  tx: SqlSession,
  withQueries: string,
  changes: string,
  parameters: readonly unknown[],
): Promise<void> {
  await book(tx, `${withQueries}, changes as (${changes})`, 'sum(sign)::int', (amount) => `sum(sign * ${amount})`, parameters);
  await tx.query('delete from ledger_balances where line_count = 0');
}

/** Books charges that are new, which `charges` selects: what needs no sign takes two thirds of the time. */
export async function bookNewBalances(tx: SqlSession, charges: string, parameters: readonly unknown[]): Promise<void> {
  await book(tx, `changes as (${charges})`, 'count(*)::int', (amount) => `sum(${amount})`, parameters);
}

/** Sums are exact numerics, so the order of changes leaves no trace; `trim_scale` makes equal sums equal in writing too. */
async function book(
  tx: SqlSession,
  withQueries: string,
  lineCount: string,
  sum: (amount: string) => string,
  parameters: readonly unknown[],
): Promise<void> {
  await tx.query(
    `with ${withQueries}
     insert into ledger_balances as held (${KEY}, line_count, list, contracted, billed, effective)
     select ${KEY}, ${lineCount},
       trim_scale(${sum('list_cost')}), trim_scale(${sum('coalesce(contracted_cost, amount)')}),
       trim_scale(${sum('amount')}), trim_scale(${sum('coalesce(effective_cost, amount)')})
     from changes group by ${KEY}
     on conflict (${KEY}) do update set
       line_count = held.line_count + excluded.line_count,
       list = trim_scale(held.list + excluded.list),
       contracted = trim_scale(held.contracted + excluded.contracted),
       billed = trim_scale(held.billed + excluded.billed),
       effective = trim_scale(held.effective + excluded.effective)`,
    parameters,
  );
}
