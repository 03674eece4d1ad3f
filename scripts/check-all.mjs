// All static checks of the project, in two lanes at a time because each of them works on one core; `npm run check`.
// Prints what a check said when it is through, and names those that failed at the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** ESLint with types takes as long as all the others together. */
const LANES = [['lint'], ['types', 'format', 'boundaries', 'dead-code', 'lockfile', 'generated']];

/** Answers the names of the checks that failed. */
async function runLane(checks) {
  const failed = [];
  for (const check of checks) {
    const began = performance.now();
    const child = spawn('npm', ['run', '--silent', `check:${check}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    const [code] = await once(child, 'close');
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`${said}check:${check}: ${code === 0 ? 'fine' : `FAILED (exit code ${code})`}, ${seconds} s\n`);
    if (code !== 0) failed.push(check);
  }
  return failed;
}

const failed = (await Promise.all(LANES.map(runLane))).flat();
if (failed.length > 0) {
  console.error(`${failed.length} of ${LANES.flat().length} checks failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
