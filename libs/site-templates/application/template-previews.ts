import { Injectable } from '@nestjs/common';
import type { BillingPeriod } from '#kernel';
import { TemplateFailed, type TemplateFailure } from '#templates';
import type { TemplateArea } from '../domain/site-template.events.js';
import { TemplateWorkers } from '../render/template-workers.js';
import { TemplateAreas, type TrialFacts } from './area-templates.js';
import { SiteTemplates } from './site-templates.js';

/** What a template makes of a period, or what keeps it from that. */
export interface TemplatePreview {
  /** Null: of sample entries. */
  readonly period: BillingPeriod | null;
  readonly about: TrialFacts;
  readonly failure: TemplateFailure | null;
  /** Null if it failed. */
  readonly written: {
    readonly text: string;
    /** True: `text` is a page as it is sent. */
    readonly isHtml: boolean;
    /** True: `text` is the beginning; `bytes` and `lineCount` are of the whole. */
    readonly isCapped: boolean;
    readonly bytes: number;
    readonly lineCount: number;
  } | null;
}

/** Shows what templates write before they are saved. Nothing is recorded. */
@Injectable()
export class TemplatePreviews {
  constructor(
    private readonly templates: SiteTemplates,
    private readonly areas: TemplateAreas,
    private readonly workers: TemplateWorkers,
  ) {}

  /**
   * @param text null: of the template as it counts now
   * @param period null: with sample entries
   * @throws DomainError `template.unknown`, `template.busy`, `period.unknown`.
   */
  async preview(area: TemplateArea, name: string, text: string | null, period: BillingPeriod | null): Promise<TemplatePreview> {
    const template = await (text === null ? this.templates.read(area, name) : this.templates.withText(area, name, text));
    const trial = await this.areas.get(area).trial(name, period);
    const shown = { period: trial.period, about: trial.about };
    try {
      const { text: written, isCapped, bytes, lineCount } = await this.workers.render(template, trial);
      const finished = isCapped ? written : (trial.finish?.(written) ?? written);
      return { ...shown, failure: null, written: { text: finished, isHtml: trial.finish !== undefined, isCapped, bytes, lineCount } };
    } catch (error) {
      if (!(error instanceof TemplateFailed)) throw error;
      return { ...shown, failure: error.failure, written: null };
    }
  }
}
