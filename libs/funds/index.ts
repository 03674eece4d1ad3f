export { type ChangedFund, ChartOfFunds, type ChartImportReport, type RemovedFund } from './application/chart-of-funds.js';
export type { FundChange } from './domain/chart-difference.js';
export type { FundInput } from './domain/fund.decide.js';
export { CHART_IMPORT_MODES, type ChartImportMode, type Fund } from './domain/fund.events.js';
export type { FundChart } from './domain/fund-chart.js';
export { FUND_TEXT_LIMITS } from './domain/fund-text.js';
export { FUND_STANDINGS, type FundHistoryEntry, FundQueries, type FundRow, type FundStanding } from './infra/fund.queries.js';
export { FundsModule } from './funds.module.js';
