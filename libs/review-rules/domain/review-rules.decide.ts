import { DomainError, isUnstorable, LinearPatternSet, type Problem, tooLong } from '#kernel';
import type { ConfiguredPatterns, ReviewRulesChanged, RulePatterns } from './review-rules.events.js';

/** What is to be; a list that is left out stays. */
export type RulesInput = Partial<RulePatterns>;

/** One automaton reads every text for all patterns: far more than any office has. */
export const MOST_PATTERNS = 200;
/** In bytes of UTF-8: a pattern stands in the flags of every charge that it is found in. */
export const LONGEST_PATTERN_BYTES = 500;

const LISTS = ['flagPatterns', 'fundOrgPatterns'] as const satisfies readonly (keyof RulePatterns)[];
const NAMES: Readonly<Record<keyof RulePatterns, string>> = { flagPatterns: 'flag pattern', fundOrgPatterns: 'fund/org pattern' };
const CONTROL_CHARACTER = /[\p{Cc}\p{Zl}\p{Zp}]/u;

export const NO_RULES: ReviewRulesChanged['data'] = {
  flagPatterns: [],
  fundOrgPatterns: [],
  configured: { flagPatterns: null, fundOrgPatterns: null },
};

/**
 * The patterns that `input` makes of `current`: each once. One that stays was accepted once, and keeps no other from being changed.
 * @throws DomainError `review-rules.invalid` naming every pattern that can't be one, and why.
 */
export function patternsWith(current: RulePatterns, input: RulesInput): RulePatterns {
  const after = {
    flagPatterns: once(input.flagPatterns ?? current.flagPatterns),
    fundOrgPatterns: once(input.fundOrgPatterns ?? current.fundOrgPatterns),
  };
  const problems = LISTS.flatMap((list) => problemsOf(list, input[list] ?? [], current[list]));
  if (problems.length === 0) return after;
  const said = problems.map(({ what }) => what).join(' ');
  throw new DomainError('review-rules.invalid', 'invalid', `The patterns can't be set so. ${said}`, problems);
}

/** @throws DomainError `review-rules.invalid`; no event when nothing would change. */
export function decideRules(current: ReviewRulesChanged['data'], input: RulesInput): ReviewRulesChanged[] {
  const after = patternsWith(current, input);
  return isSame(current, after) ? [] : [{ type: 'ReviewRulesChanged', data: { ...after, configured: current.configured } }];
}

/**
 * What the configuration file says, where it says something else than the last time: a change that was made elsewhere holds as long as the
 * file stays as it is, and a list that the file leaves out is left alone.
 */
export function decideConfigured(current: ReviewRulesChanged['data'], stated: ConfiguredPatterns): ReviewRulesChanged[] {
  const news = LISTS.filter((list) => {
    const [now, before] = [stated[list], current.configured[list]];
    return now !== null && !isSameList(now, before ?? []);
  });
  if (news.length === 0) return [];
  const { flagPatterns, fundOrgPatterns, configured } = current;
  const said = Object.fromEntries(news.map((list) => [list, once(stated[list] ?? [])]));
  return [{ type: 'ReviewRulesChanged', data: { flagPatterns, fundOrgPatterns, ...said, configured: { ...configured, ...said } } }];
}

function problemsOf(list: keyof RulePatterns, patterns: readonly string[], accepted: readonly string[]): Problem[] {
  if (patterns.length > MOST_PATTERNS) {
    return [{ where: list, what: `There are ${patterns.length} ${NAMES[list]}s; ${MOST_PATTERNS} is the most. Join some with “|”.` }];
  }
  return patterns.flatMap((pattern, index) => {
    const what = accepted.includes(pattern) ? undefined : problemOf(list, pattern);
    return what === undefined ? [] : [{ where: `${list}[${index}]`, what }];
  });
}

function problemOf(list: keyof RulePatterns, pattern: string): string | undefined {
  const named = `The ${NAMES[list]} “${pattern}”`;
  if (pattern.trim() === '') return `A ${NAMES[list]} is empty, and would match everything; write one or take it out.`;
  if (isUnstorable(pattern) || CONTROL_CHARACTER.test(pattern)) {
    return `The ${NAMES[list]} has a line break or another control character in it; write \\n or \\t for them.`;
  }
  const length = tooLong(pattern, LONGEST_PATTERN_BYTES);
  if (length !== undefined) return `A ${NAMES[list]} ${length}; make two of it.`;
  try {
    LinearPatternSet.compile([pattern], 'anywhere');
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [problem] = error.problems;
    return `${named} does not compile: ${problem?.what ?? error.detail}. Patterns are RE2 regular expressions, without look-around and back references.`;
  }
}

function once(patterns: readonly string[]): readonly string[] {
  return [...new Set(patterns)];
}

function isSame(one: RulePatterns, other: RulePatterns): boolean {
  return LISTS.every((list) => isSameList(one[list], other[list]));
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
