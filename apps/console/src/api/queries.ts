import type { UseQueryResult } from '@tanstack/react-query';
import { given } from './given.js';
import { type Schema, answerOf, sdk } from './sdk-client.js';
import { useRead } from './use-read.js';

export type PeriodSummary = Schema<'PeriodOverview'>;
export type PeriodList = Schema<'PeriodList'>;
export type PeriodDetail = Schema<'PeriodDetail'>;
export type GroupSum = Schema<'GroupSum'>;
export type Charge = Schema<'Charge'>;
export type ChargeList = Schema<'ChargeList'>;
export type ChargeStory = Schema<'ChargeStoryInfo'>;
export type Standing = Charge['standing'];
export type ChargeKind = Schema<'ChargeKind'>;
export type Source = Schema<'Source'>;

/** All billing periods with their totals, newest first, and the ledger's currency. */
export function usePeriods(): UseQueryResult<PeriodList> {
  return useRead(['periods'], () => answerOf(sdk.GET('/api/v1/periods')));
}

/** The ledger's currency; USD until it is known. */
export function useCurrency(): string {
  return usePeriods().data?.currency ?? 'USD';
}

export function usePeriod(period: string | null): UseQueryResult<PeriodDetail> {
  return useRead(['periods', period], () => answerOf(sdk.GET('/api/v1/periods/{period}', { params: { path: { period: period ?? '' } } })), {
    enabled: period !== null,
    keepLast: true,
  });
}

export function useSources(): UseQueryResult<readonly Source[]> {
  return useRead(['sources'], async () => (await answerOf(sdk.GET('/api/v1/sources'))).sources);
}

export interface ChargeQuery {
  readonly period?: string;
  readonly source?: string;
  readonly piEmail?: string;
  readonly projectId?: string;
  readonly standing?: readonly Standing[];
  readonly flag?: string;
  readonly text?: string;
  readonly amountFrom?: string;
  readonly amountTo?: string;
  readonly fundOrg?: string;
  readonly billingAccountId?: string;
  readonly subAccountId?: string;
  readonly invoiceId?: string;
  readonly attributionRule?: string;
  readonly importId?: number;
  readonly kind?: readonly ChargeKind[];
}

/** `after` is `next` of the page before; null for the first page. */
export function useCharges(filter: ChargeQuery, page: { limit: number; after: string | null }, enabled = true): UseQueryResult<ChargeList> {
  return useRead(
    ['charges', filter, page],
    () => {
      const { standing, kind, ...rest } = filter;
      const { limit, after } = page;
      return answerOf(
        sdk.GET('/api/v1/charges', {
          params: {
            query: {
              ...given(rest),
              ...(standing === undefined ? {} : { standing: [...standing] }),
              ...(kind === undefined ? {} : { kind: [...kind] }),
              limit,
              ...(after === null ? {} : { after }),
            },
          },
        }),
      );
    },
    { enabled, keepLast: true },
  );
}

export function useChargeStory(id: string | null): UseQueryResult<ChargeStory> {
  return useRead(['charges', 'story', id], () => answerOf(sdk.GET('/api/v1/charges/{id}', { params: { path: { id: id ?? '' } } })), {
    enabled: id !== null,
  });
}
