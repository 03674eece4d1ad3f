export { type FundOrgSum, sumByFundOrg } from './infra/fund-org-sum.js';
export { BILLABLE_STANDINGS, PAST_STANDINGS, type Standing, STANDINGS } from './domain/standing.js';
export { CodesInUse, type LedgerCode } from './infra/codes-in-use.queries.js';
export { bookBalanceChanges, bookNewBalances } from './infra/balance-changes.js';
export { CARRIES_OVER } from './infra/carry-over.js';
export {
  type LedgerGroup,
  LedgerQueries,
  type PeriodSummary,
  type PeriodTotals,
  type Posting,
  type PostingFilter,
  type StandingTotal,
} from './infra/ledger.queries.js';
export { type LedgerShare, type ShareChange, ShareChanges } from './infra/share-changes.js';
export type { SqlSession } from './infra/sql-session.js';
export { LedgerModule } from './ledger.module.js';
