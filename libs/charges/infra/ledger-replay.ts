import type { PoolClient } from 'pg';
import type { RecordedEvent } from '#event-store';
import type { SqlSession } from '#ledger';
import { type Database, hasSqlState, makeRoomForBulkWork, sessionOn } from '#platform';
import type { ChargesProjection } from '../projections/charges.projection.js';

/** Room for the replayed tables in memory, before they are written to files of the session: 100,000 charges take about 60 MB. */
const TEMPORARY_BUFFERS = '128MB';

/**
 * A ledger made once more from its events by the code that makes the live one, in temporary tables of a connection of its own.
 * Three things keep the live tables out of reach: the temporary ones come first on the search path, the session may write nothing
 * but temporary tables, and the connection is closed afterwards instead of going back to the pool.
 *
 * Each statement is a transaction of its own. One transaction around the whole replay would hold back every reader of the log
 * (log_horizon) for as long as it takes.
 */
export class LedgerReplay {
  private constructor(
    readonly session: SqlSession,
    private readonly projection: ChargesProjection,
  ) {}

  /** @param prepare creates further temporary tables, before the session is locked against creating any */
  static async run<Prepared, Result>(
    database: Database,
    projection: ChargesProjection,
    prepare: (session: SqlSession) => Promise<Prepared>,
    work: (replay: LedgerReplay, prepared: Prepared) => Promise<Result>,
  ): Promise<Result> {
    const client = await roomyConnection(database);
    const session = sessionOn(client);
    try {
      await makeRoomForBulkWork(client, 'session');
      for (const table of projection.tables) await client.query(`create temporary table ${table} (like ${table} including all)`);
      const prepared = await prepare(session);
      await client.query(
        `select set_config('search_path', 'pg_temp, ' || current_setting('search_path'), false), set_config('default_transaction_read_only', 'on', false)`,
      );
      return await work(new LedgerReplay(session, projection), prepared);
    } finally {
      client.release(true);
    }
  }

  async apply(events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (this.projection.eventTypes.includes(event.type)) await this.projection.apply(this.session, [event]);
    }
  }
}

/** What Postgres answers where a session has used temporary tables before: then their room is fixed for good. */
const INVALID_PARAMETER_VALUE = '22023';

/** A connection with room for temporary tables. Those that adjustments or splits were worked out on have theirs already, and are closed on the way. */
async function roomyConnection(database: Database): Promise<PoolClient> {
  for (;;) {
    try {
      return await database.connection((client) => client.query(`set temp_buffers = '${TEMPORARY_BUFFERS}'`));
    } catch (error) {
      if (!hasSqlState(error, INVALID_PARAMETER_VALUE)) throw error;
    }
  }
}
