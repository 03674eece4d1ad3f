import { describe, expect, it } from 'vitest';
import { Upcasting } from '#event-store';
import { JOURNAL_UPCASTERS } from './journal.upcasters.js';

describe('JOURNAL_UPCASTERS', () => {
  it('take an older journal for a full one of which nobody knows what it booked', () => {
    const data = { period: '2025-03', number: 1, format: 'gl' };
    expect(new Upcasting(JOURNAL_UPCASTERS).upcast('JournalExported', 1, data)).toEqual({
      ...data,
      template: null,
      deltaFrom: null,
      bookings: null,
      includeZero: false,
    });
  });

  it('take one that could not be asked for rows of zero for one without, and keep what it says of itself', () => {
    const data = { period: '2025-03', number: 2, format: 'gl', template: null, deltaFrom: [1], bookings: { count: 2, digest: 'f00d' } };
    expect(new Upcasting(JOURNAL_UPCASTERS).upcast('JournalExported', 2, data)).toEqual({ ...data, includeZero: false });
  });
});
