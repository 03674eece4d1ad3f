import type { Upcaster } from '#event-store';
import { type AttributionChangeOfCharge, groupAttributionChanges } from './attribution-groups.js';

/** How events of older schema versions become those of `review.events.ts`. */
export const REVIEW_UPCASTERS: readonly Upcaster[] = [
  // Version 2 says equal changes once for all their charges; before, every charge had an entry of its own.
  {
    type: 'ChargesReattributed',
    from: 1,
    upcast: (data) => ({ ...data, changes: groupAttributionChanges((data as { changes: readonly AttributionChangeOfCharge[] }).changes) }),
  },
];
