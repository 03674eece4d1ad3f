import type { UseQueryResult } from '@tanstack/react-query';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type LedgerMoment = Schema<'LedgerMomentItem'>;
export type LedgerDiff = Schema<'LedgerDiff'>;
export type LedgerDiffRow = Schema<'LedgerDiffRow'>;
export type LedgerCause = Schema<'LedgerCauseItem'>;

/** What changed the ledger or marks a step of the month, oldest first. */
export function useMoments(period: string): UseQueryResult<Schema<'LedgerMoments'>> {
  return useRead(['history', period, 'moments'], () =>
    answerOf(sdk.GET('/api/v1/periods/{period}/moments', { params: { path: { period } } })),
  );
}

/** What changed between two moments, each the position of an event; nothing is read while one of them is not known. */
export function useLedgerDiff(period: string, from: string | null, to: string | null): UseQueryResult<LedgerDiff> {
  return useRead(
    ['history', period, 'diff', from, to],
    () =>
      answerOf(
        sdk.GET('/api/v1/periods/{period}/ledger/diff', { params: { path: { period }, query: { from: from ?? '', to: to ?? '' } } }),
      ),
    { enabled: from !== null && to !== null, isPast: true },
  );
}
