import { describe, expect, it } from 'vitest';
import { grouped, table } from './table.js';

describe('a table', () => {
  it('aligns names at the left and amounts at the right, whatever the letters are wide', () => {
    const columns = [{ title: 'PROJECT' }, { title: 'DUE', align: 'right' as const }];
    expect(
      table(columns, [
        ['古籍', '7.00'],
        ['e\u0301tude', '1,234.50'],
      ]).split('\n'),
    ).toEqual(['PROJECT       DUE', '古籍         7.00', 'e\u0301tude    1,234.50']);
  });

  it('puts the points of amounts below one another, and keeps every digit', () => {
    const columns = [{ title: 'PI' }, { title: 'BILLED', align: 'point' as const }, { title: '' }];
    const lines = table(columns, [
      ['ada', '1234.5', 'USD'],
      ['ben', '-0.00000012', 'USD'],
      ['cai', '98765432109876543210', 'USD'],
      ['dee', '', 'USD'],
    ]).split('\n');
    expect(lines).toEqual([
      'PI                                BILLED',
      'ada                       1,234.50        USD',
      'ben                          -0.00000012  USD',
      'cai  98,765,432,109,876,543,210.00        USD',
      'dee                                       USD',
    ]);
  });

  it('lets no text from a file steer the terminal', () => {
    expect(table([{ title: 'NAME' }], [['a\u001b[2Jb\nc']])).toBe('NAME\na\ufffd[2Jb c');
  });
});

describe('a grouped amount', () => {
  it.each([
    ['0', '0'],
    ['-123.45', '-123.45'],
    ['1234.5000000001', '1,234.5000000001'],
    ['-90071992547409931234.1234567', '-90,071,992,547,409,931,234.1234567'],
  ])('%s is shown as %s', (decimal, shown) => {
    expect(grouped(decimal)).toBe(shown);
  });
});
