import { describe, expect, it } from 'vitest';
import { currency } from '#kernel';
import type { RefusedRow } from './refused-row.js';
import { refusedRowCsv, refusedRowsHeader } from './refused-rows-csv.js';

const ROW: RefusedRow = {
  lineNumber: 12,
  column: 'BillingPeriodStart',
  value: 'soon',
  reason: 'is no date',
  furtherProblems: [
    { column: 'ListCost', value: '$5', reason: 'is not a decimal number' },
    { column: 'Tags', value: '', reason: 'is empty' },
  ],
  amount: '-2.5',
  currency: currency('USD'),
  cells: ['soon', '-2.50', 'a "quoted", cell'],
};

describe('the CSV of refused rows', () => {
  it('says where and why, and keeps the row as it was', () => {
    expect(refusedRowsHeader(['BillingPeriodStart', 'BilledCost', 'Tags'])).toBe(
      'refused_line,refused_column,refused_value,refused_reason,refused_further_problems,refused_amount,refused_currency,BillingPeriodStart,BilledCost,Tags\r\n',
    );
    expect(refusedRowCsv(ROW)).toBe(
      '12,BillingPeriodStart,soon,is no date,ListCost “$5” is not a decimal number; Tags is empty,-2.5,USD,soon,-2.50,"a ""quoted"", cell"\r\n',
    );
  });

  it('runs nothing in a spreadsheet, and leaves numbers alone', () => {
    const csv = refusedRowCsv({
      ...ROW,
      value: '=cmd()',
      furtherProblems: [],
      amount: null,
      currency: null,
      cells: ['=1+1', '@x', '\tx', '-1E-7', '+.5', '-x', '+1 2'],
    });
    expect(csv).toBe("12,BillingPeriodStart,'=cmd(),is no date,,,,'=1+1,'@x,'\tx,-1E-7,+.5,'-x,'+1 2\r\n");
    expect(refusedRowsHeader(['=2'])).toContain(",'=2\r\n");
  });
});
