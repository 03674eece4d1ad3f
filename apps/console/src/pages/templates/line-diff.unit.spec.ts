import { describe, expect, it } from 'vitest';
import { diffLines, withContext } from './line-diff.js';

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;
const shown = (before: string, after: string): string[] => diffLines(before, after).map(({ kind, text }) => SIGNS[kind] + text);

describe('a comparison of two texts', () => {
  it.each([
    ['a\nb\nc', 'a\nb\nc', ' a, b, c'],
    ['a\nb\nc', 'a\nx\nc', ' a,-b,+x, c'],
    ['a\nc', 'a\nb\nc', ' a,+b, c'],
    ['a\nb\nc', 'c', '-a,-b, c'],
    ['a\nb\na\nb', 'b\na\nb\nc', '-a, b, a, b,+c'],
    ['', 'a', '-,+a'],
    ['a', 'a\n', ' a,+'],
  ])('of %j and %j has as few changes as possible', (before, after, expected) => {
    expect(shown(before, after).join()).toBe(expected);
  });

  it('is whole, whatever the texts: each can be read back from it', () => {
    const words = ['a', 'b', 'c'];
    for (let seed = 1; seed < 200; seed++) {
      const text = (factor: number): string =>
        Array.from({ length: (seed * factor) % 9 }, (_, at) => words[(seed * factor + at * at * factor) % 3]).join('\n');
      const [before, after] = [text(7), text(5)];
      const lines = diffLines(before, after);
      const side = (without: 'added' | 'removed'): string =>
        lines.flatMap(({ kind, text: line }) => (kind === without ? [] : [line])).join('\n');
      expect([side('added'), side('removed')]).toEqual([before, after]);
      expect(lines.flatMap((line) => (line.before === null ? [] : [line.before]))).toEqual(before.split('\n').map((_, index) => index + 1));
    }
  });

  it('ends soon for texts that have nothing in common', () => {
    const text = (name: string): string => Array.from({ length: 5000 }, (_, index) => `${name}${index}`).join('\n');
    expect(diffLines(`same\n${text('a')}`, `same\n${text('b')}`).map(({ kind }) => kind)).toEqual([
      'same',
      ...Array.from({ length: 5000 }, () => 'removed'),
      ...Array.from({ length: 5000 }, () => 'added'),
    ]);
  });

  it('leaves out what is far from any change', () => {
    const before = Array.from({ length: 20 }, (_, index) => String(index)).join('\n');
    const lines = withContext(diffLines(before, before.replace('\n10\n', '\nten\n')), 1);
    expect(lines.map((line) => line && SIGNS[line.kind] + line.text)).toEqual([null, ' 9', '-10', '+ten', ' 11', null]);
  });
});
