/** What a flag means for the office, in one line (domain.md §2). */
const MEANINGS: Readonly<Record<string, string>> = {
  missing_pi_email: 'names no PI; reattribute before approving',
  invalid_pi_email: 'the PI is no email address; reattribute before approving',
  missing_project_id: 'names no project',
  missing_fund_org: 'names no fund/org',
  invalid_fund_org: 'the fund/org matches no fund/org pattern, or is not in the chart of funds on that day',
  period_mismatch: 'lies in another period than expected',
  currency_mismatch: 'is not in the currency of the ledger',
  late_charge: 'lies after the end of the project’s reconciliation',
  expired_project: 'lies after the end of the project',
};

const PATTERN = 'pattern_match:';

export function flagMeaning(flag: string): string {
  if (flag.startsWith(PATTERN)) return `“${flag.slice(PATTERN.length)}” is found in service or resource`;
  return MEANINGS[flag] ?? '';
}
