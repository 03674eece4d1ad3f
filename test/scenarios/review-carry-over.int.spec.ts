import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChargeRow, ReviewChargesHandler } from '#charges';
import { by, TestProgram } from '#testing/program';
import { focusCsv, type FocusRow, tags } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const REVIEWER = by('reviewer@example.edu');

/**
 * What a reviewer did between the two files. The line of the first file costs 10, and has two reasons for review (`gpu`, `disk`) where there is anything
 * to decide, and none where a clear charge was reattributed.
 */
const DISPOSITIONS = ['none', 'approved', 'rejected', 'reattributed', 'reattributed and approved', 'reattributed clear', 'mended'] as const;
type Disposition = (typeof DISPOSITIONS)[number];

/** How the line stands in the second file. */
const OUTCOMES = [
  'unchanged',
  'as much',
  'less',
  'more',
  'new flag',
  'fewer flags',
  'no flags',
  'less, new flag',
  'more, fewer flags',
] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Standing and PI of the charge that stands in the end: `ada` as the files say, `grace` as the reviewer set. */
type Expected = readonly [standing: string, pi: 'ada' | 'grace'];

/** Carried over, as §2 of the domain says: always to an unchanged line, to a revised one only without new flag and without a higher amount. */
const CARRIED: Readonly<Record<Disposition, Expected>> = {
  none: ['flagged', 'ada'],
  approved: ['approved', 'ada'],
  rejected: ['rejected', 'ada'],
  reattributed: ['flagged', 'grace'],
  'reattributed and approved': ['approved', 'grace'],
  'reattributed clear': ['clear', 'grace'],
  mended: ['approved', 'grace'],
};
/** Not carried over: the line stands as its file says. */
const ANEW: Readonly<Record<Disposition, Expected>> = {
  none: ['flagged', 'ada'],
  approved: ['flagged', 'ada'],
  rejected: ['flagged', 'ada'],
  reattributed: ['flagged', 'ada'],
  'reattributed and approved': ['flagged', 'ada'],
  'reattributed clear': ['clear', 'ada'],
  mended: ['flagged', 'ada'],
};
/** The source itself supplied what was missing. */
const ANEW_WITH_FEWER: Readonly<Record<Disposition, Expected>> = { ...ANEW, mended: ['clear', 'ada'] };
/** Every reason is gone: what waited for nothing else is billed, as it is when a reattribution mends the last reason. */
const CARRIED_WITHOUT_FLAGS: Readonly<Record<Disposition, Expected>> = {
  ...CARRIED,
  none: ['clear', 'ada'],
  reattributed: ['approved', 'grace'],
};
const ANEW_WITHOUT_FLAGS: Readonly<Record<Disposition, Expected>> = {
  none: ['clear', 'ada'],
  approved: ['clear', 'ada'],
  rejected: ['clear', 'ada'],
  reattributed: ['clear', 'ada'],
  'reattributed and approved': ['clear', 'ada'],
  'reattributed clear': ['clear', 'ada'],
  mended: ['clear', 'ada'],
};
const FLAGGED_ANEW: Readonly<Record<Disposition, Expected>> = { ...ANEW, 'reattributed clear': ['flagged', 'ada'] };

/** What each outcome makes of each disposition in modes that match lines. */
const MATCHED: Readonly<Record<Outcome, Readonly<Record<Disposition, Expected>>>> = {
  unchanged: CARRIED,
  'as much': CARRIED,
  less: CARRIED,
  more: ANEW,
  'new flag': FLAGGED_ANEW,
  'fewer flags': CARRIED,
  'no flags': CARRIED_WITHOUT_FLAGS,
  'less, new flag': FLAGGED_ANEW,
  'more, fewer flags': ANEW_WITH_FEWER,
};

/** A line that is new stands as its own flags say, whatever was decided on others. */
const NEW: Readonly<Record<Outcome, Readonly<Record<Disposition, Expected>>>> = {
  unchanged: ANEW,
  'as much': ANEW,
  less: ANEW,
  more: ANEW,
  'new flag': FLAGGED_ANEW,
  'fewer flags': ANEW_WITH_FEWER,
  'no flags': ANEW_WITHOUT_FLAGS,
  'less, new flag': FLAGGED_ANEW,
  'more, fewer flags': ANEW_WITH_FEWER,
};

