import type { BillingPeriod } from '#kernel';
import type { JournalEntry } from './posting.js';

/**
 * What a journal template sees: `entries`, `period` and `config` (domain.md §7). Amounts stay `Decimal`; the renderer makes
 * exact numbers of them. Groups of the fund/org expression stand beside the entry's own fields and never replace one.
 * @param config settings in the config file's keys; the caller has taken the secrets out
 */
export function templateContext(
  entries: readonly JournalEntry[],
  period: BillingPeriod,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return { entries: entries.map(entryFields), period, config };
}

function entryFields(entry: JournalEntry): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ...entry.groups,
    ['fund_org', entry.fundOrg],
    ['fund', entry.fund],
    ['orgn', entry.orgn],
    ['account', entry.account],
    ['amount', entry.amount],
    ['is_debit', entry.isDebit],
    ['is_credit', entry.isCredit],
    ['description', entry.description],
    ['reference_id', entry.referenceId],
    ['source_name', entry.sourceName],
    ['period', entry.period],
    ['pi_email', entry.piEmail],
    ['project_id', entry.projectId],
    ['program', entry.program],
    ['activity', entry.activity],
    ['location', entry.location],
  ]);
}
