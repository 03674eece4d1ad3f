import { expect, it } from 'vitest';
import { columnKey, raggedRow, refusedRow, refusedRows, separatorProblem, storableName, utf8Text } from '#kernel';

it('says where a table cannot be read as one', () => {
  expect(raggedRow({ line: 3, cells: ['a', 'b'] }, 2)).toBeUndefined();
  expect(raggedRow({ line: 3, cells: ['a', 'b'] }, 3)).toMatchObject({
    line: 3,
    column: '',
    reason: expect.stringMatching(/2 cells and the header 3/) as string,
  });
  expect([['a;b'], ['a\tb'], ['a'], ['a;b', 'c']].map(separatorProblem)).toEqual([
    'Its columns are separated by semicolons; save it with commas.',
    'Its columns are separated by tabs; save it with commas.',
    undefined,
    undefined,
  ]);
  expect([' Fund/Org ', 'valid from', 'INVOICE-ID'].map(columnKey)).toEqual(['fund_org', 'valid_from', 'invoice_id']);
  expect(utf8Text(Buffer.from('\ufeffé'))).toBe('é');
  expect(utf8Text(Buffer.from([0xe9]))).toBeUndefined();
  expect(storableName('a\u0000b\ud800.csv')).toBe('a\ufffdb\ufffd.csv');
});

it('refuses a table with its findings, the longest values cut, and no more findings than a person reads', () => {
  const long = refusedRow(7, 'title', 'x'.repeat(101), 'Too long.');
  expect(long.value).toBe(`${'x'.repeat(100)}…`);
  const one = refusedRows('funds', [long, refusedRow(7, '', '', 'Twice.')]);
  expect([one.code, one.message.slice(0, 26)]).toEqual(['funds.refused-rows', "A row of the file can't be"]);
  expect(one.problems).toEqual([
    { where: 'line 7, title', what: `${long.value}: Too long.` },
    { where: 'line 7', what: 'Twice.' },
  ]);
  const many = refusedRows(
    'funds',
    Array.from({ length: 1500 }, (_, index) => refusedRow(index + 2, '', '', 'No.')),
  );
  expect(many.message).toMatch(/^1,500 rows of the file/);
  expect(many.problems).toHaveLength(100);
});
