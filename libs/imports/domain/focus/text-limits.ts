import type { AttributionField } from './focus-options.js';

/**
 * Longest texts, in bytes of UTF-8, by which the ledger is kept. All of them together are the key of one row, and Postgres takes keys of up to a third of
 * a page (about 2,700 bytes): a longer one would be recorded and then stop the ledger for good. Real ones are far shorter.
 */
export const MAX_SERVICE_NAME_BYTES = 512;
export const MAX_TAG_BYTES: Readonly<Record<AttributionField, number>> = {
  pi_email: 320,
  project_id: 256,
  fund_org: 256,
  cost_center: 256,
  account_code: 256,
  reference_1: 1000,
  reference_2: 1000,
  end_date: 100,
  reconciliation_end: 100,
};

const MAX_BYTES_PER_UNIT = 3;

/** Why a text is refused for its length, as a clause for a report; undefined for one that is short enough. */
export function tooLong(text: string, maxBytes: number): string | undefined {
  if (text.length * MAX_BYTES_PER_UNIT <= maxBytes || Buffer.byteLength(text) <= maxBytes) return undefined;
  return `is longer than ${maxBytes} bytes`;
}

/** The beginning of a text, for a report. Never half a character, which no JSON in Postgres can hold. */
export function beginningOf(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  const last = text.charCodeAt(maxUnits - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, splitsPair ? maxUnits - 1 : maxUnits)}…`;
}
