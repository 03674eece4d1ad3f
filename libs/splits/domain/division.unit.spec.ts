import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, DomainError } from '#kernel';
import { amountsOfParts, type PartInput, requireDivision } from './division.js';

const A: PartInput = { fundOrg: 'A' };
const B: PartInput = { fundOrg: 'B' };
const C: PartInput = { fundOrg: 'C' };

function problemsOf(parts: readonly PartInput[]): readonly string[] {
  try {
    requireDivision(parts);
    return [];
  } catch (error) {
    if (error instanceof DomainError) return error.problems.map(({ where }) => where);
    throw error;
  }
}

describe('a division', () => {
  it.each<[string, PartInput[], string[]]>([
    [
      'per cents that are 100',
      [
        { ...A, percent: '60' },
        { ...B, percent: '40' },
      ],
      [],
    ],
    ['per cents and a rest', [{ ...A, percent: '33.3333' }, { ...B, percent: '33.3333' }, C], []],
    ['amounts and a rest', [{ ...A, amount: '250' }, B], []],
    ['one payer that is the charge’s own', [{ ...A, percent: '10' }, {}], []],
    ['one part', [{ ...A, percent: '100' }], ['parts']],
    [
      'per cents below 100 without a rest',
      [
        { ...A, percent: '60' },
        { ...B, percent: '30' },
      ],
      ['parts'],
    ],
    [
      'per cents above 100',
      [
        { ...A, percent: '60' },
        { ...B, percent: '50' },
      ],
      ['parts'],
    ],
    ['nothing left for the rest', [{ ...A, percent: '60' }, { ...B, percent: '40' }, C], ['parts']],
    ['two rests', [{ ...A, percent: '60' }, B, C], ['parts']],
    ['only rests', [A, B], ['parts']],
    [
      'amounts without a rest',
      [
        { ...A, amount: '1' },
        { ...B, amount: '2' },
      ],
      ['parts'],
    ],
    ['per cents beside amounts', [{ ...A, amount: '1' }, { ...B, percent: '2' }, C], ['parts']],
    ['both in one part', [{ ...A, amount: '1', percent: '2' }, B], ['parts']],
    [
      'zero, negative and no number',
      [
        { ...A, percent: '0' },
        { ...B, percent: '-5' },
        { ...C, percent: 'half' },
      ],
      ['parts.1.percent', 'parts.2.percent', 'parts.3.percent'],
    ],
    [
      'the same payer twice',
      [
        { ...A, percent: '60' },
        { fundOrg: ' A ', percent: '40' },
      ],
      ['parts.2'],
    ],
    ['no email address', [{ piEmail: 'ada', percent: '60' }, B], ['parts.1.piEmail']],
    ['a line break', [{ projectId: 'a\nb', percent: '60' }, B], ['parts.1.projectId']],
    ['a fund/org beyond the limit', [{ fundOrg: 'x'.repeat(257), percent: '60' }, B], ['parts.1.fundOrg']],
  ])('of %s', (_name, parts, problems) => {
    expect(problemsOf(parts)).toEqual(problems);
  });

  it('is kept in one form', () => {
    expect(requireDivision([{ percent: ' 060.50 ', piEmail: ' Ada@Example.edu ', fundOrg: '' }, B])).toEqual([
      { percent: '60.5', amount: null, piEmail: 'ada@example.edu', projectId: null, fundOrg: null, costCenter: null, accountCode: null },
      { percent: null, amount: null, piEmail: null, projectId: null, fundOrg: 'B', costCenter: null, accountCode: null },
    ]);
  });
});

describe('amounts of parts', () => {
  it.each([
    [
      '10',
      [
        { ...A, percent: '60' },
        { ...B, percent: '40' },
      ],
      ['6', '4'],
    ],
    [
      '0.01',
      [
        { ...A, percent: '50' },
        { ...B, percent: '50' },
      ],
      ['0.005', '0.005'],
    ],
    ['100', [{ ...A, percent: '33.3333' }, { ...B, percent: '33.3333' }, C], ['33.3333', '33.3333', '33.3334']],
    ['1000', [{ ...A, amount: '300' }, B], ['300', '700']],
    ['1000', [A, { ...B, amount: '300' }], ['700', '300']],
    ['250', [{ ...A, amount: '200' }, { ...B, amount: '100' }, C], ['200', '50', '0']],
    ['-250', [{ ...A, amount: '200' }, { ...B, amount: '100' }, C], ['-200', '-50', '0']],
    ['0', [{ ...A, amount: '200' }, B], ['0', '0']],
  ])('of %s', (amount, parts, expected) => {
    expect(amountsOfParts(Decimal.parse(amount), requireDivision(parts)).map(String)).toEqual(expected);
  });

  it('add up to the charge, whatever it is and however it is divided', () => {
    const amount = fc
      .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.nat(12))
      .map(([units, scale]) => Decimal.ofUnits(units, scale));
    const shares = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(amount, shares, fc.boolean(), (whole, weights, byPercent) => {
        const parts: PartInput[] = weights.map((weight, index) => ({
          fundOrg: `F${index}`,
          ...(byPercent ? { percent: `${weight / 100_000}` } : { amount: `${weight}` }),
        }));
        const amounts = amountsOfParts(whole, requireDivision([...parts, { fundOrg: 'rest' }]));
        expect(Decimal.sum(amounts).toString()).toBe(whole.toString());
        for (const part of amounts) expect(part.isZero() || part.isNegative() === whole.isNegative()).toBe(true);
      }),
    );
  });
});
