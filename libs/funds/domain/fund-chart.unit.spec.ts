import { describe, expect, it } from 'vitest';
import { FundChart } from './fund-chart.js';

const fund = (fundOrg: string, validFrom: string | null = null, validTo: string | null = null) => ({ fundOrg, validFrom, validTo });
const CHART = new FundChart([
  fund('BIO-1', '2025-01-01', '2025-06-30'),
  fund('MATH-2'),
  fund('Café-3', '2025-07-01'),
  fund('OLD-4', '2026-01-01', '2025-06-30'),
]);

describe('a chart of funds', () => {
  it.each([
    ['BIO-1', '2024-12-31', 'BIO-1 is valid from 2025-01-01'],
    ['BIO-1', '2025-01-01', null],
    ['BIO-1', '2025-06-30', null],
    ['BIO-1', '2025-07-01', 'BIO-1 was valid until 2025-06-30'],
    ['MATH-2', '1999-01-01', null],
    ['MATH-2', '2199-12-31', null],
    ['Café-3', '2025-06-30', 'Café-3 is valid from 2025-07-01'],
    ['OLD-4', '2025-05-01', 'OLD-4 was retired before it became valid'],
    ['OLD-4', '2026-05-01', 'OLD-4 was retired before it became valid'],
    ['BIO-9', '2025-01-01', 'BIO-9 is in no chart of funds'],
  ])('%s on %s: %s', (fundOrg, day, problem) => {
    expect(CHART.problemOf(fundOrg, day)).toBe(problem);
  });

  it('takes a fund/org as the reader of charges does: trimmed and composed', () => {
    expect(CHART.problemOf(' Cafe\u0301-3\t', '2025-07-01')).toBeNull();
    expect(CHART.problemOf(' Cafe\u0301-3', '2025-06-01')).toBe('Café-3 is valid from 2025-07-01');
  });

  it('tells letters by their case, and says which fund is near', () => {
    expect(CHART.problemOf('bio-1', '2025-02-01')).toBe('bio-1 is in no chart of funds; did you mean BIO-1?');
    expect(CHART.problemOf('CAFÉ-3', '2025-08-01')).toBe('CAFÉ-3 is in no chart of funds; did you mean Café-3?');
  });

  it('says nothing of a charge without fund/org, which has a flag of its own', () => {
    expect(CHART.problemOf('', '2025-02-01')).toBeNull();
    expect(CHART.problemOf(' ', '2025-02-01')).toBeNull();
  });

  it('is not in use while there is no fund in it', () => {
    const empty = new FundChart([]);
    expect(empty.isInUse).toBe(false);
    expect(empty.problemOf('BIO-9', '2025-01-01')).toBeNull();
    expect(CHART.isInUse).toBe(true);
  });
});
