import { Decimal, periodTitle } from '#kernel';
import type { CorrectedCharge, MoneyTriple, StatementCharge, StatementDocument } from './statement-document.js';

/** Adjustments of a statement that have one cause: they correct the same earlier statement for the same reason. Amounts are exact. */
export interface AdjustmentGroup extends MoneyTriple {
  /** `January 2025, revision 2`. */
  readonly corrects: string;
  readonly reason: string;
  readonly count: number;
}

/** In the order of the periods that are corrected, and of the reasons. */
export function adjustmentGroups({ charges }: StatementDocument, language: string): AdjustmentGroup[] {
  const groups = new Map<string, { readonly first: CorrectedCharge; readonly members: StatementCharge[] }>();
  for (const charge of charges) {
    const { adjusts } = charge;
    if (adjusts === null) continue;
    const key = JSON.stringify([adjusts.period, adjusts.revision, adjusts.reason]);
    const group = groups.get(key) ?? { first: adjusts, members: [] };
    group.members.push(charge);
    groups.set(key, group);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { first, members }]) => ({
      corrects: `${periodTitle(first.period, language)}${first.revision === null ? '' : `, revision ${first.revision}`}`,
      reason: first.reason,
      count: members.length,
      list: Decimal.sum(members.map(({ list }) => list)),
      discount: Decimal.sum(members.map(({ discount }) => discount)),
      due: Decimal.sum(members.map(({ due }) => due)),
    }));
}

/** What stands below an adjustment in the list of charges. */
export function noteOf({ adjusts, note }: StatementCharge): string | null {
  return adjusts === null ? note : `Corrects charge ${adjusts.chargeId} of ${adjusts.period}: ${adjusts.reason}`;
}
