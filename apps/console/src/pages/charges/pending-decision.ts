import type { Charge } from '../../api/queries.js';
import { sumOf } from '../../money/decimal-text.js';
import { isDividable } from './decidable.js';
import type { PendingDecision } from './decision-dialogs.js';
import type { ChargeFilter } from './use-charge-filter.js';
import type { DecisionVerb } from './use-decisions.js';

/** A decision on charges that are named one by one. */
export function decisionOn(verb: DecisionVerb, chosen: readonly Charge[]): PendingDecision | null {
  const charges = verb === 'split' ? chosen.filter(isDividable) : chosen;
  const [first] = charges;
  if (first === undefined) return null;
  const currencies = [...new Set(charges.map(({ currency }) => currency))].sort();
  return {
    verb,
    target: { ids: charges.map(({ id }) => id) },
    count: charges.length,
    sums: currencies.map((currency) => ({
      currency,
      amount: sumOf(charges.filter((charge) => charge.currency === currency).map(({ amount }) => amount)),
    })),
    charge: charges.length === 1 ? first : null,
    leftOut: chosen.length - charges.length,
  };
}

/** A decision on all of a period that match; how many these are, the dialog asks. */
export function decisionOnMatching(verb: DecisionVerb, filter: ChargeFilter & { readonly period: string }): PendingDecision {
  return { verb, target: { filter, seen: null }, count: 0, sums: [], charge: null, leftOut: 0 };
}
