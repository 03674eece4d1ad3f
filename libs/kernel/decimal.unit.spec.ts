import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '#kernel';

const d = (text: string): Decimal => Decimal.parse(text);

describe('Decimal', () => {
  it.each([
    ['-12.5', '-12.5'],
    ['1E-7', '0.0000001'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1.5e3', '1500'],
    ['-0', '0'],
    ['0.00', '0'],
    ['20.52022672899', '20.52022672899'],
    ['9007199254740993', '9007199254740993'],
  ])('reads %s as %s', (text, written) => {
    expect(d(text).toString()).toBe(written);
  });

  it.each(['$10,000.00', '1,5', '+3', 'n/a', '', '.', '-', '1e', 'inf', 'NaN', '0x10', ' 1', '1E9999'])('refuses %j', (text) => {
    expect(Decimal.tryParse(text)).toBeUndefined();
    expect(() => d(text)).toThrow(/not a decimal number/);
  });

  it.each([
    ['2.675', 2, '2.68'],
    ['-2.675', 2, '-2.68'],
    ['2.665', 2, '2.67'],
    ['0.005', 2, '0.01'],
    ['0.0049999', 2, '0.00'],
    ['1.5', 0, '2'],
    ['-1.5', 0, '-2'],
    ['12', 2, '12.00'],
  ])('rounds %s to %d places half away from zero: %s', (text, places, rounded) => {
    expect(d(text).toFixed(places)).toBe(rounded);
  });

  it('divides with one rounding', () => {
    expect(d('1').dividedBy(d('3'), 4).toString()).toBe('0.3333');
    expect(d('-2').dividedBy(d('3'), 2).toString()).toBe('-0.67');
    expect(d('1250').dividedBy(d('0.05'), 0).toString()).toBe('25000');
  });

  const decimals = fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 18 }))
    .map(([units, scale]) => Decimal.ofUnits(units, scale));

  it('adds exactly: order, grouping and a round trip through text change nothing', () => {
    fc.assert(
      fc.property(decimals, decimals, decimals, (a, b, c) => {
        expect(a.plus(b).plus(c).toString()).toBe(c.plus(a).plus(b).toString());
        expect(a.plus(b).minus(b).equals(a)).toBe(true);
        expect(d(a.toString()).equals(a)).toBe(true);
        expect(a.compare(b)).toBe(a.minus(b).isNegative() ? -1 : a.equals(b) ? 0 : 1);
      }),
    );
  });
});
