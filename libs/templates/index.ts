export { type FileOrigin, TemplateFiles } from './template-files.js';
export { isTemplateName, type TemplateSource, templateSource } from './template-source.js';
export { checkTemplate, renderTemplate, type RenderRequest, templateFuel } from './render-template.js';
export { TemplateFailed, type TemplateFailure } from './template-failed.js';
