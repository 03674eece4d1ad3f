import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type AskedMoment, askedMoment, LedgerHistory, ReviewChargesHandler, RuleSweeps } from '#charges';
import { ImportQueries, ReceiveImportHandler, WithdrawImportHandler } from '#imports';
import { type BillingPeriod, billingPeriod, currency, Decimal } from '#kernel';
import { LedgerQueries, type PeriodTotals, type Posting } from '#ledger';
import { ChangePeriodHandler } from '#periods';
import { ReviewRules } from '#review-rules';
import { SplitChargesHandler } from '#splits';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../support/eventually.js';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const USD = currency('USD');
const MARCH = billingPeriod('2025-03');
const ADA = by('ada@example.edu');
const SAMPLE = 'sample_data';
const LIVE_TABLES = ['charges', 'ledger_balances', 'review_log'];

interface LiveLedger {
  readonly position: number;
  readonly totals: PeriodTotals;
  readonly postings: readonly Posting[];
}

/** What the live ledger says, and how far the log had come. */
async function live(program: TestProgram, period: BillingPeriod): Promise<LiveLedger> {
  const position = await program.services.store.lastPosition();
  await program.services.projections.waitFor(position);
  const ledger = program.get(LedgerQueries);
  return { position, totals: await ledger.totals(period, USD), postings: await ledger.postings(period, USD) };
}

function at(position: number): AskedMoment {
  return { kind: 'position', position };
}

/** The changes of the causes add up to that of their row, those of the rows to the whole, and both ends are what the ledger said then. */
async function expectToAddUp(program: TestProgram, period: BillingPeriod, from: LiveLedger, to: LiveLedger): Promise<void> {
  const difference = await program.get(LedgerHistory).difference(period, at(from.position), at(to.position));
  for (const { before, after, change, causes } of difference.rows) {
    for (const field of ['list', 'billed'] as const) {
      expect(Decimal.sum(causes.map((cause) => cause.change[field])).toString()).toBe(change[field].toString());
      expect(before[field].plus(change[field]).toString()).toBe(after[field].toString());
    }
    expect(causes.reduce((lines, cause) => lines + cause.change.lineCount, before.lineCount)).toBe(after.lineCount);
  }
  for (const [sum, ledger] of [
    [difference.before, from],
    [difference.after, to],
  ] as const) {
    expect(sum.billed.toString()).toBe(ledger.totals.billed.toString());
    expect(sum.list.toString()).toBe(ledger.totals.list.toString());
    expect(sum.lineCount).toBe(ledger.postings.reduce((lines, posting) => lines + posting.lineCount, 0));
  }
  const touched = new Set(difference.rows.map((row) => `${row.piEmail} ${row.projectId}`));
  expect(sharesOf(from, touched)).toEqual(sharesOf(to, touched));
  const wanted = difference.rows.map((row) => [row.piEmail, row.projectId, row.after.billed.toString(), row.after.fundOrgs]);
  expect(wanted).toEqual(
    difference.rows.map(({ piEmail, projectId }) => {
      const own = to.postings.filter((posting) => posting.piEmail === piEmail && posting.projectId === projectId);
      const billed = Decimal.sum(own.map((posting) => posting.billed)).toString();
      return [piEmail, projectId, billed, [...new Set(own.map((posting) => posting.fundOrg))]];
    }),
  );
}

/** Postings of what the difference does not mention. */
function sharesOf({ postings }: LiveLedger, except: ReadonlySet<string>): readonly Posting[] {
  return postings.filter(({ piEmail, projectId }) => !except.has(`${piEmail} ${projectId}`));
}

async function rowsOfLiveTables(program: TestProgram): Promise<unknown[]> {
  return Promise.all(LIVE_TABLES.map((table) => program.services.database.query(`select to_jsonb(t) as row from ${table} t order by 1`)));
}

