/** What is wrong with one expression of a template; the renderer adds template and line and makes a DomainError of it. */
export class TemplateFault extends Error {}
