import { describe, expect, it } from 'vitest';
import { Upcasting } from '#event-store';
import { ADJUSTMENT_UPCASTERS } from './adjustment.upcasters.js';

describe('events of adjustments of older versions', () => {
  const upcasting = new Upcasting(ADJUSTMENT_UPCASTERS);

  it('books by a person in version 1: from no file, with lines that no rule attributed', () => {
    const data = { adjustmentId: 3, kind: 'credit', chargeId: '1-2', linesDigest: 'a' };
    expect(upcasting.upcast('AdjustmentsBooked', 1, data)).toMatchObject({ ...data, restatement: null, lineFormat: 1 });
  });
});
