import { assertSchemaCompatibility, DEFAULT_SCHEMA, LATEST_SCHEMA_VERSION, runMigrations } from 'bullmq';
import type { Database } from '#platform';

/** Processes that start at once must not grant at once: Postgres refuses that. */
const PREPARATION_LOCK = 7_253_005;

/**
 * Brings the queue's own schema up to date as the owner of the database, and lets the application role work in it (docs/adr/0008).
 * Does nothing, and needs no owner, where that has been done.
 */
export async function prepareQueueSchema(database: Database): Promise<void> {
  if (await isPrepared(database)) return;
  await database.asOwner(async (owner) => {
    await owner.query('select pg_advisory_lock($1)', [PREPARATION_LOCK]);
    await runMigrations(owner);
    const to = `schema ${owner.escapeIdentifier(DEFAULT_SCHEMA)} to ${owner.escapeIdentifier(database.role)}`;
    // The queue counts the jobs of each queue with a sequence that it makes when the queue is first used.
    await owner.query(`grant usage, create on ${to};
      grant select, insert, update, delete on all tables in ${to};
      grant usage, select, update on all sequences in ${to}`);
  });
}

async function isPrepared(database: Database): Promise<boolean> {
  try {
    return await database.withConnection(async (client) => (await assertSchemaCompatibility(client)) >= LATEST_SCHEMA_VERSION);
  } catch {
    // Not there, or not granted to this role: preparing it mends both, and tells of anything else.
    return false;
  }
}
