import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Client } from 'pg';

/** What Postgres itself uses for a new password. */
const SCRAM_ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

export interface LoginRole {
  readonly name: string;
  readonly password: string;
}

/** The role that programs work as. Its password follows from the owner's, so that a data folder keeps one secret. */
export function applicationRole(ownerPassword: string): LoginRole {
  const name = 'openchargeback_app';
  return { name, password: createHmac('sha256', ownerPassword).update(`password of ${name}`).digest('hex') };
}

/** Makes the role, or gives it its password again after the owner's was changed. Harmless to repeat. */
export async function ensureRole(owner: Client, role: LoginRole): Promise<void> {
  const verifier = scramVerifier(role);
  const { rows } = await owner.query<{ rolpassword: string | null }>('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [role.name]);
  const [held] = rows;
  if (held?.rolpassword === verifier) return;
  const verb = held === undefined ? 'CREATE' : 'ALTER';
  await owner.query(`${verb} ROLE ${owner.escapeIdentifier(role.name)} LOGIN PASSWORD ${owner.escapeLiteral(verifier)}`);
}

/** What the server keeps instead of the password (RFC 5803): the password itself appears in no statement, and so in no log. */
function scramVerifier({ name, password }: LoginRole): string {
  const salt = createHmac('sha256', password).update(`salt of ${name}`).digest().subarray(0, SALT_BYTES);
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, KEY_BYTES, 'sha256');
  const key = (use: string): Buffer => createHmac('sha256', salted).update(use).digest();
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey}:${key('Server Key').toString('base64')}`;
}
