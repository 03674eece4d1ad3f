import { type BillingPeriod, DomainError } from '#kernel';
import type { PeriodEvent } from './period.events.js';
import type { PeriodState } from './period.js';

export type PeriodCommand =
  | { type: 'OpenPeriod'; period: BillingPeriod }
  | { type: 'ClosePeriod'; period: BillingPeriod; notes: string | null }
  | { type: 'ReopenPeriod'; period: BillingPeriod; reason: string }
  | {
      type: 'FinalizePeriod';
      period: BillingPeriod;
      notes: string | null;
      findings: readonly ChecklistFinding[];
      force: { reason: string } | null;
    };

/** What the finalize checklist found missing (domain.md §4). */
export interface ChecklistFinding {
  readonly check: string;
  readonly missing: string;
  /** Charges that wait for review can't be overridden; the rest can, with a reason. */
  readonly overridable: boolean;
}

/** @throws DomainError of kind conflict when the period's state forbids the command; the text says the way out. */
export function decidePeriod(state: PeriodState, command: PeriodCommand): PeriodEvent[] {
  const { period } = command;
  switch (command.type) {
    case 'OpenPeriod':
      if (state !== 'absent')
        throw conflict(
          'period.exists',
          `Period ${period} is ${state} already.${state === 'closed' ? ' Reopen it with a reason instead.' : ''}`,
        );
      return [{ type: 'PeriodOpened', data: { period } }];
    case 'ClosePeriod':
      if (state !== 'open') throw wrongState(period, state, 'closed', 'open');
      return [{ type: 'PeriodClosed', data: { period, notes: textOrNull(command.notes) } }];
    case 'ReopenPeriod':
      if (state !== 'closed') throw wrongState(period, state, 'reopened', 'closed');
      if (command.reason.trim() === '') {
        throw new DomainError('period.reason-missing', 'invalid', `Say why period ${period} is reopened: the reason is kept in the log.`);
      }
      return [{ type: 'PeriodReopened', data: { period, reason: command.reason.trim() } }];
    case 'FinalizePeriod':
      return finalize(state, command);
  }
}

function finalize(state: PeriodState, command: PeriodCommand & { type: 'FinalizePeriod' }): PeriodEvent[] {
  const { period, findings, force } = command;
  if (state !== 'closed') throw wrongState(period, state, 'finalized', 'closed');
  const blocking = force === null ? findings : findings.filter((finding) => !finding.overridable);
  if (blocking.length > 0) {
    throw new DomainError(
      'period.not-ready',
      'conflict',
      `Period ${period} can't be finalized yet: ${blocking.map((finding) => finding.missing).join('; ')}.`,
      blocking.map((finding) => ({ where: finding.check, what: finding.missing })),
    );
  }
  if (force !== null && force.reason.trim() === '') {
    throw new DomainError(
      'period.reason-missing',
      'invalid',
      `Say why period ${period} is finalized by force: the reason is kept in the log.`,
    );
  }
  const forced =
    force !== null && findings.length > 0 ? { missing: findings.map((finding) => finding.missing), reason: force.reason.trim() } : null;
  return [{ type: 'PeriodFinalized', data: { period, notes: textOrNull(command.notes), forced } }];
}

function textOrNull(notes: string | null): string | null {
  return notes === null || notes.trim() === '' ? null : notes.trim();
}

function wrongState(period: BillingPeriod, state: PeriodState, verb: string, wanted: PeriodState): DomainError {
  if (state === 'absent')
    return new DomainError('period.unknown', 'not-found', `There is no period ${period}. Open it or import a file for it.`);
  const permanent = state === 'finalized' ? ' Finalizing is permanent; correct it with an adjustment in an open period.' : '';
  return conflict('period.wrong-state', `Period ${period} is ${state}; only a period that is ${wanted} can be ${verb}.${permanent}`);
}

function conflict(code: string, detail: string): DomainError {
  return new DomainError(code, 'conflict', detail);
}
