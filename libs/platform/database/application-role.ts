import type { ClientBase } from 'pg';
import { DomainError } from '#kernel';
import { MIGRATIONS_TABLE } from './connection.js';

/** Rows are added and read, never changed or removed (docs/adr/0008). A partition has the privileges of its table. */
const FACTS: readonly string[] = [
  'events',
  'charge_lines',
  'charge_line_matches',
  'charge_line_withdrawals',
  'journal_bookings',
  'log_epochs',
];
/** Kept row by row; every table that stands in no list is a read model, which may also be emptied at a stroke. */
const STATE: readonly string[] = [
  'projections',
  'projection_rebuilds',
  'periods',
  'credentials',
  'sessions',
  'sign_in_throttle',
  'restated_lines',
];
/** Run with the rights of the owner: the one way by which charge lines may go. */
const FUNCTIONS: readonly string[] = ['discard_unrecorded_lines(int)'];

const ADD = ['SELECT', 'INSERT'] as const;
const CHANGE = [...ADD, 'UPDATE', 'DELETE'] as const;
const EMPTY = [...CHANGE, 'TRUNCATE'] as const;

function privilegesOn(table: string): readonly string[] {
  if (FACTS.includes(table)) return ADD;
  if (table === MIGRATIONS_TABLE) return ['SELECT'];
  return STATE.includes(table) ? CHANGE : EMPTY;
}

interface Relation {
  name: string;
  table: string;
  is_sequence: boolean;
  held: string[];
}

/**
 * Gives the application role what it needs on the owner's tables and takes away what it must not have. Only differences become
 * statements, so that a start of the program normally changes nothing. To be called as the owner, under the lock of the migrations.
 */
export async function grantToApplication(owner: ClientBase, role: string): Promise<void> {
  const to = owner.escapeIdentifier(role);
  const statements = [...(await onDatabase(owner, role, to)), ...(await onRelations(owner, to)), ...(await onFunctions(owner, role, to))];
  statements.push(...(await onFutureTables(owner, to)));
  if (statements.length > 0) await owner.query(statements.join(';\n'));
}

async function onDatabase(owner: ClientBase, role: string, to: string): Promise<string[]> {
  const { rows } = await owner.query<{ database: string; connects: boolean; sees: boolean; creates: boolean }>(
    `select current_database() as database, has_schema_privilege($1, 'public', 'usage') as sees, has_schema_privilege($1, 'public', 'create') as creates,
            has_database_privilege($1, current_database(), 'connect') and has_database_privilege($1, current_database(), 'temporary') as connects`,
    [role],
  );
  return rows.flatMap(({ database, connects, sees, creates }) => [
    ...(connects ? [] : [`grant connect, temporary on database ${owner.escapeIdentifier(database)} to ${to}`]),
    ...(sees ? [] : [`grant usage on schema public to ${to}`]),
    ...(creates ? [`revoke create on schema public from public, ${to}`] : []),
  ]);
}

async function onRelations(owner: ClientBase, to: string): Promise<string[]> {
  // The sequence behind an identity column is used with the rights of its table.
  const { rows } = await owner.query<Relation>(
    `select c.relname as name, coalesce(p.relname, c.relname) as "table", c.relkind = 'S' as is_sequence,
            array(select a.privilege_type from aclexplode(c.relacl) a where a.grantee = $1::regrole) as held
     from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S') and pg_has_role(c.relowner, 'usage')
       and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i' and c.relkind = 'S')
     order by c.oid`,
    [to],
  );
  return rows.flatMap(({ name, table, is_sequence, held }) => {
    const wanted = is_sequence ? ['USAGE'] : privilegesOn(table);
    const on = `on ${is_sequence ? 'sequence ' : ''}public.${owner.escapeIdentifier(name)}`;
    const [missing, excess] = [wanted.filter((one) => !held.includes(one)), held.filter((one) => !wanted.includes(one))];
    return [
      ...(missing.length > 0 ? [`grant ${missing.join(', ')} ${on} to ${to}`] : []),
      ...(excess.length > 0 ? [`revoke ${excess.join(', ')} ${on} from ${to}`] : []),
    ];
  });
}

