import { Client, type ClientBase } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { ChangePeriodHandler } from '#periods';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const ADMIN = by('admin@example.edu');
const CLOSED = billingPeriod('2025-02');
const FINALIZED = billingPeriod('2025-03');
const OPEN = billingPeriod('2025-04');
const REFUSED = '23001';

const RECORDING = ['ImportRecorded', 'ImportWithdrawn'];
const DECIDING = ['ChargesApproved', 'ChargesRejected', 'ChargesRestored', 'ChargesReattributed', 'ChargesReflagged'];
const CHANGING = ['PeriodOpened', 'PeriodClosed', 'PeriodReopened', 'PeriodFinalized'];

/** Somebody at the database itself, past every handler: as the role that the program works as, and as the owner of the tables. */
describe('periods, at the database', () => {
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start();
    const office = new Office(program);
    for (const period of [CLOSED, FINALIZED, OPEN]) {
      await office.import(focusCsv([{ billed: '10', period }]));
      if (period === OPEN) continue;
      await program.get(ChangePeriodHandler).close(period, null, ADMIN);
      if (period === FINALIZED) await program.get(ChangePeriodHandler).finalize(period, null, { reason: 'a test' }, ADMIN);
    }
    await program.settle();
  });

  afterAll(() => program.stop());

  async function connect(role: 'application' | 'owner'): Promise<Client> {
    const { url, ownerUrl } = program.services.config.database;
    const client = new Client({ connectionString: role === 'owner' ? ownerUrl : url });
    await client.connect();
    return client;
  }

  const line = (period: string): string =>
    `insert into charge_lines (import_id, line_no, period, service_name, currency, list_cost, amount, fingerprint, flags)
     values (999, 1, '${period}', 'Compute', 'USD', 1, 1, gen_random_uuid(), '{}')`;

  const event = (type: string, period: string): string =>
    `insert into events (stream, version, type, schema_version, data, metadata, recorded_at, transaction_id, hash)
     values ('by-hand', 1, '${type}', 1, '{"period": "${period}", "periods": ["${OPEN}", "${period}"]}', '{}', now(), pg_current_xact_id(), '')`;

  describe.each(['application', 'owner'] as const)('as the %s role', (role) => {
    let client: Client;

    beforeAll(async () => {
      client = await connect(role);
    });
    afterAll(() => client.end());

    /** What is not refused leaves nothing behind. */
    async function attempt(sql: string): Promise<string> {
      await client.query('begin');
      try {
        await client.query(sql);
        return 'done';
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error)) throw error;
        return `${String(error.code)} ${error.message}`;
      } finally {
        await client.query('rollback');
      }
    }

    it('a charge line goes into an open period only, also straight into its partition', async () => {
      expect(await attempt(line(OPEN))).toBe('done');
      expect(await attempt(line(CLOSED))).toBe(`${REFUSED} charge lines are refused: period 2025-02 is closed`);
      expect(await attempt(line(FINALIZED))).toBe(`${REFUSED} charge lines are refused: period 2025-03 is finalized`);
      const { rows } = await client.query<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits
         where inhparent = 'charge_lines'::regclass and satisfies_hash_partition('charge_lines'::regclass, 8, right(inhrelid::regclass::text, 1)::int, 999)`,
      );
      expect(await attempt(line(OPEN).replace('charge_lines', rows[0]?.name ?? ''))).toBe('done');
      expect(await attempt(line(FINALIZED).replace('charge_lines', rows[0]?.name ?? ''))).toMatch(/period 2025-03 is finalized$/);
    });

    it.each(RECORDING)('%s needs open periods', async (type) => {
      expect(await attempt(event(type, OPEN))).toBe('done');
      expect(await attempt(event(type, CLOSED))).toBe(`${REFUSED} ${type} is refused: period 2025-02 is closed`);
      expect(await attempt(event(type, FINALIZED))).toBe(`${REFUSED} ${type} is refused: period 2025-03 is finalized`);
    });

    it.each([...DECIDING, ...CHANGING])('%s needs a period that is not finalized', async (type) => {
      expect(await attempt(event(type, CLOSED))).toBe('done');
      expect(await attempt(event(type, FINALIZED))).toBe(`${REFUSED} ${type} is refused: period 2025-03 is finalized`);
    });

    it('a finalized period is not turned back, taken away or changed', async () => {
      for (const change of [`state = 'open'`, `state = 'closed'`, `notes = 'x'`, `finalized_at = null`, `period = '2025-09'`]) {
        expect(await attempt(`update periods set ${change} where period = '${FINALIZED}'`), change).toBe(
          `${REFUSED} period 2025-03 is finalized, for ever: a change is refused`,
        );
      }
      expect(await attempt(`delete from periods where period = '${FINALIZED}'`)).toBe(`${REFUSED} periods stay: delete is refused`);
      expect(await attempt('truncate periods')).toMatch(role === 'owner' ? /^23001/ : /^42501/);
    });

    it('a period takes the way from open by closed to finalized, and no other', async () => {
      const into = (period: string, state: string): Promise<string> =>
        attempt(`update periods set state = '${state}' where period = '${period}'`);
      expect(await into(OPEN, 'closed')).toBe('done');
      expect(await into(CLOSED, 'open')).toBe('done');
      expect(await into(CLOSED, 'finalized')).toBe('done');
      expect(await into(OPEN, 'finalized')).toMatch(/^23001 period 2025-04 is open/);
    });
  });

  it.each([...RECORDING.map((type) => [type, OPEN] as const), ...DECIDING.map((type) => [type, CLOSED] as const)])(
    '%s that is under way makes who changes the period wait, and comes too late where they were first',
    async (type, period) => {
      const [appending, changing] = [await connect('application'), await connect('application')];
      const change = `update periods set state = '${period === OPEN ? 'closed' : 'finalized'}' where period = '${period}'`;
      try {
        await appending.query('begin');
        await appending.query(event(type, period));
        await changing.query(`begin; set local lock_timeout = '200ms'`);
        await expect(changing.query(change)).rejects.toMatchObject({ code: '55P03' });
        await Promise.all([appending, changing].map((client) => client.query('rollback')));

        await changing.query('begin');
        await changing.query(change);
        await appending.query('begin');
        const waiting = await backendOf(appending);
        const late = appending.query(event(type, period)).then(
          () => 'appended',
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        await waitsForLock(waiting);
        await changing.query('commit');
        expect(await late).toMatch(period === OPEN ? /is closed$/ : /is finalized$/);
      } finally {
        await appending.end();
        await changing.end();
        await program.services.database.asOwner((owner) => restore(owner, period));
      }
    },
  );

  async function waitsForLock(backend: number): Promise<void> {
    await eventually(async () => {
      const [row] = await program.services.database.query<{ waits: boolean }>('select cardinality(pg_blocking_pids($1)) > 0 as waits', [
        backend,
      ]);
      return row?.waits === true ? true : undefined;
    });
  }
});

async function backendOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

/** As it was, for the next of these tests. */
async function restore(owner: ClientBase, period: string): Promise<void> {
  await owner.query(`set session_replication_role = replica`);
  await owner.query(`update periods set state = $2 where period = $1`, [period, period === OPEN ? 'open' : 'closed']);
}
