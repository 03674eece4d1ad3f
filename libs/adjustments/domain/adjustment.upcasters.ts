import type { Upcaster } from '#event-store';

/** How events of older schema versions become those of `adjustment.events.ts`. */
export const ADJUSTMENT_UPCASTERS: readonly Upcaster[] = [
  // Version 2 also comes from files that restate a period, whose lines a rule may have attributed; before, a person named a charge or a statement.
  { type: 'AdjustmentsBooked', from: 1, upcast: (data) => ({ ...data, restatement: null, lineFormat: 1 }) },
];
