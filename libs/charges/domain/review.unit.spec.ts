import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billingPeriod, currency } from '#kernel';
import { type ChargeId, formatChargeId, packChargeIds, parseChargeId, unpackChargeIds } from './charge-id.js';
import { decideDisposition, decideReattribution, type ReviewableCharge } from './review.decide.js';

const period = billingPeriod('2025-03');
const charge = (changes: Partial<ReviewableCharge> = {}): ReviewableCharge => ({
  importId: 12,
  lineNumber: 345,
  standing: 'flagged',
  flags: ['pattern_match:gpu'],
  attribution: { piEmail: 'ada@example.edu', projectId: 'engine', fundOrg: 'MATH-100', costCenter: '', accountCode: '' },
  currency: currency('USD'),
  amount: '10.005',
  ...changes,
});
const withoutPi = charge({ flags: ['missing_pi_email'], attribution: { ...charge().attribution, piEmail: '' } });
const anyFundOrg = (): boolean => true;

describe('a decision on charges', () => {
  it.each([
    ['approve', 'flagged', 'ChargesApproved'],
    ['reject', 'flagged', 'ChargesRejected'],
    ['restore', 'rejected', 'ChargesRestored'],
  ] as const)('to %s charges that are %s is %s with their exact money', (verb, standing, type) => {
    const charges = [charge({ standing }), charge({ standing, lineNumber: 346, amount: '-0.0000001' })];
    expect(decideDisposition(verb, { period, charges, note: 'Seen.' })).toEqual([
      {
        type,
        data: {
          period,
          charges: [{ importId: 12, lines: '345-346' }],
          count: 2,
          amounts: [{ currency: 'USD', amount: '10.0049999' }],
          note: 'Seen.',
        },
      },
    ]);
  });

  it.each([
    ['approve', 'clear'],
    ['approve', 'approved'],
    ['approve', 'rejected'],
    ['reject', 'approved'],
    ['reject', 'superseded'],
    ['restore', 'flagged'],
    ['restore', 'withdrawn'],
  ] as const)('to %s a charge that is %s is refused, and the others with it', (verb, standing) => {
    const fitting = charge({ standing: verb === 'restore' ? 'rejected' : 'flagged' });
    expect(() => decideDisposition(verb, { period, charges: [fitting, charge({ standing, lineNumber: 7 })], note: null })).toThrow(
      expect.objectContaining({ code: 'charge.not-decidable', problems: [expect.objectContaining({ where: '12-7' })] }) as Error,
    );
  });

  it.each([
    ['no PI', withoutPi],
    ['an invalid PI', charge({ flags: ['invalid_pi_email'] })],
    ['another currency', charge({ flags: ['currency_mismatch'] })],
  ])('never approves a charge with %s, but rejects it', (_, doubtful) => {
    expect(() => decideDisposition('approve', { period, charges: [doubtful], note: null })).toThrow(/Nothing was changed/);
    expect(decideDisposition('reject', { period, charges: [doubtful], note: null })).toHaveLength(1);
  });

  it('on no charge is refused', () => {
    expect(() => decideDisposition('approve', { period, charges: [], note: null })).toThrow(/no charge matches/);
  });
});

describe('a reattribution', () => {
  it('keeps before and after, and takes away the reasons that it mends', () => {
    const [event] = decideReattribution({ piEmail: ' Grace@Example.edu ' }, { period, charges: [withoutPi], note: null }, anyFundOrg);
    expect(event?.data).toMatchObject({
      changes: [
        {
          importId: 12,
          lineNumber: 345,
          before: { piEmail: '' },
          after: { piEmail: 'grace@example.edu', projectId: 'engine' },
          remainingFlags: [],
        },
      ],
    });
  });

  it('leaves the reasons that it does not mend', () => {
    const doubtful = charge({ flags: ['missing_project_id', 'invalid_fund_org', 'pattern_match:gpu'] });
    const [event] = decideReattribution(
      { projectId: 'loom', fundOrg: 'BAD' },
      { period, charges: [doubtful], note: null },
      (fundOrg) => fundOrg !== 'BAD',
    );
    expect(event?.data).toMatchObject({ changes: [{ remainingFlags: ['invalid_fund_org', 'pattern_match:gpu'] }] });
  });

  it.each([
    ['no address', { piEmail: 'the new postdoc' }, 'charge.invalid-pi'],
    ['nothing at all', {}, 'charge.nothing-to-set'],
  ])('to %s is refused', (_, change, code) => {
    expect(() => decideReattribution(change, { period, charges: [charge()], note: null }, anyFundOrg)).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });

  it('of a rejected charge is refused', () => {
    expect(() =>
      decideReattribution({ projectId: 'loom' }, { period, charges: [charge({ standing: 'rejected' })], note: null }, anyFundOrg),
    ).toThrow(/only a charge that is clear, flagged or approved/);
  });
});

describe('ids of charges', () => {
  it('are written as people say them', () => {
    expect(parseChargeId(' 12-345 ')).toEqual({ importId: 12, lineNumber: 345 });
    expect(formatChargeId({ importId: 12, lineNumber: 345 })).toBe('12-345');
    expect(() => parseChargeId('99999')).toThrow(/write import and line, such as 12-345/);
  });

  it('survive packing, any number of them', () => {
    const ids = fc.uniqueArray(fc.record({ importId: fc.integer({ min: 1, max: 3 }), lineNumber: fc.integer({ min: 1, max: 60 }) }), {
      selector: formatChargeId,
    });
    fc.assert(
      fc.property(ids, (some: ChargeId[]) => {
        expect(unpackChargeIds(packChargeIds(some)).map(formatChargeId).sort()).toEqual(some.map(formatChargeId).sort());
      }),
    );
    expect(packChargeIds([3, 1, 2, 9].map((lineNumber) => ({ importId: 4, lineNumber })))).toEqual([{ importId: 4, lines: '1-3,9' }]);
  });
});
