import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  /** Of the role that the program works as. */
  readonly url: string;
  /** Of the role that owns the tables, for a test that makes tables of its own or tampers. */
  readonly ownerUrl: string;
  drop(): Promise<void>;
}

/** A fresh, migrated database on the run's Postgres; `drop` it when the test is over. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const ownerUrl = new URL(inject('postgresOwnerUrl'));
  const template = ownerUrl.pathname.slice(1);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(ownerUrl, `create database ${name} template ${template}`);
  const onIt = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return {
    url: onIt(inject('postgresUrl')),
    ownerUrl: onIt(inject('postgresOwnerUrl')),
    drop: () => administer(ownerUrl, `drop database if exists ${name} with (force)`),
  };
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
