import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

/** A fresh, migrated database on the run's Postgres; `drop` it when the test is over. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const templateUrl = new URL(inject('postgresUrl'));
  const template = templateUrl.pathname.slice(1);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(templateUrl, `create database ${name} template ${template}`);
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(templateUrl, `drop database if exists ${name} with (force)`) };
}

async function administer(anyDatabase: URL, statement: string): Promise<void> {
  const maintenance = new URL(anyDatabase);
  maintenance.pathname = '/postgres';
  const client = new Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    // Two copies of one template at once are refused by Postgres, so test files take turns.
    await client.query('select pg_advisory_lock(7253003)');
    await client.query(statement);
  } finally {
    await client.end();
  }
}
