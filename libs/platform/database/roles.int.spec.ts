import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { JobQueues, postgresQueueBackend, prepareQueueSchema } from '#jobs';
import { DomainError } from '#kernel';
import { MIGRATIONS } from '#migrations';
import { Database } from '#platform';
import { createTestDatabase, type TestDatabase } from '#testing';

const FORBIDDEN = { code: '42501' };
const REFUSED_BY_TRIGGER = { code: '23001' };
const RECORDED = 1;
const STAGED = 2;

const FACTS = ['events', 'charge_lines', 'charge_lines_3', 'charge_line_matches', 'charge_line_withdrawals', 'journal_bookings'];
const KEPT_COLUMN: Readonly<Record<string, string>> = { events: 'version', journal_bookings: 'number' };
const CHANGES = FACTS.flatMap((table) => [
  `update ${table} set ${KEPT_COLUMN[table] ?? 'import_id'} = ${KEPT_COLUMN[table] ?? 'import_id'}`,
  `delete from ${table}`,
  `truncate ${table}`,
]);

const BOOKING = `insert into journal_bookings values ('2025-01', 1, 1, 'pi', 'MATH-1', 'hpc', '', 'ada@x.edu', 'engine', 'Compute', 1, 1)`;

const connect = (url: string, ownerUrl?: string): Promise<Database> =>
  Database.connect({ url, ownerUrl, applicationName: 'roles', migrations: MIGRATIONS, poolSize: 3 });

/** An import with an event and lines, one with lines only, and something in each of the other tables. */
async function fill(database: Database): Promise<void> {
  const ids = Array.from({ length: 40 }, (_, index) => index + 10);
  await database.query(
    `insert into charge_lines (import_id, line_no, period, service_name, currency, list_cost, amount, fingerprint, flags)
     select id, line, '2025-01', 'Compute', 'USD', 1, 1, gen_random_uuid(), '{}' from unnest($1::int[]) as id, generate_series(1, 3) as line`,
    [[RECORDED, STAGED, ...ids]],
  );
  await database.query(`insert into charge_line_matches values ($1, 1, 'unchanged', 9, 1)`, [RECORDED]);
  await database.query('insert into charge_line_withdrawals values ($1, 9, 2)', [RECORDED]);
  await database.query(BOOKING);
  await database.query(
    `insert into events (stream, version, type, schema_version, data, metadata, recorded_at, transaction_id, hash)
     select 'import-' || id, 1, 'ImportRecorded', 1, '{"periods": []}', '{}', now(), pg_current_xact_id(), '' from unnest($1::int[]) as id`,
    [[RECORDED, ...ids]],
  );
}

const linesOf = async (database: Database, importId: number): Promise<number> =>
  Number((await database.query<{ n: string }>('select count(*) as n from charge_lines where import_id = $1', [importId]))[0]?.n);