describe.each(['2025-09', '2025-10'])('looking back at the sample month %s', (month) => {
  const period = billingPeriod(month);
  const seen: LiveLedger[] = [];
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start({ config: await readFile(join(SAMPLE, 'config.yaml'), 'utf8') });
    for (const name of (await readdir(join(SAMPLE, month))).sort()) {
      const file = await program.services.storage.put(createReadStream(join(SAMPLE, month, name)));
      const source = name.split('_')[0] ?? '';
      const request = { ...file, source, fileName: name, expectedPeriod: period, deliveryMode: null, allowPartial: false };
      const { importId } = await program.get(ReceiveImportHandler).execute(request, ADA);
      await eventually(async () => {
        await program.settle();
        return (await program.get(ImportQueries).get(importId)).state === 'recorded' ? true : undefined;
      });
      seen.push(await live(program, period));
    }
    const review = parse(await readFile(join(SAMPLE, 'review.yaml'), 'utf8')) as Record<string, Record<string, string>[]>;
    for (const { decision, reason = '', source, pi, project, note = '' } of review[month] ?? []) {
      const filter = {
        period,
        flag: reason,
        ...(source && { source }),
        ...(pi && { piEmail: pi }),
        ...(project && { projectId: project }),
      };
      await program.get(ReviewChargesHandler).dispose(decision === 'approve' ? 'approve' : 'reject', { filter }, note, ADA);
      seen.push(await live(program, period));
    }
    await program.get(ChangePeriodHandler).close(period, 'All in.', ADA);
    seen.push(await live(program, period));
  });

  afterAll(async () => {
    await program.stop();
  });

  it('shows at every moment what the live ledger showed then, to the last decimal', async () => {
    const history = program.get(LedgerHistory);
    expect(seen.length).toBeGreaterThan(10);
    for (const { position, totals, postings } of seen) {
      const then = await history.asOf(period, at(position));
      expect(then.totals, `position ${position}`).toEqual(totals);
      expect(then.postings, `position ${position}`).toEqual(postings);
    }
    const ahead = await history.asOf(period, askedMoment('2999-01-01'));
    expect(await history.asOf(period, askedMoment('now'))).toEqual(ahead);
    expect(ahead.postings).toEqual(seen.at(-1)?.postings);
    expect((await history.asOf(period, askedMoment('close'))).totals).toEqual(seen.at(-1)?.totals);
  });

  it('explains every difference to the cent', async () => {
    const [first] = seen;
    const last = seen.at(-1);
    if (first === undefined || last === undefined) throw new Error('nothing was seen');
    await expectToAddUp(program, period, first, last);
    await expectToAddUp(program, period, { ...first, position: 0, postings: [], totals: await emptyTotals() }, last);
  });

  async function emptyTotals(): Promise<PeriodTotals> {
    return (await program.get(LedgerHistory).asOf(period, at(0))).totals;
  }
});

