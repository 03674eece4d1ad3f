import { randomInt } from 'node:crypto';
import { type ClientBase, Client, type Pool } from 'pg';
import type { DataSource, MigrationInterface, MixedList } from 'typeorm';
import { DomainError } from '#kernel';
import { grantToApplication, requireHarmlessRole } from './application-role.js';
import { messageOf, openDataSource, poolOf, SESSION_SETTINGS, unreachable } from './connection.js';

const MIGRATION_LOCK = 7_253_001;
const MEETING_POINT = 7_253_004;
const INSUFFICIENT_PRIVILEGE = '42501';

export interface SchemaOptions {
  /** The role that owns the tables; undefined: the application role owns them. */
  readonly ownerUrl: string | undefined;
  readonly url: string;
  readonly applicationName: string;
  readonly migrations: MixedList<new () => MigrationInterface>;
  /** Connections of the application role. */
  readonly pool: Pool;
  readonly role: string;
}

/**
 * Brings the schema up to date as its owner, on connections that are closed afterwards, and lets the application role work on it
 * (docs/adr/0008). Processes that start at once do so one after another. Answers what the operator should know.
 * @throws DomainError `database.unreachable`, `database.two-databases`, `database.foreign-tables`, `database.owner-rights`,
 *   `database.application-role`, each with the way to mend it.
 */
export async function prepareSchema(options: SchemaOptions): Promise<readonly string[]> {
  const { url, ownerUrl, applicationName, migrations } = options;
  const dataSource = await openDataSource({ ...ownerConnection(url, ownerUrl), applicationName, migrations, poolSize: 2 });
  try {
    const client = await poolOf(dataSource).connect();
    try {
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      return await prepareAs(client, dataSource, options);
    } finally {
      // Closed, not returned: the lock goes with it, whatever happened.
      client.release(true);
    }
  } finally {
    await dataSource.destroy();
  }
}

async function prepareAs(owner: ClientBase, dataSource: DataSource, { role, pool, ownerUrl }: SchemaOptions): Promise<readonly string[]> {
  const { rows } = await owner.query<{ name: string }>('select current_user as name');
  const ownerRole = rows[0]?.name ?? '';
  const hasTwoRoles = ownerRole !== role;
  if (ownerUrl !== undefined) await requireSameDatabase(owner, pool);
  if (hasTwoRoles) await requireOwnTables(owner, role, ownerRole);
  try {
    await dataSource.runMigrations();
    if (hasTwoRoles) await grantToApplication(owner, role);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new DomainError(
      'database.owner-rights',
      'invalid',
      hasTwoRoles
        ? `The role “${ownerRole}” of database.owner_url may not bring the schema up to date: ${messageOf(error)}. Make it the owner of the database.`
        : `The role “${ownerRole}” may not bring the schema up to date: ${messageOf(error)}. Name the role that owns the tables in database.owner_url.`,
    );
  }
  if (hasTwoRoles) await requireHarmlessRole(owner, role);
  return !hasTwoRoles && (await ownsTheLog(owner)) ? [oneRoleNotice(role)] : [];
}

/**
 * A connection as the owner for one piece of work, such as the building of a table; closed when `work` is done.
 * @throws DomainError `database.owner-needed` where no owner is named and the application role may not do the work.
 */
export async function withOwner<Result>(
  options: Pick<SchemaOptions, 'url' | 'ownerUrl' | 'applicationName'>,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  const { url, key } = ownerConnection(options.url, options.ownerUrl);
  const client = new Client({ connectionString: url, application_name: options.applicationName, options: SESSION_SETTINGS });
  // Without a listener a lost connection would end the process; the statement under way tells of it.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw unreachable(url, key, error);
  }
  try {
    return await work(client);
  } catch (error) {
    if (options.ownerUrl !== undefined || !isForbidden(error)) throw error;
    throw new DomainError(
      'database.owner-needed',
      'unavailable',
      `This needs the role that owns the tables: ${messageOf(error)}. Name that role in database.owner_url.`,
    );
  } finally {
    await client.end();
  }
}

function ownerConnection(url: string, ownerUrl: string | undefined): { url: string; key: 'database.url' | 'database.owner_url' } {
  return ownerUrl === undefined ? { url, key: 'database.url' } : { url: ownerUrl, key: 'database.owner_url' };
}

/** Advisory locks belong to a database: where the two connections meet at one, they are in the same, through whatever proxies. */
async function requireSameDatabase(owner: ClientBase, pool: Pool): Promise<void> {
  const place = [MEETING_POINT, randomInt(2 ** 31)];
  await owner.query('select pg_advisory_lock($1, $2)', place);
  const { rows } = await pool.query<{ free: boolean }>('select pg_try_advisory_xact_lock($1, $2) as free', place);
  await owner.query('select pg_advisory_unlock($1, $2)', place);
  if (rows[0]?.free === false) return;
  throw new DomainError(
    'database.two-databases',
    'invalid',
    'database.url and database.owner_url lead to two different databases; let both name the same server and database, with a role each.',
  );
}

/** Before a second role was named, one role made the tables and owns them still. */
async function requireOwnTables(owner: ClientBase, role: string, ownerRole: string): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `select distinct r.rolname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
     where c.relkind in ('r', 'p') and c.relpersistence <> 't' and (r.rolname = $1 or (n.nspname = 'public' and not pg_has_role(c.relowner, 'usage')))
       and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`,
    [role],
  );
  const [other] = rows;
  if (other === undefined) return;
  const sql = `reassign owned by ${owner.escapeIdentifier(other.name)} to ${owner.escapeIdentifier(ownerRole)};`;
  throw new DomainError(
    'database.foreign-tables',
    'invalid',
    `Tables of the database belong to the role “${other.name}” and not to “${ownerRole}” of database.owner_url. As a superuser in this database, run: ${sql}`,
  );
}

async function ownsTheLog(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query(`select 1 from pg_class where oid = to_regclass('public.events') and pg_has_role(relowner, 'usage')`);
  return rows.length > 0;
}

function oneRoleNotice(role: string): string {
  return (
    `The database role “${role}” owns the tables that it works on, so that only triggers keep the log append-only: ` +
    'give database.url a role of its own and name the owner in database.owner_url (docs/how-to/several-machines.md).'
  );
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === INSUFFICIENT_PRIVILEGE;
}