describe('the application role', () => {
  let server: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await connect(server.url, server.ownerUrl);
    await fill(database);
  });

  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it.each(CHANGES)('is denied what the owner is refused: %s', async (sql) => {
    await expect(database.query(sql)).rejects.toMatchObject(FORBIDDEN);
    await expect(database.asOwner((owner) => owner.query(sql))).rejects.toMatchObject(REFUSED_BY_TRIGGER);
  });

  it.each([
    'alter table events disable trigger all',
    'alter table charge_lines_3 disable trigger lines_obey_their_period',
    'drop table events',
    'drop function refuse_change() cascade',
    'create table own (id int)',
    'create schema own',
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
    'grant update on events to current_user',
    'set role openchargeback',
    'set session_replication_role = replica',
  ])('may not take the protection away: %s', async (sql) => {
    // A grant of what one doesn't hold is a warning where one holds anything; so what counts is that it changed nothing.
    if (!sql.startsWith('grant')) await expect(database.query(sql)).rejects.toMatchObject({ code: '42501' });
    else await database.query(sql);
    await expect(database.query('update events set version = version')).rejects.toMatchObject(FORBIDDEN);
  });

  it('may change no table that a trigger keeps append-only', async () => {
    const kept = await database.query<{ name: string; changeable: boolean }>(
      `select c.relname as name, has_table_privilege(c.oid, 'update, delete, truncate, trigger') as changeable
       from pg_class c where exists (select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgfoid = 'refuse_change'::regproc)`,
    );
    expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(FACTS));
    expect(kept.filter(({ changeable }) => changeable)).toEqual([]);
  });

  it('works on everything else, takes numbers, empties read models and makes temporary tables', async () => {
    await database.transaction(async (tx) => {
      await tx.query('create temporary table charges (like public.charges including all) on commit drop');
      await tx.query('truncate charges, ledger_balances, public.charges');
      await tx.query(`insert into periods values ('2031-01', 'open', now())`);
      await tx.query(`update periods set state = 'closed' where period = '2031-01'`);
      await tx.query(`select nextval('import_ids')`);
      await tx.query(`insert into sessions values ('a', '{}', now())`);
      await tx.query('delete from sessions');
    });
    await expect(database.query('truncate credentials')).rejects.toMatchObject(FORBIDDEN);
    await expect(database.query('delete from periods')).rejects.toMatchObject(REFUSED_BY_TRIGGER);
  });

  it('removes the lines of an import that no event speaks of, and no others', async () => {
    await expect(database.query('select discard_unrecorded_lines($1)', [RECORDED])).rejects.toMatchObject(REFUSED_BY_TRIGGER);
    expect(await linesOf(database, RECORDED)).toBe(3);
    await database.query('select discard_unrecorded_lines($1)', [STAGED]);
    expect(await linesOf(database, STAGED)).toBe(0);
    expect(await linesOf(database, 10)).toBe(3);
  });

  it('can’t hide the log from the guards behind a temporary table', async () => {
    await database
      .transaction(async (tx) => {
        await tx.query('create temporary table events (like public.events) on commit drop');
        await expect(tx.query('select discard_unrecorded_lines($1)', [RECORDED])).rejects.toMatchObject(REFUSED_BY_TRIGGER);
        throw new Error('undone');
      })
      .catch(() => undefined);
    const added = database.transaction(async (tx) => {
      await tx.query('create temporary table events (like public.events) on commit drop');
      await tx.query(
        `insert into charge_lines (import_id, line_no, period, service_name, currency, list_cost, amount, fingerprint, flags)
         values ($1, 9, '2025-01', 'Compute', 'USD', 1, 1, gen_random_uuid(), '{}')`,
        [RECORDED],
      );
    });
    await expect(added).rejects.toMatchObject(REFUSED_BY_TRIGGER);
  });

  it('waits with discarding until a recording that is under way has ended', async () => {
    const importId = 77;
    await database.query(
      `insert into charge_lines (import_id, line_no, period, service_name, currency, list_cost, amount, fingerprint, flags)
       values ($1, 1, '2025-01', 'Compute', 'USD', 1, 1, gen_random_uuid(), '{}')`,
      [importId],
    );
    let discarding: Promise<unknown> = Promise.resolve();
    await database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('import-lines:' || $1::int, 0))`, [importId]);
      discarding = database.query('select discard_unrecorded_lines($1)', [importId]);
      discarding.catch(() => undefined);
      const waiting = `select 1 from pg_locks l join pg_database d on d.oid = l.database
        where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`;
      await expect.poll(() => tx.query(waiting)).toHaveLength(1);
      await tx.query(
        `insert into events (stream, version, type, schema_version, data, metadata, recorded_at, transaction_id, hash)
         values ('import-' || $1::int, 1, 'ImportRecorded', 1, '{"periods": []}', '{}', now(), pg_current_xact_id(), '')`,
        [importId],
      );
    });
    await expect(discarding).rejects.toMatchObject(REFUSED_BY_TRIGGER);
    expect(await linesOf(database, importId)).toBe(1);
  });

  it('uses at once what the owner makes beside the tables in use', async () => {
    await database.asOwner((owner) => owner.query('create schema beside create table beside.charges (like public.charges including all)'));
    await database.query('truncate beside.charges');
    expect(await database.query('select * from beside.charges')).toEqual([]);
    await database.asOwner((owner) => owner.query('drop schema beside cascade'));
  });

  it('loses what it should not have at the next start', async () => {
    await database.asOwner((owner) =>
      owner.query(`grant update, delete on events, charge_lines_3 to openchargeback_app;
        grant execute on function discard_unrecorded_lines to public`),
    );
    await database.query('update events set version = version where false');
    const again = await connect(server.url, server.ownerUrl);
    await again.close();
    await expect(database.query('update events set version = version where false')).rejects.toMatchObject(FORBIDDEN);
    await expect(database.query('delete from charge_lines_3 where false')).rejects.toMatchObject(FORBIDDEN);
    const may = (role: string): string => `has_function_privilege('${role}', 'discard_unrecorded_lines(int)', 'execute')`;
    expect(await database.query(`select ${may('public')} as everybody, ${may('openchargeback_app')} as application`)).toEqual([
      { everybody: false, application: true },
    ]);
  });

  it('can do without the owner once the schema is up to date', async () => {
    const alone = await connect(server.url);
    expect(alone.notices).toEqual([]);
    await expect(alone.query('truncate events')).rejects.toMatchObject(FORBIDDEN);
    await expect(alone.asOwner((owner) => owner.query('create schema beside'))).rejects.toMatchObject({ code: 'database.owner-needed' });
    await alone.close();
  });

  it('starts a transaction in one round trip, in read committed', async () => {
    const query = vi.spyOn(Client.prototype, 'query');
    try {
      const level = `select current_setting('transaction_isolation') as level`;
      expect(await database.transaction((tx) => tx.query(level))).toEqual([{ level: 'read committed' }]);
      expect(query.mock.calls.map(([sql]) => sql as unknown)).toEqual(['begin', level, 'commit']);
    } finally {
      query.mockRestore();
    }
  });
});

describe('roles on a server that is not ours', () => {
  const suffix = randomUUID().slice(0, 8);
  const [owner, app] = [`owner_${suffix}`, `app_${suffix}`];
  const names: string[] = [];
  let server: TestDatabase;

  beforeAll(async () => {
    server = await createTestDatabase();
    await administer(`create role ${owner} login password 'o'`, `create role ${app} login password 'a'`);
  });

  afterAll(async () => {
    for (const name of names) await administer(`drop database ${name} with (force)`);
    await administer(`drop role ${app}`, `drop role ${owner}`);
    await server.drop();
  });

  async function administer(...statements: string[]): Promise<void> {
    await on(server.ownerUrl, ...statements);
  }

  async function on(url: string, ...statements: string[]): Promise<void> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      for (const sql of statements) await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async function emptyDatabase(belongsTo: string): Promise<{ name: string; owner: string; app: string; superuser: string }> {
    const name = `roles_${randomUUID().replaceAll('-', '')}`;
    await administer(`create database ${name} owner ${belongsTo}`);
    names.push(name);
    const as = (username: string, password: string): string =>
      Object.assign(new URL(server.ownerUrl), { pathname: name, username, password }).href;
    return { name, owner: as(owner, 'o'), app: as(app, 'a'), superuser: Object.assign(new URL(server.ownerUrl), { pathname: name }).href };
  }

  it('two ordinary roles do: one migrates, one works, on the queues too', async () => {
    const urls = await emptyDatabase(owner);
    const database = await connect(urls.app, urls.owner);
    expect([database.role, database.notices]).toEqual([app, []]);
    await expect(database.query('truncate events')).rejects.toMatchObject(FORBIDDEN);
    await expect(database.query('create table own (id int)')).rejects.toMatchObject(FORBIDDEN);
    await database.query('select discard_unrecorded_lines(1)');
    await Promise.all([prepareQueueSchema(database), prepareQueueSchema(database)]);
    const queues = new JobQueues(postgresQueueBackend(urls.app));
    await queues.enqueue([{ name: 'imports.record', id: 'import-1', data: { importId: 1 } }]);
    expect((await queues.counts()).find((row) => row.queue === 'imports')).toMatchObject({ waiting: 1 });
    await queues.close();
    await database.close();
  });

  it('one role does, held back by the triggers alone, and says so', async () => {
    const urls = await emptyDatabase(owner);
    const database = await connect(urls.owner);
    expect(database.notices).toEqual([expect.stringMatching(new RegExp(`“${owner}” owns the tables.*database.owner_url`))]);
    await fill(database);
    for (const sql of CHANGES) await expect(database.query(sql)).rejects.toMatchObject(REFUSED_BY_TRIGGER);
    await database.query('select discard_unrecorded_lines($1)', [STAGED]);
    expect(await linesOf(database, STAGED)).toBe(0);
    await prepareQueueSchema(database);
    await database.close();

    // The second role comes later: the one that owns the tables stays the owner.
    const later = await connect(urls.app, urls.owner);
    await expect(later.query('truncate events')).rejects.toMatchObject(FORBIDDEN);
    await prepareQueueSchema(later);
    await later.query('select count(*) from bullmq.job');
    await later.close();
  });

  it('says how to mend tables that belong to the role that now only works on them', async () => {
    const urls = await emptyDatabase(app);
    const before = await connect(urls.app);
    await prepareQueueSchema(before);
    await before.close();
    const attempt = connect(urls.app, urls.owner);
    await expect(attempt).rejects.toMatchObject({ code: 'database.foreign-tables' });
    const detail = await attempt.then(
      () => '',
      (error: unknown) => (error instanceof DomainError ? error.detail : ''),
    );
    const sql = /reassign owned by .+;/.exec(detail)?.[0] ?? '';
    expect(sql).toBe(`reassign owned by "${app}" to "${owner}";`);
    await on(urls.superuser, sql);
    const after = await connect(urls.app, urls.owner);
    await expect(after.query('truncate events')).rejects.toMatchObject(FORBIDDEN);
    await prepareQueueSchema(after);
    await after.close();
  });

  it('refuses an application role that could get round its privileges, with what mends it', async () => {
    const urls = await emptyDatabase(owner);
    await (await connect(urls.app, urls.owner)).close();
    const holes: [sql: string, mend: RegExp, undo: string][] = [
      [`grant ${owner} to ${app}`, /revoke "owner_\w+" from "app_\w+";$/, `revoke ${owner} from ${app}`],
      [`alter role ${app} superuser`, /alter role "app_\w+" nosuperuser;$/, `alter role ${app} nosuperuser`],
      [
        `alter database ${urls.name} owner to ${app}`,
        /alter database "roles_\w+" owner to "owner_\w+";$/,
        `alter database ${urls.name} owner to ${owner}`,
      ],
      [`grant delete on events to public`, /revoke update, delete, truncate, trigger on events/, `revoke delete on events from public`],
    ];
    for (const [sql, mend, undo] of holes) {
      await on(urls.superuser, sql);
      await expect(connect(urls.app, urls.owner)).rejects.toMatchObject({
        code: 'database.application-role',
        detail: expect.stringMatching(mend) as string,
      });
      await on(urls.superuser, undo);
    }
    await (await connect(urls.app, urls.owner)).close();
  });

  it('notices that the two roles are in two databases', async () => {
    const [one, other] = [await emptyDatabase(owner), await emptyDatabase(owner)];
    await expect(connect(one.app, other.owner)).rejects.toMatchObject({ code: 'database.two-databases' });
  });

  it('says what an owner without rights lacks', async () => {
    const urls = await emptyDatabase('openchargeback');
    await expect(connect(urls.app, urls.owner)).rejects.toMatchObject({
      code: 'database.owner-rights',
      detail: expect.stringMatching(/permission denied for schema public.*owner of the database/) as string,
    });
  });
});
