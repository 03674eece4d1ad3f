import { LinearPatternSet } from '#kernel';
import type { RulePatterns } from './review-rules.events.js';

/** The texts of a charge that flag patterns are looked for in. */
export interface RuledTexts {
  readonly serviceName: string;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
}

/** Months have few services and fund/orgs, and many charges of each. */
const MOST_REMEMBERED = 10_000;

/** Rules ready to be held against charges; what a text is found to match is what the reader of files finds. */
export class CompiledRules {
  readonly flagPatterns: readonly string[];
  readonly fundOrgPatterns: readonly string[];
  private readonly inTexts: (text: string) => readonly number[];
  private readonly inFundOrg: (fundOrg: string) => readonly number[];

  /** @throws DomainError `pattern.malformed`; patterns that were saved compile. */
  constructor(rules: RulePatterns) {
    this.flagPatterns = [...new Set(rules.flagPatterns)];
    this.fundOrgPatterns = [...new Set(rules.fundOrgPatterns)];
    this.inTexts = matching(this.flagPatterns, 'anywhere');
    this.inFundOrg = matching(this.fundOrgPatterns, 'start');
  }

  /** The flag patterns that are found in one of the texts, in the order of the rules. */
  patternsFoundIn({ serviceName, resourceId, resourceName }: RuledTexts): readonly string[] {
    const found = [serviceName, resourceId, resourceName].flatMap((text) => (text === null ? [] : this.inTexts(text)));
    return found.length === 0 ? [] : this.flagPatterns.filter((_, index) => found.includes(index));
  }

  /** The fund/org patterns that take it. */
  patternsTaking(fundOrg: string): readonly string[] {
    return this.inFundOrg(fundOrg).flatMap((index) => this.fundOrgPatterns[index] ?? []);
  }

  /** Whether a fund/org may be charged; without a pattern, any may. */
  takes(fundOrg: string): boolean {
    return this.fundOrgPatterns.length === 0 || this.inFundOrg(fundOrg).length > 0;
  }
}

function matching(patterns: readonly string[], where: 'anywhere' | 'start'): (text: string) => readonly number[] {
  if (patterns.length === 0) return () => [];
  const set = LinearPatternSet.compile(patterns, where);
  const remembered = new Map<string, readonly number[]>();
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const found = set.matchesIn(text);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(text, found);
    return found;
  };
}
