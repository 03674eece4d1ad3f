import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { given } from '../../api/given.js';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';
import { counted } from '../../components/field-words.js';
import { toastDone } from '../../components/toast.js';
import { useAction } from '../../components/use-action.js';
import { moneyText } from '../../money/money.js';

export type Split = Schema<'SplitInfo'>;
export type SplitDetail = Schema<'SplitDetail'>;
export type SplitLine = Schema<'SplitLine'>;
export type SplitOutcome = Schema<'SplitAnswer'>;
export type SplitBody = Schema<'SplitBody'>;
type Undone = Schema<'SplitsUndoneAnswer'>;

/** What is put together again: divided charges, or any of their parts, or all that a split still divides. */
export type UndoTarget = { readonly ids: readonly string[] } | { readonly splitId: number };

export function useSplits(period: string, page: number, limit: number): UseQueryResult<Schema<'SplitList'>> {
  return useRead(
    ['splits', period, page],
    () => answerOf(sdk.GET('/api/v1/splits', { params: { query: { ...given({ period }), limit, offset: page * limit } } })),
    { keepLast: true },
  );
}

export function useSplit(splitId: number | null): UseQueryResult<SplitDetail> {
  return useRead(['splits', splitId], () => answerOf(sdk.GET('/api/v1/splits/{id}', { params: { path: { id: splitId ?? 0 } } })), {
    enabled: splitId !== null,
  });
}

/** What dividing would come to; null: nothing is asked. The last answer stays while another one is worked out. */
export function useSplitPreview(asked: SplitBody | null): UseQueryResult<SplitOutcome> {
  return useRead(
    ['splits', 'preview', asked],
    () => answerOf(sdk.POST('/api/v1/splits', { params: { query: { dryRun: true } }, body: asked ?? { parts: [] } })),
    { enabled: asked !== null, keepLast: true },
  );
}

export function useUndoPreview(target: UndoTarget | null): UseQueryResult<Undone> {
  return useRead(
    ['splits', 'undo', target],
    () => answerOf(sdk.POST('/api/v1/splits/undo', { params: { query: { dryRun: true } }, body: undoBody(target ?? { ids: [] }) })),
    { enabled: target !== null },
  );
}

interface Undoing {
  readonly target: UndoTarget;
  readonly note: string;
}

/** @param ownErrors the caller shows why it is refused */
export function useUndoSplits(ownErrors: boolean): UseMutationResult<Undone, Error, Undoing> {
  return useAction(
    ({ target, note }: Undoing) => answerOf(sdk.POST('/api/v1/splits/undo', { body: { ...undoBody(target), ...given({ note }) } })),
    { ownErrors, done: ({ count }) => `${counted(count, 'charge')} put together again` },
  );
}

/** Divides charges; the message leads to the parts, and takes it back. */
export function useDivide(): UseMutationResult<SplitOutcome, Error, SplitBody> {
  const undo = useUndoSplits(false);
  const navigate = useNavigate();
  return useAction((body: SplitBody) => answerOf(sdk.POST('/api/v1/splits', { body })), {
    ownErrors: true,
    onDone: ({ splitId, count, amounts, lineCount }) => {
      const money = amounts.map(({ amount, currency }) => moneyText(amount, currency)).join(' and ');
      const words = `${counted(count, 'charge')} over ${money} divided into ${counted(lineCount, 'part')}`;
      if (splitId === null) return;
      toastDone(
        words,
        { label: 'Show the parts', run: () => void navigate(`/splits?split=${splitId}`) },
        { label: 'Undo', run: () => undo.mutate({ target: { splitId }, note: '' }) },
      );
    },
  });
}

function undoBody(target: UndoTarget): Schema<'UndoSplitsBody'> {
  return 'splitId' in target ? { splitId: target.splitId } : { ids: [...target.ids] };
}
