import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billingPeriod, Decimal } from '#kernel';
import { aPosting, aSource, someSettings } from '../testing/journal-factories.js';
import { bookPostings, differenceOf, type JournalBooking } from './booking.js';
import { entriesOf } from './build-entries.js';
import type { JournalPosting, JournalSource } from './posting.js';

const SOURCES = [aSource('aws', { accountCode: '6100' }), aSource('hpc')];
const RULES = { sources: SOURCES, defaultAccount: '7000' };
const short = ({ party, fundOrg, source, account, piEmail, amount }: JournalBooking): string =>
  [party, fundOrg, source, account, piEmail.split('@')[0] ?? '', amount.toPadded(2)].join(' ').replaceAll(/ +/g, ' ');

describe('bookPostings', () => {
  const postings = [aPosting('2', { accountCode: '5555' }), aPosting('3'), aPosting('4', { source: 'HPC' })];

  it('books debits by the account that goes before, and the other side as the format does', () => {
    const debits = ['pi OCE-F2201 aws 5555 ines.moor 2.00', 'pi OCE-F2201 aws 6100 ines.moor 3.00', 'pi OCE-F2201 hpc 7000 ines.moor 4.00'];
    expect(bookPostings('default', postings, RULES).map(short)).toEqual(debits);
    expect(bookPostings('gl', postings, RULES).map(short)).toEqual([...debits, 'source CLOUD-CLEARING 9.00']);
    expect(bookPostings('template', postings, RULES).map(short)).toEqual([
      ...debits,
      'source IT-AWS aws 6100 5.00',
      'source IT-HPC hpc 7000 4.00',
    ]);
  });

  it('makes one booking of what has one key, and none of a source without fund/org', () => {
    const sources = [aSource('aws', { fundOrg: null, accountCode: '6100' })];
    const bookings = bookPostings('template', [aPosting('2', { accountCode: '6100' }), aPosting('3')], { ...RULES, sources });
    expect(bookings.map(short)).toEqual(['pi OCE-F2201 aws 6100 ines.moor 5.00']);
    expect(bookings[0]?.lineCount).toBe(2);
  });
});

describe('differenceOf', () => {
  const book = (postings: readonly JournalPosting[], sources: readonly JournalSource[] = SOURCES): JournalBooking[] =>
    bookPostings('template', postings, { ...RULES, sources });

  it('is what was taken back, and what came; what stayed is left out', () => {
    const before = book([aPosting('5'), aPosting('1', { fundOrg: 'ART-1' })]);
    const after = book([aPosting('5'), aPosting('1.50', { fundOrg: 'ART-2' })]);
    expect(differenceOf(after, before).map(short)).toEqual([
      'pi ART-1 aws 6100 ines.moor -1.00',
      'pi ART-2 aws 6100 ines.moor 1.50',
      'source IT-AWS aws 6100 0.50',
    ]);
    expect(differenceOf(after, after)).toEqual([]);
  });

  it('reverses the credit of a source that is credited elsewhere, and credits it anew', () => {
    const postings = [aPosting('5')];
    const moved = book(postings, [aSource('aws', { accountCode: '6100', fundOrg: 'IT-NEW' })]);
    expect(differenceOf(moved, book(postings)).map(short)).toEqual(['source IT-AWS aws 6100 -5.00', 'source IT-NEW aws 6100 5.00']);
  });

  const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map((units) => Decimal.ofUnits(units, 2));
  const ledgers = fc.array(
    fc
      .record({
        fundOrg: fc.constantFrom('OCE-1', 'OCE-2', ''),
        source: fc.constantFrom('aws', 'hpc', 'unknown'),
        accountCode: fc.constantFrom(null, '1', '6100'),
        piEmail: fc.constantFrom('a@x.edu', 'b@x.edu'),
        serviceName: fc.constantFrom('s', 't'),
        billed: amounts,
      })
      .map((changes) => aPosting('0', changes)),
    { maxLength: 20 },
  );
  const credits = fc.constantFrom('IT-1', 'IT-2', 'OCE-1');
  const sources = fc
    .record({ aws: credits, hpc: credits, unknown: credits })
    .map(({ aws, hpc, unknown }) => [
      aSource('aws', { fundOrg: aws, accountCode: '6100' }),
      aSource('hpc', { fundOrg: hpc }),
      aSource('unknown', { fundOrg: unknown }),
    ]);
  const keyed = (bookings: readonly JournalBooking[]): string[] =>
    bookings
      .filter(({ amount }) => !amount.isZero())
      .map(short)
      .sort();

  it('makes one ledger of another, key by key, and its entries balance', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(ledgers, sources, fc.constantFrom('template' as const, 'gl' as const)), { minLength: 2, maxLength: 5 }),
        (steps) => {
          let booked: JournalBooking[] = [];
          for (const [postings, known, format] of steps) {
            const current = bookPostings(format, postings, { sources: known, defaultAccount: '7000' });
            const delta = differenceOf(current, booked);
            const { debits, credits: other, problems } = entriesOf(delta, known, someSettings(), billingPeriod('2025-03'), 'left-out');
            expect(debits.toString()).toBe(other.toString());
            expect(problems.map(({ code }) => code).filter((code) => code !== 'debit-fund-org.missing')).toEqual([]);
            booked = differenceOf([...booked, ...delta], []);
            expect(keyed(booked)).toEqual(keyed(current));
          }
        },
      ),
    );
  });
});
