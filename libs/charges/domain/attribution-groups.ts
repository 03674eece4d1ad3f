import { type ChargeId, packChargeIds } from './charge-id.js';
import type { Attribution, AttributionChanges } from './review.events.js';

/** How one charge was reattributed. */
export interface AttributionChangeOfCharge extends ChargeId {
  readonly before: Attribution;
  readonly after: Attribution;
  readonly remainingFlags: readonly string[];
}

/** Equal changes as one, in the order in which they first occur. */
export function groupAttributionChanges(changes: readonly AttributionChangeOfCharge[]): AttributionChanges[] {
  const groups = new Map<string, AttributionChangeOfCharge[]>();
  for (const change of changes) {
    const key = JSON.stringify([valuesOf(change.before), valuesOf(change.after), change.remainingFlags]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { before, after, remainingFlags } = first;
    return [{ charges: packChargeIds(group), before, after, remainingFlags }];
  });
}

function valuesOf({ piEmail, projectId, fundOrg, costCenter, accountCode }: Attribution): readonly string[] {
  return [piEmail, projectId, fundOrg, costCenter, accountCode];
}
