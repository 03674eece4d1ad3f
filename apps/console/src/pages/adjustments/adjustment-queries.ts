import type { UseQueryResult } from '@tanstack/react-query';
import { given } from '../../api/given.js';
import { type Schema, answerOf, sdk } from '../../api/sdk-client.js';
import { useRead } from '../../api/use-read.js';

export type Adjustment = Schema<'AdjustmentInfo'>;
export type AdjustmentOutcome = Schema<'AdjustmentAnswer'>;
export type AdjustmentList = Schema<'AdjustmentList'>;

/** What is adjusted: a charge, or all charges of a statement. */
export type AdjustmentTarget =
  { readonly chargeId: string } | { readonly statement: { readonly period: string; readonly piEmail: string; readonly projectId: string } };

export interface AdjustmentForm {
  readonly target: AdjustmentTarget;
  readonly period: string;
  readonly kind: Schema<'AdjustmentKind'>;
  /** Exact decimals as typed; empty: not said. */
  readonly amount: string;
  readonly percent: string;
  readonly reason: string;
}

export interface AdjustmentFilter {
  readonly period: string;
  readonly adjustedPeriod: string;
}

export function useAdjustments(filter: AdjustmentFilter, page: number, limit: number): UseQueryResult<AdjustmentList> {
  return useRead(
    ['adjustments', filter, page],
    () => answerOf(sdk.GET('/api/v1/adjustments', { params: { query: { ...given(filter), limit, offset: page * limit } } })),
    { keepLast: true },
  );
}

export function bookAdjustment({ target, amount, percent, ...form }: AdjustmentForm, dryRun: boolean): Promise<AdjustmentOutcome> {
  const parts = given({ amount: amount.trim(), percent: percent.trim() });
  return answerOf(sdk.POST('/api/v1/adjustments', { params: { query: { dryRun } }, body: { ...form, ...target, ...parts } }));
}

export function withdrawAdjustment(id: number, reason: string): Promise<Schema<'AdjustmentWithdrawn'>> {
  return answerOf(sdk.POST('/api/v1/adjustments/{id}/withdraw', { params: { path: { id } }, body: { reason } }));
}
