import { describe, expect, it } from 'vitest';
import { billedAt, bookingsOf, type DecidedOn, type LineVersion } from './charge-bookings.js';

const at = (minute: number): Date => new Date(Date.UTC(2025, 3, 1, 9, minute));
const ADA = { piEmail: 'ada@x.edu', projectId: 'p', fundOrg: 'F-1', costCenter: '', accountCode: '' };
const BEN = { ...ADA, piEmail: 'ben@x.edu' };

function version(minute: number, flags: readonly string[], amount: string, decisions: readonly DecidedOn[] = []): LineVersion {
  return { recordedAt: at(minute), flags, amount, attribution: ADA, decisions };
}

function decision(action: string, minute: number): DecidedOn {
  return { action, recordedAt: at(minute), after: null, remainingFlags: null, flagChange: null };
}

function reattribution(minute: number, remainingFlags: readonly string[]): DecidedOn {
  return { action: 'reattribute', recordedAt: at(minute), after: BEN, remainingFlags, flagChange: null };
}

function told(versions: readonly LineVersion[]): string[] {
  return bookingsOf(versions, null).map(({ standing, attribution }) => `${standing} ${attribution.piEmail}`);
}

describe('the bookings of a charge', () => {
  it.each<[string, readonly LineVersion[], readonly string[]]>([
    ['a clear line', [version(0, [], '1')], ['clear ada@x.edu']],
    [
      'rejected, restored, approved',
      [version(0, ['f'], '1', [decision('reject', 1), decision('restore', 2), decision('approve', 3)])],
      ['flagged ada@x.edu', 'rejected ada@x.edu', 'flagged ada@x.edu', 'approved ada@x.edu'],
    ],
    ['reattributed, all mended', [version(0, ['f'], '1', [reattribution(1, [])])], ['flagged ada@x.edu', 'approved ben@x.edu']],
    ['reattributed, not all mended', [version(0, ['f', 'g'], '1', [reattribution(1, ['g'])])], ['flagged ada@x.edu', 'flagged ben@x.edu']],
    ['clear and reattributed', [version(0, [], '1', [reattribution(1, [])])], ['clear ada@x.edu', 'clear ben@x.edu']],
    ['an approval that goes over', [version(0, ['f'], '1', [decision('approve', 1)]), version(2, ['f'], '1.00')], ['approved ada@x.edu']],
    ['one that costs more', [version(0, ['f'], '1', [decision('approve', 1)]), version(2, ['f'], '1.01')], ['flagged ada@x.edu']],
    ['one with a new flag', [version(0, ['f'], '1', [decision('approve', 1)]), version(2, ['f', 'g'], '1')], ['flagged ada@x.edu']],
    ['no decision to go over', [version(0, ['f'], '2'), version(2, [], '1')], ['clear ada@x.edu']],
    ['a reattribution that goes over', [version(0, ['f'], '1', [reattribution(1, [])]), version(2, ['f'], '1')], ['approved ben@x.edu']],
    [
      'a decision that goes over twice',
      [version(0, ['f'], '3', [decision('reject', 1)]), version(2, ['f'], '2'), version(3, ['f'], '1')],
      ['rejected ada@x.edu'],
    ],
  ])('%s', (_what, versions, expected) => {
    expect(told(versions)).toEqual(expected);
  });

  it('end where the next begins, the last one when the charge is gone', () => {
    const bookings = bookingsOf([version(0, ['f'], '1', [decision('approve', 5)])], at(9));
    expect(bookings.map(({ from, until }) => [from, until])).toEqual([
      [at(0), at(5)],
      [at(5), at(9)],
    ]);
  });

  it('tell whether the charge was part of what was made of the ledger at a moment', () => {
    const bookings = bookingsOf([version(0, ['f'], '1', [decision('approve', 5)])], at(9));
    const standing = (minute: number, withFlagged = false): string | undefined =>
      billedAt(bookings, { at: at(minute), withFlagged })?.standing;
    expect([-1, 4, 5, 8, 9].map((minute) => standing(minute))).toEqual([undefined, undefined, 'approved', 'approved', undefined]);
    expect(standing(4, true)).toBe('flagged');
  });
});
