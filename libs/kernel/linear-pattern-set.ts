import { RE2JS, RE2Set } from 're2js';
import { DomainError, type Problem } from './domain-error.js';

/**
 * Patterns that people wrote, as one automaton: a text is read once, in linear time, however many there are (domain.md §2). Whatever the case.
 */
export class LinearPatternSet {
  private constructor(private readonly compiled: RE2Set) {}

  /**
   * @param where found anywhere in a text, or at its start, where a match need not reach the end
   * @throws DomainError `pattern.malformed` whose problems name each pattern that does not compile, and why.
   */
  static compile(patterns: readonly string[], where: 'anywhere' | 'start'): LinearPatternSet {
    const set = new RE2Set(where === 'start' ? RE2Set.ANCHOR_START : RE2Set.UNANCHORED, RE2JS.CASE_INSENSITIVE);
    const problems: Problem[] = [];
    for (const text of patterns) {
      try {
        set.add(text);
      } catch (error) {
        problems.push({ where: text, what: reasonOf(error) });
      }
    }
    if (problems.length === 0) {
      try {
        set.compile();
        return new LinearPatternSet(set);
      } catch (error) {
        problems.push({ where: patterns.join(' '), what: reasonOf(error) });
      }
    }
    throw new DomainError(
      'pattern.malformed',
      'invalid',
      `${problems.map((problem) => `The pattern “${problem.where}” does not compile: ${problem.what}`).join('; ')}. ` +
        'Patterns are RE2 regular expressions: no look-around and no back references.',
      problems,
    );
  }

  /** Which patterns match, by their place in the list. */
  matchesIn(text: string): readonly number[] {
    return this.compiled.match(text);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it is no regular expression';
}
