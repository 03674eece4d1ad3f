import { describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { aJournal } from '../testing/journal-factories.js';
import type { JournalFamily } from './booking.js';
import { deltaStart } from './delta-start.js';
import type { JournalState } from './journal.js';

const period = billingPeriod('2025-03');
const posted = (number: number, changes: Partial<JournalState> = {}): JournalState => aJournal(number, { ...changes, marks: ['posted'] });
const voided = (number: number, changes: Partial<JournalState> = {}): JournalState =>
  aJournal(number, { ...changes, marks: ['posted', 'void'] });
const from = (...deltaFrom: number[]): Partial<JournalState> => ({ deltaFrom });
const start = (journals: readonly JournalState[], family: JournalFamily = 'two-sided'): [number[], string | null] => {
  const { counted, obstacle } = deltaStart(period, journals, family);
  return [counted.map(({ number }) => number), obstacle?.code ?? null];
};

describe('what a delta starts from', () => {
  it('is nothing where nothing was exported, or all of it is void', () => {
    expect(start([])).toEqual([[], null]);
    expect(start([voided(1), voided(2)])).toEqual([[], null]);
  });

  it('is the sum of all that is posted, also if that was booked twice', () => {
    expect(start([posted(1), aJournal(2), posted(3), voided(4)])).toEqual([[1, 3], null]);
    expect(start([posted(1), posted(2, from(1)), posted(3, from(1, 2))])).toEqual([[1, 2, 3], null]);
  });

  it('is, where nothing is posted, the newest full journal of the family that is not void, and the deltas after it', () => {
    const journals = [aJournal(1), aJournal(2), aJournal(3, from(2)), voided(4, from(2, 3)), aJournal(5, from(2, 3))];
    expect(start(journals)).toEqual([[2, 3, 5], null]);
    expect(start([...journals, aJournal(6, { format: 'default' })])).toEqual([[2, 3, 5], null]);
    expect(start([...journals, aJournal(6, { format: 'default' })], 'one-sided')).toEqual([[6], null]);
    expect(start([...journals, aJournal(6)])).toEqual([[6], null]);
  });

  it('takes a delta that started from nothing for the full journal that it is', () => {
    expect(start([aJournal(1, from())])).toEqual([[1], null]);
    expect(start([posted(1), aJournal(2, from())])).toEqual([[1], null]);
  });

  it('leaves deltas of a full journal that is void out', () => {
    expect(start([voided(1), aJournal(2, from(1))])).toEqual([[], null]);
  });

  it('waits for what becomes of a delta after the last posted journal', () => {
    expect(start([posted(1), aJournal(2, from(1))])).toEqual([[1], 'journal.undecided']);
    expect(start([posted(1), aJournal(2, { ...from(1), format: 'default' })])).toEqual([[1], 'journal.undecided']);
    expect(start([posted(1), aJournal(2, from(1)), posted(3)])).toEqual([[1, 3], null]);
    expect(deltaStart(period, [posted(1), aJournal(2, from(1))], 'two-sided').obstacle?.detail).toMatch(
      /^Journal 2 \(template\) of 2025-03 is neither posted nor void, .* Record it as posted or void first\.$/,
    );
  });

  it('waits for what became of a journal that a posted delta started from', () => {
    expect(start([aJournal(1), posted(2, from(1))])).toEqual([[2], 'journal.undecided']);
    expect(start([posted(1), aJournal(2, from(1)), posted(3, from(1, 2))])).toEqual([[1, 3], 'journal.undecided']);
    expect(start([voided(1), posted(2, from(1))])).toEqual([[2], null]);
  });

  it('is refused where a journal of the other family is posted', () => {
    const gl = posted(1, { format: 'gl' });
    const plain = posted(2, { format: 'default' });
    expect(start([gl], 'one-sided')).toEqual([[], 'journal.other-family']);
    expect(start([gl, plain], 'two-sided')).toEqual([[], 'journal.other-family']);
    expect(start([gl])).toEqual([[1], null]);
    expect(deltaStart(period, [plain], 'two-sided').obstacle?.detail).toMatch(
      /^Journal 2 \(default\) .* was posted and says nothing .*Write the delta as default or summary;/,
    );
    expect(deltaStart(period, [gl, posted(3, { format: 'template' })], 'one-sided').obstacle?.detail).toMatch(
      /^Journals 1 \(gl\) and 3 \(template\) .* were posted and book the credits of sources too/,
    );
    expect(deltaStart(period, [gl], 'one-sided').obstacle?.detail).toMatch(/Write the delta as template or gl;/);
  });

  it('is refused where nobody kept what a journal booked that counts', () => {
    const older = aJournal(1, { bookings: null });
    expect(start([older])).toEqual([[], 'journal.contents-unknown']);
    expect(start([older, aJournal(2)])).toEqual([[2], null]);
    expect(start([voided(1, { bookings: null }), posted(2)])).toEqual([[2], null]);
    expect(start([posted(1, { bookings: null }), posted(2)])).toEqual([[], 'journal.contents-unknown']);
  });
});
