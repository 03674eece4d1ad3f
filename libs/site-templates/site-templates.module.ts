import { Module, type OnModuleInit } from '@nestjs/common';
import { ProjectionRunner } from '#event-store';
import { TemplateAreas } from './application/area-templates.js';
import { SiteTemplates } from './application/site-templates.js';
import { TemplatePreviews } from './application/template-previews.js';
import { TemplateQueries } from './infra/template.queries.js';
import { TemplateRepository } from './infra/template.repository.js';
import { TemplateWorkers } from './render/template-workers.js';
import { SiteTemplatesProjection } from './projections/site-templates.projection.js';

@Module({
  providers: [
    SiteTemplatesProjection,
    TemplateRepository,
    TemplateWorkers,
    TemplateAreas,
    SiteTemplates,
    TemplatePreviews,
    TemplateQueries,
  ],
  exports: [TemplateAreas, SiteTemplates, TemplatePreviews, TemplateQueries],
})
export class SiteTemplatesModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: SiteTemplatesProjection,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
  }
}
