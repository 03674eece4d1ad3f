import { describe, expect, it } from 'vitest';
import { compareChart } from './chart-difference.js';
import { type ChartFile, MAX_CHART_ROWS, readChartFile, requireChartSize } from './chart-file.js';
import type { Fund } from './fund.events.js';

const read = (text: string): ChartFile => readChartFile(Buffer.from(text));
const refusals = (text: string): string[] =>
  read(text).refusedRows.map(({ line, column, value, reason }) => [line, column, value, reason].join(' | '));

describe('a chart of funds as CSV', () => {
  it('is read as it is found in the wild: BOM, CRLF, quotes, other case and order, blank lines', () => {
    const file = read(
      '\ufeffOwner,"Fund/Org",TITLE,Valid From,valid_to\r\n\r\n d@x.edu , BIO-1 ,"Biology, ""general""\r\nand other",2025-01-01,\r\n,,,,\r\n,A,,,2025-12-31',
    );
    expect(file.refusedRows).toEqual([
      { line: 3, column: 'title', value: 'Biology, "general"\r\nand other', reason: expect.stringContaining('line break') as string },
    ]);
    expect(file.rows).toEqual([{ line: 6, fundOrg: 'A', input: { title: '', validFrom: '', validTo: '2025-12-31', owner: '' } }]);
    expect(file).toMatchObject({ rowCount: 2, missingColumns: [], ignoredColumns: [] });
  });

  it('says nothing about columns that it lacks, and names those that mean nothing', () => {
    const file = read('fund_org,Department,title\nBIO-1,Bio,"He said ""hi"""\n');
    expect(file.rows).toEqual([{ line: 2, fundOrg: 'BIO-1', input: { title: 'He said "hi"' } }]);
    expect(file).toMatchObject({ missingColumns: ['valid_from', 'valid_to', 'owner'], ignoredColumns: ['Department'] });
  });

  it('lists every row that can’t be taken with line, column, value and reason', () => {
    expect(refusals('fund_org,valid_from,valid_to\nA,1/2/2025,2025-02-30\n,,2025-01-01\nB,,\nB,,2025-01-01\nC,2025-01-01\n')).toEqual([
      '2 | valid_from | 1/2/2025 | “1/2/2025” is no day; write it as 2025-07-31.',
      '2 | valid_to | 2025-02-30 | “2025-02-30” is no day; write it as 2025-07-31.',
      '3 | fund_org |  | A fund needs its fund/org; write it as it stands in the accounting system.',
      '5 | fund_org | B | It stands on line 4 already; keep one of the two rows.',
      '6 |  |  | The row has 2 cells and the header 3; a text with a comma in it needs quotes.',
    ]);
  });

  it.each([
    ['', 'It is empty.'],
    ['fund_org,title\n', 'a header and no row'],
    ['name,title\nA,B\n', 'lacks the column fund_org (of fund_org, title, valid_from, valid_to, owner); it has name, title.'],
    ['fund_org;title\nA;B\n', 'separated by semicolons'],
    ['fund_org,title,Fund Org\nA,B,C\n', 'The column fund_org is there twice'],
    ['fund_org\n"A\nB\n', 'from line 2 on: a quoted cell begins here and never ends'],
    ['fund_org\nB\n"A" x\n', 'from line 3 on: a quoted cell goes on behind its closing quote'],
  ])('is refused as a whole: %j', (text, reason) => {
    expect(() => read(text)).toThrow(reason);
  });

  it('is refused if it is not UTF-8, or far too large', () => {
    expect(() => readChartFile(Buffer.from('fund_org\nCaf\xe9\n', 'latin1'))).toThrow('not UTF-8');
    expect(() => read(`fund_org\n${Array.from({ length: MAX_CHART_ROWS + 1 }, (_, n) => n).join('\n')}`)).toThrow('more than 100,000 rows');
    expect(() => requireChartSize(40_000_000)).toThrow('more than 33,554,432');
  });
});

describe('what a file makes of the chart', () => {
  const fund = (fundOrg: string, more: Partial<Fund> = {}): Fund => ({
    ...{ fundOrg, title: '', validFrom: null, validTo: null, owner: '' },
    ...more,
  });
  const chart = new Map(
    [fund('A', { title: 'Alpha', validFrom: '2025-01-01' }), fund('B'), fund('C', { validTo: '2025-03-01' }), fund('D')].map((each) => [
      each.fundOrg,
      each,
    ]),
  );
  const compare = (text: string, mode: 'merge' | 'replace') => compareChart(chart, read(text), { mode, lastDay: '2025-06-30' });

  it('is told apart: added, changed, unchanged; what it lacks stays', () => {
    expect(compare('fund_org,owner\nA,ann\nB,\nE,eve\n', 'merge')).toEqual({
      added: [fund('E', { owner: 'eve' })],
      changed: [{ before: chart.get('A'), after: { ...chart.get('A'), owner: 'ann' } }],
      retired: [],
      unchangedCount: 1,
      refusedRows: [],
    });
  });

  it('retires with replace what it does not name and what does not end anyway', () => {
    const { retired } = compare('fund_org\nA\n', 'replace');
    expect(retired.map(({ after }) => after)).toEqual([fund('B', { validTo: '2025-06-30' }), fund('D', { validTo: '2025-06-30' })]);
  });

  it('refuses days that don’t go together with the chart’s, and retires no fund whose row is refused', () => {
    const { refusedRows, retired } = compare('fund_org,valid_to\nB,soon\nA,2024-12-31\nD,\n', 'replace');
    expect(refusedRows.map(({ line, column, value }) => `${line} ${column} ${value}`)).toEqual([
      '2 valid_to soon',
      '3 valid_to 2024-12-31',
    ]);
    expect(retired).toEqual([]);
  });
});
