import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '#migrations';
import { createTestDatabase, type TestDatabase } from '#testing';
import { Database } from './database.js';

describe('transactions', () => {
  let home: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    home = await createTestDatabase();
    database = await Database.connect({ ...home, applicationName: 'test', migrations: MIGRATIONS, poolSize: 4 });
  });

  afterAll(async () => {
    await database.close();
    await home.drop();
  });

  it('that ask for more than their own connection never wait for each other, however many there are', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, number) =>
        database.transaction(async (tx) => {
          await tx.query('select pg_advisory_xact_lock(1)');
          const [row] = await database.query<{ number: number }>('select $1::int as number', [number]);
          return database.transaction(async (nested) => {
            await nested.query('select 1');
            return row?.number;
          });
        }),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 40 }, (_, number) => number));
  });

  it('that fail give their turn on', async () => {
    const failed = await Promise.allSettled(Array.from({ length: 20 }, () => database.transaction(() => Promise.reject(new Error('no')))));
    expect(failed.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await database.transaction((tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
  });
});
