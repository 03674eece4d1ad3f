import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { endedWithHarness, signal } from './clean-up.js';
import { freePort } from '../../support/free-port.js';

/** A Redis of the harness's own, in memory only: a restart loses everything, which the program must bear. */
export class RedisServer {
  private constructor(
    private readonly port: number,
    private server: ChildProcess,
  ) {}

  /** @throws Error where `redis-server` is not installed. */
  static async start(): Promise<RedisServer> {
    const port = await freePort();
    return new RedisServer(port, await launch(port));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async flush(): Promise<void> {
    const redis = connect(this.url);
    try {
      await redis.flushall();
    } finally {
      redis.disconnect();
    }
  }

  async restart(): Promise<void> {
    await this.end('SIGKILL');
    this.server = await launch(this.port);
  }

  async freeze(milliseconds: number): Promise<void> {
    const pid = this.server.pid ?? 0;
    signal(pid, 'SIGSTOP');
    try {
      await pause(milliseconds);
    } finally {
      signal(pid, 'SIGCONT');
    }
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(by: NodeJS.Signals): Promise<void> {
    if (this.server.exitCode !== null || this.server.signalCode !== null) return;
    const exit = once(this.server, 'exit');
    this.server.kill(by);
    await exit;
  }
}

async function launch(port: number): Promise<ChildProcess> {
  const memory = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...memory], { stdio: 'ignore', detached: true });
  const missing = new Promise<never>((_resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`redis-server does not start; install it (apt-get install redis-server): ${error.message}`)),
    );
  });
  const release = endedWithHarness(() => {
    if (server.pid !== undefined) signal(server.pid, 'SIGKILL');
  });
  server.once('exit', release);
  const redis = connect(`redis://127.0.0.1:${port}`);
  try {
    await Promise.race([redis.ping(), missing]);
  } finally {
    redis.disconnect();
  }
  return server;
}

function connect(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  return redis;
}
