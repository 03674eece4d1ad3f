import { afterAll } from 'vitest';
import { postgresQueueBackend, prepareQueueSchema } from '#jobs';
import { MIGRATIONS } from '#migrations';
import { Database } from '#platform';
import { createTestDatabase } from '#testing';
import { describeQueueContract } from './testing/queue-contract.js';

const ends: (() => Promise<void>)[] = [];

afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
});

describeQueueContract('Postgres', async () => {
  const { url, ownerUrl, drop } = await createTestDatabase();
  const database = await Database.connect({ url, ownerUrl, applicationName: 'contract', migrations: MIGRATIONS });
  ends.push(async () => {
    await database.close();
    await drop();
  });
  await prepareQueueSchema(database);
  return postgresQueueBackend(url);
});
