// The reader alone, for programs that try it out without the test runner.
import { currency } from '#kernel';
import type { FocusReaderOptions } from '../domain/focus/index.js';

export type { CellProblem, ChargeLine, RefusedRow } from '../domain/charge-line.js';
export { type FocusHeader, FocusReader, type FocusReaderOptions, openFocusFile } from '../domain/focus/index.js';

export const OPTIONS: FocusReaderOptions = {
  tagMapping: {
    pi_email: ['pi_email', 'Owner'],
    project_id: ['project_id', 'project'],
    fund_org: ['fund_org', 'org'],
    cost_center: ['cost_center'],
    account_code: ['account_code'],
    reference_1: ['reference_1'],
    reference_2: ['reference_2'],
    end_date: ['end_date'],
    reconciliation_end: ['reconciliation_end'],
  },
  ledgerCurrency: currency('USD'),
  expectedPeriod: null,
  flagPatterns: [],
  fundOrgPatterns: [],
  costBasis: 'billed',
  dateFormat: null,
  lineIdColumn: null,
};
