import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

const API_PROCESS = fileURLToPath(new URL('../../../programs/api.js', import.meta.url));
const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const STANDARD_ERROR = 2;
const HIGHEST_PORT = 65_535;

/** Runs the API process with all background work, in the foreground: its output is ours, our signals are its. */
export async function serve(session: Session, options: { host?: string; port?: string }): Promise<CommandResult> {
  const { file } = await session.config();
  if (options.port !== undefined && !(/^\d{1,5}$/.test(options.port) && Number(options.port) <= HIGHEST_PORT))
    throw new UsageError(`--port takes a number from 0 to ${HIGHEST_PORT}, not “${options.port}”.`);
  const args = [
    '--with-worker',
    ...(file === undefined ? [] : ['--config', file]),
    ...(options.host === undefined ? [] : ['--host', options.host]),
    ...(options.port === undefined ? [] : ['--port', options.port]),
  ];
  const child = spawn(process.execPath, [API_PROCESS, ...args], {
    stdio: ['inherit', session.options.json === true ? STANDARD_ERROR : 'inherit', 'inherit'],
    // A process group of its own: Ctrl-C reaches the server once, through us, and not a second time from the terminal.
    detached: true,
  });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    return { data: { exitCode }, text: '', failed: exitCode !== 0 };
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}
