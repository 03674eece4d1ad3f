import { describe, expect, it } from 'vitest';
import { DomainError } from '#kernel';
import { checkedFundOrg, decideFund, decideRetirement } from './fund.decide.js';
import type { Fund } from './fund.events.js';

const BIO: Fund = { fundOrg: 'BIO-1', title: 'Biology', validFrom: '2025-01-01', validTo: null, owner: 'dean@example.edu' };

function problems(decide: () => unknown): string[] {
  try {
    decide();
  } catch (error) {
    if (error instanceof DomainError) return error.problems.map(({ where, what }) => `${where}: ${what}`);
    throw error;
  }
  throw new Error('this was not refused');
}

describe('a fund put into the chart', () => {
  it('is registered with what is said about it, tidied', () => {
    expect(decideFund(null, 'BIO-1', { title: ' Cafe\u0301 ', validTo: ' 2025-12-31 ' })).toEqual([
      { type: 'FundRegistered', data: { fundOrg: 'BIO-1', title: 'Café', validFrom: null, validTo: '2025-12-31', owner: '' } },
    ]);
  });

  it('is changed in what is said, and keeps the rest; an empty day takes it back', () => {
    expect(decideFund(BIO, 'BIO-1', { validFrom: '', title: 'Life sciences' })).toEqual([
      { type: 'FundChanged', data: { ...BIO, validFrom: null, title: 'Life sciences' } },
    ]);
    expect(decideFund(BIO, 'BIO-1', { validTo: '', title: 'Biology ' })).toEqual([]);
    expect(decideFund(BIO, 'BIO-1', {})).toEqual([]);
  });

  it('is refused with every field that can’t be so', () => {
    const wrong = { title: 'a\nb', validFrom: '2025-02-29', validTo: '1/2/25', owner: 'é'.repeat(161) };
    expect(problems(() => decideFund(null, 'BIO-1', wrong))).toEqual([
      expect.stringMatching(/^title: .*line break/),
      'validFrom: “2025-02-29” is no day; write it as 2025-07-31.',
      'validTo: “1/2/25” is no day; write it as 2025-07-31.',
      'owner: This has 322 bytes; 320 is the most.',
    ]);
    expect(problems(() => decideFund(BIO, 'BIO-1', { validTo: '2024-12-31' }))).toEqual([
      'validTo: The last day 2024-12-31 lies before the first, 2025-01-01; change one of them.',
    ]);
  });

  it.each(['2025-02-28', '2024-02-29', '2000-02-29', '2025-12-31'])('takes the day %s', (day) => {
    expect(decideFund(null, 'BIO-1', { validTo: day })).toMatchObject([{ data: { validTo: day } }]);
  });

  it.each(['2100-02-29', '2025-04-31', '2025-00-10', '2025-13-01', '2025-01-00', '25-01-01', '2025-1-1', '0001-01-01'])(
    'refuses the day %s',
    (day) => {
      expect(problems(() => decideFund(null, 'BIO-1', { validTo: day }))).toHaveLength(1);
    },
  );

  it.each(['', ' ', '..', 'a\u0000b', 'a\tb', '\ud800', 'é'.repeat(129)])('has a fund/org that can be kept: not %j', (text) => {
    expect(problems(() => checkedFundOrg(text))).toHaveLength(1);
  });

  it('may have a fund/org of any letters, blanks and slashes', () => {
    expect(checkedFundOrg(' 12/34 Ä 生 ')).toBe('12/34 Ä 生');
    expect(checkedFundOrg('é'.repeat(128))).toHaveLength(128);
  });
});

describe('a fund that is retired', () => {
  const retire = (fund: Fund | null, lastDay: string) => decideRetirement(fund, 'BIO-1', { lastDay, reason: ' merged ' });

  it('ends with the day, and keeps the rest', () => {
    expect(retire(BIO, '2025-06-30')).toEqual([{ type: 'FundRetired', data: { ...BIO, validTo: '2025-06-30', reason: 'merged' } }]);
    expect(retire({ ...BIO, validTo: '2025-12-31' }, '2025-06-30')).toHaveLength(1);
  });

  it('may end before it began, and stays so when something else is changed', () => {
    const [event] = retire(BIO, '2024-06-30');
    expect(event).toMatchObject({ data: { validTo: '2024-06-30' } });
    const never: Fund = { ...BIO, validTo: '2024-06-30' };
    expect(decideFund(never, 'BIO-1', { title: 'Never' })).toMatchObject([{ data: { title: 'Never', validTo: '2024-06-30' } }]);
  });

  it('is refused if it ends then already, is not there, or the day is none', () => {
    expect(() => retire({ ...BIO, validTo: '2025-06-30' }, '2025-06-30')).toThrow('BIO-1 is valid until 2025-06-30 already');
    expect(() => retire(null, '2025-06-30')).toThrow('BIO-1 is in no chart of funds');
    expect(problems(() => retire(BIO, 'soon'))).toEqual(['lastDay: “soon” is no day; write it as 2025-07-31.']);
  });
});
