import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { writeFocusFile } from '../../bench/focus-file.js';
import { ProgramProcesses } from '../support/program-processes.js';
import { type Disturbance, type MonthOutcome, PERIOD, UNDISTURBED, workTheMonth } from './month.js';
import { SmtpSink } from './smtp-sink.js';

const ROWS = 12_000;
const PI_COUNT = 40;
const LONGEST_DELAY_MS = 250;

/** Deterministic pseudo-random numbers in [0, 1), so that a seed names a run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** SIGKILLs the worker at a random moment of the import and of the statement run, and starts it again. */
function kills(random: () => number, faults: Record<string, number>): Disturbance {
  const kill = async (kind: string, program: ProgramProcesses): Promise<void> => {
    await pause(Math.floor(random() * LONGEST_DELAY_MS));
    await program.killWorker();
    faults[kind] = (faults[kind] ?? 0) + 1;
    program.startWorker();
  };
  return {
    duringImport: (program) => kill('worker killed during import', program),
    duringStatements: (program) => kill('worker killed during statement run', program),
  };
}

async function month(file: string, disturbance: Disturbance): Promise<MonthOutcome> {
  const sink = await SmtpSink.start();
  const program = await ProgramProcesses.start({
    config: {
      dev_mode: false,
      smtp: { host: '127.0.0.1', port: sink.port, use_tls: false },
      email: { from_address: 'billing@example.edu' },
    },
  });
  try {
    return await workTheMonth(program, sink, file, disturbance);
  } finally {
    await program.stop();
    await sink.stop();
  }
}

function differences(undisturbed: MonthOutcome, disturbed: MonthOutcome): string[] {
  return (['totals', 'statements', 'journals', 'recipients'] as const).filter((part) => undisturbed[part] !== disturbed[part]);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '2' }, seed: { type: 'string', default: '1' }, json: { type: 'string' } },
  });
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) {
    process.stderr.write('usage: npm run faults -- [--runs N] [--seed S] [--json FILE]\n');
    return 2;
  }
  const folder = await mkdtemp(join(tmpdir(), 'openchargeback-faults-'));
  const faults: Record<string, number> = {};
  let failures = 0;
  let repeatedMails = 0;
  try {
    const file = join(folder, `aws_${PERIOD}.csv`);
    await writeFocusFile(file, ROWS, { period: PERIOD, piCount: PI_COUNT });
    process.stdout.write('undisturbed month\n');
    const undisturbed = await month(file, UNDISTURBED);
    const random = seeded(seed);
    for (let run = 1; run <= runs; run += 1) {
      const outcome = await month(file, kills(random, faults)).catch((error: unknown) => String(error));
      const wrong = typeof outcome === 'string' ? [outcome] : differences(undisturbed, outcome);
      if (typeof outcome !== 'string') repeatedMails += outcome.repeatedMails;
      if (wrong.length > 0) failures += 1;
      process.stdout.write(`run ${run} of ${runs}: ${wrong.length === 0 ? 'equal' : `differs in ${wrong.join(', ')}`}\n`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const report = { runs, failures, faults, repeatedMails };
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return failures === 0 ? 0 : 1;
}

process.exitCode = await main();
