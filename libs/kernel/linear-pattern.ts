import { RE2JS } from 're2js';
import { DomainError } from './domain-error.js';

/**
 * A regular expression written by a person. Matched in linear time, whatever it looks like: `(a+)+$` must not hang an import
 * (domain.md §2). Python's `(?P<name>…)` groups work; look-ahead and back-references don't exist here.
 */
export class LinearPattern {
  private constructor(
    readonly source: string,
    private readonly compiled: RE2JS,
  ) {}

  /** @throws DomainError `pattern.malformed` when it doesn't compile; such a pattern is refused where it is saved. */
  static compile(source: string, options: { ignoreCase?: boolean } = {}): LinearPattern {
    try {
      return new LinearPattern(source, RE2JS.compile(source, options.ignoreCase === true ? RE2JS.CASE_INSENSITIVE : 0));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DomainError('pattern.malformed', 'invalid', `The pattern “${source}” can't be used: ${reason}.`);
    }
  }

  /** Found anywhere in `text`. */
  isFoundIn(text: string): boolean {
    return this.compiled.matcher(text).find();
  }

  /** Matches from the first character on, as Python's `re.match` does; it need not reach the end. */
  matchesStart(text: string): boolean {
    return this.compiled.matcher(text).lookingAt();
  }

  /** As much of the text as matches from its first character on; undefined where nothing does. */
  matchedAtStart(text: string): string | undefined {
    const matcher = this.compiled.matcher(text);
    return matcher.lookingAt() ? (matcher.group() ?? '') : undefined;
  }

  /** The named groups of a match at the start, null for a group that took no part; undefined where nothing matches. */
  groupsAtStart(text: string): Readonly<Record<string, string | null>> | undefined {
    const matcher = this.compiled.matcher(text);
    if (!matcher.lookingAt()) return undefined;
    return Object.fromEntries(this.groupNames.map((name) => [name, matcher.group(name)]));
  }

  get groupNames(): readonly string[] {
    return Object.keys(this.compiled.namedGroups());
  }
}
