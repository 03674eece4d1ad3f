import { describe, expect, it } from 'vitest';
import { billingPeriod } from '#kernel';
import { type ImportQuality, qualityByPeriod } from './source-quality.js';

const JANUARY = billingPeriod('2025-01');
const FEBRUARY = billingPeriod('2025-02');

function imported(importId: number, what: Partial<ImportQuality> = {}): ImportQuality {
  return {
    importId,
    fileName: 'hpc.csv',
    state: 'recorded',
    periods: [JANUARY],
    endedAt: null,
    focusVersion: '1.0',
    lineCount: 100,
    flaggedLineCount: 0,
    refusedRowCount: 0,
    flags: [],
    unattributed: [{ field: 'fundOrg', lineCount: 0 }],
    missingColumns: [],
    ...what,
  };
}

describe('qualityByPeriod', () => {
  it('adds up the recorded imports of a period; shares are of all their lines', () => {
    const [january, ...rest] = qualityByPeriod(
      [
        imported(2, {
          lineCount: 300,
          flaggedLineCount: 30,
          flags: [
            { flag: 'late_charge', lineCount: 10 },
            { flag: 'missing_fund_org', lineCount: 20 },
          ],
          unattributed: [{ field: 'fundOrg', lineCount: 20 }],
        }),
        imported(1, {
          flaggedLineCount: 10,
          refusedRowCount: 100,
          flags: [{ flag: 'missing_fund_org', lineCount: 10 }],
          unattributed: [{ field: 'fundOrg', lineCount: 10 }],
        }),
      ],
      12,
    );
    expect(rest).toEqual([]);
    expect(january).toMatchObject({
      period: '2025-01',
      importCount: 2,
      lineCount: 400,
      flagged: { lineCount: 40, share: 0.1 },
      refused: { lineCount: 100, share: 0.2 },
      flags: [
        { flag: 'missing_fund_org', lineCount: 30, share: 0.075 },
        { flag: 'late_charge', lineCount: 10, share: 0.025 },
      ],
      unattributed: [{ field: 'fundOrg', lineCount: 30, share: 0.075 }],
    });
  });

  it('counts refused and withdrawn imports, and leaves their figures out', () => {
    const [january] = qualityByPeriod(
      [
        imported(1),
        imported(2, { state: 'refused', flaggedLineCount: 100, refusedRowCount: 7 }),
        imported(3, { state: 'withdrawn', flaggedLineCount: 100 }),
      ],
      12,
    );
    expect(january).toMatchObject({ importCount: 1, refusedImportCount: 1, withdrawnImportCount: 1, flagged: { lineCount: 0, share: 0 } });
    expect(january?.refused).toEqual({ lineCount: 0, share: 0 });
  });

  it('has no share of nothing: a period with only a refused file', () => {
    const [january] = qualityByPeriod([imported(1, { state: 'refused' })], 12);
    expect(january).toMatchObject({ lineCount: 0, flagged: { lineCount: 0, share: null }, unattributed: null, missingColumns: null });
  });

  it('measures attribution and columns on imports that have these figures, and says how many have not', () => {
    const older = imported(1, { lineCount: 900, unattributed: null, missingColumns: null });
    const newer = imported(2, { unattributed: [{ field: 'fundOrg', lineCount: 50 }] });
    expect(qualityByPeriod([newer, older], 12)[0]).toMatchObject({
      lineCount: 1000,
      unmeasuredImportCount: 1,
      unattributed: [{ field: 'fundOrg', lineCount: 50, share: 0.5 }],
    });
    expect(qualityByPeriod([older], 12)[0]).toMatchObject({ unmeasuredImportCount: 1, unattributed: null, missingColumns: null });
  });

  it('counts a file of several periods as a whole in each, and says so', () => {
    const periods = qualityByPeriod([imported(1, { periods: [JANUARY, FEBRUARY] }), imported(2, { periods: [FEBRUARY] })], 12);
    expect(periods).toMatchObject([
      { period: '2025-02', importCount: 2, sharedImportCount: 1, lineCount: 200 },
      { period: '2025-01', importCount: 1, sharedImportCount: 1, lineCount: 100 },
    ]);
    expect(qualityByPeriod([imported(1, { periods: [JANUARY, FEBRUARY] })], 1).map(({ period }) => period)).toEqual(['2025-02']);
  });

  it('lists missing columns by weight, with the number of imports that lack them', () => {
    const tags = { column: 'Tags', level: 'Conditional' };
    const invoice = { column: 'InvoiceIssuerName', level: 'Mandatory' };
    const [january] = qualityByPeriod([imported(1, { missingColumns: [tags] }), imported(2, { missingColumns: [invoice, tags] })], 12);
    expect(january?.missingColumns).toEqual([
      { ...invoice, importCount: 1 },
      { ...tags, importCount: 2 },
    ]);
  });
});
