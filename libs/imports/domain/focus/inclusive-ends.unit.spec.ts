import { describe, expect, it } from 'vitest';
import { lineOf, row } from '../../testing/read-focus.js';

const INCLUSIVE = { inclusivePeriodEnds: true };

describe('a source that writes inclusive period ends', () => {
  it.each([
    ['2025-01-31', '2025-02-01T00:00:00Z'],
    ['2025-02-28', '2025-03-01T00:00:00Z'],
    ['2025-01-31T23:59:59Z', '2025-02-01T00:00:00Z'],
    ['2025-01-31 23:59:59', '2025-02-01T00:00:00Z'],
    ['2025-01-31T23:59:59.999Z', '2025-02-01T00:00:00Z'],
    ['2025-01-31T23:59:59-05:00', '2025-02-01T05:00:00Z'],
    ['2025-02-01T00:00:00Z', '2025-02-01T00:00:00Z'],
    ['2025-01-31T14:00:00Z', '2025-01-31T14:00:00Z'],
  ])('the end %s is kept as %s', async (cell, end) => {
    const line = await lineOf(row({ ChargePeriodEnd: cell, BillingPeriodEnd: cell }), INCLUSIVE);
    expect(line.chargePeriodEnd).toBe(end);
    expect(JSON.parse(line.otherColumns ?? '')).toEqual({ BillingPeriodEnd: end });
  });

  it('reads a declared format as a whole day too, and leaves what is no date as it is', async () => {
    const declared = await lineOf(row({ ChargePeriodEnd: '1/31/25' }), { ...INCLUSIVE, dateFormat: 'M/D/YY' });
    expect(declared.chargePeriodEnd).toBe('2025-02-01T00:00:00Z');
    const cells = row({ ChargePeriodEnd: 'month end', BillingPeriodEnd: 'month end' });
    expect(await lineOf(cells, INCLUSIVE)).toMatchObject({
      chargePeriodEnd: null,
      otherColumns: '{"ChargePeriodEnd":"month end","BillingPeriodEnd":"month end"}',
    });
    expect((await lineOf(row({ ChargePeriodEnd: '9999-12-31' }), INCLUSIVE)).chargePeriodEnd).toBeNull();
  });

  it('changes neither the period nor what matches the line from delivery to delivery', async () => {
    const cells = row({ ChargePeriodStart: '2025-01-31', ChargePeriodEnd: '2025-01-31', BillingPeriodEnd: '2025-01-31' });
    const [asWritten, exclusive] = [await lineOf(cells), await lineOf(cells, INCLUSIVE)];
    expect(exclusive).toEqual({ ...asWritten, chargePeriodEnd: '2025-02-01T00:00:00Z', otherColumns: exclusive.otherColumns });
    expect(asWritten).toMatchObject({ chargePeriodEnd: '2025-01-31T00:00:00Z', otherColumns: '{"BillingPeriodEnd":"2025-01-31"}' });
  });
});
