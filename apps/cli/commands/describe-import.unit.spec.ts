import { describe, expect, it } from 'vitest';
import type { ImportReport } from '#imports';
import { billingPeriod, currency } from '#kernel';
import { describeImport } from './describe-import.js';
import type { IngestedFile } from './ingest.js';

const USD = currency('USD');
const REPORT: ImportReport = {
  readToEnd: true,
  focusVersion: '1.2',
  deliveryMode: 'replace',
  warnings: ['There is no Tags column.'],
  totals: {
    lineCount: 3,
    flaggedLineCount: 1,
    refusedRowCount: 2,
    periods: [
      {
        period: billingPeriod('2025-03'),
        currency: USD,
        lineCount: 3,
        listCost: '1500',
        contractedCost: '0',
        billedCost: '1234.5',
        effectiveCost: '0.00000012',
        amount: '1234.5',
      },
    ],
    flags: [{ flag: 'missing_project_id', currency: USD, lineCount: 1, amount: '4' }],
    refused: [
      { currency: null, rowCount: 1, amount: '0' },
      { currency: USD, rowCount: 1, amount: '2.5' },
    ],
    rules: [{ rule: 'R3.2', currency: USD, lineCount: 2, amount: '34.5' }],
  },
  outcomes: [
    { outcome: 'new', currency: USD, lineCount: 2, amount: '224.5', previousAmount: null },
    { outcome: 'revised', currency: USD, lineCount: 1, amount: '1010', previousAmount: '1000' },
    { outcome: 'withdrawn', currency: USD, lineCount: 1, amount: '7', previousAmount: null },
  ],
  refusedRows: [
    { lineNumber: 4, column: 'BilledCost', value: 'n/a', reason: 'is no number', furtherProblems: [], amount: null, currency: null },
    { lineNumber: 9, column: 'Tags', value: '{\u001b[2J', reason: 'is no JSON', furtherProblems: [], amount: '2.5', currency: USD },
  ],
  refusedRowsSha256: 'ab',
  quality: { missingColumns: [{ column: 'ListCost', level: 'Mandatory' }], unattributed: [] },
  piChanges: {
    piCount: 14,
    top: [
      { piEmail: 'ada@example.edu', currency: USD, before: '1000', after: '1234.5' },
      { piEmail: '', currency: USD, before: '7', after: '0' },
    ],
  },
};
const FILE: IngestedFile = {
  file: 'hpc.csv',
  source: 'hpc',
  outcome: 'recorded',
  importId: 7,
  duplicate: false,
  refusal: null,
  restatement: null,
  report: REPORT,
  failure: null,
};

describe('the report of an import on the terminal', () => {
  it('answers what an office asks, with amounts below one another', () => {
    expect(describeImport(FILE, USD, 'refused.csv').split('\n')).toEqual([
      'hpc.csv → hpc: recorded, import 7',
      '  FOCUS 1.2, replace: 3 lines, 1 for review, 2 rows with errors',
      '  warning: There is no Tags column.',
      '  columns that FOCUS 1.2 makes mandatory and the file lacks: ListCost',
      '  PERIOD   LINES      LIST  CONTRACTED    BILLED   EFFECTIVE   CHARGED',
      '  2025-03      3  1,500.00        0.00  1,234.50  0.00000012  1,234.50  USD',
      '  AGAINST WHAT IS HELD                LINES    BEFORE   CHARGED',
      '  new                                     2              224.50  USD',
      '  revised: other amounts than before      1  1,000.00  1,010.00  USD',
      '  withdrawn: not in the file              1                7.00  USD',
      '  WHOSE MONEY CHANGES    BEFORE     AFTER  CHANGE',
      '  ada@example.edu      1,000.00  1,234.50  234.50  USD',
      '  (no PI)                  7.00      0.00   -7.00  USD',
      '    and 12 more',
      '  ATTRIBUTED BY RULE  LINES  CHARGED',
      '  R3.2                    2    34.50  USD',
      '  FOR REVIEW          LINES  CHARGED       MEANING',
      '  missing_project_id      1     4.00  USD  names no project',
      "  2 rows with errors: 1 row whose amount can't be read, 2.5 USD in 1 row",
      '    line 4, BilledCost “n/a”: is no number',
      '    line 9, Tags “{\ufffd[2J”: is no JSON',
      '    All of them as CSV: refused.csv',
    ]);
  });

  it('says that nothing changes, when nothing does', () => {
    const unchanged = { outcome: 'unchanged', currency: USD, lineCount: 3, amount: '1234.5', previousAmount: null } as const;
    const report = { ...REPORT, outcomes: [unchanged, { ...unchanged, outcome: 'kept' as const }], piChanges: { piCount: 0, top: [] } };
    const said = describeImport({ ...FILE, report }, USD, null);
    expect(said).toContain('Nothing changes: all 3 lines are held already, with the same amounts. What else is held stays.');
    expect(said).not.toMatch(/AGAINST|WHOSE/);
    expect(said).toContain('the same command with --refused FILE');
  });

  it('says of a broken file what was found until it could not be read', () => {
    const refusal = { code: 'import.unterminated-quote', reason: 'A quote is never closed.', problems: [] };
    const report = { ...REPORT, readToEnd: false, outcomes: [], piChanges: null };
    const said = describeImport({ ...FILE, outcome: 'refused', refusal, report }, USD, null).split('\n');
    expect(said.slice(0, 4)).toEqual([
      'hpc.csv → hpc: refused, import 7',
      '  A quote is never closed.',
      '  What was found until the file could not be read any further:',
      '  FOCUS 1.2, replace: 3 lines, 1 for review, 2 rows with errors',
    ]);
  });
});
