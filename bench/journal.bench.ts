import { createLogger, type Database, loadConfig, makeRoomForBulkWork } from '#platform';
import { startServices } from '#runtime';
import pgCopyStreams from 'pg-copy-streams';
import { ProgramProcesses } from '../test/support/program-processes.js';
import { against, alone, type Bench, type Figure, median, seconds } from './bench.js';
import { fillWithCharges, SOURCES } from './many-charges.js';

const PERIOD = '2025-01';
const FORMATS = ['detail', 'default', 'summary', 'gl', 'template'] as const;
/** Exports of a format: the first may find caches cold. */
const ROUNDS = 3;
const PEER = 'COPY of the same rows in the same order to the client, read to the end and not kept';

/** The columns of a detail journal in its order, as the table holds them. */
const SAME_ROWS = `
  select period, pi_email, project_id, fund_org, service_name, resource_id, resource_name, amount, list_cost, list_cost - amount
  from charges where period = '${PERIOD}' and currency = 'USD' and standing in ('clear', 'approved')
  order by pi_email collate "C", project_id collate "C", fund_org collate "C", service_name collate "C", import_id, line_no`;

/**
 * `journal`: the export of a period in each format over HTTP, from the request until the file is stored and recorded, and the peak memory
 * of the API meanwhile; charges are put into the tables by SQL, all in one period.
 */
export const journalBench: Bench = {
  counts: 'rows',
  defaultSize: 1_000_000,
  async run({ size, say }) {
    const known_sources = SOURCES.map((name) => ({ name, fund_org: `RC-${name.toUpperCase()}` }));
    const program = await ProgramProcesses.start({ config: { imports: { known_sources }, journal: { default_account: '7000' } } });
    try {
      await program.client.post('/periods', { period: PERIOD });
      return await withDatabaseOf(program, async (database) => {
        const { rows } = await fillWithCharges(database, size, say, 1);
        // As the server does by itself after a while.
        await database.asOwner((owner) => owner.query('vacuum analyze charges, ledger_balances'));
        const figures: Figure[] = [alone('restingPeak', await program.apiPeakMiB(), 'MiB')];
        const first = await exported(program, 'gl');
        say(`the first export of all, with the digest of the ledger: ${first.took.toFixed(2)} s`);
        figures.push(alone('firstExport', first.took, 's'));
        for (const format of FORMATS) {
          const runs: Exported[] = [];
          const peers: number[] = [];
          for (let round = 0; round < ROUNDS; round++) {
            runs.push(await exported(program, format));
            if (format === 'detail') peers.push(await peerSeconds(database));
          }
          figures.push(...figuresOf(format, rows, runs, peers, say));
        }
        return figures;
      });
    } finally {
      await program.stop();
    }
  },
};

interface Exported {
  readonly took: number;
  readonly rowCount: number;
  readonly bytes: number;
  readonly peakMiB: number;
}

async function exported(program: ProgramProcesses, format: string): Promise<Exported> {
  await program.forgetApiPeak();
  let written = { rowCount: 0, bytes: 0 };
  const took = await seconds(async () => {
    written = await program.client.post<typeof written>(`/periods/${PERIOD}/journals`, { format });
  });
  return { ...written, took, peakMiB: await program.apiPeakMiB() };
}

function figuresOf(
  format: string,
  charges: number,
  runs: readonly Exported[],
  peers: readonly number[],
  say: (line: string) => void,
): Figure[] {
  const took = median(runs.map((run) => run.took));
  const peak = Math.max(...runs.map((run) => run.peakMiB));
  const [{ rowCount, bytes } = { rowCount: 0, bytes: 0 }] = runs;
  say(`${format}: ${took.toFixed(2)} s for ${rowCount} rows of ${charges} charges, ${(bytes / 2 ** 20).toFixed(1)} MiB, peak ${peak} MiB`);
  const rate = rowCount / took;
  const peer = peers.length === 0 ? undefined : median(peers);
  if (peer !== undefined) say(`${PEER}: ${peer.toFixed(2)} s`);
  return [
    alone(`${format}Seconds`, took, 's'),
    peer === undefined ? alone(`${format}Rows`, rate, 'rows/s') : against(`${format}Rows`, rate, 'rows/s', PEER, rowCount / peer),
    alone(`${format}Peak`, peak, 'MiB'),
  ];
}

async function peerSeconds(database: Database): Promise<number> {
  const client = await database.connection();
  try {
    await makeRoomForBulkWork(client, 'session');
    let bytes = 0;
    const took = await seconds(async () => {
      for await (const chunk of client.query(pgCopyStreams.to(`copy (${SAME_ROWS}) to stdout (format csv)`)) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
      }
    });
    if (bytes === 0) throw new Error('the peer read nothing');
    return took;
  } finally {
    client.release(true);
  }
}

/** The database of a running program, as one more process of it. */
async function withDatabaseOf<Result>(program: ProgramProcesses, work: (database: Database) => Promise<Result>): Promise<Result> {
  const config = loadConfig({ path: 'config.yaml', cwd: program.folder, env: {} });
  const logger = createLogger({ ...config.logging, level: 'error' }, { name: 'bench' });
  const services = await startServices({ config, logger, name: 'bench' });
  try {
    return await work(services.database);
  } finally {
    await services.close();
  }
}
