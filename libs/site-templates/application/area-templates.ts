import { Injectable } from '@nestjs/common';
import type { BillingPeriod } from '#kernel';
import { TemplateFiles } from '#templates';
import type { TemplateArea } from '../domain/site-template.events.js';

/** What a template of an area is tried with. */
export interface TemplateTrial {
  /** Null: with sample entries, because no period was named or nothing is billed in it. */
  readonly period: BillingPeriod | null;
  readonly context: Readonly<Record<string, unknown>>;
  /** Those of the currency. */
  readonly digits: number;
  readonly fuel?: number;
  readonly about: TrialFacts;
  /** Given for HTML: what is made of it before it is sent. */
  readonly finish?: (html: string) => string;
}

/** Who and how much the trial is about; null where the area has no such thing. */
export interface TrialFacts {
  readonly entryCount: number | null;
  /** Decimals with the currency's digits. */
  readonly debits: string | null;
  readonly credits: string | null;
  readonly recipient: string | null;
  readonly subject: string | null;
}

/** What an area tells about its templates. */
export interface AreaTemplates {
  readonly area: TemplateArea;
  /** Where one is named in the configuration, for the reader of an error. */
  readonly setting: string;
  readonly shippedFolder: string;
  /** Those that the configuration names. */
  configured(): readonly { readonly setting: string; readonly name: string }[];
  /** @throws DomainError `period.unknown`. */
  trial(name: string, period: BillingPeriod | null): Promise<TemplateTrial>;
}

/** The areas that have templates; each makes itself known when the program starts. */
@Injectable()
export class TemplateAreas {
  private readonly areas = new Map<TemplateArea, { readonly told: AreaTemplates; readonly files: TemplateFiles }>();

  add(told: AreaTemplates): void {
    if (this.areas.has(told.area)) throw new Error(`two areas of the program have templates called ${told.area}`);
    this.areas.set(told.area, { told, files: new TemplateFiles(told.shippedFolder) });
  }

  get(area: TemplateArea): AreaTemplates {
    return this.known(area).told;
  }

  files(area: TemplateArea): TemplateFiles {
    return this.known(area).files;
  }

  all(): AreaTemplates[] {
    return [...this.areas.values()].map(({ told }) => told);
  }

  private known(area: TemplateArea): { readonly told: AreaTemplates; readonly files: TemplateFiles } {
    const known = this.areas.get(area);
    if (known === undefined) throw new Error(`no area of the program has templates called ${area}`);
    return known;
  }
}
