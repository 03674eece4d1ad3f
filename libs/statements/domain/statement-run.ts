import { type BillingPeriod, DomainError } from '#kernel';
import type { StatementRunEvent, StatementScope } from './statement.events.js';

/** A statement run as its stream tells it. */
export interface StatementRun {
  readonly runId: number;
  readonly period: BillingPeriod;
  readonly send: boolean;
  readonly version: number;
  /** Null until the run is planned. */
  readonly plan: { readonly due: readonly StatementScope[]; readonly unchanged: number } | null;
  readonly completed: boolean;
}

/** @throws DomainError `statement-run.unknown` for an empty stream. */
export function foldStatementRun(runId: number, events: readonly StatementRunEvent[]): StatementRun {
  const [requested] = events;
  if (requested?.type !== 'StatementRunRequested')
    throw new DomainError('statement-run.unknown', 'not-found', `There is no statement run ${runId}.`);
  const planned = events.find((event) => event.type === 'StatementRunPlanned');
  return {
    runId,
    period: requested.data.period,
    send: requested.data.send,
    version: events.length,
    plan: planned === undefined ? null : { due: planned.data.due, unchanged: planned.data.unchanged },
    completed: events.some((event) => event.type === 'StatementRunCompleted'),
  };
}