const WAS = '10';
const AMOUNTS: Readonly<Record<Outcome, string>> = {
  unchanged: WAS,
  'as much': WAS,
  less: '9.99',
  more: '10.01',
  'new flag': WAS,
  'fewer flags': WAS,
  'no flags': WAS,
  'less, new flag': '9.99',
  'more, fewer flags': '10.01',
};

const CASES = DISPOSITIONS.flatMap((disposition) =>
  OUTCOMES.map((outcome) => ({ disposition, outcome, line: `${disposition}: ${outcome}` })),
);
type Case = (typeof CASES)[number];

/** Services tell the flags by pattern; the PI is missing where the reviewer mends that. */
function before({ disposition, line }: Case): FocusRow {
  const isMended = disposition === 'mended';
  const service = disposition === 'reattributed clear' || isMended ? 'Plain' : 'gpu with disk';
  return { billed: WAS, resource: line, service, tags: isMended ? tags({ fund_org: '' }) : tags() };
}

function after(each: Case): FocusRow {
  const was = before(each);
  const row = { ...was, billed: AMOUNTS[each.outcome] };
  switch (each.outcome) {
    case 'unchanged':
    case 'less':
    case 'more':
      return row;
    case 'as much':
      // The list price is part of what a statement shows: the line is revised.
      return { ...row, list: '11' };
    case 'new flag':
    case 'less, new flag':
      return { ...row, service: `${was.service ?? ''} and tape` };
    case 'no flags':
      return { ...row, service: 'Plain', tags: tags(), list: '11' };
    case 'fewer flags':
    case 'more, fewer flags':
      return was.service === 'Plain' ? { ...row, tags: tags() } : { ...row, service: 'gpu alone' };
  }
}

describe.each(['merge', 'replace', 'append'] as const)('a decision, when the source is imported again in mode %s', (mode) => {
  let program: TestProgram;
  let first: ReadonlyMap<string, ChargeRow>;
  let second: ReadonlyMap<string, readonly ChargeRow[]>;

  beforeAll(async () => {
    program = await TestProgram.start({
      config: [
        'dev_mode: true',
        'review:',
        '  flag_patterns: ["gpu ", disk, tape]',
        'imports: {known_sources: [{name: hpc, line_id_column: ResourceId}]}',
        '',
      ].join('\n'),
    });
    const office = new Office(program);
    await office.import(focusCsv(CASES.map(before)));
    first = new Map((await office.charges()).map((charge) => [charge.resourceId ?? '', charge]));
    const review = program.get(ReviewChargesHandler);
    const ids = (...dispositions: readonly Disposition[]): { ids: string[] } => ({
      ids: CASES.filter(({ disposition }) => dispositions.includes(disposition)).map(({ line }) => first.get(line)?.id ?? ''),
    });
    const grace = { piEmail: 'grace@example.edu' };
    await review.reattribute(grace, ids('reattributed', 'reattributed and approved', 'reattributed clear'), null, REVIEWER);
    await review.reattribute({ ...grace, fundOrg: 'CS-200' }, ids('mended'), null, REVIEWER);
    await review.dispose('approve', ids('approved', 'reattributed and approved'), null, REVIEWER);
    await review.dispose('reject', ids('rejected'), null, REVIEWER);
    await office.import(`${focusCsv(CASES.map(after))}\n`, { mode });
    const standing = (await office.charges()).filter((charge) => charge.standing !== 'superseded');
    second = new Map(CASES.map(({ line }) => [line, standing.filter((charge) => charge.resourceId === line)]));
  }, 60_000);

  afterAll(() => program.stop());

  it.each(CASES)('$line', ({ line, disposition, outcome }) => {
    const found = (second.get(line) ?? []).map(({ standing, piEmail, amount }) => [standing, piEmail.split('@')[0], amount] as const);
    if (mode === 'append') {
      expect(found).toEqual([
        [...CARRIED[disposition], WAS],
        [...NEW[outcome][disposition], AMOUNTS[outcome]],
      ]);
    } else expect(found).toEqual([[...MATCHED[outcome][disposition], AMOUNTS[outcome]]]);
  });

  it('leaves a reattributed charge no reason that its line no longer gives', () => {
    const flagsOf = (outcome: Outcome): readonly string[] | undefined => second.get(`reattributed: ${outcome}`)?.at(-1)?.flags;
    expect(flagsOf('fewer flags')).toEqual(['pattern_match:gpu ']);
    expect(flagsOf('no flags')).toEqual([]);
  });
});
