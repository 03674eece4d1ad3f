import type { Tx } from '#platform';

/**
 * The number of what brings lines: an import, an adjustment, a split. All are of one sequence.
 * @param isDryRun then one of those that nobody sees, which count downwards, so that those that people see have no gaps
 */
export async function nextLinesNumber(session: Pick<Tx, 'query'>, isDryRun: boolean): Promise<number> {
  const [row] = await session.query<{ id: number }>('select nextval($1::regclass)::int as id', [isDryRun ? 'preview_ids' : 'import_ids']);
  if (row === undefined) throw new Error('a sequence answered nothing');
  return row.id;
}
