import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ReviewChargesHandler, type ReviewOutcome, type ReviewSelection } from '#charges';
import type { EventMetadata } from '#event-store';
import { billingPeriod } from '#kernel';
import { createLogger, type Database, loadConfig, NestLogger } from '#platform';
import { RuntimeModule, type Services, startServices } from '#runtime';
import { ProgramProcesses } from '../test/support/program-processes.js';
import { alone, type Bench, type Figure, seconds } from './bench.js';
import { writeFocusFile } from './focus-file.js';
import { importAndAsk } from './import-and-ask.js';

const PERIOD = '2025-01';
const ALL: ReviewSelection = { filter: { period: billingPeriod(PERIOD) } };
const METADATA: EventMetadata = { actor: { kind: 'user', id: 'reviewer@example.edu' }, correlationId: 'bench-review' };
/** Every service of the file: all lines wait for review. */
const FLAG_PATTERNS = ['amazon', 'hpc', 'research'];
const NEW_PAYER = { projectId: 'shared-cluster', accountCode: '7044' };
const PEER = 'one UPDATE of the same rows, rolled back';

/**
 * `review`: the four decisions on everything that waits in a period, each as one transaction: seconds until it is committed, and until charges, ledger and
 * review log have seen it. The peer of each is one UPDATE of the same rows by their standing, made right after it and rolled back.
 */
export const reviewBench: Bench = {
  counts: 'rows',
  defaultSize: 100_000,
  async run({ size: rows, say }) {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-bench-'));
    const program = await ProgramProcesses.start({ config: { review: { flag_patterns: FLAG_PATTERNS } } });
    try {
      const file = join(folder, `aws_${PERIOD}.csv`);
      await writeFocusFile(file, rows, { period: PERIOD });
      await importAndAsk(program, file, { period: PERIOD, rows, say });
      return await withOffice(program.folder, (office) => decideInTurns(office, rows, say));
    } finally {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Office {
  readonly services: Services;
  readonly review: ReviewChargesHandler;
}

async function withOffice<Result>(folder: string, work: (office: Office) => Promise<Result>): Promise<Result> {
  const config = loadConfig({ path: 'config.yaml', cwd: folder, env: {} });
  const logger = createLogger({ ...config.logging, level: 'error' }, { name: 'bench' });
  const services = await startServices({ config, logger, name: 'bench' });
  let app: INestApplicationContext | undefined;
  try {
    app = await NestFactory.createApplicationContext(RuntimeModule.of(services), { logger: new NestLogger(logger) });
    return await work({ services, review: app.get(ReviewChargesHandler) });
  } finally {
    await app?.close();
    await services.close();
  }
}

/** The charges are rejected, restored, reattributed and approved; the reattribution mends none of their flags. */
async function decideInTurns({ services, review }: Office, rows: number, say: (line: string) => void): Promise<Figure[]> {
  const decisions: readonly (readonly [name: string, becomes: string, decide: () => Promise<ReviewOutcome>])[] = [
    ['reject', 'rejected', () => review.dispose('reject', ALL, 'bench', METADATA)],
    ['restore', 'flagged', () => review.dispose('restore', ALL, 'bench', METADATA)],
    ['reattribute', 'flagged', () => review.reattribute(NEW_PAYER, ALL, 'bench', METADATA)],
    ['approve', 'approved', () => review.dispose('approve', ALL, 'bench', METADATA)],
  ];
  const figures: Figure[] = [];
  for (const [name, becomes, decide] of decisions) {
    const started = process.hrtime.bigint();
    const { count, position } = await decide();
    const committed = Number(process.hrtime.bigint() - started) / 1e9;
    await services.projections.waitFor(position);
    const projected = Number(process.hrtime.bigint() - started) / 1e9;
    if (count !== rows) throw new Error(`${name} touched ${count} charges instead of ${rows}`);
    const peer = await updateAndRollBack(services.database, becomes, rows);
    const bytes = await eventBytes(services.database, position);
    say(`${name}: committed after ${committed.toFixed(2)} s, projected after ${projected.toFixed(2)} s, ${PEER}: ${peer.toFixed(2)} s`);
    figures.push(
      against(`${name}Committed`, committed, peer),
      against(`${name}Projected`, projected, peer),
      alone(`${name}EventMB`, bytes / 1e6, 'MB of JSON'),
    );
  }
  return figures;
}

function against(name: string, value: number, peerValue: number): Figure {
  const [ours, peers] = [value, peerValue].map((each) => Math.round(each * 100) / 100);
  return { name, value: ours ?? NaN, unit: 's', peer: PEER, peerValue: peers ?? NaN, ratio: Math.round((peerValue / value) * 1000) / 1000 };
}

async function updateAndRollBack(database: Database, standing: string, rows: number): Promise<number> {
  const client = await database.connection();
  try {
    await client.query('begin');
    let changed = 0;
    const took = await seconds(async () => {
      const sql = `update charges set standing = 'withdrawn' where period = $1 and standing = $2`;
      changed = (await client.query(sql, [PERIOD, standing])).rowCount ?? 0;
    });
    await client.query('rollback');
    if (changed !== rows) throw new Error(`the peer changed ${changed} rows instead of ${rows}`);
    return took;
  } finally {
    client.release();
  }
}

async function eventBytes(database: Database, position: number): Promise<number> {
  const [row] = await database.query<{ bytes: number }>('select octet_length(data::text) as bytes from events where position = $1', [
    position,
  ]);
  return row?.bytes ?? 0;
}
