import { type BillingPeriod, Decimal } from '#kernel';
import type { JournalEntry } from './posting.js';

/** The export that a template writes. */
export interface TemplateExport {
  /** From the clock. */
  readonly exportedAt: Date;
  /** 1 for the first export of the period. */
  readonly number: number;
  /** Numbers of the journals that a delta starts from; null for a full journal. */
  readonly deltaFrom?: readonly number[] | null;
}

/**
 * What a journal template sees: `entries`, `period` and `config` (domain.md §7), and for the headers and trailers of files `totals`,
 * the days of the period and of the export, and a document number that no other export has. Amounts stay `Decimal`; the renderer
 * makes exact numbers of them. Groups of the fund/org expression stand beside the entry's own fields and never replace one.
 * @param config settings in the config file's keys; the caller has taken the secrets out
 */
export function templateContext(
  entries: readonly JournalEntry[],
  period: BillingPeriod,
  config: Readonly<Record<string, unknown>>,
  { exportedAt, number, deltaFrom = null }: TemplateExport,
): Readonly<Record<string, unknown>> {
  const [year = '', month = ''] = period.split('-');
  return {
    entries: entries.map(entryFields),
    period,
    config,
    totals: totalsOf(entries),
    period_start: `${period}-01`,
    period_end: `${period}-${lastDayOf(Number(year), Number(month))}`,
    now: exportedAt.toISOString(),
    export_date: exportedAt.toISOString().slice(0, 10),
    export_number: number,
    delta_from: deltaFrom,
    document_number: `OC${year.slice(-2)}${month}${String(number).padStart(2, '0')}`,
  };
}

function totalsOf(entries: readonly JournalEntry[]): Readonly<Record<string, unknown>> {
  const sumOf = (counted: readonly JournalEntry[]): Decimal => Decimal.sum(counted.map(({ amount }) => amount));
  const [debits, credits] = [entries.filter(({ isDebit }) => isDebit), entries.filter(({ isCredit }) => isCredit)];
  return {
    debits: sumOf(debits),
    credits: sumOf(credits),
    count: entries.length,
    debit_count: debits.length,
    credit_count: credits.length,
  };
}

function lastDayOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
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
