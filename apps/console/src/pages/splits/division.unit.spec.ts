import { describe, expect, it } from 'vitest';
import { balanceOf, type DivisionDraft, divisionWords, draftOfParts, evenly, moved, partDraft, partsInput, withPart } from './division.js';

function draft(kind: DivisionDraft['kind'], ...shares: readonly string[]): DivisionDraft {
  return { kind, parts: shares.map((share, index) => partDraft(index + 1, { share })) };
}

const NOBODY = { piEmail: null, projectId: null, fundOrg: null, costCenter: null, accountCode: null };

describe('a division while it is typed', () => {
  it.each([
    [draft('percent', '60', ''), true, '60 % + rest 40 %'],
    [draft('percent', '33.30', '33.3', ''), true, '33.3 % + 33.3 % + rest 33.4 %'],
    [draft('percent', '60', '40.0'), true, '60 % + 40 % = 100 %'],
    [draft('percent', '60', '30'), false, 'Adds up to 90 %: give 10 % more, or leave one share out'],
    [draft('percent', '60', '40.1'), false, 'Adds up to 100.1 %: take 0.1 % away'],
    [draft('percent', '60', '40', ''), false, 'Adds up to 100 % and leaves nothing for the rest: make it less than 100'],
    [draft('percent', '', ''), false, '2 parts have no share: only one can get the rest'],
    [draft('percent', '60', 'most'), false, 'The share of part 2 is no number above zero, such as 60 or 12.50'],
    [draft('percent', '0.0', ''), false, 'The share of part 1 is no number above zero, such as 60 or 12.50'],
    [draft('amount', '300', ''), true, '300 + rest of each charge'],
    [draft('amount', '300', '20'), false, 'Leave one amount out: that part gets what the others leave'],
  ])('%j comes to the whole: %s', (division, isWhole, words) => {
    expect(balanceOf(division)).toEqual({ isWhole, words });
  });

  it.each([
    [2, ['50', '']],
    [3, ['33.33', '33.33', '']],
    [4, ['25', '25', '25', '']],
    [7, ['14.28', '14.28', '14.28', '14.28', '14.28', '14.28', '']],
  ])('is even over %d parts, and whole', (count, shares) => {
    const even = evenly(draft('amount', ...Array.from({ length: count }, () => '9')));
    expect(even.kind).toBe('percent');
    expect(even.parts.map(({ share }) => share)).toEqual(shares);
    expect(balanceOf(even).isWhole).toBe(true);
  });

  it('keeps what was typed when parts are added and moved', () => {
    const three = withPart(draft('percent', '60', '40'));
    expect(three.parts.map(({ key, share }) => [key, share])).toEqual([
      [1, '60'],
      [2, '40'],
      [3, ''],
    ]);
    expect(moved(three, 3, -1).parts.map(({ key }) => key)).toEqual([1, 3, 2]);
    expect(moved(three, 1, -1).parts.map(({ key }) => key)).toEqual([1, 2, 3]);
  });

  it('is sent without what is empty, and comes back as it was', () => {
    const sent = { kind: 'amount', parts: [partDraft(1, { share: ' 300 ', fundOrg: 'MATH-200' }), partDraft(2)] } as const;
    expect(partsInput(sent)).toEqual([{ amount: '300', fundOrg: 'MATH-200' }, {}]);
    const parts = [
      { ...NOBODY, percent: null, amount: '300', fundOrg: 'MATH-200' },
      { ...NOBODY, percent: null, amount: null, piEmail: 'bob@example.edu' },
    ];
    expect(partsInput(draftOfParts(parts))).toEqual([{ amount: '300', fundOrg: 'MATH-200' }, { piEmail: 'bob@example.edu' }]);
    expect(divisionWords(parts)).toBe('300 MATH-200, rest bob@example.edu');
  });
});
