import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

// A reader that never comes back holds the thread it runs on, so this one looks on: it ends the process when a file is not done in time.

/** Wall time; far more than a file may take, as the machine may be busy and the program may try again what failed. */
const MAX_FILE_MS = 180_000;
const STANDARD_ERROR = 2;

const current = new Int32Array(workerData as SharedArrayBuffer);
for (;;) {
  const index = Atomics.load(current, 0);
  if (Atomics.wait(current, 0, index, MAX_FILE_MS) !== 'timed-out') continue;
  if (index < 0) break;
  // Not by process.stderr: that goes through the thread that hangs.
  writeSync(STANDARD_ERROR, `FAILED  file ${index}: not done after ${MAX_FILE_MS / 1000} s. See it again with --only ${index}\n`);
  process.kill(process.pid, 'SIGKILL');
}
