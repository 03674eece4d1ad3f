import type { UseQueryResult } from '@tanstack/react-query';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type JournalPreview = Schema<'JournalPreviewInfo'>;
export type JournalLine = Schema<'JournalLine'>;
export type Journal = Schema<'ExportedJournalEntry'>;
export type JournalFormat = Schema<'ExportJournal'>['format'];

export function useJournalPreview(period: string | null, includeFlagged: boolean): UseQueryResult<JournalPreview> {
  return useRead(
    ['journals', 'preview', period, includeFlagged],
    () =>
      answerOf(
        sdk.GET('/api/v1/periods/{period}/journals/preview', {
          params: { path: { period: period ?? '' }, query: includeFlagged ? { includeFlagged } : {} },
        }),
      ),
    { enabled: period !== null },
  );
}

export function useJournals(period: string | null): UseQueryResult<readonly Journal[]> {
  return useRead(
    ['journals', period],
    async () => (await answerOf(sdk.GET('/api/v1/journals', { params: { query: period === null ? {} : { period } } }))).journals,
    { enabled: period !== null },
  );
}

export function fileAddress({ period, number }: { readonly period: string; readonly number: number }): string {
  return `/api/v1/periods/${period}/journals/${number}/file`;
}
