import { describe, expect, it } from 'vitest';
import { Upcasting } from '#event-store';
import { REVIEW_UPCASTERS } from './review.upcasters.js';

const before = { piEmail: '', projectId: 'engine', fundOrg: 'MATH-100', costCenter: '', accountCode: '' };
const after = { ...before, piEmail: 'ada@example.edu' };
const common = {
  period: '2025-03',
  charges: [
    { importId: 1, lines: '2-3' },
    { importId: 4, lines: '7' },
  ],
  count: 3,
  amounts: [{ currency: 'USD', amount: '12.5' }],
  note: 'hers',
};

describe('REVIEW_UPCASTERS', () => {
  it('say the equal changes of a reattribution of version 1 once for all their charges', () => {
    const changes = [
      { importId: 1, lineNumber: 2, before, after, remainingFlags: [] },
      { importId: 1, lineNumber: 3, before, after, remainingFlags: ['late_charge'] },
      { importId: 4, lineNumber: 7, before, after, remainingFlags: [] },
    ];
    const upcasting = new Upcasting(REVIEW_UPCASTERS);
    expect(upcasting.currentVersion('ChargesReattributed')).toBe(2);
    expect(upcasting.upcast('ChargesReattributed', 1, { ...common, changes })).toEqual({
      ...common,
      changes: [
        {
          charges: [
            { importId: 1, lines: '2' },
            { importId: 4, lines: '7' },
          ],
          before,
          after,
          remainingFlags: [],
        },
        { charges: [{ importId: 1, lines: '3' }], before, after, remainingFlags: ['late_charge'] },
      ],
    });
  });
});
