import type { BillingPeriod } from '#kernel';
import { packChargeIds } from './charge-id.js';
import { cleanNote } from './review.decide.js';
import type { ChargesReflagged } from './review.events.js';
import type { RuleSweep } from './rule-sweep.js';
import { requireAsSeen, type SeenCharges } from './seen-charges.js';

export interface Reflagging {
  readonly period: BillingPeriod;
  /** Of the rules that the sweep held against the charges. */
  readonly rulesVersion: number;
  readonly note: string | null;
  readonly seen?: SeenCharges | undefined;
}

/**
 * Gives charges the reasons for review that a sweep found; no event if they have them already.
 * @throws DomainError `charge.selection-changed` if other charges change than were seen, `charge.unstorable-text`.
 */
export function decideReflag({ period, rulesVersion, note, seen }: Reflagging, sweep: RuleSweep): ChargesReflagged[] {
  const { changed, toReview, toClear } = sweep.effect;
  const { count, amounts } = changed;
  if (seen !== undefined) requireAsSeen(seen, { count, amounts });
  const cleaned = cleanNote(note);
  if (count === 0) return [];
  return [
    {
      type: 'ChargesReflagged',
      data: {
        period,
        charges: packChargeIds(sweep.changedIds),
        count,
        amounts,
        note: cleaned,
        rulesVersion,
        flaggedCount: toReview.count,
        clearedCount: toClear.count,
        changes: sweep.changes,
      },
    },
  ];
}
