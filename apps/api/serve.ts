import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { BootstrapUsers } from '#identity';
import { DomainError } from '#kernel';
import type { Services } from '#runtime';
import { createApi } from './create-api.js';

/** How long a request may go on after the process was told to end. */
const GRACE_MS = 10_000;
/** How long a client may take to send a request: 10 GB at 1 Mbit/s take most of a day. Node's own limit is five minutes. */
const REQUEST_TIMEOUT_MS = 24 * 60 * 60_000;

export interface Serving {
  /** Undefined: as configured. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly withWorker: boolean;
}

/** The API's part of a process: listens, says where on standard output, and answers how to end it. */
export async function serve(services: Services, { host, port, withWorker }: Serving): Promise<() => Promise<void>> {
  const { web } = services.config;
  const app = await createApi(services, { withWorker });
  try {
    await listen(app, host ?? web.host, port ?? web.port);
    // After listening: a process that finds its port taken must not have made an account whose password nobody saw.
    const admin = await app.get(BootstrapUsers).ensureFirstAdmin();
    process.stdout.write(`OpenChargeback is at ${addressOf(app)}\n`);
    if (admin !== null) {
      process.stdout.write(
        `The first administrator is ${admin.email} with the password ${admin.password}\nIt is shown this once. Sign in, change it, and create accounts for people.\n`,
      );
    }
  } catch (error) {
    await app.close();
    throw error;
  }
  return () => close(app);
}

async function listen(app: NestExpressApplication, host: string, port: number): Promise<void> {
  const server = app.getHttpServer() as Server & { requestTimeout: number };
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const where = `${host}:${port}`;
    if (code === 'EADDRINUSE') {
      throw new DomainError(
        'web.port-taken',
        'unavailable',
        `Another program listens on ${where} already; choose another port with --port or web.port.`,
      );
    }
    if (code === 'EACCES') {
      throw new DomainError(
        'web.port-forbidden',
        'unavailable',
        `This user may not listen on ${where}; choose a port above 1023 with --port or web.port.`,
      );
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new DomainError('web.no-such-host', 'unavailable', `This machine has no address ${host}; check --host or web.host.`);
    }
    throw error;
  }
}

/** The first thing to end is the listening; then background work, and last the requests under way. */
async function close(app: NestExpressApplication): Promise<void> {
  const server = app.getHttpServer() as Server & { closeAllConnections(): void };
  server.close();
  const impatience = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await app.close();
  clearTimeout(impatience);
}

function addressOf(app: NestExpressApplication): string {
  const { address, port, family } = (app.getHttpServer() as Server).address() as AddressInfo;
  const everywhere = address === '0.0.0.0' || address === '::';
  return `http://${everywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
