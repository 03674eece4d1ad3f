import { MAX_ATTRIBUTION_BYTES } from '#kernel';
import type { AttributionField } from './focus-options.js';

export { tooLong } from '#kernel';

/** Longest texts, in bytes of UTF-8, by which the ledger is kept; those of attributions hold for reviewers as well. */
export const MAX_SERVICE_NAME_BYTES = 512;
export const MAX_TAG_BYTES: Readonly<Record<AttributionField, number>> = {
  pi_email: MAX_ATTRIBUTION_BYTES.piEmail,
  project_id: MAX_ATTRIBUTION_BYTES.projectId,
  fund_org: MAX_ATTRIBUTION_BYTES.fundOrg,
  cost_center: MAX_ATTRIBUTION_BYTES.costCenter,
  account_code: MAX_ATTRIBUTION_BYTES.accountCode,
  reference_1: 1000,
  reference_2: 1000,
  end_date: 100,
  reconciliation_end: 100,
};

/** The beginning of a text, for a report. Never half a character, which no JSON in Postgres can hold. */
export function beginningOf(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  const last = text.charCodeAt(maxUnits - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, splitsPair ? maxUnits - 1 : maxUnits)}…`;
}
