export { BILLABLE_STANDINGS, type Standing, STANDINGS } from './domain/standing.js';
export { bookBalanceChanges } from './infra/balance-changes.js';
export { LedgerQueries, type PeriodSummary, type PeriodTotals, type Posting, type StandingTotal } from './infra/ledger.queries.js';
export { LedgerModule } from './ledger.module.js';
