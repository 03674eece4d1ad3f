import { readdir, readFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type RunningPostgres, startEmbeddedPostgres } from '#platform';
import { endedWithHarness, signal } from './clean-up.js';
import { freePort } from '../../support/free-port.js';

const SILENT = { info: (): void => undefined, warn: (): void => undefined };
const POLL_MS = 20;
/** Advisory lock that the leading relay holds in its session (libs/jobs). */
const RELAY_LOCK = 7_253_002;
const OWN_NAME = 'faults';

/** A Postgres of the harness's own, with its own folder and port, and what may be done to it. */
export class PostgresServer {
  private constructor(
    private readonly dataDir: string,
    private readonly port: number,
    private running: RunningPostgres,
    private readonly release: () => void,
  ) {}

  static async start(dataDir: string): Promise<PostgresServer> {
    const port = await freePort();
    // Before it is launched: the harness may be told to end meanwhile.
    const release = endedWithHarness(() => {
      const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
      if (!existsSync(pidFile)) return;
      const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
      signal(pid, 'SIGQUIT');
      signal(pid, 'SIGCONT');
    });
    return new PostgresServer(dataDir, port, await launch(dataDir, port), release);
  }

  get urls(): { readonly url: string; readonly ownerUrl: string } {
    return this.running;
  }

  /** As the owner. */
  async query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: this.running.ownerUrl, application_name: OWN_NAME });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(sql, [...parameters])).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** As after a power cut, but for the disk: no checkpoint, every connection gone, recovery at the start. */
  async restartImmediately(): Promise<void> {
    const pid = await this.postmasterPid();
    signal(pid, 'SIGQUIT');
    while (await isRunning(pid)) await pause(POLL_MS);
    this.running = await launch(this.dataDir, this.port);
  }

  /** Ends every connection but the one that asks for it. */
  async terminateBackends(): Promise<void> {
    await this.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
  }

  /** Nobody answers, nothing is lost: connections stay open and time passes. */
  async freeze(milliseconds: number): Promise<void> {
    const postmaster = await this.postmasterPid();
    // The postmaster first: it makes no more children then. Each of them leads a group of its own, so all are told one by one.
    signal(postmaster, 'SIGSTOP');
    const children = await childrenOf(postmaster);
    for (const pid of children) signal(pid, 'SIGSTOP');
    try {
      await pause(milliseconds);
    } finally {
      for (const pid of [...children, postmaster]) signal(pid, 'SIGCONT');
    }
  }

  /** Name of the process whose relay leads, as it calls itself in the list of connections; undefined while none does. */
  async relayLeader(): Promise<string | undefined> {
    const [row] = await this.query<{ name: string }>(
      `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
       where l.locktype = 'advisory' and l.granted and (l.classid::bigint << 32) + l.objid::bigint = $1`,
      [RELAY_LOCK],
    );
    return row?.name;
  }

  async stop(): Promise<void> {
    await this.running.stop();
    this.release();
  }

  private async postmasterPid(): Promise<number> {
    const text = await readFile(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8');
    return Number(text.split('\n')[0]);
  }
}

/** Without fsync, which only the end of the whole machine could tell from with; a server that is killed loses nothing it has written. */
function launch(dataDir: string, port: number): Promise<RunningPostgres> {
  return startEmbeddedPostgres({ dataDir, logger: SILENT, settings: { port: String(port), shared_buffers: '64MB', fsync: 'off' } });
}

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // A zombie has ended; only nobody has asked for its exit code yet.
  return status !== undefined && !status.includes(') Z ');
}

async function childrenOf(parent: number): Promise<number[]> {
  const children: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // pid (name) state ppid …; the name may hold spaces and parentheses.
    if (Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]) === parent) children.push(Number(name));
  }
  return children;
}
