import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hash } from 'bcryptjs';
import { stringify } from 'yaml';
import { ApiClient } from './api-client.js';

const ADMIN = { email: 'admin@example.edu', password: 'correct horse battery staple' };
const START_TIMEOUT_MS = 60_000;
/** proc(5), clear_refs. */
const FORGET_PEAK = '5';

export interface ProcessOptions {
  /** Over the defaults; users, data folder and port are set here. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** The built program as people run it: an API process and a worker process on a data folder of their own. */
export class ProgramProcesses {
  private worker: ChildProcess | undefined;

  private constructor(
    readonly folder: string,
    readonly url: string,
    readonly client: ApiClient,
    private readonly api: ChildProcess,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(options: ProcessOptions = {}): Promise<ProgramProcesses> {
    const folder = await mkdtemp(join(tmpdir(), 'openchargeback-processes-'));
    // Postgres runs as another user when root starts it, and must be able to reach its folder.
    await chmod(folder, 0o755);
    const config = {
      dev_mode: true,
      ...options.config,
      data_dir: join(folder, 'instance'),
      web: { users: { admin: { email: ADMIN.email, display_name: 'Admin', role: 'admin', password_hash: await hash(ADMIN.password, 4) } } },
    };
    await writeFile(join(folder, 'config.yaml'), stringify(config));
    const env = options.env ?? {};
    const api = run('api', folder, env, ['--port', '0']);
    const url = await announced(api);
    const client = new ApiClient(url);
    await client.signIn(ADMIN.email, ADMIN.password);
    const processes = new ProgramProcesses(folder, url, client, api, env);
    processes.startWorker();
    return processes;
  }

  get dataDir(): string {
    return join(this.folder, 'instance');
  }

  startWorker(): void {
    this.worker = run('worker', this.folder, this.env);
  }

  /** SIGKILL: no chance to say goodbye. */
  async killWorker(): Promise<void> {
    await end(this.worker, 'SIGKILL');
  }

  /** The most memory the worker ever held, in MiB; where /proc is missing, what it holds now. */
  async workerPeakMiB(): Promise<number> {
    return peakMiB(this.worker);
  }

  /** The most memory the API held since its peak was last forgotten, in MiB. */
  async apiPeakMiB(): Promise<number> {
    return peakMiB(this.api);
  }

  /** What the API holds now becomes its peak. */
  async forgetApiPeak(): Promise<void> {
    await writeFile(`/proc/${this.api.pid ?? 0}/clear_refs`, FORGET_PEAK);
  }

  async stop(): Promise<void> {
    await end(this.worker, 'SIGTERM');
    await end(this.api, 'SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }
}

function run(app: 'api' | 'worker', folder: string, env: Readonly<Record<string, string>>, options: readonly string[] = []): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=32', join('dist', 'programs', `${app}.js`), '-c', join(folder, 'config.yaml'), ...options],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    },
  );
  child.stdout.resume();
  return child;
}

async function peakMiB(child: ChildProcess | undefined): Promise<number> {
  const status = await readFile(`/proc/${child?.pid ?? 0}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}

/** Where an API process is, once it says so; afterwards its output is let go. */
export async function announced(api: ChildProcess): Promise<string> {
  if (api.stdout === null) throw new Error('the API has no output to read');
  const lines = createInterface(api.stdout);
  const timer = setTimeout(() => lines.close(), START_TIMEOUT_MS);
  try {
    for await (const line of lines) {
      const url = /OpenChargeback is at (https?:\/\/\S+)/.exec(line)?.[1];
      if (url !== undefined) return url;
    }
  } finally {
    clearTimeout(timer);
    api.stdout.resume();
  }
  throw new Error('The API did not say where it is; run `npm run build` first.');
}

/** Sends the signal and waits for the end; nothing if it has ended. */
export async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  const isRunning = child?.exitCode === null && child.signalCode === null;
  if (!isRunning) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}
