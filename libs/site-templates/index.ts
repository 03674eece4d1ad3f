export { type AreaTemplates, TemplateAreas, type TemplateTrial } from './application/area-templates.js';
export {
  type ChangedTemplate,
  type FoundTemplate,
  SiteTemplates,
  TEMPLATE_ORIGINS,
  type TemplateOrigin,
} from './application/site-templates.js';
export { type TemplatePreview, TemplatePreviews } from './application/template-previews.js';
export { LONGEST_TEMPLATE_NAME, LONGEST_TEMPLATE_NOTE, MOST_TEMPLATE_BYTES } from './domain/site-template.decide.js';
export { TEMPLATE_AREAS, type TemplateArea } from './domain/site-template.events.js';
export { TemplateQueries, type TemplateRow, type TemplateVersion } from './infra/template.queries.js';
export { SiteTemplatesModule } from './site-templates.module.js';
