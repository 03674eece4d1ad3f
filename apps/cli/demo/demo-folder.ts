import { randomBytes, randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { parse, stringify } from 'yaml';
import { UsageError } from '../usage-error.js';

/** Where a demo lives and how to get in. */
export interface DemoFolder {
  readonly dir: string;
  readonly configFile: string;
  readonly pdfDir: string;
  readonly journalDir: string;
  readonly emailDir: string;
  readonly logFile: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** First line of the configuration; it tells a folder that the demo made, and may empty, from one that it may not. */
const MARK = '# Made by the demo, which empties this folder when it starts again.';
const PID_FILE = 'demo.pids';
const USER = 'admin';

/**
 * Empties the folder of an earlier demo and writes the configuration of a new one: the sample's, with a data folder, a port and an
 * administrator with a random password of its own.
 * @throws UsageError if somebody else's files are there, or an earlier demo still runs on them.
 */
export async function prepareFolder(dir: string, sampleFolder: string, port: number): Promise<DemoFolder> {
  await empty(dir);
  const password = `Demo-${randomBytes(9).toString('base64url')}-${randomInt(10, 100)}`;
  const sample = parse(await readFile(join(sampleFolder, 'config.yaml'), 'utf8')) as Record<string, unknown>;
  const output = { pdf_dir: join(dir, 'output/pdfs'), journal_dir: join(dir, 'output/journals'), email_dir: join(dir, 'output/emails') };
  const config = {
    ...sample,
    data_dir: dir,
    output,
    logging: { level: 'WARN' },
    web: {
      host: '127.0.0.1',
      port,
      secret_key: randomBytes(32).toString('base64url'),
      users: {
        [USER]: {
          email: 'admin@wrenvalley.example',
          display_name: 'Demo Administrator',
          role: 'admin',
          recovery: true,
          password_hash: await hash(password),
        },
      },
    },
  };
  const configFile = join(dir, 'config.yaml');
  await writeFile(configFile, `${MARK}\n${stringify(config)}`, { mode: 0o600 });
  await Promise.all(Object.values(output).map((folder) => mkdir(folder, { recursive: true })));
  return {
    dir,
    configFile,
    pdfDir: output.pdf_dir,
    journalDir: output.journal_dir,
    emailDir: output.email_dir,
    logFile: join(dir, 'server.log'),
    port,
    user: USER,
    password,
  };
}

/** Notes the processes of this demo, so that a later one does not empty the folder under them. */
export function noteProcesses(dir: string, pids: readonly number[]): void {
  writeFileSync(join(dir, PID_FILE), [process.pid, ...pids].join('\n'));
}

export async function forgetProcesses(dir: string): Promise<void> {
  await rm(join(dir, PID_FILE), { force: true });
}

async function empty(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length > 0) {
    const config = await readFile(join(dir, 'config.yaml'), 'utf8').catch(() => '');
    if (!config.startsWith(MARK)) throw new UsageError(`${dir} holds files that the demo did not make; name an empty folder with --keep.`);
    const running = await runningProcesses(dir);
    if (running.length > 0) {
      throw new UsageError(
        `A demo still runs in ${dir} (process ${running.join(', ')}); end it first, or name another folder with --keep.`,
      );
    }
    await stopDatabase(dir);
  }
  // The cluster may be a link to a place that the server's account can reach.
  const cluster = join(dir, 'postgres');
  const target = await realpath(cluster).catch(() => cluster);
  for (const path of [target, ...(await readdir(dir)).map((name) => join(dir, name))]) await rm(path, { recursive: true, force: true });
}

async function runningProcesses(dir: string): Promise<number[]> {
  const noted = await readFile(join(dir, PID_FILE), 'utf8').catch(() => '');
  return noted.split('\n').filter(Boolean).map(Number).filter(isAlive);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The database server of a demo that was killed lives on: it is taken over, and then shut down. */
async function stopDatabase(dir: string): Promise<void> {
  const cluster: readonly string[] = await readdir(join(dir, 'postgres')).catch(() => []);
  if (!cluster.includes('postmaster.pid')) return;
  const { startEmbeddedPostgres } = await import('#platform');
  const silent = { info: (): void => undefined, warn: (): void => undefined };
  const postgres = await startEmbeddedPostgres({ dataDir: dir, logger: silent });
  await postgres.stop();
}
