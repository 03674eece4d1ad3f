import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { VerifyAuditHandler } from '#audit';
import { tableDifferences } from '../faults/compare/differences.js';
import { dumpExactly } from '../faults/compare/read-models.js';
import { Random } from '../faults/random.js';
import { ApiClient, type ApiProblem } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { PeriodRace, RACE_VERBS } from '../support/period-race.js';
import { TestApi } from '../support/test-api.js';

declare module 'vitest' {
  export interface ProvidedContext {
    raceSeconds: number | undefined;
  }
}

const SEED = 20_250_301;
const CLIENTS = 50;
const SECONDS = inject('raceSeconds') ?? 6;
/** Before that nobody finalizes, so that there is a race to be had; after it most of what is tried is refused. */
const SHARE_BEFORE_FINALIZING = 0.5;
/** If no client found a moment in which nothing waited, one that goes on alone will. */
const LATE_SECONDS = 4;
const LONGEST_SECONDS = SECONDS + 60;
const PERIOD = '2025-03';
const LEDGER_EVENTS = [
  ...['ImportRecorded', 'ImportWithdrawn', 'ChargesApproved', 'ChargesRejected', 'ChargesRestored', 'ChargesReattributed'],
  ...['ChargesReflagged', 'ChargesSplit', 'SplitsUndone'],
];

interface LoggedEvent {
  readonly position: number;
  readonly type: string;
}

