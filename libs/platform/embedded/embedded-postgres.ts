import { totalmem } from 'node:os';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { Socket, createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { DomainError } from '#kernel';
import { applicationRole, ensureRole, type LoginRole } from './application-login.js';
import {
  type ClusterFolder,
  SHARED_FOLDERS,
  SUPERUSER,
  asAccount,
  clusterFolder,
  ensureCluster,
  lockFileOf,
  openDataFolder,
  readPassword,
  serverEnvironment,
} from './cluster-folder.js';
import { withFolderLock } from './folder-lock.js';
import { type PostgresBinaries, locateBinaries, messageOf } from './postgres-binaries.js';
import { clearStalePid, findPostmaster } from './postmaster.js';
import { type ServerAccount, serverAccount } from './server-account.js';

/** What the launcher tells; a pino logger fits. */
export interface LauncherLog {
  info(message: string): void;
  warn(message: string): void;
}

export interface EmbeddedPostgresOptions {
  /** The program's data folder; the cluster lies in `postgres/` below it. */
  readonly dataDir: string;
  readonly logger: LauncherLog;
  /** Server settings on top of the defaults; `port` fixes the port, else a free one is taken. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Made if it isn't there. Default `openchargeback`. */
  readonly database?: string;
}

/** A server this process uses, started by it or by another one. */
export interface RunningPostgres {
  /** The role that programs work as: `postgres://user:password@127.0.0.1:port/database` */
  readonly url: string;
  /** The role that owns the tables, and the server. */
  readonly ownerUrl: string;
  /** True if another process had started it. */
  readonly adopted: boolean;
  /**
   * Lets go of the server, and shuts it down unless anybody else is connected. Close your own pools first.
   * Calling it again does nothing.
   */
  stop(): Promise<void>;
}

/** MiB. The pages of a million lines and their charges stay at hand until a checkpoint writes them; a machine with little memory gives less. */
const SHARED_BUFFERS = Math.min(1024, Math.max(128, Math.floor(totalmem() / 2 ** 20 / 16)));
/** An import fills the log faster than it is written out; Postgres would give it a segment, 16 MiB, at most. */
const WAL_BUFFERS = Math.floor(SHARED_BUFFERS / 16);

const DEFAULT_SETTINGS: Readonly<Record<string, string>> = {
  shared_buffers: `${SHARED_BUFFERS}MB`,
  wal_buffers: `${WAL_BUFFERS}MB`,
  max_connections: '100',
  // Imports COPY millions of rows: few, large checkpoints instead of one every few seconds.
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Reading lines for the first time marks their pages, and each mark logs the page as it was: to compress those took a third of the time
  // of matching a million lines.
  wal_compression: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Long enough for the recovery after a power cut, which replays up to max_wal_size. */
const READY_TIMEOUT_MS = 600_000;
const LOCK_TIMEOUT_MS = READY_TIMEOUT_MS + 60_000;
const STOP_TIMEOUT_MS = 60_000;
/** How long closed connections of this process may take to disappear from the server's list. */
const FAREWELL_MS = 2_000;
const POLL_MS = 20;
const PORT_ATTEMPTS = 5;
const LOG_ROTATION_BYTES = 10 * 1024 * 1024;
const HOLDER_NAME = 'openchargeback-holder';

interface Running {
  readonly folder: ClusterFolder;
  readonly port: number;
  readonly password: string;
}

interface Holder {
  readonly client: Client;
  /** Not counted by the event loop while idle: an open holder keeps no process from ending. */
  readonly socket: Socket;
}

/**
 * Starts the Postgres of a data folder, or adopts the one that already runs there. The server is a process of its own:
 * it outlives this one if that is killed, and the next caller adopts it.
 * @throws DomainError of kind `unavailable` or `invalid` (`embedded-postgres.*`), saying what to mend.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<RunningPostgres> {
  const database = options.database ?? 'openchargeback';
  const dataDir = await openDataFolder(options.dataDir);
  return withFolderLock(lockFileOf(dataDir), LOCK_TIMEOUT_MS, async () => {
    const folder = await clusterFolder(dataDir);
    const before = await adoptable(folder);
    const running = before ?? (await startServer(folder, options));
    const holder = await connectHolder(running);
    await ensureDatabase(holder, database);
    const application = applicationRole(running.password);
    await ensureRole(holder.client, application);
    holder.socket.unref();
    const adopted = before !== undefined;
    options.logger.info(`Postgres ${adopted ? 'adopted' : 'started'} on 127.0.0.1:${running.port}, data in ${running.folder.cluster}`);
    let stopping: Promise<void> | undefined;
    return {
      url: urlOf(running, database, application),
      ownerUrl: urlOf(running, database),
      adopted,
      stop: () => (stopping ??= release(running, holder, options.logger)),
    };
  });
}

function urlOf({ port, password }: Running, database: string, role: LoginRole = { name: SUPERUSER, password }): string {
  return `postgres://${role.name}:${encodeURIComponent(role.password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** The server that already runs on this folder, once it takes connections; undefined if there is none or it is going down. */
async function adoptable(folder: ClusterFolder): Promise<Running | undefined> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    const found = await findPostmaster(folder.cluster);
    if (found === undefined) return undefined;
    const password = await readPassword(folder);
    if (found.port !== undefined && found.status === 'ready' && password !== undefined) {
      const running = { folder, port: found.port, password };
      const refusal = await tryConnect(running);
      if (refusal === undefined) return running;
      if (performance.now() > deadline) {
        throw new DomainError(
          'embedded-postgres.not-adoptable',
          'unavailable',
          `A Postgres (process ${found.pid}) runs on ${folder.cluster} but refuses connections (${refusal}); stop it and start again.`,
        );
      }
    } else if (performance.now() > deadline) {
      throw new DomainError(
        'embedded-postgres.not-adoptable',
        'unavailable',
        `A Postgres (process ${found.pid}) runs on ${folder.cluster} but doesn't become ready (“${found.status}”); look into ${folder.logFile}.`,
      );
    }
    await delay(POLL_MS);
  }
}

