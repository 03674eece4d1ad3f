import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningPostgres, startEmbeddedPostgres } from '#platform';

const silent = { info: () => undefined, warn: () => undefined };
const settings = { fsync: 'off', shared_buffers: '16MB', max_connections: '20' };

let dataDir: string;
let running: RunningPostgres[];

beforeEach(async () => {
  const home = await mkdtemp(join(tmpdir(), 'embedded postgres-'));
  await chmod(home, 0o755);
  dataDir = join(home, 'data folder');
  running = [];
});

afterEach(async () => {
  for (const server of running) await server.stop();
  await rm(join(dataDir, '..'), { recursive: true, force: true });
});

async function start(): Promise<RunningPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, logger: silent, settings });
  running.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

describe('startEmbeddedPostgres', () => {
  it('serves a data folder inside a private home', async () => {
    await chmod(join(dataDir, '..'), 0o700);
    const first = await start();
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS seven');
    const cluster = await realpath(join(dataDir, 'postgres'));
    try {
      // Root's server runs as nobody and can't enter; anybody else's lives where it was told to.
      expect(cluster === join(dataDir, 'postgres')).toBe(process.getuid?.() !== 0);
      await first.stop();
      expect(await query((await start()).ownerUrl, 'SELECT seven FROM kept')).toEqual([7]);
    } finally {
      for (const server of running) await server.stop();
      await rm(cluster === join(dataDir, 'postgres') ? cluster : dirname(cluster), { recursive: true });
    }
  });

  it('starts a UTF-8 server in UTC that asks for a password, and keeps its data over a restart', async () => {
    const first = await start();
    expect(first.adopted).toBe(false);
    expect(await query(first.url, `SELECT current_setting('server_encoding') || ' ' || current_setting('TimeZone')`)).toEqual(['UTF8 UTC']);
    expect(await query(first.url, 'SELECT current_database()')).toEqual(['openchargeback']);
    await query(first.ownerUrl, `CREATE TABLE kept AS SELECT 'Łukasz' AS name`);
    const wrong = new URL(first.url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
    await first.stop();
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);

    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second.ownerUrl, 'SELECT name FROM kept')).toEqual(['Łukasz']);
  });

  it('gives programs a role that owns nothing and may make temporary tables only', async () => {
    const { url, ownerUrl } = await start();
    const facts = `SELECT concat_ws(' ', current_user, rolsuper, rolcreaterole, rolcreatedb) FROM pg_roles WHERE rolname = current_user`;
    expect(await query(url, facts)).toEqual(['openchargeback_app f f f']);
    await query(url, 'CREATE TEMPORARY TABLE passing AS SELECT 7 AS seven');
    await expect(query(url, 'CREATE TABLE kept AS SELECT 7 AS seven')).rejects.toMatchObject({ code: '42501' });
    await expect(query(url, 'SET ROLE openchargeback')).rejects.toMatchObject({ code: '42501' });
    expect(await query(ownerUrl, 'SELECT current_user')).toEqual(['openchargeback']);
  });

  it('gives a data folder of a time with one role the second one, and the second one its password again', async () => {
    const first = await start();
    await query(first.ownerUrl, 'DROP ROLE openchargeback_app');
    await first.stop();
    const second = await start();
    expect(second.url).toContain('openchargeback_app');
    expect(await query(second.url, 'SELECT 1')).toEqual([1]);
    await query(second.ownerUrl, `ALTER ROLE openchargeback_app PASSWORD 'forgotten'`);
    await expect(query(second.url, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    const third = await start();
    expect(third.url).toBe(second.url);
    expect(await query(third.url, 'SELECT 1')).toEqual([1]);
  });

  it('lets several users share one server and stops it with the last', async () => {
    const [a, b] = await Promise.all([start(), start()]);
    expect([a.adopted, b.adopted].sort()).toEqual([false, true]);
    expect(b.url).toBe(a.url);
    await a.stop();
    expect(await query(b.url, 'SELECT 1')).toEqual([1]);
    await b.stop();
    await expect(query(a.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('leaves the server to whoever is still connected', async () => {
    const server = await start();
    const guest = new Client({ connectionString: server.url });
    await guest.connect();
    await server.stop();
    expect((await guest.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await guest.end();
    expect((await start()).adopted).toBe(true);
  });

  it('outlives the process that started it, which was killed, and is adopted', async () => {
    const here = (file: string): string => fileURLToPath(new URL(`./testing/${file}`, import.meta.url));
    const starter = fork(here('run-typescript.mjs'), [here('start-and-wait.ts'), dataDir, JSON.stringify(settings)]);
    const [url] = (await once(starter, 'message')) as [string];
    await query(url, 'CREATE TABLE kept AS SELECT 7 AS seven');
    starter.kill('SIGKILL');
    await once(starter, 'exit');

    const adopted = await start();
    expect(adopted.adopted).toBe(true);
    expect(adopted.ownerUrl).toBe(url);
    expect(await query(adopted.ownerUrl, 'SELECT seven FROM kept')).toEqual([7]);
  });

  it('starts again after the server itself was killed', async () => {
    const first = await start();
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS seven');
    process.kill(await postmasterPid(), 'SIGKILL');
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second.ownerUrl, 'SELECT seven FROM kept')).toEqual([7]);
  });

  it('takes over the lock of a process that died while starting the server', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'postgres.lock'), JSON.stringify({ pid: 999_999_999, host: hostname(), token: 'of the dead' }));
    expect((await start()).adopted).toBe(false);
    await expect(stat(join(dataDir, 'postgres.lock'))).rejects.toThrow('ENOENT');
  });

  it('is not misled by a pid file whose id a stranger has now', async () => {
    await (await start()).stop();
    await writeFile(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${dataDir}/postgres\n1700000000\n5432\n\n127.0.0.1\n\nready   \n`,
    );
    const server = await start();
    expect(server.adopted).toBe(false);
    expect(await query(server.url, 'SELECT 1')).toEqual([1]);
  });

  it('doesn’t replace a database that was moved away by an empty one', async () => {
    await mkdir(dataDir);
    await symlink('/nowhere/postgres', join(dataDir, 'postgres'));
    await expect(start()).rejects.toMatchObject({ code: 'embedded-postgres.cluster-missing' });
  });

  it('names a port that is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = address !== null && typeof address === 'object' ? String(address.port) : '';
    const attempt = startEmbeddedPostgres({ dataDir, logger: silent, settings: { ...settings, port } });
    await expect(attempt).rejects.toMatchObject({ code: 'embedded-postgres.port-in-use', detail: expect.stringContaining(port) as string });
    blocker.close();
  });

  it('names a data folder that can’t be written to', async () => {
    const file = join(dataDir, '..', 'a file');
    await writeFile(file, '');
    const attempt = startEmbeddedPostgres({ dataDir: join(file, 'data'), logger: silent });
    await expect(attempt).rejects.toMatchObject({ code: 'embedded-postgres.data-folder', detail: expect.stringContaining(file) as string });
  });
});