/** domain.md §4, and invariants 3 and 5 of design.md, while fifty people are at one period. */
describe(`fifty clients at one period for ${SECONDS} s`, { timeout: (LONGEST_SECONDS + 180) * 1000 }, () => {
  let api: TestApi;
  let race: PeriodRace;

  beforeAll(
    async () => {
      api = await TestApi.start({ config: 'dev_mode: true\nreview:\n  flag_patterns: [gpu]\n' });
      race = new PeriodRace({ period: PERIOD, folder: api.own.folder, random: new Random(SEED) });
      const admin = await api.signedIn('admin');
      await admin.post('/periods', { period: PERIOD });
      // Imports divide charges too.
      const parts = [
        { percent: '50', fundOrg: 'MATH-200' },
        { percent: '50', piEmail: 'bo@example.edu' },
      ];
      await admin.post('/attribution-rules', { name: 'a shared node', match: { resourceId: 'node-3' }, parts });
      await race.try('import', admin);
      // Each has a session of its own, as in as many browsers.
      const clients = Array.from({ length: CLIENTS }, () => new ApiClient(api.url));
      for (const client of clients) await client.signIn('admin@example.edu', 'a perfectly long password');

      const beganAt = performance.now();
      const passed = (): number => (performance.now() - beganAt) / 1000;
      const finalized = (): boolean => race.done('finalize') > 0;
      // Imports are refused later, when they are read.
      const allRefused = (): boolean => RACE_VERBS.every((verb) => verb === 'import' || race.refused(verb) > 0);
      const rules = {
        isOver: (): boolean => (passed() >= SECONDS && finalized() && allRefused()) || passed() >= LONGEST_SECONDS,
        isLate: (): boolean => !finalized() && passed() >= SECONDS + LATE_SECONDS,
        mayFinalize: (): boolean =>
          passed() >= SECONDS * SHARE_BEFORE_FINALIZING && RACE_VERBS.every((verb) => verb === 'finalize' || race.done(verb) > 0),
      };
      await Promise.all(clients.map((client, index) => race.takePart(client, rules, index === 0)));
      await eventually(async () => {
        const [row] = await database<{ waiting: number }>(
          `select count(*)::int as waiting from events r where r.type = 'ImportReceived'
           and not exists (select 1 from events o where o.stream = r.stream and o.version = 2)`,
        );
        return row?.waiting === 0 ? true : undefined;
      }, 120_000);
      await api.own.services.projections.waitFor(await api.own.services.store.lastPosition());
    },
    (LONGEST_SECONDS + 240) * 1000,
  );

  afterAll(() => api.stop());

  const database = <Row>(sql: string): Promise<Row[]> => api.own.services.database.query<Row>(sql);

  it('had something of every kind done, and something of every kind refused', () => {
    const counts = RACE_VERBS.map((verb) => {
      const done = race.done(verb);
      return { verb, done, refused: race.refused(verb) };
    });
    for (const { verb, done } of counts) expect(done, `${verb} done`).toBeGreaterThan(0);
    for (const { verb, refused } of counts.filter((count) => count.verb !== 'import'))
      expect(refused, `${verb} refused`).toBeGreaterThan(0);
    expect(race.done('finalize')).toBe(1);
  });

  it('divided charges by hand and by the rule, and flagged some again', async () => {
    const [row] = await database<{ byHand: number; byRule: number; undone: number; reflagged: number }>(
      `select count(*) filter (where type = 'ChargesSplit' and data -> 'importId' = 'null')::int as "byHand",
         count(*) filter (where type = 'ChargesSplit' and data -> 'rule' <> 'null')::int as "byRule",
         count(*) filter (where type = 'SplitsUndone')::int as undone, count(*) filter (where type = 'ChargesReflagged')::int as reflagged from events`,
    );
    for (const [what, count] of Object.entries(row ?? {})) expect(count, what).toBeGreaterThan(0);
  });

  it('answered every refusal with 409 and a reason', () => {
    const refusals = race.calls.flatMap(({ verb, refusal }) => (refusal === null || hadNothingToDo(refusal) ? [] : [{ verb, refusal }]));
    const odd = refusals.filter(({ refusal: { status, code, message } }) => status !== 409 || code === 'unknown' || message.length < 20);
    expect(odd.map(({ verb, refusal }) => `${verb}: ${refusal.message}`)).toEqual([]);
    expect(new Set(refusals.map(({ refusal }) => refusal.code))).toContain('period.wrong-state');
  });

  it('recorded or refused every import it had taken in, and said of each refused one which period was shut', async () => {
    const outcomes = await database<{ type: string; code: string | null; reason: string | null }>(
      `select type, data ->> 'code' as code, data ->> 'reason' as reason from events where stream like 'import-%' and version = 2`,
    );
    expect(outcomes).toHaveLength(new Set(race.importIds).size);
    const refused = outcomes.filter(({ type }) => type !== 'ImportRecorded');
    expect(refused.length).toBeGreaterThan(0);
    for (const { type, code, reason } of refused) {
      expect(type).toBe('ImportRefused');
      expect(['period.wrong-state', 'import.period-shut']).toContain(code);
      expect(reason).toMatch(/2025-03.* (closed|finalized)/);
    }
  });

  it('appended nothing of the period’s ledger after the end, whether by position or in the order of readers', async () => {
    const late = await database<LoggedEvent>(
      `select e.position::int, e.type from events e, events f
       where f.type = 'PeriodFinalized' and f.data ->> 'period' = '${PERIOD}' and e.type = any('{${LEDGER_EVENTS.join(',')}}')
         and (e.data ->> 'period' = '${PERIOD}' or e.data -> 'periods' ? '${PERIOD}')
         and (e.position > f.position or (e.transaction_id, e.position) > (f.transaction_id, f.position))`,
    );
    expect(late).toEqual([]);
  });

  it('recorded and withdrew imports in open periods only, and took every step from the state that it needs', async () => {
    const events = await database<LoggedEvent>(
      `select position::int, type from events where data ->> 'period' = '${PERIOD}' or data -> 'periods' ? '${PERIOD}' order by transaction_id, position`,
    );
    let state = 'absent';
    for (const { position, type } of events) {
      const step = STEPS[type];
      if (step === undefined) continue;
      expect(step.from, `${type} at ${position}`).toContain(state);
      state = step.to ?? state;
    }
    expect(state).toBe('finalized');
    expect(await api.app.get(VerifyAuditHandler).verify(undefined)).toMatchObject({ findings: [] });
  });

  it('has the read models that a rebuild makes of the log', async () => {
    const { database: postgres, projections } = api.own.services;
    const held = await dumpExactly(postgres);
    for (const name of projections.names) await projections.rebuild(name);
    expect(tableDifferences(held, await dumpExactly(postgres), 'rebuilt')).toEqual([]);
    expect(held.get('charges')?.length).toBeGreaterThan(0);
    expect(held.get('ledger_balances')?.length).toBeGreaterThan(0);
  });
});

/** Another client decided on the last of them a moment before: nothing is refused where nothing matches. */
function hadNothingToDo({ status, code }: ApiProblem): boolean {
  return status === 404 && code === 'charge.none-chosen';
}

/** Which state an event needs, and which it brings about. */
const STEPS: Readonly<Record<string, { readonly from: readonly string[]; readonly to?: string }>> = {
  PeriodOpened: { from: ['absent'], to: 'open' },
  PeriodClosed: { from: ['open'], to: 'closed' },
  PeriodReopened: { from: ['closed'], to: 'open' },
  PeriodFinalized: { from: ['closed'], to: 'finalized' },
  ImportRecorded: { from: ['open'] },
  ImportWithdrawn: { from: ['open'] },
  ChargesApproved: { from: ['open', 'closed'] },
  ChargesRejected: { from: ['open', 'closed'] },
  ChargesRestored: { from: ['open', 'closed'] },
  ChargesReattributed: { from: ['open', 'closed'] },
  ChargesReflagged: { from: ['open', 'closed'] },
  ChargesSplit: { from: ['open', 'closed'] },
  SplitsUndone: { from: ['open', 'closed'] },
};