async function onFunctions(owner: ClientBase, role: string, to: string): Promise<string[]> {
  // A dump that is restored without its privileges leaves them to everybody.
  const { rows } = await owner.query<{ name: string; is_granted: boolean; is_open: boolean }>(
    `select name, has_function_privilege($1, oid, 'execute') as is_granted, has_function_privilege('public', oid, 'execute') as is_open
     from unnest($2::text[]) as name, to_regprocedure('public.' || name) as oid where oid is not null`,
    [role, FUNCTIONS],
  );
  return rows.flatMap(({ name, is_granted, is_open }) => [
    ...(is_open ? [`revoke execute on function public.${name} from public`] : []),
    ...(is_open || !is_granted ? [`grant execute on function public.${name} to ${to}`] : []),
  ]);
}

/** A read model that is rebuilt lies in new tables in a schema of its own, and must serve the moment it takes its place. */
async function onFutureTables(owner: ClientBase, to: string): Promise<string[]> {
  const { rows } = await owner.query<{ kind: string; privilege: string }>(
    `select d.defaclobjtype as kind, a.privilege_type as privilege from pg_default_acl d, aclexplode(d.defaclacl) a
     where d.defaclrole = current_user::regrole and d.defaclnamespace = 0 and a.grantee = $1::regrole`,
    [to],
  );
  const isMissing = (kind: string, privilege: string): boolean => !rows.some((row) => row.kind === kind && row.privilege === privilege);
  return [
    ...(EMPTY.some((privilege) => isMissing('r', privilege))
      ? [`alter default privileges grant ${EMPTY.join(', ')} on tables to ${to}`]
      : []),
    ...(isMissing('n', 'USAGE') ? [`alter default privileges grant usage on schemas to ${to}`] : []),
  ];
}

interface Findings {
  may_become_owner: boolean;
  is_superuser: boolean;
  owns_schema: boolean;
  owns_database: boolean;
  may_create: boolean;
  changeable: string[];
}

/**
 * Privileges mean nothing for a role that can get round them.
 * @throws DomainError `database.application-role`, with the SQL that mends each finding.
 */
export async function requireHarmlessRole(owner: ClientBase, role: string): Promise<void> {
  const { rows } = await owner.query<Findings & { owner: string; database: string }>(
    `select current_user as owner, current_database() as database, r.rolsuper as is_superuser,
            pg_has_role(r.oid, current_user, 'member') as may_become_owner,
            (select pg_has_role(r.oid, n.nspowner, 'member') from pg_namespace n where n.nspname = 'public') as owns_schema,
            (select pg_has_role(r.oid, d.datdba, 'member') from pg_database d where d.datname = current_database()) as owns_database,
            has_schema_privilege(r.oid, 'public', 'create') as may_create,
            array(select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = any($2)
                    and has_table_privilege(r.oid, c.oid, 'update, delete, truncate, trigger')) as changeable
     from pg_roles r where r.rolname = $1`,
    [role, FACTS],
  );
  const [found] = rows;
  if (found === undefined) throw new Error(`the role ${role} is not in pg_roles`);
  const [app = '', owning = '', database = ''] = [role, found.owner, found.database].map((name) => owner.escapeIdentifier(name));
  const findings: readonly (readonly [boolean, string, string])[] = [
    [found.is_superuser, 'it is a superuser', `alter role ${app} nosuperuser`],
    [found.may_become_owner, 'it is a member of the owner’s role', `revoke ${owning} from ${app}`],
    [found.owns_database, 'it owns the database', `alter database ${database} owner to ${owning}`],
    [found.owns_schema, 'it owns the schema public', `alter schema public owner to ${owning}`],
    [found.may_create, 'it may create tables in the schema public', `revoke create on schema public from public, ${app}`],
    [
      found.changeable.length > 0,
      `it may change ${found.changeable.join(', ')}`,
      `revoke update, delete, truncate, trigger on ${found.changeable.join(', ')} from public, ${app}`,
    ],
  ];
  const finding = findings.find(([holds]) => holds);
  if (finding === undefined) return;
  const [, what, sql] = finding;
  throw new DomainError(
    'database.application-role',
    'invalid',
    `The role “${role}” of database.url could change what is recorded: ${what}. As a superuser, run: ${sql};`,
  );
}
