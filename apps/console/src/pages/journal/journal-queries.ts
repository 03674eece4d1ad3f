import type { UseQueryResult } from '@tanstack/react-query';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';
import { type JournalChoice, type JournalFamily, zeroRowsOf } from './journal-choice.js';

export type JournalPreview = Schema<'JournalPreviewInfo'>;
export type JournalLine = Schema<'JournalLine'>;
export type JournalFinding = Schema<'JournalFinding'>;
export type JournalReference = Schema<'JournalReference'>;
export type Journal = Schema<'ExportedJournalEntry'>;
export type JournalDetail = Schema<'JournalDetail'>;
export type Booked = Schema<'BookedInfo'>;
export type BookedFundOrg = Schema<'BookedFundOrg'>;
export type Template = Schema<'TemplateListing'>;

export const ENTRIES_SHOWN = 100;

/** What an export of this choice would write. @param page of the entries, from 0 */
export function useJournalPreview(period: string | null, choice: JournalChoice, page: number): UseQueryResult<JournalPreview> {
  return useRead(
    ['journals', 'preview', period, choice, page],
    () =>
      answerOf(
        sdk.GET('/api/v1/periods/{period}/journals/preview', {
          params: { path: { period: period ?? '' }, query: { ...askedBy(choice), limit: ENTRIES_SHOWN, offset: page * ENTRIES_SHOWN } },
        }),
      ),
    { enabled: period !== null },
  );
}

export function useJournals(period: string | null): UseQueryResult<readonly Journal[]> {
  return useRead(
    ['journals', 'list', period],
    async () => (await answerOf(sdk.GET('/api/v1/journals', { params: { query: period === null ? {} : { period } } }))).journals,
    { enabled: period !== null },
  );
}

export function useJournal(period: string, number: number): UseQueryResult<JournalDetail> {
  return useRead(['journals', 'one', period, number], () =>
    answerOf(sdk.GET('/api/v1/periods/{period}/journals/{number}', { params: { path: { period, number } } })),
  );
}

/** What accounting has booked of a period, against its ledger. */
export function useBooked(period: string | null, family: JournalFamily): UseQueryResult<Booked> {
  return useRead(
    ['journals', 'booked', period, family],
    () => answerOf(sdk.GET('/api/v1/periods/{period}/journals/booked', { params: { path: { period: period ?? '' }, query: { family } } })),
    { enabled: period !== null },
  );
}

/** Templates that a journal can be written by. */
export function useJournalTemplates(): UseQueryResult<readonly Template[]> {
  return useRead(['templates'], async () => {
    const { templates } = await answerOf(sdk.GET('/api/v1/templates'));
    return templates.filter(({ area }) => area === 'journal');
  });
}

export function exportJournal(period: string, choice: JournalChoice, allowUnbalanced: boolean): Promise<Schema<'ExportedJournal'>> {
  const body = { ...askedBy(choice), ...(allowUnbalanced ? { allowUnbalanced } : {}) };
  return answerOf(sdk.POST('/api/v1/periods/{period}/journals', { params: { path: { period } }, body }));
}

export function recordPosting(
  { period, number }: Journal,
  { documentNumber, postedOn, note }: { readonly documentNumber: string; readonly postedOn: string; readonly note: string },
): Promise<Schema<'MarkedJournal'>> {
  const body = { documentNumber, postedOn, ...(note === '' ? {} : { note }) };
  return answerOf(sdk.POST('/api/v1/periods/{period}/journals/{number}/posted', { params: { path: { period, number } }, body }));
}

export function voidJournal({ period, number }: Journal, reason: string): Promise<Schema<'MarkedJournal'>> {
  return answerOf(sdk.POST('/api/v1/periods/{period}/journals/{number}/void', { params: { path: { period, number } }, body: { reason } }));
}

/** Takes back the mark that was seen, and no other one. */
export function takeMarkBack({ period, number, status }: Journal, reason: string): Promise<Schema<'MarkedJournal'>> {
  const body = { reason, ...(status === 'written' ? {} : { mark: status }) };
  return answerOf(sdk.POST('/api/v1/periods/{period}/journals/{number}/unmark', { params: { path: { period, number } }, body }));
}

export function fileAddress({ period, number }: { readonly period: string; readonly number: number }): string {
  return `/api/v1/periods/${period}/journals/${number}/file`;
}

function askedBy(choice: JournalChoice): {
  format: JournalChoice['format'];
  template?: string;
  delta?: boolean;
  includeFlagged?: boolean;
  includeZero?: boolean;
} {
  const { format, template, delta, includeFlagged, includeZero } = choice;
  return {
    format,
    ...(format === 'template' && template !== null ? { template } : {}),
    ...(delta ? { delta } : {}),
    ...(includeFlagged ? { includeFlagged } : {}),
    ...(includeZero && zeroRowsOf(choice) === 'if asked' ? { includeZero } : {}),
  };
}
