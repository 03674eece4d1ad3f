export { TemplateFiles, type TemplateSource } from './template-files.js';
export { renderTemplate, type RenderRequest, templateFuel } from './render-template.js';
