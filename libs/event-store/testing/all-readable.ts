import type { Database } from '#platform';

/**
 * Whether readers may see everything that is committed. Transactions of the same cluster hold them back, those of other databases too: of
 * other tests.
 */
export async function allReadable(database: Database): Promise<boolean> {
  const [row] = await database.query<{ all: boolean }>('select coalesce(max(transaction_id) < log_horizon(), true) as all from events');
  return row?.all === true;
}

export async function untilAllReadable(database: Database): Promise<void> {
  while (!(await allReadable(database))) await new Promise((resolve) => setTimeout(resolve, 5));
}