async function startServer(opened: ClusterFolder, options: EmbeddedPostgresOptions): Promise<Running> {
  const account = await serverAccount();
  const binaries = await locateBinaries(account, SHARED_FOLDERS);
  const folder = await ensureCluster(opened, binaries, account, { sync: options.settings?.['fsync'] !== 'off' });
  const password = await readPassword(folder);
  if (password === undefined) throw new Error(`${folder.passwordFile} vanished while the server was being started`);
  const wanted = options.settings?.['port'];
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (let attempt = 1; ; attempt++) {
    await clearStalePid(folder.cluster);
    const port = wanted === undefined ? await freePort() : Number(wanted);
    const failure = await launch({ folder, port, password }, binaries, account, options, deadline);
    if (failure === undefined) return { folder, port, password };
    // Another program took the free port in between.
    if (/could not bind|could not create (any TCP\/IP|listen) socket|Address already in use/i.test(failure)) {
      if (wanted === undefined && attempt < PORT_ATTEMPTS) continue;
      throw new DomainError(
        'embedded-postgres.port-in-use',
        'unavailable',
        `Port ${port} of 127.0.0.1 is in use; free it or choose another.`,
      );
    }
    // A server that was killed leaves children for a moment.
    if (/shared memory block .*is still in use|lock file .* already exists/i.test(failure) && performance.now() < deadline) {
      await delay(POLL_MS * 5);
      continue;
    }
    throw new DomainError(
      'embedded-postgres.start-failed',
      'unavailable',
      `Postgres did not start on ${folder.cluster}: ${failure}; see ${folder.logFile}, or set database.url.`,
    );
  }
}

