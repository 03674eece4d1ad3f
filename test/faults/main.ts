import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from './faults/fault.js';
import { planRuns } from './faults/plan.js';
import { writeMonth } from './month/focus-files.js';
import { type Options, readOptions, USAGE } from './options.js';
import { describe, totalsOf } from './report.js';
import { type RunReport, runMonth } from './run.js';
import { installCleanUp, removedWithHarness } from './services/clean-up.js';
import { whyNotMounting } from './services/storage-disk.js';

/** The month itself is always the same, so that one undisturbed run is the reference of all others. */
const MONTH_SEED = 20_250_131;
/** Files of a month: uploads, statements, journals; in megabytes per 1000 lines, with room to spare. */
const DISK_MEGABYTES = 64;
const DISK_MEGABYTES_PER_1000_ROWS = 5;

/** Programs of the system that a run needs. @throws Error that says which to install. */
function requirePrograms(): void {
  for (const [program, question, debianPackage] of [
    ['redis-server', '--version', 'redis-server'],
    ['pdftotext', '-v', 'poppler-utils'],
  ] as const) {
    if (spawnSync(program, [question], { stdio: 'ignore' }).status === 0) continue;
    throw new Error(`${program} is missing or does not run; install it (apt-get install ${debianPackage}).`);
  }
}

async function main({ runs, seed, first, rows, pis, faults: wanted, json }: Options): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'openchargeback-month-'));
  const release = removedWithHarness(folder);
  const reports: RunReport[] = [];
  try {
    const faults = await possible(wanted, folder);
    const files = await writeMonth(folder, { rows, pis, seed: MONTH_SEED });
    const diskMegabytes = DISK_MEGABYTES + Math.ceil((rows / 1_000) * DISK_MEGABYTES_PER_1000_ROWS);
    const undisturbed = await runMonth({ run: 0, files, pis, plan: [], reference: undefined, diskMegabytes });
    say(`undisturbed ${describe(undisturbed.report)}`);
    reports.push(undisturbed.report);
    if (undisturbed.report.result === 'equal') {
      for (const [index, plan] of planRuns(faults, first + runs - 1, seed).entries()) {
        const run = index + 1;
        if (run < first) continue;
        const { report } = await runMonth({ run, files, pis, plan, reference: undisturbed.reference, diskMegabytes });
        say(describe(report));
        reports.push(report);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    release();
  }
  const [undisturbed, ...disturbed] = reports;
  const totals = totalsOf(disturbed);
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ seed, rows, pis, totals, undisturbed, runs: disturbed }, null, 2)}\n`);
  say(JSON.stringify(totals));
  return undisturbed?.result === 'equal' && totals.failures === 0 ? 0 : 1;
}

/** Leaves out what this machine does not allow, and says so. */
async function possible(wanted: readonly Fault[], folder: string): Promise<readonly Fault[]> {
  if (!wanted.some(({ needsDisk }) => needsDisk)) return wanted;
  const reason = await whyNotMounting(join(folder, 'disk'));
  if (reason === null) return wanted;
  say(`Skipped: disk-full, because no disk can be mounted here (${reason}).`);
  return wanted.filter(({ needsDisk }) => !needsDisk);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function optionsOrExit(): Options {
  try {
    return readOptions();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

installCleanUp();
const options = optionsOrExit();
try {
  requirePrograms();
  process.exitCode = await main(options);
} catch (error) {
  process.stderr.write(`The harness could not go on: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
// Whatever is still open, the clean-up ends it.
process.exit();
