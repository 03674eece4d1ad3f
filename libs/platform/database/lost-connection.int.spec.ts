import { afterEach, beforeEach, expect, it } from 'vitest';
import { MIGRATIONS } from '#migrations';
import { Database } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testing';

let created: TestDatabase;
let database: Database;

beforeEach(async () => {
  created = await createTestDatabase();
  const { url, ownerUrl } = created;
  database = await Database.connect({ url, ownerUrl, applicationName: 'spec', migrations: MIGRATIONS });
});

afterEach(async () => {
  await database.close();
  await created.drop();
});

it('survives the loss of a connection that is lent out and has nothing to do', async () => {
  const client = await database.connection();
  try {
    expect(client.listenerCount('error')).toBe(1);
    // Not `once` of node:events, which would listen for the error itself.
    const ended = new Promise<void>((resolve) => client.on('end', resolve));
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    await expect(client.query('select 1')).rejects.toThrow();
  } finally {
    client.release(true);
  }
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
});

it('gathers no listeners on a connection that is lent out again and again', async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    const client = await database.connection();
    const listeners = client.listenerCount('error');
    client.release();
    expect(listeners).toBe(1);
  }
});
