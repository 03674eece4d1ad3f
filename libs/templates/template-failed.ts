import { DomainError } from '#kernel';

/** Where a template fails, and why. */
export interface TemplateFailure {
  /** The template itself, or one that it includes. */
  readonly template: string;
  /** From 1; null where no line is to blame. */
  readonly line: number | null;
  /** What stands in that line; null as well. */
  readonly expression: string | null;
  readonly reason: string;
}

/** `template.failed`: a template can't be read, or not filled in. */
export class TemplateFailed extends DomainError {
  constructor(readonly failure: TemplateFailure) {
    const { template, line, expression, reason } = failure;
    const where = `Template ${template}${line === null ? '' : `, line ${line}`}${expression === null ? '' : `, “${expression}”`}`;
    super('template.failed', 'invalid', `${where}: ${reason}.`, [
      { where: line === null ? template : `${template}:${line}`, what: reason },
    ]);
  }
}
