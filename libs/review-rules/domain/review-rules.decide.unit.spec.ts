import { describe, expect, it } from 'vitest';
import { decideConfigured, decideRules, MOST_PATTERNS, NO_RULES } from './review-rules.decide.js';
import type { ConfiguredPatterns, ReviewRulesChanged } from './review-rules.events.js';

type Rules = ReviewRulesChanged['data'];

const stated = (flagPatterns: readonly string[] | null): ConfiguredPatterns => ({ flagPatterns, fundOrgPatterns: null });
/** One start of the program after the other, with what its file states. */
function started(rules: Rules, ...files: (readonly string[] | null)[]): Rules {
  return files.reduce((current, file) => decideConfigured(current, stated(file))[0]?.data ?? current, rules);
}
function saved(rules: Rules, flagPatterns: readonly string[]): Rules {
  return decideRules(rules, { flagPatterns })[0]?.data ?? rules;
}

describe('what the configuration file states', () => {
  it('is taken over at the first start, each pattern once', () => {
    expect(started(NO_RULES, ['gpu', 'p4d', 'gpu']).flagPatterns).toEqual(['gpu', 'p4d']);
  });

  it('is no event while the file stays as it is, and leaves alone what was changed elsewhere', () => {
    const changed = saved(started(NO_RULES, ['gpu']), ['tape']);
    expect(decideConfigured(changed, stated(['gpu']))).toEqual([]);
    expect(started(changed, ['gpu'], ['gpu']).flagPatterns).toEqual(['tape']);
  });

  it('is taken over when it changes, whatever was changed elsewhere', () => {
    const changed = saved(started(NO_RULES, ['gpu']), ['tape']);
    expect(started(changed, ['gpu', 'p4d']).flagPatterns).toEqual(['gpu', 'p4d']);
    expect(started(changed, []).flagPatterns, 'an empty list is a statement').toEqual([]);
  });

  it('is no statement where it is left out, nor where an empty list was never more', () => {
    const changed = saved(started(NO_RULES, ['gpu']), ['tape']);
    expect(started(changed, null, ['gpu']).flagPatterns).toEqual(['tape']);
    expect(decideConfigured(NO_RULES, stated([]))).toEqual([]);
    expect(started(saved(NO_RULES, ['tape']), [], []).flagPatterns).toEqual(['tape']);
  });
});

describe('patterns that are saved', () => {
  it('are not more than an automaton is asked to hold', () => {
    const patterns = Array.from({ length: MOST_PATTERNS + 1 }, (_, index) => `p${index}`);
    expect(saved(NO_RULES, patterns.slice(1)).flagPatterns).toHaveLength(MOST_PATTERNS);
    expect(() => saved(NO_RULES, patterns)).toThrow(/There are 201 flag patterns; 200 is the most/);
  });

  it('are not asked again about one that was accepted once', () => {
    const older: Rules = { ...NO_RULES, flagPatterns: ['(?=a)'] };
    expect(saved(older, ['(?=a)', 'b']).flagPatterns).toEqual(['(?=a)', 'b']);
    expect(() => saved(older, ['(?=b)'])).toThrow(/does not compile/);
  });
});
