import { type BillingPeriod, DomainError } from '#kernel';
import type { RunScope, StatementRunEvent, StatementScope } from './statement.events.js';

/** A statement run as its stream tells it. */
export interface StatementRun {
  readonly runId: number;
  readonly period: BillingPeriod;
  readonly send: boolean;
  readonly scope: RunScope;
  readonly version: number;
  /** Null until the run is planned. */
  readonly plan: { readonly due: readonly StatementScope[]; readonly unchanged: number } | null;
  /** Null while it is under way. */
  readonly ended: 'completed' | 'cancelled' | null;
}

/** @throws DomainError `statement-run.unknown` for an empty stream. */
export function foldStatementRun(runId: number, events: readonly StatementRunEvent[]): StatementRun {
  const [requested] = events;
  if (requested?.type !== 'StatementRunRequested') throw unknownRun(runId);
  const planned = events.find((event) => event.type === 'StatementRunPlanned');
  const { period, send, scope } = requested.data;
  return {
    runId,
    period,
    send,
    scope,
    version: events.length,
    plan: planned === undefined ? null : { due: planned.data.due, unchanged: planned.data.unchanged },
    ended: endOf(events),
  };
}

export function unknownRun(runId: number): DomainError {
  return new DomainError('statement-run.unknown', 'not-found', `There is no statement run ${runId}.`);
}

/** @throws DomainError `statement-run.ended`. */
export function requireUnderWay({ runId, ended, send }: StatementRun): void {
  if (ended === null) return;
  const emails = ended === 'completed' && send ? ' Its emails are queued; a delivery that failed can be sent again.' : '';
  throw new DomainError(
    'statement-run.ended',
    'conflict',
    `Run ${runId} is ${ended}; only a run that is under way can be cancelled. What it made stays.${emails}`,
  );
}

function endOf(events: readonly StatementRunEvent[]): StatementRun['ended'] {
  if (events.some((event) => event.type === 'StatementRunCompleted')) return 'completed';
  return events.some((event) => event.type === 'StatementRunCancelled') ? 'cancelled' : null;
}
