import { DomainError, type Problem } from '#kernel';
import type { SiteTemplateEvent, TemplateArea } from './site-template.events.js';

export const MOST_TEMPLATE_BYTES = 256 * 1024;
export const LONGEST_TEMPLATE_NAME = 100;
export const LONGEST_TEMPLATE_NOTE = 1000;

/** That of a file which no folder hides. */
const FILE_NAME = /^[^.\s/\\\p{Cc}]([^/\\\p{Cc}]*[^\s/\\\p{Cc}])?$/u;
/** NUL, and halves of characters: Postgres keeps neither. */
const NO_TEXT = /[\0\p{Cs}]/u;

/** How a template stands that was saved once, or never. */
export interface SavedTemplate {
  /** Of its stream, removals counted; 0 for one that was never saved. */
  readonly version: number;
  /** Null: it was never saved, or removed. */
  readonly text: string | null;
}

interface TemplateInput {
  readonly area: TemplateArea;
  readonly name: string;
  readonly text: string;
  readonly note: string | null;
}

/** What can be kept as a template. @throws DomainError `template.invalid` with the fields as problems. */
export function requireTemplate({ name, text, note }: Omit<TemplateInput, 'area'>): void {
  const problems: Problem[] = [];
  if (!FILE_NAME.test(name) || name.length > LONGEST_TEMPLATE_NAME) {
    const what = `“${name.slice(0, LONGEST_TEMPLATE_NAME)}” can't be the name of a template; write a file name such as journal_gl.csv, of up to ${LONGEST_TEMPLATE_NAME} characters.`;
    problems.push({ where: 'name', what });
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_TEMPLATE_BYTES)
    problems.push({
      where: 'text',
      what: `A template has up to ${MOST_TEMPLATE_BYTES / 1024} KiB, and this one ${Math.ceil(bytes / 1024)}; move parts of it to templates that it includes.`,
    });
  if (text.trim() === '') problems.push({ where: 'text', what: 'The template is empty; to have none of your own any more, remove it.' });
  if (NO_TEXT.test(text)) problems.push({ where: 'text', what: 'The template has characters that are no text; save it as UTF-8.' });
  if ((note ?? '').length > LONGEST_TEMPLATE_NOTE || NO_TEXT.test(note ?? ''))
    problems.push({ where: 'note', what: `A note has up to ${LONGEST_TEMPLATE_NOTE} characters.` });
  if (problems.length === 0) return;
  throw new DomainError('template.invalid', 'invalid', problems.map(({ what }) => what).join(' '), problems);
}

/**
 * Nothing if it is saved so already.
 * @param seenVersion of the template that was edited; null: whatever is there
 * @throws DomainError `template.invalid`, `template.changed`.
 */
export function decideSave(current: SavedTemplate, input: TemplateInput, seenVersion: number | null): SiteTemplateEvent[] {
  requireTemplate(input);
  requireSeen(current, input.name, seenVersion);
  if (current.text === input.text) return [];
  const { area, name, text, note } = input;
  return [{ type: 'TemplateSaved', data: { area, name, text, note: orNull(note) } }];
}

/** @throws DomainError `template.not-saved`, `template.changed`. */
export function decideRemoval(
  current: SavedTemplate,
  { area, name, reason }: { readonly area: TemplateArea; readonly name: string; readonly reason: string | null },
  seenVersion: number | null,
): SiteTemplateEvent[] {
  requireSeen(current, name, seenVersion);
  if (current.text === null) {
    const detail = `There is nothing to remove: “${name}” is not saved here. Files are kept in ./templates, and shipped ones stay.`;
    throw new DomainError('template.not-saved', 'conflict', detail);
  }
  return [{ type: 'TemplateRemoved', data: { area, name, reason: orNull(reason) } }];
}

function requireSeen({ version }: SavedTemplate, name: string, seenVersion: number | null): void {
  if (seenVersion === null || seenVersion === version) return;
  throw new DomainError(
    'template.changed',
    'conflict',
    `Nothing was done: “${name}” is at version ${version} by now, not ${seenVersion}. Look at what changed, and go on from that.`,
  );
}

function orNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text.trim();
}
