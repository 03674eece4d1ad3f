import { expect, it } from 'vitest';
import { csvRow, guardFormula } from '#kernel';

it('keeps a spreadsheet from running a text, and leaves any other text alone', () => {
  const guarded = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'];
  expect(guarded.map(guardFormula)).toEqual(guarded.map((text) => `'${text}`));
  const plain = ['', '1=1', "'=1", ' =1', 'a-b', '\n=1', '−1', '＝1'];
  expect(plain.map(guardFormula)).toEqual(plain);
});

it('quotes what RFC 4180 asks for, and nothing else', () => {
  expect(csvRow(['a', 'b,c', 'd"e', 'f\ng', 'h\ri', '', "j'k", ' l '])).toBe('a,"b,c","d""e","f\ng","h\ri",,j\'k, l \r\n');
});
