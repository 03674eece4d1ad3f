import type { UseQueryResult } from '@tanstack/react-query';
import { type Schema, answerOf, sdk } from './sdk-client.js';
import { useRead } from './use-read.js';

export type Statement = Schema<'Statement'>;
export type StatementList = Schema<'StatementList'>;
export type StatementRun = Schema<'StatementRunInfo'>;
export type StatementRunDetail = Schema<'StatementRunDetail'>;
export type Delivery = Schema<'Delivery'>;

export interface Scope {
  readonly period: string;
  readonly piEmail: string;
  readonly projectId: string;
}

const WATCHING_MS = 900;

export function useStatements(period: string | null): UseQueryResult<StatementList> {
  return useRead(
    ['statements', period],
    () => answerOf(sdk.GET('/api/v1/periods/{period}/statements', { params: { path: { period: period ?? '' } } })),
    { enabled: period !== null },
  );
}

export function useRevisions({ period, piEmail, projectId }: Scope): UseQueryResult<Schema<'RevisionList'>> {
  return useRead(['statements', period, 'revisions', piEmail, projectId], () =>
    answerOf(sdk.GET('/api/v1/periods/{period}/statements/revisions', { params: { path: { period }, query: { piEmail, projectId } } })),
  );
}

/** Where the PDF of a statement is; the newest revision without one. */
export function pdfAddress({ period, piEmail, projectId }: Scope, revision?: number): string {
  const query = new URLSearchParams({ piEmail, projectId, ...(revision === undefined ? {} : { revision: String(revision) }) });
  return `/api/v1/periods/${period}/statements/pdf?${query.toString()}`;
}

/** Runs of a period, newest first; watched while one is under way. */
export function useStatementRuns(period: string | null): UseQueryResult<readonly StatementRun[]> {
  return useRead(
    ['statements', 'runs', period],
    async () => (await answerOf(sdk.GET('/api/v1/statement-runs', { params: { query: period === null ? {} : { period } } }))).runs,
    { enabled: period !== null, lookAgain: (runs) => (runs?.some((run) => isMaking(run)) === true ? WATCHING_MS : false) },
  );
}

/** One run with the state of its emails; watched until both are through. */
export function useStatementRun(runId: number | null): UseQueryResult<StatementRunDetail> {
  return useRead(
    ['statements', 'run', runId],
    () => answerOf(sdk.GET('/api/v1/statement-runs/{id}', { params: { path: { id: runId ?? 0 } } })),
    { enabled: runId !== null, lookAgain: (run) => (run === undefined || isUnderWay(run) ? WATCHING_MS : false) },
  );
}

/** Whether it still makes statements, or is about to. */
export function isMaking({ state }: Pick<StatementRun, 'state'>): boolean {
  return state === 'planned' || state === 'running';
}

export function isUnderWay(run: StatementRunDetail): boolean {
  return isMaking(run) || (run.emails !== null && (!run.emails.planned || run.emails.waiting > 0));
}

/** What a run has made so far; watched while it goes on making more. */
export function useRunStatements(run: StatementRunDetail | undefined): UseQueryResult<Schema<'RunStatements'>> {
  const runId = run?.runId ?? 0;
  return useRead(
    ['statements', 'run', runId, 'statements', run?.issued ?? 0],
    () => answerOf(sdk.GET('/api/v1/statement-runs/{id}/statements', { params: { path: { id: runId } } })),
    { enabled: run !== undefined },
  );
}

/** What a revision changed against the one before. */
export function useChanges({ period, piEmail, projectId }: Scope, revision: number): UseQueryResult<Schema<'RevisionDifferenceInfo'>> {
  const query = { piEmail, projectId, revision };
  return useRead(['statements', period, 'changes', piEmail, projectId, revision], () =>
    answerOf(sdk.GET('/api/v1/periods/{period}/statements/changes', { params: { path: { period }, query } })),
  );
}

/** The statements that carry a code; nothing is asked without one. */
export function useVerification(code: string): UseQueryResult<Schema<'Verification'>> {
  return useRead(
    ['statements', 'verify', code],
    () => answerOf(sdk.GET('/api/v1/statements/verify/{code}', { params: { path: { code } } })),
    { enabled: code !== '' },
  );
}

/** Where a statement can be looked at that a run would make now. */
export function previewAddress({ period, piEmail, projectId }: Scope): string {
  return `/api/v1/periods/${period}/statements/preview?${new URLSearchParams({ piEmail, projectId }).toString()}`;
}

export function useDeliveries(period: string | null, piEmail: string | null): UseQueryResult<readonly Delivery[]> {
  return useRead(
    ['deliveries', period, piEmail],
    async () => {
      const query = { ...(period === null ? {} : { period }), ...(piEmail === null ? {} : { piEmail }), limit: 500 };
      return (await answerOf(sdk.GET('/api/v1/deliveries', { params: { query } }))).deliveries;
    },
    {
      enabled: period !== null,
      lookAgain: (deliveries) => (deliveries?.some(({ status }) => status === 'queued') === true ? WATCHING_MS : false),
    },
  );
}

export function useMessagePreview(period: string, piEmail: string): UseQueryResult<Schema<'MessagePreview'>> {
  return useRead(['deliveries', 'preview', period, piEmail], () =>
    answerOf(sdk.GET('/api/v1/periods/{period}/message-preview', { params: { path: { period }, query: { piEmail } } })),
  );
}
