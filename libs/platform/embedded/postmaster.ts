import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive } from './folder-lock.js';

const run = promisify(execFile);

/** Above every platform's highest process id, so that Postgres itself takes the file for a stale one. */
const IMPOSSIBLE_PID = 999_999_999;

/** What a running server writes into `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number | undefined;
  readonly status: string;
}

/** The server that holds this cluster, or undefined if none is running. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid) || !(await isServerOf(cluster, pid))) return undefined;
  const port = Number(lines[3]);
  return { pid, port: Number.isInteger(port) && port > 0 ? port : undefined, status: (lines[7] ?? '').trim() };
}

/**
 * Makes a stale pid file harmless. Postgres clears one by itself if its process is gone, after checking that no orphan
 * still writes to the cluster; only where the id now belongs to a stranger must it be helped, without losing that check.
 */
export async function clearStalePid(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const [first, ...rest] = text.split('\n');
  if (!isAlive(Number(first))) return;
  // Written in place: the server's account must stay the owner.
  await writeFile(path, [String(IMPOSSIBLE_PID), ...rest].join('\n'));
}

/** Whether process `pid` is a Postgres on `cluster`: ids are reused, and a zombie has no command line. */
async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const commandLine =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : await run('ps', ['-o', 'command=', '-p', String(pid)]).then(
          ({ stdout }) => stdout,
          () => '',
        );
  return commandLine.includes('postgres') && commandLine.includes(cluster);
}
