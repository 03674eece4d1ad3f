import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { parseArgs } from 'node:util';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { BootstrapUsers } from '#identity';
import { DomainError } from '#kernel';
import { runProcess, type Services } from '#runtime';
import { createApi } from './create-api.js';

const USAGE = `Usage: main.js [options]

  -c, --config FILE   configuration file (default: instance/config.yaml, then config.yaml)
      --host HOST     address to listen on (default: web.host)
      --port PORT     port to listen on, 0 for a free one (default: web.port)
      --with-worker   also do the background jobs in this process
  -h, --help          show this
`;
/** How long a request may go on after the process was told to end. */
const GRACE_MS = 10_000;

interface Arguments {
  readonly config: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly withWorker: boolean;
}

const given = readArguments();
await runProcess({ name: 'api', configFile: given.config, start: (services) => serve(services, given) });

async function serve(services: Services, { host, port, withWorker }: Arguments): Promise<() => Promise<void>> {
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
  const server = app.getHttpServer() as Server;
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

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string', short: 'c' },
        host: { type: 'string' },
        port: { type: 'string' },
        'with-worker': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    return { config: values.config, host: values.host, port: portOf(values.port), withWorker: values['with-worker'] };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(`“${text}” is not a port; give a number from 0 to 65535.`);
  return Number(text);
}
