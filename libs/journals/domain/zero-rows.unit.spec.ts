import { describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { aPosting, aSource } from '../testing/journal-factories.js';
import { bookPostings } from './booking.js';
import type { JournalFormat } from './journal-formats.js';
import { linesOf, sidesOfLines } from './journal-lines.js';
import { zeroRowsOf } from './zero-rows.js';

const FORMATS: readonly JournalFormat[] = ['detail', 'default', 'summary', 'gl', 'template'];

describe('rows of zero', () => {
  it('stand in lists of what is billed, in what is booked row by row only where asked for, and in no delta', () => {
    const decided = (delta: boolean, includeZero: boolean): string[] =>
      FORMATS.filter((format) => zeroRowsOf(format, { delta, includeZero }) === 'written');
    expect(decided(false, false)).toEqual(['detail', 'default', 'summary']);
    expect(decided(false, true)).toEqual(FORMATS);
    expect(decided(true, false)).toEqual([]);
  });

  it.each(FORMATS)('are refused of a delta as %s', (format) => {
    expect(() => zeroRowsOf(format, { delta: true, includeZero: true })).toThrow(/only what changed.*or the whole month with them/);
  });

  it('stand in a preview as in the file, debits both of them, and change no total', () => {
    const postings = [aPosting('3', { fundOrg: 'B' }), aPosting('-3', { fundOrg: 'A' }), aPosting('0', { fundOrg: 'C' })];
    const bookings = bookPostings('gl', postings, { sources: [aSource()], defaultAccount: '' });
    const lines = (zeroRows: 'written' | 'left-out') => linesOf('gl', bookings, { period: billingPeriod('2025-03'), zeroRows });
    expect(lines('written').map(({ isDebit, fundOrg, amount }) => `${isDebit ? 'D' : 'C'} ${fundOrg} ${amount.toPadded(2)}`)).toEqual([
      'C A 3.00',
      'D B 3.00',
      'D C 0.00',
      'D CLOUD-CLEARING 0.00',
    ]);
    expect(lines('written').filter(({ amount }) => !amount.isZero())).toEqual(lines('left-out'));
    expect(sidesOfLines(lines('written'))).toEqual(sidesOfLines(lines('left-out')));
  });

  it('are none where nothing is billed: then there is nothing to clear', () => {
    expect(bookPostings('gl', [], { sources: [aSource()], defaultAccount: '' })).toEqual([]);
  });
});
