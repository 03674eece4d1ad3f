import { describe, expect, it } from 'vitest';
import { amountText, compareDecimals, differenceOf, isNegative, isZero, layOutAmount, percentOf, rounded, sumOf } from './decimal-text.js';

describe('amounts on screen', () => {
  it.each([
    ['0', '0.00'],
    ['-0.00', '0.00'],
    ['1234567.5', '1,234,567.50'],
    ['-1234.5', '−1,234.50'],
    ['999', '999.00'],
    ['1000', '1,000.00'],
    ['0.0000000001', '0.0000000001'],
    ['12345678901234567890.12', '12,345,678,901,234,567,890.12'],
  ])('%s is shown as %s', (text, shown) => {
    expect(amountText(text)).toBe(shown);
  });

  it('keeps the decimals beyond the cent apart, without trailing zeros', () => {
    expect(layOutAmount('1.230450')).toEqual({ sign: '', main: '1.23', beyond: '045' });
  });

  it('shows a currency without minor unit without a point, unless there is more', () => {
    expect(amountText('1200', 0)).toBe('1,200');
    expect(amountText('1200.5', 0)).toBe('1,200.5');
  });

  it.each(['', '1e5', '1,000', 'NaN', '.5'])('refuses %j rather than showing something else', (text) => {
    expect(() => amountText(text)).toThrow(RangeError);
  });
});

describe('sums and shares', () => {
  it('adds what binary floats cannot', () => {
    expect(sumOf(['0.1', '0.2', '-0.05'])).toBe('0.25');
    expect(sumOf(['9007199254740993', '0.01'])).toBe('9007199254740993.01');
    expect(sumOf(['0.5', '-1.25'])).toBe('-0.75');
    expect(sumOf([])).toBe('0');
  });

  it('tells a difference exactly, whichever is larger', () => {
    expect(differenceOf('9007199254740993', '0.01')).toBe('9007199254740992.99');
    expect(differenceOf('-0.5', '1.25')).toBe('-1.75');
    expect(differenceOf('0.1', '-0.2')).toBe('0.3');
    expect(isZero(differenceOf('1.50', '1.5'))).toBe(true);
  });

  it('gives a percentage with one decimal, half away from zero', () => {
    expect(percentOf('12.345', '98.76')).toBe('12.5');
    expect(percentOf('1', '3')).toBe('33.3');
    expect(percentOf('-1', '8')).toBe('-12.5');
    expect(percentOf('0.0005', '1')).toBe('0.1');
    expect(percentOf('100', '100')).toBe('100');
    expect(percentOf('1', '0.00')).toBeNull();
  });

  it.each([
    ['2.675', '2.68'],
    ['-2.675', '-2.68'],
    ['2.6749999999', '2.67'],
    ['0.004', '0.00'],
    ['-0.004', '0.00'],
    ['999.995', '1000.00'],
    ['7.5', '7.5'],
  ])('rounds %s to %s', (text, shown) => {
    expect(rounded(text, 2)).toBe(shown);
  });

  it('compares by value, not by length', () => {
    expect(['10', '9.99', '-3', '9.990'].sort(compareDecimals)).toEqual(['-3', '9.99', '9.990', '10']);
  });

  it('knows zero and negative whatever the decimals', () => {
    expect(isZero('-0.000')).toBe(true);
    expect(isZero('0.001')).toBe(false);
    expect(isNegative('-0.00')).toBe(false);
    expect(isNegative('-0.01')).toBe(true);
  });
});
