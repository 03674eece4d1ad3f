import type { Event } from '#event-store';

/** What templates are for. A name in one area says nothing about the same name in another. */
export type TemplateArea = 'journal' | 'mail';
export const TEMPLATE_AREAS: readonly TemplateArea[] = ['journal', 'mail'];

/** A version of a template; from then on it goes before files of that name. The version is that of the stream. */
export type TemplateSaved = Event<
  'TemplateSaved',
  {
    readonly area: TemplateArea;
    /** A file name. */
    readonly name: string;
    readonly text: string;
    /** Why, or what changed. */
    readonly note: string | null;
  }
>;

/** The file of the folder counts again, or the shipped one; what was saved stays in the log. */
export type TemplateRemoved = Event<
  'TemplateRemoved',
  { readonly area: TemplateArea; readonly name: string; readonly reason: string | null }
>;

export type SiteTemplateEvent = TemplateSaved | TemplateRemoved;

export function templateStream(area: TemplateArea, name: string): string {
  return `template-${area}-${name}`;
}
