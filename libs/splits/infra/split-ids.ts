import type { Tx } from '#platform';

/** The number of a split, of the same sequence as those of imports. @param isDryRun then one of those that nobody sees, which count downwards */
export async function nextSplitId(tx: Tx, isDryRun: boolean): Promise<number> {
  const [row] = await tx.query<{ id: number }>('select nextval($1::regclass)::int as id', [isDryRun ? 'preview_ids' : 'import_ids']);
  if (row === undefined) throw new Error('a sequence answered nothing');
  return row.id;
}