describe('the history of a ledger', () => {
  let program: TestProgram;
  let office: Office;
  let history: LedgerHistory;

  beforeEach(async () => {
    program = await TestProgram.start({ config: 'dev_mode: true\nreview:\n  flag_patterns: [gpu]\n' });
    office = new Office(program);
    history = program.get(LedgerHistory);
    return () => program.stop();
  });

  it('says by which import or decision, by whom and why a bill changed, and who got it instead', async () => {
    await office.import(
      focusCsv([
        { billed: '10.005', list: '20' },
        { billed: '5', service: 'GPU nodes' },
      ]),
    );
    const draft = await live(program, MARCH);
    const [flagged] = (await office.charges()).filter((charge) => charge.standing === 'flagged');
    await office.decide('approve', [flagged?.id ?? ''], 'announced');
    await program
      .get(ReviewChargesHandler)
      .reattribute({ piEmail: 'Grace@example.edu', fundOrg: 'CS-200' }, { ids: [flagged?.id ?? ''] }, 'her node', by('max@example.edu'));
    await live(program, MARCH);

    const difference = await history.difference(MARCH, at(draft.position), askedMoment('now'));
    expect(
      difference.rows.map(({ piEmail, before, after, causes }) => ({
        piEmail,
        billed: [before.billed.toString(), after.billed.toString()],
        fundOrgs: after.fundOrgs,
        causes: causes.map(({ moment, change }) => [moment.text, moment.by.id, moment.note, change.billed.toString(), change.lineCount]),
      })),
    ).toEqual([
      {
        piEmail: 'ada@example.edu',
        billed: ['10.01', '10.01'],
        fundOrgs: ['MATH-100'],
        causes: [
          ['1 charge approved', 'reviewer@example.edu', 'announced', '5', 1],
          ['1 charge reattributed', 'max@example.edu', 'her node', '-5', -1],
        ],
      },
      {
        piEmail: 'grace@example.edu',
        billed: ['0', '5'],
        fundOrgs: ['CS-200'],
        causes: [['1 charge reattributed', 'max@example.edu', 'her node', '5', 1]],
      },
    ]);
    const hers = await history.difference(MARCH, at(draft.position), askedMoment('now'), { piEmail: ' GRACE@example.edu' });
    expect(hers.rows.map((row) => row.piEmail)).toEqual(['grace@example.edu']);
    expect(hers.after.billed.toString()).toBe('5');
  });

  it('names an import with its file and the person who handed it in, not the worker that read it', async () => {
    const { importId } = await office.import(focusCsv([{ billed: '1' }]));
    await program.get(WithdrawImportHandler).execute(importId, 'the wrong file', ADA);
    // What is written shows once no older transaction of the server is under way.
    await program.settle();
    const moments = await history.moments(MARCH);
    expect(moments.map(({ text, by: who, note }) => [text, who.id, note])).toEqual([
      ['Period opened', 'reviewer@example.edu', null],
      [`Import ${importId} recorded (test.csv)`, 'reviewer@example.edu', null],
      [`Import ${importId} withdrawn (test.csv)`, 'ada@example.edu', 'the wrong file'],
    ]);
  });

  it('tells a move between fund/orgs, though not a cent changed', async () => {
    await office.import(focusCsv([{ billed: '10' }]));
    const before = await live(program, MARCH);
    const [charge] = await office.charges();
    await program.get(ReviewChargesHandler).reattribute({ fundOrg: 'CS-200' }, { ids: [charge?.id ?? ''] }, null, ADA);
    await live(program, MARCH);
    const { rows } = await history.difference(MARCH, at(before.position), askedMoment('now'));
    expect(rows).toMatchObject([{ before: { fundOrgs: ['MATH-100'] }, after: { fundOrgs: ['CS-200'] }, causes: [{}] }]);
    expect(rows[0]?.change.billed.isZero()).toBe(true);
  });

  it('stands still between two events, is empty before the first, and takes what lies ahead for now', async () => {
    await office.import(focusCsv([{ billed: '10' }]));
    const { position, totals } = await live(program, MARCH);
    await office.import(focusCsv([{ billed: '7' }]), { source: 'lab' });
    await live(program, MARCH);
    expect((await history.asOf(MARCH, at(position))).totals).toEqual(totals);
    const ahead = await history.asOf(MARCH, askedMoment('2999-01-01T00:00:00Z'));
    expect(ahead.totals.billed.toString()).toBe('17');
    expect((await history.asOf(MARCH, at(999_999))).totals).toEqual(ahead.totals);
    // The clock of the test stands at 2025-11-03.
    expect((await history.asOf(MARCH, askedMoment('2025-11-03'))).totals).toEqual(ahead.totals);
    const empty = await history.asOf(MARCH, askedMoment('2025-11-02'));
    expect(empty).toMatchObject({ asOf: { position: 0, at: null }, postings: [], totals: { lineCount: 0, byStanding: [] } });
    expect((await history.difference(MARCH, askedMoment('now'), askedMoment('2999-01-01'))).rows).toEqual([]);
  });

  it('refuses a period that never was, a moment that never came, and moments the wrong way round', async () => {
    await office.import(focusCsv([{ billed: '10' }]));
    const { position } = await live(program, MARCH);
    await expect(history.asOf(billingPeriod('2031-01'), askedMoment('now'))).rejects.toMatchObject({ code: 'period.unknown' });
    await expect(history.asOf(MARCH, askedMoment('close'))).rejects.toMatchObject({ code: 'moment.unknown', kind: 'not-found' });
    await expect(history.asOf(MARCH, askedMoment('statements:3'))).rejects.toMatchObject({ code: 'moment.unknown' });
    await expect(history.difference(MARCH, at(position), at(0))).rejects.toMatchObject({ code: 'moment.order', kind: 'invalid' });
  });

  it('leaves the live tables alone, and nothing behind', async () => {
    await office.import(focusCsv([{ billed: '10' }, { billed: '5', service: 'GPU nodes' }]));
    const { position } = await live(program, MARCH);
    const before = await rowsOfLiveTables(program);
    await history.asOf(MARCH, at(position));
    await history.difference(MARCH, at(0), at(position));
    expect(await rowsOfLiveTables(program)).toEqual(before);
    await eventually(async () => ((await temporaryTables(program)) === 0 ? true : undefined));
  });

  it('adds up whatever an office does in a month', async () => {
    const amount = fc.integer({ min: -2_000, max: 20_000 }).map((thousandths) => Decimal.ofUnits(BigInt(thousandths), 3).toString());
    const row: fc.Arbitrary<FocusRow> = fc.record({
      billed: amount,
      list: amount,
      service: fc.constantFrom('Compute', 'GPU nodes'),
      resource: fc.constantFrom('a', 'b', 'c'),
      tags: fc.constantFrom(tags(), tags({ pi_email: 'bo@example.edu' }), tags({ fund_org: 'CS-200' }), tags({ project_id: '' })),
    });
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ do: fc.constant('import' as const), rows: fc.array(row, { minLength: 1, maxLength: 6 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), pick: fc.nat(20) }) },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constantFrom('approve' as const, 'reject' as const, 'restore' as const), pick: fc.nat(20) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('reattribute' as const), pick: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('split' as const, 'undo' as const, 'reflag' as const), pick: fc.nat(20) }) },
    );
    let month = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        const period = billingPeriod(`2025-${String((month % 12) + 1).padStart(2, '0')}`);
        month += 1;
        const imports: number[] = [];
        const seen: LiveLedger[] = [];
        for (const [index, done] of steps.entries()) {
          if (done.do === 'import') {
            const csv = focusCsv(done.rows.map((each) => ({ ...each, period })));
            // A blank line more each time: the same rows again are another delivery, not the same file.
            imports.push((await office.import(`${csv}${'\n'.repeat(month * 100 + index)}`)).importId);
          } else if (done.do === 'withdraw') {
            const importId = imports.splice(done.pick % Math.max(1, imports.length), 1)[0];
            if (importId !== undefined) await program.get(WithdrawImportHandler).execute(importId, 'again', ADA);
          } else if (done.do === 'split' || done.do === 'undo') await divide(done.do, period, done.pick);
          else if (done.do === 'reflag') await reflag(period, done.pick);
          else await decide(done.do, period, done.pick);
          if (index === 0) await program.services.projections.waitFor(await program.services.store.lastPosition());
          if ((await office.charges(period)).length > 0) seen.push(await live(program, period));
        }
        for (const each of seen) expect((await history.asOf(period, at(each.position))).postings).toEqual(each.postings);
        const [first] = seen;
        const last = seen.at(-1);
        if (first !== undefined && last !== undefined) await expectToAddUp(program, period, first, last);
      }),
      { numRuns: 8 },
    );
  }, 180_000);

  async function divide(what: 'split' | 'undo', period: BillingPeriod, pick: number): Promise<void> {
    const splits = program.get(SplitChargesHandler);
    const fitting = (await office.charges(period)).filter(
      ({ standing, partOf }) =>
        partOf === null && (what === 'undo' ? standing === 'split' : ['clear', 'flagged', 'approved'].includes(standing)),
    );
    const charge = fitting[pick % Math.max(1, fitting.length)];
    if (charge === undefined) return;
    const parts =
      pick % 2 === 0
        ? [{ percent: '33.3', fundOrg: 'CS-300' }, { piEmail: 'dee@example.edu' }]
        : [{ amount: '1.25' }, { projectId: 'shared' }];
    if (what === 'split') await splits.split({ selection: { ids: [charge.id] }, parts, note: null }, ADA);
    else await splits.undo([charge.id], null, ADA);
  }

  async function reflag(period: BillingPeriod, pick: number): Promise<void> {
    if ((await office.charges(period)).length === 0) return;
    await program.get(ReviewRules).change({ flagPatterns: [['gpu', '^a$', 'compute'][pick % 3] ?? ''] }, null, ADA);
    await program.get(RuleSweeps).reflag(period, { note: null, seen: undefined }, ADA);
  }

  async function decide(verb: 'approve' | 'reject' | 'restore' | 'reattribute', period: BillingPeriod, pick: number): Promise<void> {
    const review = program.get(ReviewChargesHandler);
    const standings = verb === 'restore' ? ['rejected'] : verb === 'reattribute' ? ['clear', 'flagged', 'approved'] : ['flagged'];
    const fitting = (await office.charges(period)).filter((charge) => standings.includes(charge.standing));
    const charge = fitting[pick % Math.max(1, fitting.length)];
    if (charge === undefined) return;
    if (verb === 'reattribute')
      await review.reattribute({ piEmail: 'cy@example.edu', projectId: 'orbit' }, { ids: [charge.id] }, 'moved', ADA);
    else await review.dispose(verb, { ids: [charge.id] }, null, ADA);
  }
});

async function temporaryTables(program: TestProgram): Promise<number> {
  const rows = await program.services.database.query(`select 1 from pg_class where relpersistence = 't' and relname = any($1)`, [
    LIVE_TABLES,
  ]);
  return rows.length;
}
