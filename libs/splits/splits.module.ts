import { Module, type OnModuleInit } from '@nestjs/common';
import { ChargesModule } from '#charges';
import { ProjectionRunner } from '#event-store';
import { ImportedSplits } from './application/imported-splits.js';
import { SplitChargesHandler } from './application/split-charges.handler.js';
import { SplitQueries } from './infra/split.queries.js';
import { SplitsProjection } from './projections/splits.projection.js';

@Module({
  imports: [ChargesModule],
  providers: [SplitsProjection, SplitQueries, SplitChargesHandler, ImportedSplits],
  exports: [SplitQueries, SplitChargesHandler, ImportedSplits],
})
export class SplitsModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: SplitsProjection,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
  }
}
