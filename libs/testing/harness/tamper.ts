import { Client } from 'pg';

/** Changes tables as somebody does who has the owner's rights and has switched the triggers off. */
export async function tamper(ownerUrl: string, ...statements: string[]): Promise<void> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query('set session_replication_role = replica');
    for (const statement of statements) await owner.query(statement);
  } finally {
    await owner.end();
  }
}
