import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '#kernel';
import { hasCode } from './postgres-binaries.js';

const HEARTBEAT_MS = 1_000;
const STALE_AFTER_MS = 30_000;
const RETRY_MS = 50;

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/**
 * Runs `work` while holding the lock file `path`, so that only one process starts or stops a server at a time.
 * A lock whose holder died is taken over: at once on the same host, else when its heartbeat stops.
 * @throws DomainError `embedded-postgres.locked` when others hold it longer than `timeoutMs`.
 */
export async function withFolderLock<T>(path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const own: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
  await acquire(path, own, timeoutMs);
  const heartbeat = setInterval(() => {
    const now = new Date();
    void utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    const found = await readHolder(path);
    if (found?.token === own.token) await rm(path, { force: true });
  }
}

async function acquire(path: string, own: Holder, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      await writeFile(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    if (await isAbandoned(path)) {
      await takeAway(path);
      continue;
    }
    if (performance.now() > deadline) {
      throw new DomainError(
        'embedded-postgres.locked',
        'unavailable',
        `Another process has been starting or stopping the database for ${Math.round(timeoutMs / 1000)} s (lock ${path}); if none is running, delete that file.`,
      );
    }
    await delay(RETRY_MS);
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return false;
  if (Date.now() - found.mtimeMs > STALE_AFTER_MS) return true;
  const holder = await readHolder(path);
  return holder?.host === hostname() && !isAlive(holder.pid);
}

/** Renames before deleting: if somebody took the lock over in between, theirs is put back. */
async function takeAway(path: string): Promise<void> {
  const seen = await readHolder(path);
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const taken = await readHolder(aside);
  if (taken !== undefined && taken.token !== seen?.token) await rename(aside, path);
  else await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** Whether a process with this id exists on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
