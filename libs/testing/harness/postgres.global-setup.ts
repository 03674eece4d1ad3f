import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { MIGRATIONS } from '#migrations';
import { Database, startEmbeddedPostgres } from '#platform';

/** Database that every test's own database is copied from: migrated once, then never connected to. */
const TEMPLATE_DATABASE = 'template_for_tests';

const SILENT = { info: (): void => undefined, warn: (): void => undefined };

/** One embedded Postgres for a whole test run: own folder, own port, nothing of the machine's. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'openchargeback-test-'));
  // Postgres runs as another user when root starts it, and must be able to reach its folder.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({
    dataDir: folder,
    logger: SILENT,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
    database: TEMPLATE_DATABASE,
  });
  const { url, ownerUrl } = postgres;
  const template = await Database.connect({ url, ownerUrl, applicationName: 'template', migrations: MIGRATIONS });
  await template.close();
  project.provide('postgresUrl', url);
  project.provide('postgresOwnerUrl', ownerUrl);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the role that the program works as. */
    postgresUrl: string;
    postgresOwnerUrl: string;
  }
}
