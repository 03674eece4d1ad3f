import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATIONS } from '#migrations';
import { Database, startEmbeddedPostgres } from '#platform';

const SILENT = { info: (): void => undefined, warn: (): void => undefined };

/** Runs `work` on an empty, migrated database of an embedded Postgres of its own, with the settings that the program gives it. */
export async function withDatabase<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'openchargeback-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, logger: SILENT });
  try {
    const { url, ownerUrl } = postgres;
    const database = await Database.connect({ url, ownerUrl, applicationName: 'bench', migrations: MIGRATIONS });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
