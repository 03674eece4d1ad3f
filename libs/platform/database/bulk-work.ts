/**
 * Memory that each sort of a statement over a whole import may take, hashes twice as much: a million lines fit. Postgres's own 4 MB send
 * them through files, which doubles the time. Taken only by the statement that needs it, for as long as it runs.
 */
const BULK_WORK_MEMORY = '128MB';

interface Session {
  query(sql: string, parameters?: readonly unknown[]): Promise<unknown>;
}

/** Gives the statements of the caller's transaction (or of its whole session) room for a million lines. */
export async function makeRoomForBulkWork(session: Session, scope: 'transaction' | 'session' = 'transaction'): Promise<void> {
  await session.query(`select set_config('work_mem', $1, $2)`, [BULK_WORK_MEMORY, scope === 'transaction']);
}