/** @returns undefined once the server takes connections, else the end of what it said. */
async function launch(
  running: Running,
  binaries: PostgresBinaries,
  account: ServerAccount,
  options: EmbeddedPostgresOptions,
  deadline: number,
): Promise<string | undefined> {
  const { folder, port } = running;
  const settings = {
    ...DEFAULT_SETTINGS,
    ...options.settings,
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await rotateLog(folder.logFile);
  const log = await open(folder.logFile, 'a', 0o600);
  const { size: logStart } = await log.stat();
  let ended: string | undefined;
  let child: ChildProcess;
  try {
    child = spawn(binaries.postgres, ['-D', folder.cluster, ...flags], {
      // A group of its own: Ctrl-C in the terminal reaches us, not the server, which must outlast our last transaction.
      detached: true,
      // The log is a file because the server may outlive this process, and a pipe without reader would stop it.
      stdio: ['ignore', log.fd, log.fd],
      cwd: dirname(folder.cluster),
      windowsHide: true,
      ...asAccount(account),
      ...serverEnvironment(),
    });
  } finally {
    await log.close();
  }
  child.once('error', (error) => (ended = messageOf(error)));
  child.once('exit', (code, signal) => (ended ??= `it ended with ${signal ?? `code ${code}`}`));
  child.unref();
  while (performance.now() < deadline) {
    if (ended !== undefined) return `${ended}. ${await endOf(folder.logFile, logStart)}`;
    const found = await findPostmaster(folder.cluster);
    if (found?.pid === child.pid && found?.status === 'ready' && (await tryConnect(running)) === undefined) return undefined;
    await delay(POLL_MS);
  }
  child.kill('SIGINT');
  return `it was not ready after ${READY_TIMEOUT_MS / 1000} s. ${await endOf(folder.logFile, logStart)}`;
}

async function rotateLog(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && found.size > LOG_ROTATION_BYTES) await rename(path, `${path}.1`);
}

async function endOf(path: string, from: number): Promise<string> {
  const bytes = await readFile(path);
  return bytes.subarray(from).toString('utf8').trim().split('\n').slice(-6).join(' ');
}

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((fulfil, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port was given'));
        else fulfil(address.port);
      });
    });
  });
}

async function tryConnect(running: Running): Promise<string | undefined> {
  const client = new Client({ connectionString: urlOf(running, 'postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * A connection that stays open for as long as this process uses the server: by it other processes see that the server is
 * in use, and the operating system closes it if we are killed. It goes to `postgres`, so that the program's own database may serve as a template.
 */
async function connectHolder(running: Running): Promise<Holder> {
  const socket = new Socket();
  const client = new Client({ connectionString: urlOf(running, 'postgres'), application_name: HOLDER_NAME, stream: () => socket });
  client.on('error', () => undefined);
  await client.connect();
  return { client, socket };
}

async function ensureDatabase({ client }: Holder, database: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
}

async function release(running: Running, holder: Holder, logger: LauncherLog): Promise<void> {
  const { folder } = running;
  holder.socket.ref();
  await withFolderLock(lockFileOf(folder.dataDir), LOCK_TIMEOUT_MS, async () => {
    const others = await otherClients(holder.client);
    await holder.client.end().catch(() => undefined);
    if (others > 0) {
      logger.info(`Postgres on 127.0.0.1:${running.port} keeps running: ${others} other connection(s)`);
      return;
    }
    await shutDown(folder, logger);
  });
}

/** Connections besides our own; those of a pool that was closed just now get a moment to go. 0 if the server is gone. */
async function otherClients(holder: Client): Promise<number> {
  const deadline = performance.now() + FAREWELL_MS;
  for (;;) {
    let clients: { readonly application_name: string }[];
    try {
      ({ rows: clients } = await holder.query<{ application_name: string }>(
        `SELECT application_name FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      ));
    } catch {
      return 0;
    }
    const heldByOthers = clients.some((client) => client.application_name === HOLDER_NAME);
    if (clients.length === 0 || heldByOthers || performance.now() > deadline) return clients.length;
    await delay(POLL_MS);
  }
}

async function shutDown(folder: ClusterFolder, logger: LauncherLog): Promise<void> {
  const found = await findPostmaster(folder.cluster);
  if (found === undefined) return;
  try {
    if (process.platform === 'win32') await stopByControlFile(folder);
    else process.kill(found.pid, 'SIGINT');
  } catch (error) {
    logger.warn(`Postgres (process ${found.pid}) could not be stopped: ${messageOf(error)}`);
    return;
  }
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while ((await findPostmaster(folder.cluster))?.pid === found.pid) {
    if (performance.now() > deadline) {
      logger.warn(`Postgres (process ${found.pid}) is still shutting down after ${STOP_TIMEOUT_MS / 1000} s; see ${folder.logFile}`);
      return;
    }
    await delay(POLL_MS);
  }
}

/** Windows has no signals: pg_ctl asks by a named event. */
async function stopByControlFile(folder: ClusterFolder): Promise<void> {
  const { pgCtl } = await locateBinaries({ uid: undefined, gid: undefined }, []);
  await promisify(execFile)(pgCtl, ['stop', '-m', 'fast', '-D', folder.cluster]);
}
