import { Module, type OnModuleInit } from '@nestjs/common';
import { ProjectionRunner } from '#event-store';
import { SourceRegistry } from './application/source-registry.js';
import { SourceQualityQueries } from './infra/source-quality.queries.js';
import { SourceQueries } from './infra/source.queries.js';
import { SourcesProjection } from './projections/sources.projection.js';

@Module({
  providers: [SourcesProjection, SourceRegistry, SourceQueries, SourceQualityQueries],
  exports: [SourceRegistry, SourceQueries, SourceQualityQueries],
})
export class SourcesModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: SourcesProjection,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
  }
}
