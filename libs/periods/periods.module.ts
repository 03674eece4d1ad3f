import { Module } from '@nestjs/common';
import { ChangePeriodHandler } from './application/change-period.handler.js';
import { FinalizeChecklist } from './application/finalize-checklist.js';
import { PeriodGuard } from './application/period-guard.js';
import { PeriodHistoryQueries } from './infra/period-history.queries.js';
import { PeriodRepository } from './infra/period.repository.js';

const PROVIDERS = [PeriodRepository, PeriodHistoryQueries, FinalizeChecklist, PeriodGuard, ChangePeriodHandler];

@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class PeriodsModule {}
