import { describe, expect, it } from 'vitest';
import { billingPeriod, DomainError } from '#kernel';
import { aJournal } from '../testing/journal-factories.js';
import { decideMarkWithdrawal, decidePosting, decideVoid, type Posting } from './journal.decide.js';
import type { JournalEvent } from './journal.events.js';
import { evolveJournals, type JournalState, statusOf } from './journal.js';

const period = billingPeriod('2025-03');
const TODAY = '2025-11-03';
const POSTING: Posting = { period, number: 1, documentNumber: ' JE-0815 ', postedOn: '2025-04-03', note: null };
const VOIDING = { period, number: 1, reason: ' reversed ' };
const posted: JournalEvent = {
  type: 'JournalPosted',
  data: { period, number: 1, documentNumber: 'JE-0815', postedOn: '2025-04-03', note: null },
};
const voided: JournalEvent = { type: 'JournalVoided', data: { period, number: 1, reason: 'reversed' } };
const withdrawn = (mark: 'posted' | 'void'): JournalEvent => ({
  type: 'JournalMarkWithdrawn',
  data: { period, number: 1, mark, reason: 'a mistake' },
});

/** Given these events, after the export of journal 1; when; then. */
function given(...events: readonly JournalEvent[]): readonly JournalState[] {
  return events.reduce<readonly JournalState[]>(evolveJournals, [aJournal(1)]);
}

function refused(decide: () => unknown): { code: string; problems: string[] } {
  try {
    decide();
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, problems: error.problems.map(({ where, what }) => `${where}: ${what}`) };
    throw error;
  }
  throw new Error('this was not refused');
}

describe('a journal that accounting has booked', () => {
  it('is posted, with what was typed made tidy', () => {
    expect(decidePosting(given(), POSTING, TODAY)).toEqual([posted]);
    expect(decidePosting(given(), { ...POSTING, postedOn: TODAY, note: ' batch 7\nand 8 ' }, TODAY)).toMatchObject([
      { data: { postedOn: TODAY, note: 'batch 7\nand 8' } },
    ]);
    expect(decidePosting(given(), { ...POSTING, postedOn: '2025-03-01', note: '  ' }, TODAY)).toMatchObject([{ data: { note: null } }]);
  });

  it('is posted once, and not while it is void', () => {
    expect(refused(() => decidePosting(given(posted), POSTING, TODAY)).code).toBe('journal.already-posted');
    expect(refused(() => decidePosting(given(voided), POSTING, TODAY)).code).toBe('journal.is-void');
    expect(decidePosting(given(voided, withdrawn('void')), POSTING, TODAY)).toHaveLength(1);
    expect(refused(() => decidePosting(given(), { ...POSTING, number: 2 }, TODAY)).code).toBe('journal.unknown');
  });

  it.each([
    [{ documentNumber: ' ' }, 'documentNumber: Say under which number accounting has booked it.'],
    [{ documentNumber: 'J'.repeat(101) }, 'documentNumber: It has 101 characters; 100 is the most.'],
    [
      { documentNumber: 'JE\t1' },
      'documentNumber: It has a line break, a tab or another control character in it; write it on one line without.',
    ],
    [{ postedOn: '2025-11-04' }, 'postedOn: 2025-11-04 lies in the future.'],
    [{ postedOn: '2025-02-28' }, 'postedOn: 2025-02-28 lies before the period, which begins on 2025-03-01.'],
    [{ postedOn: '2025-02-30' }, 'postedOn: “2025-02-30” is no day; write it as 2025-07-31.'],
    [{ postedOn: '3.4.2025' }, 'postedOn: “3.4.2025” is no day; write it as 2025-07-31.'],
    [{ note: 'a\u0000b' }, 'note: It has a NUL or half a character in it, which can’t be kept.'],
  ])('is refused what can’t be so: %j', (changes, problem) => {
    expect(refused(() => decidePosting(given(), { ...POSTING, ...changes }, TODAY))).toEqual({
      code: 'journal.invalid-mark',
      problems: [problem],
    });
  });

  it('takes a document number of a hundred characters, and is told all that is wrong at once', () => {
    expect(decidePosting(given(), { ...POSTING, documentNumber: '𝄞'.repeat(50) }, TODAY)).toHaveLength(1);
    expect(refused(() => decidePosting(given(), { ...POSTING, documentNumber: '', postedOn: '' }, TODAY)).problems).toHaveLength(2);
  });
});

describe('a journal that is not booked', () => {
  it('is void, whether it was posted before or not', () => {
    expect(decideVoid(given(), VOIDING)).toEqual([voided]);
    expect(decideVoid(given(posted), VOIDING)).toEqual([voided]);
    expect(refused(() => decideVoid(given(posted, voided), VOIDING)).code).toBe('journal.already-void');
    expect(refused(() => decideVoid(given(), { ...VOIDING, reason: ' ' })).problems).toEqual([
      'reason: Say why: the reason is kept in the log.',
    ]);
    expect(refused(() => decideVoid(given(), { ...VOIDING, reason: 'x'.repeat(2001) })).code).toBe('journal.invalid-mark');
  });
});

describe('a mark that was a mistake', () => {
  const withdrawal = { ...VOIDING, reason: 'a mistake' };

  it('is taken back, and the journal stands as it did before', () => {
    expect(decideMarkWithdrawal(given(posted, voided), withdrawal)).toEqual([withdrawn('void')]);
    expect(given(posted, voided, withdrawn('void')).map(statusOf)).toEqual(['posted']);
    expect(decideMarkWithdrawal(given(posted, voided, withdrawn('void')), withdrawal)).toEqual([withdrawn('posted')]);
    expect(given(posted, withdrawn('posted')).map(statusOf)).toEqual(['written']);
  });

  it('must be there, and be the one that was seen', () => {
    expect(refused(() => decideMarkWithdrawal(given(), withdrawal)).code).toBe('journal.not-marked');
    expect(refused(() => decideMarkWithdrawal(given(posted, voided), { ...withdrawal, mark: 'posted' })).code).toBe('journal.other-mark');
    expect(decideMarkWithdrawal(given(posted), { ...withdrawal, mark: 'posted' })).toHaveLength(1);
  });
});
