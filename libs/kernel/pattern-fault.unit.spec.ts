import { describe, expect, it } from 'vitest';
import { patternFault } from './pattern-fault.js';

describe('a pattern that does not compile', () => {
  it.each([
    ['(abc', 'missing closing )', 1, ''],
    ['^(?P<orgn>[(^-]+)-(?P<fund>.+', 'missing closing )', 19, ''],
    ['a)b', 'unexpected )', 2, ''],
    ['[^)]x)', 'unexpected )', 6, ''],
    ['ab[z-', 'missing closing ]', 3, '[z-'],
    ['[**]ä**', 'invalid nested repetition operator', 6, '**'],
    ['ab(?=x)c', 'invalid or unsupported Perl syntax', 3, '(?='],
    ['(a)\\8', 'invalid escape sequence', 4, '\\8'],
    ['x{1001}(y)', 'invalid repeat count', 2, '{1001}'],
    ['(?P<fund', 'invalid named capture', 1, ''],
  ])('%s: %s', (pattern, reason, character, fragment) => {
    expect(patternFault(pattern)).toEqual({ reason, character, fragment });
  });

  it('is none that compiles', () => {
    expect(patternFault('^(?P<orgn>[^-]+)-(?P<fund>.+)$')).toBeUndefined();
    expect(patternFault('')).toBeUndefined();
  });
});
