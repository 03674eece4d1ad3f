import { afterAll } from 'vitest';
import { postgresQueueBackend } from '#jobs';
import { createTestDatabase } from '#testing';
import { describeQueueContract } from './testing/queue-contract.js';

const databases: { drop(): Promise<void> }[] = [];

afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()));
});

describeQueueContract('Postgres', async () => {
  const database = await createTestDatabase();
  databases.push(database);
  return postgresQueueBackend(database.url);
});
