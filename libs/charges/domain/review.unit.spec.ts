import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billingPeriod, currency, DomainError } from '#kernel';
import { type ChargeId, formatChargeId, packChargeIds, parseChargeId, unpackChargeIds } from './charge-id.js';
import { decideDisposition, decideReattribution, type ReviewableCharge } from './review.decide.js';

const period = billingPeriod('2025-03');
const charge = (changes: Partial<ReviewableCharge> = {}): ReviewableCharge => ({
  importId: 12,
  lineNumber: 345,
  standing: 'flagged',
  kind: 'imported',
  flags: ['pattern_match:gpu'],
  attribution: { piEmail: 'ada@example.edu', projectId: 'engine', fundOrg: 'MATH-100', costCenter: '', accountCode: '' },
  currency: currency('USD'),
  amount: '10.005',
  chargeDay: '2025-03-01',
  ...changes,
});
const withoutPi = charge({ flags: ['missing_pi_email'], attribution: { ...charge().attribution, piEmail: '' } });
const anyFundOrg = (): boolean => true;

function refusalOf(decide: () => unknown): DomainError | undefined {
  try {
    decide();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

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

  it('lists the first of many charges that stand in its way, and counts the others', () => {
    const charges = Array.from({ length: 250 }, (_, index) => charge({ lineNumber: index + 1, standing: 'clear' }));
    const refused = refusalOf(() => decideDisposition('approve', { period, charges, note: null }));
    expect(refused?.message).toMatch(/^Nothing was changed: charge 12-1 is clear;.* and 247 more\.$/);
    expect(refused?.problems).toHaveLength(100);
  });

  it.each([
    ['as many and as much', { count: 2, amounts: [{ currency: currency('USD'), amount: '20.010' }] }, null],
    ['as many', { count: 2 }, null],
    ['fewer', { count: 1 }, '2 (20.01 USD) match now, not the 1 that were shown'],
    ['as many for less money', { count: 2, amounts: [{ currency: currency('USD'), amount: '20' }] }, 'not the 2 (20 USD) that were shown'],
    [
      'those of two currencies',
      {
        count: 2,
        amounts: [
          { currency: currency('USD'), amount: '20.01' },
          { currency: currency('EUR'), amount: '1' },
        ],
      },
      'and 1 EUR',
    ],
  ])('on all that match, when %s were shown', (_, seen, refusal) => {
    const decision = { period, charges: [charge(), charge({ lineNumber: 346 })], note: null, seen };
    const refused = refusalOf(() => decideDisposition('approve', decision));
    expect(refused?.code ?? null).toBe(refusal === null ? null : 'charge.selection-changed');
    expect(refused?.message ?? '').toContain(refusal ?? '');
    expect(refusalOf(() => decideReattribution({ projectId: 'loom' }, decision, anyFundOrg))?.code).toBe(refused?.code);
  });

  it('says that others match now, also when none is left', () => {
    const refused = refusalOf(() => decideDisposition('approve', { period, charges: [], note: null, seen: { count: 3 } }));
    expect(refused).toMatchObject({ code: 'charge.selection-changed', kind: 'conflict' });
  });

  it('takes no note that cannot be kept', () => {
    for (const note of ['a\0b', 'half \ud800']) {
      const refused = refusalOf(() => decideDisposition('approve', { period, charges: [charge()], note }));
      expect(refused?.code).toBe('charge.unstorable-text');
    }
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
          charges: [{ importId: 12, lines: '345' }],
          before: { piEmail: '' },
          after: { piEmail: 'grace@example.edu', projectId: 'engine' },
          remainingFlags: [],
        },
      ],
    });
  });

  it('says equal changes once', () => {
    const of = (lineNumber: number, projectId: string, flags: string[] = []): ReviewableCharge =>
      charge({ lineNumber, standing: 'approved', flags, attribution: { ...charge().attribution, projectId } });
    const charges = [of(1, 'loom'), of(2, 'engine'), of(3, 'loom'), of(4, 'loom', ['late_charge']), of(5, 'loom')];
    const [event] = decideReattribution({ fundOrg: 'CS-200' }, { period, charges, note: null }, anyFundOrg);
    const changes = event?.type === 'ChargesReattributed' ? event.data.changes : [];
    expect(
      changes.map((change) => [change.charges[0]?.lines, change.before.projectId, change.after.fundOrg, change.remainingFlags]),
    ).toEqual([
      ['1,3,5', 'loom', 'CS-200', []],
      ['2', 'engine', 'CS-200', []],
      ['4', 'loom', 'CS-200', ['late_charge']],
    ]);
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
    ['a PI longer than the ledger keeps', { piEmail: `${'a'.repeat(320)}@x.edu` }, 'charge.too-long'],
    ['a project longer than the ledger keeps', { projectId: 'p'.repeat(257) }, 'charge.too-long'],
    ['a fund/org of as many bytes', { fundOrg: 'ß'.repeat(129) }, 'charge.too-long'],
    ['a cost centre longer than the ledger keeps', { costCenter: 'c'.repeat(257) }, 'charge.too-long'],
    ['an account longer than the ledger keeps', { accountCode: '7'.repeat(257) }, 'charge.too-long'],
    ['half a character', { projectId: 'engine \udfff' }, 'charge.unstorable-text'],
  ])('to %s is refused', (_, change, code) => {
    expect(() => decideReattribution(change, { period, charges: [charge()], note: null }, anyFundOrg)).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });

  it('takes texts that are just short enough', () => {
    const change = { projectId: 'p'.repeat(256), fundOrg: 'ß'.repeat(128), accountCode: '7'.repeat(256) };
    const [event] = decideReattribution(change, { period, charges: [charge()], note: null }, anyFundOrg);
    expect(event?.data).toMatchObject({ changes: [{ after: change }] });
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
