import type { LedgerAsOf, LedgerCause, LedgerDifference, LedgerDifferenceRow, LedgerSum } from '#charges';
import { type BillingPeriod, type Currency, writeAmount } from '#kernel';
import type { FundOrgSum, LedgerShare } from '#ledger';
import type { Plain } from '../http/written.dto.js';
import type { LedgerDiff, PeriodLedger } from './ledger.dto.js';

/** Writes a ledger as it stood. */
export function ledgerPage(period: BillingPeriod, currency: Currency, { asOf, totals, rows }: LedgerAsOf): Plain<PeriodLedger> {
  const { list, discount, billed, billedExact, rounding, byStanding, ...counts } = totals;
  return {
    period,
    currency,
    asOf,
    totals: {
      ...counts,
      list: writeAmount(list, currency),
      discount: writeAmount(discount, currency),
      billed: writeAmount(billed, currency),
      billedExact: billedExact.toString(),
      rounding: rounding.toString(),
      byStanding: byStanding.map((sum) => ({ ...sum, list: sum.list.toString(), billed: sum.billed.toString() })),
    },
    rows: rows.map((row) => rowOf(row, currency)),
  };
}

/** Writes what changed between two moments. */
export function ledgerDiffPage(period: BillingPeriod, currency: Currency, difference: LedgerDifference): Plain<LedgerDiff> {
  const sum = ({ lineCount, list, billed }: LedgerSum): Plain<LedgerDiff['change']> => ({
    lineCount,
    list: writeAmount(list, currency),
    discount: writeAmount(list.minus(billed), currency),
    billed: writeAmount(billed, currency),
  });
  const share = (held: LedgerShare): LedgerDiff['rows'][number]['before'] => ({ ...sum(held), fundOrgs: held.fundOrgs });
  const cause = ({ moment, change }: LedgerCause): LedgerDiff['rows'][number]['causes'][number] => ({ ...moment, change: sum(change) });
  const row = ({ piEmail, projectId, before, after, change, causes }: LedgerDifferenceRow): LedgerDiff['rows'][number] => ({
    piEmail,
    projectId,
    before: share(before),
    after: share(after),
    change: sum(change),
    causes: causes.map(cause),
  });
  const { from, to, before, after, change, rows } = difference;
  return { period, currency, from, to, before: sum(before), after: sum(after), change: sum(change), rows: rows.map(row) };
}

function rowOf({ list, billed, listExact, billedExact, ...row }: FundOrgSum, currency: Currency): PeriodLedger['rows'][number] {
  return {
    ...row,
    list: writeAmount(list, currency),
    discount: writeAmount(list.minus(billed), currency),
    billed: writeAmount(billed, currency),
    listExact: listExact.toString(),
    discountExact: listExact.minus(billedExact).toString(),
    billedExact: billedExact.toString(),
  };
}
