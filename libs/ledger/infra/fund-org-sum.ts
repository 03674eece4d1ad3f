import { Decimal } from '#kernel';
import type { Posting } from './ledger.queries.js';

/** What is billed to one PI × project × fund/org: sums of rounded postings, and the exact sums beside them. */
export type FundOrgSum = Pick<Posting, 'piEmail' | 'projectId' | 'fundOrg' | 'lineCount' | 'list' | 'billed' | 'listExact' | 'billedExact'>;

/** In the order of the postings. */
export function sumByFundOrg(postings: readonly Posting[]): FundOrgSum[] {
  const groups = new Map<string, FundOrgSum>();
  for (const { piEmail, projectId, fundOrg, lineCount, list, billed, listExact, billedExact } of postings) {
    const key = JSON.stringify([piEmail, projectId, fundOrg]);
    const held = groups.get(key);
    groups.set(key, {
      piEmail,
      projectId,
      fundOrg,
      lineCount: lineCount + (held?.lineCount ?? 0),
      list: list.plus(held?.list ?? Decimal.ZERO),
      billed: billed.plus(held?.billed ?? Decimal.ZERO),
      listExact: listExact.plus(held?.listExact ?? Decimal.ZERO),
      billedExact: billedExact.plus(held?.billedExact ?? Decimal.ZERO),
    });
  }
  return [...groups.values()];
}
