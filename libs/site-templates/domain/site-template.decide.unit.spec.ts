import { describe, expect, it } from 'vitest';
import { DomainError } from '#kernel';
import { decideRemoval, decideSave, MOST_TEMPLATE_BYTES, type SavedTemplate } from './site-template.decide.js';

const NEVER: SavedTemplate = { version: 0, text: null };
const SAVED: SavedTemplate = { version: 3, text: 'old' };
const REMOVED: SavedTemplate = { version: 4, text: null };
const INPUT = { area: 'journal', name: 'ours.csv', text: 'new', note: ' why ' } as const;

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return [error.code, ...error.problems.map(({ where }) => where)].join(' ');
    throw error;
  }
  return 'done';
}

describe('a template that is saved', () => {
  it.each([
    ['the first time', NEVER, 0],
    ['over another version', SAVED, 3],
    ['after it was removed', REMOVED, 4],
    ['whatever is there', SAVED, null],
  ])('is a version %s', (_when, current, seen) => {
    expect(decideSave(current, INPUT, seen)).toEqual([{ type: 'TemplateSaved', data: { ...INPUT, note: 'why' } }]);
  });

  it('is none if it is so already', () => {
    expect(decideSave(SAVED, { ...INPUT, text: 'old' }, 3)).toEqual([]);
  });

  it.each([
    [NEVER, 1],
    [SAVED, 2],
    [SAVED, 0],
    [REMOVED, 3],
  ])('is refused if somebody else changed it: %j, seen %i', (current, seen) => {
    expect(codeOf(() => decideSave(current, INPUT, seen))).toBe('template.changed');
    expect(codeOf(() => decideRemoval(current, { ...INPUT, reason: null }, seen))).toBe('template.changed');
  });

  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden', ' x', 'a\u0000', 'x'.repeat(101)])('has the name of a file: not %j', (name) => {
    expect(codeOf(() => decideSave(NEVER, { ...INPUT, name }, 0))).toBe('template.invalid name');
  });

  it.each(['', ' \n ', 'a\u0000', 'half \ud83d', 'ä'.repeat(MOST_TEMPLATE_BYTES / 2 + 1)])(
    'has a text that can be kept: not the %#th',
    (text) => {
      expect(codeOf(() => decideSave(NEVER, { ...INPUT, text }, 0))).toBe('template.invalid text');
    },
  );

  it('may have up to 256 KiB of any letters', () => {
    expect(decideSave(NEVER, { ...INPUT, name: 'Ärger 2.html.j2', text: 'ä'.repeat(MOST_TEMPLATE_BYTES / 2), note: '' }, 0)).toMatchObject([
      { data: { note: null } },
    ]);
  });
});

describe('a template that is removed', () => {
  it('is so once', () => {
    const removal = { area: 'mail', name: 'note.txt', reason: ' out of use ' } as const;
    expect(decideRemoval(SAVED, removal, 3)).toEqual([{ type: 'TemplateRemoved', data: { ...removal, reason: 'out of use' } }]);
    expect(codeOf(() => decideRemoval(REMOVED, removal, null))).toBe('template.not-saved');
    expect(codeOf(() => decideRemoval(NEVER, removal, 0))).toBe('template.not-saved');
  });
});
