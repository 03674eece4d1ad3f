import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import pgCopyStreams from 'pg-copy-streams';
import { startEmbeddedPostgres } from '#platform';
import { ProgramProcesses } from '../test/support/program-processes.js';
import { against, alone, type Bench, seconds } from './bench.js';
import { shuffleFocusFile, writeFocusFile } from './focus-file.js';
import { importAndAsk } from './import-and-ask.js';

const PERIOD = '2025-01';
const WARM_UP_PERIOD = '2024-12';
const WARM_UP_ROWS = 5_000;
const HELD_ROWS_PER_FILE = 1_000_000;
const SILENT = { info: (): void => undefined, warn: (): void => undefined };

/**
 * `import`: rows/s from POST to a ledger that is projected and can be asked, over HTTP, API and worker as processes of their own.
 * The peer is COPY of the same file from a client into a typed, logged table of the file's columns with primary key and two
 * indexes, on the same server, once before and once after. `reimport` is the same file once more with its rows in another order, all of them
 * unchanged; its peer is the first import. With `--held` so many charges are there before, imported as files of other periods.
 */
export const importBench: Bench = {
  counts: 'rows',
  defaultSize: 100_000,
  async run({ size: rows, held = 0, say }) {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-bench-'));
    const file = join(folder, `aws_${PERIOD}.csv`);
    say(`writing ${rows} rows`);
    await writeFocusFile(file, rows);
    const program = await ProgramProcesses.start();
    // The server is up: this holds on to it and tells where it is.
    const postgres = await startEmbeddedPostgres({ dataDir: program.dataDir, logger: SILENT });
    try {
      // The worker boots meanwhile; a small file proves that it is there before anything is timed.
      say('warming up');
      const small = join(folder, 'warm-up.csv');
      await writeFocusFile(small, WARM_UP_ROWS, { period: WARM_UP_PERIOD });
      await importAndAsk(program, small, { period: WARM_UP_PERIOD, rows: WARM_UP_ROWS, say });
      await fill(program, folder, held, say);
      say('peer: COPY');
      const before = await copySeconds(postgres.ownerUrl, file);
      say('import');
      const ours = await seconds(() => importAndAsk(program, file, { period: PERIOD, rows, say }));
      say('peer: COPY');
      const after = await copySeconds(postgres.ownerUrl, file);
      const shuffled = join(folder, `aws_${PERIOD}_shuffled.csv`);
      await shuffleFocusFile(file, shuffled);
      say('import of the same rows in another order');
      const again = await seconds(() => importAndAsk(program, shuffled, { period: PERIOD, rows, say }));
      const peakMiB = await program.workerPeakMiB();
      return [
        against(
          'import',
          rows / ours,
          'rows/s',
          'COPY of the file into a typed, logged table with primary key and two indexes',
          (2 * rows) / (before + after),
        ),
        against('reimport', rows / again, 'rows/s', 'the first import of the same rows', rows / ours),
        alone('peakMemoryMb', peakMiB, 'MiB'),
      ];
    } finally {
      await postgres.stop();
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Imports charges of earlier months until there are `held`. */
async function fill(program: ProgramProcesses, folder: string, held: number, say: (line: string) => void): Promise<void> {
  for (let missing = held, month = 0; missing > 0; missing -= HELD_ROWS_PER_FILE, month += 1) {
    const period = `${2023 + Math.floor(month / 12)}-${String(1 + (month % 12)).padStart(2, '0')}`;
    const rows = Math.min(missing, HELD_ROWS_PER_FILE);
    const file = join(folder, `aws_${period}.csv`);
    await writeFocusFile(file, rows, { period });
    say(`filling ${period} with ${rows} rows`);
    await importAndAsk(program, file, { period, rows, say });
    await rm(file);
  }
}

async function copySeconds(url: string, file: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create table peer (
      id bigint generated always as identity primary key, billing_period_start timestamptz, billing_period_end timestamptz,
      charge_period_start timestamptz, charge_period_end timestamptz, list_cost numeric, contracted_cost numeric, billed_cost numeric,
      effective_cost numeric, resource_id text, resource_name text, service_name text, tags jsonb)`);
    await client.query('create index on peer (billing_period_start, resource_id)');
    await client.query('create index on peer (service_name)');
    return await seconds(() =>
      pipeline(
        createReadStream(file),
        client.query(
          pgCopyStreams.from(`copy peer (billing_period_start, billing_period_end, charge_period_start, charge_period_end, list_cost,
            contracted_cost, billed_cost, effective_cost, resource_id, resource_name, service_name, tags) from stdin (format csv, header)`),
        ),
      ),
    );
  } finally {
    await client.query('drop table if exists peer');
    await client.end();
  }
}
