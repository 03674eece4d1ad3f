import { describe, expect, it } from 'vitest';
import { foldText, WildcardText } from './wildcard-text.js';

describe('WildcardText', () => {
  const matches = (pattern: string, text: string): boolean => new WildcardText(foldText(pattern)).matches(foldText(text));

  it.each([
    ['gpu-*', 'GPU-17', true],
    ['gpu-*', 'gpu-', true],
    ['gpu-*', 'my gpu-17', false],
    ['*gpu*', 'my GPU node', true],
    ['*.example.edu', 'node1.example.edu', true],
    ['*.example.edu', 'node1.example.edu.', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'acb', false],
    // Head and tail may not overlap.
    ['aba*ba', 'aba', false],
    ['aba*ba', 'ababa', true],
    ['a*bc*c', 'abc', false],
    ['a*bc*c', 'abcc', true],
    ['*', '', true],
    ['**', 'x', true],
    ['Łódź*', 'ŁÓDŹ-1', true],
    // Composed and decomposed are one letter.
    ['caf\u00e9*', 'CAFE\u0301 1', true],
    ['a.c*', 'abc', false],
    ['a?c*', 'a?cd', true],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('finds in long texts what it finds in short ones', () => {
    for (const long of ['', 'x'.repeat(10_000)]) {
      expect(matches('*abcabd*', `${long}abcabcabd${long}`)).toBe(true);
      expect(matches('*abcabd*', `${long}abcabcab d${long}`)).toBe(false);
      expect(matches('*aab*', `${long}aaab`)).toBe(true);
    }
  });

  it('takes time in proportion to a text that is made to take long', () => {
    const pattern = new WildcardText(`*${'a'.repeat(1000)}b*${'a'.repeat(1000)}c*`);
    const text = 'a'.repeat(3_000_000);
    // By trial and error these would be billions of comparisons, and the test would run into its limit.
    expect(pattern.matches(text)).toBe(false);
  });
});
