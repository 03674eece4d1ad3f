import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, loadConfig } from '#platform';
import { type Services, startServices } from '#runtime';
import { TestClock } from './test-clock.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export interface TestServicesOptions {
  /** YAML over the defaults; data folder and database are the test's own. */
  readonly config?: string;
  /** Another process of the same office: its database, its data folder, its configuration. To be stopped before that one. */
  readonly beside?: TestServices;
}

export interface TestServices {
  readonly services: Services;
  readonly clock: TestClock;
  readonly folder: string;
  readonly database: TestDatabase;
  stop(): Promise<void>;
}

/** The services of a process, on a database and a data folder of the test's own. */
export async function startTestServices(options: TestServicesOptions = {}): Promise<TestServices> {
  if (options.beside !== undefined) return processOf(options.beside.folder, options.beside.database);
  const folder = await mkdtemp(join(tmpdir(), 'openchargeback-program-'));
  // Postgres runs as another user when root starts it, and must be able to reach its folder.
  await chmod(folder, 0o755);
  const database = await createTestDatabase();
  await writeFile(join(folder, 'config.yaml'), options.config ?? 'dev_mode: true\n');
  const first = await processOf(folder, database);
  return {
    ...first,
    stop: async () => {
      await first.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function processOf(folder: string, database: TestDatabase): Promise<TestServices> {
  const env = { OPENCHARGEBACK_DATABASE_URL: database.url, OPENCHARGEBACK_DATABASE_OWNER_URL: database.ownerUrl };
  const config = loadConfig({ path: 'config.yaml', cwd: folder, env });
  const clock = new TestClock();
  const logger = createLogger({ ...config.logging, level: 'error' }, { name: 'test' });
  const services = await startServices({ config, logger, name: 'test', clock });
  return {
    services,
    clock,
    folder,
    database,
    stop: () => services.close(),
  };
}
