import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { createLogger, type Database, loadConfig, NestLogger } from '#platform';
import { RuntimeModule, startServices } from '#runtime';
import { ProgramProcesses } from '../test/support/program-processes.js';
import { against, alone, type Bench, seconds } from './bench.js';
import { writeFocusFile } from './focus-file.js';
import { importAndAsk } from './import-and-ask.js';

const PERIOD = '2025-01';
const WARM_UP_PERIOD = '2024-12';
const WARM_UP_ROWS = 5_000;
const PROJECTION = 'charges';
const TABLES = ['charges', 'ledger_balances', 'review_log'];

/**
 * `rebuild`: how long the read model of charges takes to be made anew from the log, beside the import that made it first, from the
 * received file to the projected ledger, by API and worker as processes of their own. The rows must be the same before and after.
 */
export const rebuildBench: Bench = {
  counts: 'rows',
  defaultSize: 20_000,
  async run({ size: rows, say }) {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-bench-'));
    const program = await ProgramProcesses.start();
    try {
      say('warming up');
      const small = join(folder, 'warm-up.csv');
      await writeFocusFile(small, WARM_UP_ROWS, { period: WARM_UP_PERIOD });
      await importAndAsk(program, small, { period: WARM_UP_PERIOD, rows: WARM_UP_ROWS, say });
      say(`importing ${rows} rows`);
      const file = join(folder, `aws_${PERIOD}.csv`);
      await writeFocusFile(file, rows);
      const imported = await importAndAsk(program, file, { period: PERIOD, rows, say });
      const { rebuilt, digest } = await rebuild(program.folder, say);
      say(`the same rows as before: ${digest}`);
      // The warm-up's rows are rebuilt too.
      const perRow = { rebuild: rebuilt / (rows + WARM_UP_ROWS), import: imported / rows };
      return [
        alone('importSeconds', imported, 's'),
        alone('rebuildSeconds', rebuilt, 's'),
        alone('rebuildPerImport', perRow.rebuild / perRow.import, 's/s per row; goal ≤ 1'),
        against('rebuild', 1 / perRow.rebuild, 'rows/s', 'import of a file, from received to projected', 1 / perRow.import),
      ];
    } finally {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** @throws Error if a rebuilt table differs from what it was */
async function rebuild(folder: string, say: (line: string) => void): Promise<{ rebuilt: number; digest: string }> {
  const config = loadConfig({ path: 'config.yaml', cwd: folder, env: {} });
  const logger = createLogger({ ...config.logging, level: 'error' }, { name: 'bench' });
  const services = await startServices({ config, logger, name: 'bench' });
  try {
    // Composing the program registers its projections.
    const app = await NestFactory.createApplicationContext(RuntimeModule.of(services), { logger: new NestLogger(logger) });
    const before = await digestOf(services.database);
    say('rebuilding');
    const rebuilt = await seconds(() => services.projections.rebuild(PROJECTION));
    const digest = await digestOf(services.database);
    await app.close();
    if (digest !== before) throw new Error(`the rebuilt tables differ: ${before} before, ${digest} after`);
    return { rebuilt, digest };
  } finally {
    await services.close();
  }
}

/** Number of rows and the sum of their 64-bit hashes, per table, whatever order they lie in. */
async function digestOf(database: Database): Promise<string> {
  const digests: string[] = [];
  for (const table of TABLES) {
    const [row] = await database.query<{ digest: string }>(
      `select count(*) || ' rows ' || coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)::numeric), 0) as digest from ${table} t`,
    );
    digests.push(`${table} ${row?.digest ?? ''}`);
  }
  return digests.join(', ');
}
