import type { FocusRow } from './focus-csv.js';

const BOB = { pi_email: 'bob@example.edu', project_id: 'wheel', fund_org: 'PHYS-7' };
const NO_FUND = { pi_email: 'ada@example.edu', project_id: 'engine' };

/** A month as it was billed. */
export const september: readonly FocusRow[] = [
  { period: '2025-09', billed: '1.333333', list: '2', resource: 'same' },
  { period: '2025-09', billed: '100', list: '120', resource: 'raised' },
  { period: '2025-09', billed: '50', resource: 'lowered' },
  { period: '2025-09', billed: '20', list: '25', resource: 'dropped' },
  { period: '2025-09', billed: '10', resource: 'outage' },
  { period: '2025-09', billed: '30', resource: 'refunded' },
  { period: '2025-09', billed: '8', resource: 'rejected-raised', tags: NO_FUND },
  { period: '2025-09', billed: '6', resource: 'rejected-dropped', tags: NO_FUND },
  { period: '2025-09', billed: '40', resource: 'moved', tags: NO_FUND },
  { period: '2025-09', billed: '5', resource: 'twin' },
  { period: '2025-09', billed: '7', resource: 'twin' },
  { period: '2025-09', billed: '16', resource: 'divided' },
];
/** The same month as the vendor states it now. */
export const restated: readonly FocusRow[] = [
  { period: '2025-09', billed: '7', resource: 'twin' },
  { period: '2025-09', billed: '6', resource: 'twin' },
  { period: '2025-09', billed: '110', list: '130', resource: 'raised' },
  { period: '2025-09', billed: '40', resource: 'lowered' },
  { period: '2025-09', billed: '10', resource: 'outage' },
  { period: '2025-09', billed: '20', resource: 'refunded' },
  { period: '2025-09', billed: '9', resource: 'rejected-raised', tags: NO_FUND },
  { period: '2025-09', billed: '42', resource: 'moved', tags: NO_FUND },
  { period: '2025-09', billed: '12', list: '15', resource: 'late', tags: BOB },
  { period: '2025-09', billed: '3', resource: 'late-and-doubtful', tags: NO_FUND },
  { period: '2025-09', billed: '1.333333', list: '2', resource: 'same' },
  { period: '2025-09', billed: '16', resource: 'divided' },
];
