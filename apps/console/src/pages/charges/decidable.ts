import type { Charge, Standing } from '../../api/queries.js';
import type { DecisionVerb } from './use-decisions.js';

const DECIDABLE: Readonly<Record<DecisionVerb, readonly Standing[]>> = {
  approve: ['flagged'],
  reject: ['flagged'],
  restore: ['rejected'],
  reattribute: ['clear', 'flagged', 'approved'],
  split: ['clear', 'flagged', 'approved'],
};

/** Which standings a decision can be made on; the server decides by the same (domain.md §3). */
export function decidable(verb: DecisionVerb): readonly Standing[] {
  return DECIDABLE[verb];
}

/** Of the standings that are looked at, those that a decision can be made on. */
export function decidableAmong(verb: DecisionVerb, looked: readonly Standing[] | undefined): readonly Standing[] {
  return DECIDABLE[verb].filter((standing) => looked?.includes(standing) ?? true);
}

/** Charges of a file are divided; adjustments, and what is a part already, are not. */
export function isDividable({ adjusts, partOf }: Pick<Charge, 'adjusts' | 'partOf'>): boolean {
  return adjusts === null && partOf === null;
}
