import type { UseQueryResult } from '@tanstack/react-query';
import { given } from '../../api/given.js';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type Fund = Schema<'FundInfo'>;
export type FundFacts = Schema<'FundFacts'>;
export type FundList = Schema<'FundList'>;
export type FundDetail = Schema<'FundDetail'>;
export type FundStanding = Fund['standing'];
export type ChartImport = Schema<'ChartImportAnswer'>;
export type FundEdit = Required<Schema<'PutFundBody'>>;

export interface FundFilter {
  readonly text: string;
  readonly standing: FundStanding | '';
}

/** A file with what is said about it. */
export interface ChartUpload {
  readonly file: File;
  readonly mode: ChartImport['mode'];
  /** `YYYY-MM-DD`; empty: today. Counts with `replace` only. */
  readonly lastDay: string;
}

/** `after` is `next` of the page before; empty for the first page. */
export function useFunds(filter: FundFilter, after: string, limit: number): UseQueryResult<FundList> {
  const { text, standing } = filter;
  return useRead(
    ['funds', filter, after],
    () =>
      answerOf(
        sdk.GET('/api/v1/funds', { params: { query: { ...given({ text, after }), ...(standing === '' ? {} : { standing }), limit } } }),
      ),
    { keepLast: true },
  );
}

export function useFund(fundOrg: string | null): UseQueryResult<FundDetail> {
  return useRead(
    ['funds', 'one', fundOrg],
    () => answerOf(sdk.GET('/api/v1/funds/{fundOrg}', { params: { path: { fundOrg: fundOrg ?? '' } } })),
    { enabled: fundOrg !== null },
  );
}

export function putFund(fundOrg: string, body: Partial<FundEdit>): Promise<Schema<'PutFundAnswer'>> {
  return answerOf(sdk.PUT('/api/v1/funds/{fundOrg}', { params: { path: { fundOrg } }, body }));
}

export function retireFund(fundOrg: string, body: Schema<'RetireFundBody'>): Promise<Schema<'PutFundAnswer'>> {
  return answerOf(sdk.POST('/api/v1/funds/{fundOrg}/retire', { params: { path: { fundOrg } }, body }));
}

export function removeFund(fundOrg: string, body: Schema<'RemoveFundBody'>): Promise<Schema<'RemoveFundAnswer'>> {
  return answerOf(sdk.POST('/api/v1/funds/{fundOrg}/remove', { params: { path: { fundOrg } }, body }));
}

export function importChart({ file, mode, lastDay }: ChartUpload, dryRun: boolean): Promise<ChartImport> {
  const query = { mode, dryRun, ...(mode === 'replace' ? given({ lastDay }) : {}) };
  return answerOf(
    sdk.POST('/api/v1/funds/import', {
      params: { query },
      body: { file: '' },
      bodySerializer: () => {
        const form = new FormData();
        form.append('file', file, file.name);
        return form;
      },
    }),
  );
}

/** What a file would do to the chart; read once for each choice, because the file goes to the server for it. */
export function useChartPreview(upload: ChartUpload | null, key: number): UseQueryResult<ChartImport> {
  return useRead(
    ['funds', 'preview', key, upload?.mode, upload?.lastDay],
    () => (upload === null ? Promise.reject(new Error('no file is chosen')) : importChart(upload, true)),
    { enabled: upload !== null, isPast: true },
  );
}
