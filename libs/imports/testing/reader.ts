// The reader alone, for programs that try it out without the test runner.
import { currency } from '#kernel';
import { CopyText } from '../domain/copy-text.js';
import type { FocusBatch } from '../domain/focus/focus-reader.js';
import type { FocusReader, FocusReaderOptions } from '../domain/focus/index.js';
import type { RefusedRow } from '../domain/refused-row.js';
import { type ChargeLine, readWrittenLines } from './charge-line.js';

export type { ChargeLine } from './charge-line.js';
export type { CellProblem, RefusedRow } from '../domain/refused-row.js';
export { type FocusHeader, FocusReader, type FocusReaderOptions, openFocusFile } from '../domain/focus/index.js';

/** Room for what is written, at first. */
const WRITTEN_BYTES = 64 * 1024;

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

/** Everything that the rest of a file came to. */
export async function readRows(reader: FocusReader): Promise<{ lines: ChargeLine[]; refused: RefusedRow[]; batches: FocusBatch[] }> {
  const written = new CopyText(WRITTEN_BYTES);
  const batches: FocusBatch[] = [];
  for await (const batch of reader.batches((line) => {
    line.writeTo(written, '1');
  }))
    batches.push(batch);
  return { lines: readWrittenLines(written.take()), refused: batches.flatMap((batch) => batch.refused), batches };
}
