import type { PeriodEvent } from './period.events.js';

export type PeriodState = 'absent' | 'open' | 'closed' | 'finalized';

/** The state of a billing period after its events: `absent → open ⇄ closed → finalized` (domain.md §4). */
function evolvePeriod(_state: PeriodState, event: PeriodEvent): PeriodState {
  switch (event.type) {
    case 'PeriodOpened':
    case 'PeriodReopened':
      return 'open';
    case 'PeriodClosed':
      return 'closed';
    case 'PeriodFinalized':
      return 'finalized';
  }
}

export function foldPeriod(events: readonly PeriodEvent[]): PeriodState {
  return events.reduce<PeriodState>(evolvePeriod, 'absent');
}
