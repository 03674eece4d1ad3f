import { Module, type OnModuleInit } from '@nestjs/common';
import { ProjectionRunner } from '#event-store';
import { ChartOfFunds } from './application/chart-of-funds.js';
import { ChartRepository } from './infra/chart.repository.js';
import { FundQueries } from './infra/fund.queries.js';
import { FundsProjection } from './projections/funds.projection.js';

@Module({
  providers: [FundsProjection, ChartRepository, ChartOfFunds, FundQueries],
  exports: [ChartOfFunds, FundQueries],
})
export class FundsModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: FundsProjection,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
  }
}
