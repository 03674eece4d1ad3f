import { Module, type OnModuleInit } from '@nestjs/common';
import { ChargesModule } from '#charges';
import { ProjectionRunner } from '#event-store';
import { ImportsModule, Restatements } from '#imports';
import { PeriodsModule } from '#periods';
import { BookAdjustmentsHandler } from './application/book-adjustments.handler.js';
import { BookRestatementHandler } from './application/book-restatement.handler.js';
import { WithdrawAdjustmentsHandler } from './application/withdraw-adjustments.handler.js';
import { AdjustmentQueries } from './infra/adjustment.queries.js';
import { AdjustmentsProjection } from './projections/adjustments.projection.js';

@Module({
  imports: [ChargesModule, ImportsModule, PeriodsModule],
  providers: [AdjustmentsProjection, AdjustmentQueries, BookAdjustmentsHandler, BookRestatementHandler, WithdrawAdjustmentsHandler],
  exports: [AdjustmentQueries, BookAdjustmentsHandler, WithdrawAdjustmentsHandler],
})
export class AdjustmentsModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: AdjustmentsProjection,
    private readonly restatements: Restatements,
    private readonly restatement: BookRestatementHandler,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
    this.restatements.register(this.restatement);
  }
}
