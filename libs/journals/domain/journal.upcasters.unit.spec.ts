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
    });
  });
});
