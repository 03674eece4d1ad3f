import { describe, expect, it } from 'vitest';
import { Upcasting } from '#event-store';
import { IMPORT_UPCASTERS } from './import.upcasters.js';

const upcasting = new Upcasting(IMPORT_UPCASTERS);
const REPORT = { focusVersion: '1.0', warnings: [], outcomes: [], refusedRows: [], refusedRowsSha256: null, totals: { lineCount: 3 } };
const LATER = { readToEnd: true, quality: null, piChanges: null, totals: { lineCount: 3, rules: [] } };

describe('IMPORT_UPCASTERS', () => {
  it('know that older programs imported every file, and booked none as adjustments', () => {
    const received = { importId: 7, source: 'hpc', allowPartial: false };
    expect(upcasting.upcast('ImportReceived', 1, received)).toEqual({ ...received, asAdjustments: null });
  });

  it('read what older programs recorded: they did not say how good the data is, nor whose money changes', () => {
    const recorded = { importId: 7, periods: ['2025-01'], report: REPORT };
    expect(upcasting.upcast('ImportRecorded', 1, recorded)).toEqual({
      ...recorded,
      matchesDigest: null,
      lineFormat: 1,
      report: { ...REPORT, ...LATER },
    });
    expect(upcasting.upcast('ImportRecorded', 2, { ...recorded, matchesDigest: 'ab' })).toEqual({
      ...recorded,
      matchesDigest: 'ab',
      lineFormat: 1,
      report: { ...REPORT, ...LATER },
    });
  });

  it('know which columns an older digest covers, and that there were no attribution rules', () => {
    const report = { ...REPORT, readToEnd: true, quality: null, piChanges: { piCount: 0, top: [] } };
    const recorded = { importId: 7, periods: ['2025-01'], linesDigest: 'cd', matchesDigest: 'ab', report };
    expect(upcasting.upcast('ImportRecorded', 3, recorded)).toEqual({
      ...recorded,
      lineFormat: 1,
      report: { ...report, totals: { lineCount: 3, rules: [] } },
    });
    const refused = { importId: 8, code: 'import.row-errors', reason: 'A row cannot be read.', problems: [] };
    expect(upcasting.upcast('ImportRefused', 2, { ...refused, report })).toEqual({
      ...refused,
      report: { ...report, totals: { lineCount: 3, rules: [] } },
    });
    expect(upcasting.upcast('ImportRefused', 2, { ...refused, report: null })).toEqual({ ...refused, report: null });
  });

  it('read what older programs refused, with a report or without', () => {
    const refused = { importId: 8, code: 'import.row-errors', reason: 'A row cannot be read.', problems: [] };
    expect(upcasting.upcast('ImportRefused', 1, { ...refused, report: REPORT })).toEqual({ ...refused, report: { ...REPORT, ...LATER } });
    expect(upcasting.upcast('ImportRefused', 1, { ...refused, report: null })).toEqual({ ...refused, report: null });
  });
});
