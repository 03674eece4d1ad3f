import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currency, Decimal } from '#kernel';
import { reconcile, type Sides } from './reconcile.js';

const decimal = (text: string | null): Decimal | null => (text === null ? null : Decimal.parse(text));
const verdict = (
  expected: string | null,
  recorded: string | null,
  { key = 'inv-1', code = 'USD', accepted }: { key?: string; code?: string; accepted?: [string | null, string | null] } = {},
): ReturnType<typeof reconcile> => {
  const acceptance: Sides['acceptance'] =
    accepted === undefined ? null : { expected: decimal(accepted[0]), recorded: decimal(accepted[1]) };
  return reconcile({ invoiceKey: key, currency: currency(code), expected: decimal(expected), recorded: decimal(recorded), acceptance });
};

describe('reconcile', () => {
  it('matches equal amounts at all decimals, and what rounding an invoice makes', () => {
    expect(verdict('10.00', '10')).toMatchObject({ state: 'matched', roundingOnly: false, isOpen: false });
    expect(verdict('10.01', '10.0049999')).toMatchObject({ state: 'matched', roundingOnly: true, isOpen: false });
    expect(verdict('10.01', '10.00')).toMatchObject({ state: 'difference', roundingOnly: false, isOpen: true });
    expect(verdict('10', '10.9', { code: 'JPY' })).toMatchObject({ state: 'matched', roundingOnly: true });
    expect(verdict('10', '11', { code: 'JPY' }).state).toBe('difference');
    expect(verdict('1.0001', '1', { code: 'KWD' }).roundingOnly).toBe(true);
  });

  it('tells what is missing, unexpected or without an invoice', () => {
    expect(verdict('5', null)).toMatchObject({ state: 'missing', isOpen: true, difference: Decimal.parse('-5') });
    expect(verdict(null, '5')).toMatchObject({ state: 'unexpected', isOpen: true, difference: Decimal.parse('5') });
    expect(verdict(null, '5', { key: '' }).state).toBe('uninvoiced');
    // Nothing to explain: an invoice of nothing, and lines that cost nothing.
    expect(verdict('0', null)).toMatchObject({ state: 'matched', isOpen: false });
    expect(verdict(null, '0', { key: '' })).toMatchObject({ state: 'uninvoiced', isOpen: false });
  });

  it('holds an acceptance for these very amounts, and for no others', () => {
    expect(verdict('10', '9', { accepted: ['10', '9.00'] })).toMatchObject({ state: 'accepted', isOpen: false, acceptanceVoid: false });
    expect(verdict('10', '8', { accepted: ['10', '9'] })).toMatchObject({ state: 'difference', isOpen: true, acceptanceVoid: true });
    // The same difference of other amounts is another one.
    expect(verdict('11', '10', { accepted: ['10', '9'] })).toMatchObject({ state: 'difference', acceptanceVoid: true });
    expect(verdict('10', null, { accepted: ['10', '0'] }).state).toBe('missing');
    expect(verdict('10', '10', { accepted: ['10', '9'] })).toMatchObject({ state: 'matched', acceptanceVoid: true });
  });

  it('matches if and only if the lines come to the invoice, whatever they are', () => {
    const amounts = fc.tuple(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), fc.integer({ min: 0, max: 6 }));
    const lines = fc.array(
      amounts.map(([units, scale]) => Decimal.ofUnits(units, scale)),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(lines, fc.bigInt({ min: -300n, max: 300n }), (parts, offInTenthsOfCents) => {
        const recorded = Decimal.sum(parts);
        const off = Decimal.ofUnits(offInTenthsOfCents, 3);
        const { state, difference, roundingOnly } = reconcile({
          invoiceKey: 'inv-1',
          currency: currency('USD'),
          expected: recorded.minus(off),
          recorded,
          acceptance: null,
        });
        expect(difference.equals(off)).toBe(true);
        expect(state).toBe(offInTenthsOfCents > -10n && offInTenthsOfCents < 10n ? 'matched' : 'difference');
        expect(roundingOnly).toBe(state === 'matched' && offInTenthsOfCents !== 0n);
      }),
    );
  });
});
