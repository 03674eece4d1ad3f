export { ChangePeriodHandler, type FinalizeRehearsal } from './application/change-period.handler.js';
export { type ChecklistItem, FinalizeChecklist } from './application/finalize-checklist.js';
export { CHARGES_PROJECTION, PeriodGuard, requirePeriodStates } from './application/period-guard.js';
export type { PeriodState } from './domain/period.js';
export { PeriodHistoryQueries, type PeriodStep } from './infra/period-history.queries.js';
export { PeriodRepository, type PeriodRow } from './infra/period.repository.js';
export { PeriodsModule } from './periods.module.js';
