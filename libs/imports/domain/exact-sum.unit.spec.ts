import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '#kernel';
import { ExactSum } from './exact-sum.js';
import { canonicalAmount } from './focus/amount-text.js';

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 20 }))
  .map(([units, scale]) => Decimal.ofUnits(units, scale));

describe('ExactSum', () => {
  it('is exact for any decimals in any order', () => {
    fc.assert(
      fc.property(fc.array(decimals), (values) => {
        const sum = new ExactSum();
        for (const value of [...values].reverse()) sum.add(value.toString());
        expect(sum.toString()).toBe(Decimal.sum(values).toString());
      }),
    );
  });

  it.each(['999999999999999', '-999999999999999', '99999999999999.9', '-0.0000000000001'])(
    'is exact for %s a hundred thousand times',
    (amount) => {
      const sum = new ExactSum();
      for (let i = 0; i < 100_000; i++) sum.add(amount);
      expect(sum.toString()).toBe(Decimal.parse(amount).times(Decimal.parse('100000')).toString());
    },
  );

  it('goes on after its total was asked for', () => {
    const sum = new ExactSum();
    sum.add('1.5');
    expect(sum.toString()).toBe('1.5');
    sum.add('0.25');
    expect(sum.toString()).toBe('1.75');
  });

  it('does not lose a tenth in ten', () => {
    const sum = new ExactSum();
    for (let i = 0; i < 10; i++) sum.add('0.1');
    expect(sum.toString()).toBe('1');
  });
});

describe('canonicalAmount', () => {
  const numberLike = fc.stringMatching(/^-?[0-9]{0,4}(\.[0-9]{0,5})?([eE][+-]?[0-9]{1,2})?$/);
  it('answers as Decimal does up to 60 digits a side, for texts that are numbers and texts that are not', () => {
    fc.assert(
      fc.property(fc.oneof(numberLike, fc.string({ maxLength: 6 }), fc.stringMatching(/^[-+.0-9eE, ]{0,7}$/)), (text) => {
        const exact = Decimal.tryParse(text)?.toString();
        const isTooLong = exact?.split('.').some((side) => side.replace('-', '').length > 60) === true;
        expect(canonicalAmount(text)).toBe(isTooLong ? undefined : exact);
      }),
      { numRuns: 2000 },
    );
  });
});
