import type { UseMutationResult } from '@tanstack/react-query';
import { given } from '../../api/given.js';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { counted } from '../../components/field-words.js';
import { toastDone } from '../../components/toast.js';
import { useAction } from '../../components/use-action.js';
import { moneyText } from '../../money/money.js';
import type { ChargeFilter } from './use-charge-filter.js';

export type DecisionVerb = 'approve' | 'reject' | 'restore' | 'reattribute' | 'split';
export type DispositionVerb = Exclude<DecisionVerb, 'reattribute' | 'split'>;
type Reviewed = Schema<'Reviewed'>;

/** What was shown of all that match: decided on is that, or nothing. */
export interface Seen {
  readonly count: number;
  readonly amounts: readonly { readonly currency: string; readonly amount: string }[];
}

/** What a decision is about: charges by id, or all that match a filter of a period. */
export type Target =
  { readonly ids: readonly string[] } | { readonly filter: ChargeFilter & { readonly period: string }; readonly seen: Seen | null };

export interface NewAttribution {
  readonly piEmail?: string;
  readonly projectId?: string;
  readonly fundOrg?: string;
  readonly costCenter?: string;
  readonly accountCode?: string;
}

/** The charges of a target as the API takes them. */
export function bodyOf(target: Target): Pick<Schema<'Review'>, 'ids' | 'filter' | 'seen'> {
  if ('ids' in target) return { ids: [...target.ids] };
  const { period, standing, kind, ...others } = target.filter;
  const { seen } = target;
  return {
    filter: {
      period,
      ...given(others),
      ...(standing === undefined ? {} : { standing: [...standing] }),
      ...(kind === undefined ? {} : { kind: [...kind] }),
    },
    ...(seen === null ? {} : { seen: { count: seen.count, amounts: [...seen.amounts] } }),
  };
}

/** Puts rejected charges back into the queue. */
export function useRestore(): UseMutationResult<Reviewed, Error, readonly string[]> {
  return useAction((ids: readonly string[]) => answerOf(sdk.POST('/api/v1/review/restore', { body: { ids: [...ids] } })), {
    done: ({ count }) => `${counted(count, 'charge')} back in the queue`,
  });
}

export interface Decision {
  readonly verb: DispositionVerb;
  readonly target: Target;
  readonly note: string;
}

const DONE: Readonly<Record<DispositionVerb, string>> = { approve: 'approved', reject: 'rejected', restore: 'back in the queue' };

function send(verb: DispositionVerb, body: Schema<'Review'>): Promise<Reviewed> {
  switch (verb) {
    case 'approve':
      return answerOf(sdk.POST('/api/v1/review/approve', { body }));
    case 'reject':
      return answerOf(sdk.POST('/api/v1/review/reject', { body }));
    case 'restore':
      return answerOf(sdk.POST('/api/v1/review/restore', { body }));
  }
}

/** Approves, rejects or restores; what is rejected by id can be taken back from the toast. */
export function useDecide(): UseMutationResult<Reviewed, Error, Decision> {
  const restore = useRestore();
  return useAction(({ verb, target, note }: Decision) => send(verb, { ...bodyOf(target), ...given({ note }) }), {
    ownErrors: true,
    onDone: ({ count, amounts }, { verb, target }) => {
      const words = `${counted(count, 'charge')} over ${amounts.map(({ amount, currency }) => moneyText(amount, currency)).join(' and ')} ${DONE[verb]}`;
      const undo = verb === 'reject' && 'ids' in target ? [{ label: 'Undo', run: () => restore.mutate(target.ids) }] : [];
      toastDone(words, ...undo);
    },
  });
}

interface Reattribution {
  readonly target: Target;
  readonly set: NewAttribution;
  readonly note: string;
}

/** Sets who pays for charges. */
export function useReattribute(): UseMutationResult<Reviewed, Error, Reattribution> {
  return useAction(
    ({ target, set, note }: Reattribution) =>
      answerOf(sdk.POST('/api/v1/review/reattribute', { body: { ...bodyOf(target), set, ...given({ note }) } })),
    { ownErrors: true, done: ({ count }) => `${counted(count, 'charge')} reattributed` },
  );
}
