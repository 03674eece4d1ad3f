import { Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { type BillingPeriod, DomainError } from '#kernel';
import { Database, type Tx } from '#platform';
import { type FileOrigin, isTemplateName, type TemplateSource, templateSource } from '#templates';
import { decideRemoval, decideSave, requireTemplate, type SavedTemplate } from '../domain/site-template.decide.js';
import { type SiteTemplateEvent, type TemplateArea, templateStream } from '../domain/site-template.events.js';
import { TemplateRepository } from '../infra/template.repository.js';
import { TemplateWorkers } from '../render/template-workers.js';
import { TemplateAreas } from './area-templates.js';

/** Where the text of a template comes from: saved in the program goes before `./templates`, and that before what is shipped. */
export type TemplateOrigin = 'saved' | FileOrigin;
export const TEMPLATE_ORIGINS: readonly TemplateOrigin[] = ['saved', 'folder', 'shipped'];

export interface FoundTemplate {
  readonly text: string;
  readonly origin: TemplateOrigin;
  /** Of a saved one; null: it is a file. */
  readonly savedVersion: number | null;
}

export interface SaveTemplate {
  readonly text: string;
  readonly note: string | null;
  /** Of the template that was edited; null: whatever is there. */
  readonly seenVersion: number | null;
  /** It must also fill in for this one; null: it is only read. */
  readonly period: BillingPeriod | null;
}

export interface ChangedTemplate {
  readonly version: number;
  /** Null if it was so already. */
  readonly appended: AppendResult | null;
}

/** The one reader of templates, for everybody who uses them, and the door by which they change. */
@Injectable()
export class SiteTemplates {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly repository: TemplateRepository,
    private readonly areas: TemplateAreas,
    private readonly workers: TemplateWorkers,
  ) {}

  /** A template as it counts now, with what it includes. @throws DomainError `template.unknown` naming the places that were searched. */
  async read(area: TemplateArea, name: string): Promise<TemplateSource> {
    return this.withText(area, name, (await this.current(area, name)).text);
  }

  /** A template of that text, with what it includes of those that count now. */
  async withText(area: TemplateArea, name: string, text: string): Promise<TemplateSource> {
    return templateSource(name, text, async (part) => (await this.find(area, part))?.text);
  }

  /** @throws DomainError `template.unknown`. */
  async current(area: TemplateArea, name: string): Promise<FoundTemplate> {
    const found = await this.find(area, name);
    if (found === undefined) throw await this.unknown(area, name);
    return found;
  }

  /** The file of a name, also if a saved template or another file goes before it. @throws DomainError `template.unknown`. */
  async file(area: TemplateArea, name: string, origin: FileOrigin): Promise<FoundTemplate> {
    const found = await this.findFile(area, name, origin);
    if (found === undefined) throw await this.unknown(area, name);
    return found;
  }

  /** @throws DomainError `template.no-version`. */
  async textOf(area: TemplateArea, name: string, version: number): Promise<string> {
    const text = await this.repository.textOf(area, name, version);
    if (text !== undefined) return text;
    throw new DomainError(
      'template.no-version',
      'not-found',
      `“${name}” has no version ${version} with a text; the list of its versions says which it has.`,
    );
  }

  /** @throws DomainError `template.invalid`, `template.changed`, `template.failed`, `template.busy`, `period.unknown`. */
  async save(
    area: TemplateArea,
    name: string,
    { text, note, seenVersion, period }: SaveTemplate,
    metadata: EventMetadata,
  ): Promise<ChangedTemplate> {
    requireTemplate({ name, text, note });
    await this.tryOut(area, name, text, period);
    return this.change(area, name, metadata, (current) => decideSave(current, { area, name, text, note }, seenVersion));
  }

  /** Saves an older version once more. @throws DomainError as {@link SiteTemplates.save}, and `template.no-version`. */
  async restore(
    area: TemplateArea,
    name: string,
    { version, note, seenVersion }: Pick<SaveTemplate, 'note' | 'seenVersion'> & { readonly version: number },
    metadata: EventMetadata,
  ): Promise<ChangedTemplate> {
    const text = await this.textOf(area, name, version);
    return this.save(area, name, { text, note: note ?? `Version ${version} again`, seenVersion, period: null }, metadata);
  }

  /** The file of the name counts again. @throws DomainError `template.not-saved`, `template.changed`. */
  async remove(
    area: TemplateArea,
    name: string,
    { reason, seenVersion }: { readonly reason: string | null; readonly seenVersion: number | null },
    metadata: EventMetadata,
  ): Promise<ChangedTemplate> {
    return this.change(area, name, metadata, (current) => decideRemoval(current, { area, name, reason }, seenVersion));
  }

  /** What can't be read never counts; what can't be filled in may be a part of others, so only who names a period wants to know. */
  private async tryOut(area: TemplateArea, name: string, text: string, period: BillingPeriod | null): Promise<void> {
    const template = await this.withText(area, name, text);
    await this.workers.check(template);
    if (period !== null) await this.workers.render(template, await this.areas.get(area).trial(name, period));
  }

  private async change(
    area: TemplateArea,
    name: string,
    metadata: EventMetadata,
    decide: (current: SavedTemplate) => SiteTemplateEvent[],
  ): Promise<ChangedTemplate> {
    return this.database.transaction(async (tx: Tx) => {
      await this.repository.lock(area, name, tx);
      const current = await this.repository.find(area, name, tx);
      const events = decide(current);
      if (events.length === 0) return { version: current.version, appended: null };
      const appended = await this.store.append(tx, templateStream(area, name), current.version, events, metadata);
      return { version: appended.version, appended };
    });
  }

  private async find(area: TemplateArea, name: string): Promise<FoundTemplate | undefined> {
    if (!isTemplateName(name)) return undefined;
    const { text, version } = await this.repository.find(area, name);
    return text === null ? this.findFile(area, name) : { text, origin: 'saved', savedVersion: version };
  }

  private async findFile(area: TemplateArea, name: string, origin?: FileOrigin): Promise<FoundTemplate | undefined> {
    const found = await this.areas.files(area).find(name, origin);
    return found === undefined ? undefined : { ...found, savedVersion: null };
  }

  private async unknown(area: TemplateArea, name: string): Promise<DomainError> {
    if (!isTemplateName(name))
      return new DomainError('template.unknown', 'invalid', `“${name}” is a path; name a template by its file name alone.`);
    const told = this.areas.get(area);
    const settings = told.configured().flatMap((one) => (one.name === name ? [one.setting] : []));
    const shipped = (await this.areas.files(area).list()).filter(({ origin }) => origin === 'shipped').map((file) => file.name);
    return new DomainError(
      'template.unknown',
      'not-found',
      `There is no template “${name}”: none is saved, none lies in ./templates, and none is shipped; shipped are ${shipped.join(', ')}. Check ${settings.length === 0 ? told.setting : settings.join(' and ')}.`,
    );
  }
}
