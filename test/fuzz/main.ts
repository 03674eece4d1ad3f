import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type FocusReaderOptions, OPTIONS } from '../../libs/imports/testing/reader.js';
import { Office } from '../public-files/office.js';
import { checkProgram } from './check-program.js';
import { checkReading, Finding } from './check-reading.js';
import { checkWritten } from './check-written.js';
import { makeCase } from './make-case.js';
import { type Options, readOptions, USAGE } from './options.js';
import { shrink } from './shrink.js';

/** Limits small enough that cells beyond them are cheap to make. */
const LIMITS = { maxCellBytes: 100_000, maxColumns: 200 };
const READER_OPTIONS: FocusReaderOptions = { ...OPTIONS, flagPatterns: ['ec2', '(a+)+$'], fundOrgPatterns: ['^MATH'], limits: LIMITS };
const CASES_PER_LINE = 1000;
const MAX_FAILURES = 10;

async function main(options: Options): Promise<number> {
  const current = new Int32Array(new SharedArrayBuffer(4));
  new Worker(new URL('./watchdog.js', import.meta.url), { workerData: current.buffer }).unref();
  const { first, last } =
    options.only === undefined ? { first: options.first, last: options.first + options.cases - 1 } : alone(options.only);
  const isForProgram = (index: number): boolean => options.programEvery > 0 && index % options.programEvery === 0;
  const office = Array.from({ length: last - first + 1 }, (_, i) => first + i).some(isForProgram) ? await Office.open() : undefined;
  const counts = { read: 0, refused: 0, undamaged: 0, rows: 0, refusedRows: 0, recordedByProgram: 0, refusedByProgram: 0, failures: 0 };
  try {
    for (let index = first; index <= last && counts.failures < MAX_FAILURES; index++) {
      Atomics.store(current, 0, index);
      Atomics.notify(current, 0);
      const { bytes, undamaged, pieceSizes } = makeCase(options.seed, index);
      if (options.only !== undefined) say(`file ${index} is ${await keep(options, index, bytes)}`);
      try {
        const outcome = await checkReading(bytes, READER_OPTIONS, pieceSizes);
        if (undamaged !== null) await checkWritten(undamaged, outcome);
        counts.undamaged += undamaged === null ? 0 : 1;
        if (outcome.refusal !== null) counts.refused += 1;
        else {
          counts.read += 1;
          counts.rows += outcome.lines.length;
          counts.refusedRows += outcome.refused.length;
        }
        if (office === undefined || !isForProgram(index)) continue;
        if ((await checkProgram(office, bytes, index)) === 'recorded') counts.recordedByProgram += 1;
        else counts.refusedByProgram += 1;
      } catch (error) {
        counts.failures += 1;
        await report(options, index, bytes, pieceSizes, error);
      } finally {
        if ((index - first + 1) % CASES_PER_LINE === 0) say(`${index - first + 1} files, ${counts.failures} failures`);
      }
    }
  } finally {
    Atomics.store(current, 0, -1);
    Atomics.notify(current, 0);
    await office?.close();
  }
  say(JSON.stringify({ seed: options.seed, first, last, ...counts }));
  return counts.failures === 0 ? 0 : 1;
}

function alone(index: number): { first: number; last: number } {
  return { first: index, last: index };
}

async function report(options: Options, index: number, bytes: Buffer, pieceSizes: readonly number[], error: unknown): Promise<void> {
  const reason = error instanceof Finding ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(`FAILED  file ${index} of seed ${options.seed}: ${reason}`);
  say(`        ${await keep(options, index, bytes)}; once more: npm run fuzz -- --seed ${options.seed} --only ${index} --program 1`);
  if (!(error instanceof Finding)) return;
  const smaller = await shrink(bytes, (candidate) => checkReading(candidate, READER_OPTIONS, pieceSizes));
  if (smaller.length < bytes.length) say(`        shrunk to ${smaller.length} bytes: ${await keep(options, index, smaller, '-shrunk')}`);
}

async function keep(options: Options, index: number, bytes: Buffer, suffix = ''): Promise<string> {
  await mkdir(options.out, { recursive: true });
  const path = join(options.out, `seed-${options.seed}-file-${index}${suffix}.csv`);
  await writeFile(path, bytes);
  return path;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function optionsOrExit(): Options {
  try {
    return readOptions();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

process.exitCode = await main(optionsOrExit());
