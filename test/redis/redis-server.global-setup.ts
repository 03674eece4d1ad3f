import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { TestProject } from 'vitest/node';
import { freePort } from '../support/free-port.js';

/** A real Redis of the run's own, in memory, on a free port. @throws Error where `redis-server` is not installed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const port = await freePort();
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
    { stdio: 'ignore' },
  );
  const url = `redis://127.0.0.1:${port}`;
  await answers(server, url);
  project.provide('redisUrl', url);
  return async () => {
    const exit = once(server, 'exit');
    server.kill('SIGTERM');
    await exit;
  };
}

async function answers(server: ChildProcess, url: string): Promise<void> {
  const failed = once(server, 'error').then(([error]) => {
    throw new Error(`redis-server does not start; install it (apt-get install redis-server): ${String(error)}`);
  });
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  try {
    await Promise.race([redis.ping(), failed]);
  } finally {
    redis.disconnect();
  }
}

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string;
  }
}
