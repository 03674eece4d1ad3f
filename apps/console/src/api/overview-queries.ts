import type { UseQueryResult } from '@tanstack/react-query';
import { given } from './given.js';
import { type Schema, answerOf, sdk } from './sdk-client.js';
import { useRead } from './use-read.js';

export type Dashboard = Schema<'Dashboard'>;
export type Activity = Schema<'Activity'>;
export type AuditEvent = Schema<'AuditEvent'>;
export type SystemInfo = Schema<'SystemInfo'>;

/** A period at a glance; the newest without one. */
export function useDashboard(period: string | null): UseQueryResult<Dashboard> {
  return useRead(
    ['dashboard', period],
    () => answerOf(sdk.GET('/api/v1/dashboard', { params: { query: period === null ? {} : { period } } })),
    {
      keepLast: true,
    },
  );
}

export interface AuditFilter {
  readonly type: string;
  readonly actor: string;
  readonly stream: string;
}

/** Events before a position (null: the newest), newest first. */
export function useAudit(filter: AuditFilter, before: number | null, limit: number): UseQueryResult<Schema<'AuditPage'>> {
  return useRead(
    ['audit', filter, before, limit],
    () => answerOf(sdk.GET('/api/v1/audit', { params: { query: { ...given(filter), ...(before === null ? {} : { before }), limit } } })),
    { keepLast: true },
  );
}

const SYSTEM_LOOK_MS = 5000;

export function useSystem(): UseQueryResult<SystemInfo> {
  return useRead(['system'], () => answerOf(sdk.GET('/api/v1/system')), { lookAgain: () => SYSTEM_LOOK_MS });
}
