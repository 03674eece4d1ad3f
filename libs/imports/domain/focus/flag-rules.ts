import { type BillingPeriod, type Currency, DomainError, isEmailAddress, LinearPatternSet } from '#kernel';
import type { FocusReaderOptions } from './focus-options.js';
import type { Attribution } from '../line-in-hand.js';
import type { FlaggedAttribution } from './tag-attribution.js';

/** What the flags of a line depend on. Days are `YYYY-MM-DD`, UTC. */
export interface FlagFacts {
  readonly attribution: FlaggedAttribution;
  /** Of the line's texts; see {@link FlagRules.patternFlagsOf}. */
  readonly patternFlags: readonly string[];
  readonly period: BillingPeriod;
  readonly currency: Currency;
  readonly chargeDay: string;
}

/** Finds the reasons why a line needs a person: all that apply, in the order of domain.md §2. */
export class FlagRules {
  private readonly patternFlags: readonly string[];
  private readonly flagPatterns: LinearPatternSet;
  private readonly fundOrgPatterns: LinearPatternSet | null;
  private readonly expectedPeriod: BillingPeriod | null;
  private readonly ledgerCurrency: Currency;
  private readonly fundProblem: FocusReaderOptions['fundProblem'];

  /** @throws DomainError `import.pattern` naming each pattern that does not compile. */
  constructor(options: Pick<FocusReaderOptions, 'flagPatterns' | 'fundOrgPatterns' | 'expectedPeriod' | 'ledgerCurrency' | 'fundProblem'>) {
    const patterns = [...new Set(options.flagPatterns)];
    this.patternFlags = patterns.map((text) => `pattern_match:${text}`);
    this.flagPatterns = compile(patterns, 'anywhere');
    this.fundOrgPatterns = options.fundOrgPatterns.length === 0 ? null : compile(options.fundOrgPatterns, 'start');
    this.expectedPeriod = options.expectedPeriod;
    this.ledgerCurrency = options.ledgerCurrency;
    this.fundProblem = options.fundProblem;
  }

  flagsOf(facts: FlagFacts): readonly string[] {
    const { attribution, patternFlags: matched } = facts;
    const lateBy = attribution.reconciliationEnd !== null && facts.chargeDay > attribution.reconciliationEnd;
    const expired = attribution.endDate !== null && facts.chargeDay > attribution.endDate;
    const wrongPeriod = this.expectedPeriod !== null && facts.period !== this.expectedPeriod;
    const wrongCurrency = facts.currency !== this.ledgerCurrency;
    const ofAttribution = this.withFundProblem(attribution, facts.chargeDay);
    if (matched.length === 0 && !lateBy && !expired && !wrongPeriod && !wrongCurrency) return ofAttribution;

    const flags = [...ofAttribution, ...matched];
    if (wrongPeriod) flags.push('period_mismatch');
    if (wrongCurrency) flags.push('currency_mismatch');
    if (lateBy) flags.push('late_charge');
    if (expired) flags.push('expired_project');
    return flags;
  }

  /** The flags that an attribution has on its own, whatever the line. */
  flagsOfAttribution(attribution: Attribution): readonly string[] {
    const flags: string[] = [];
    if (attribution.piEmail === null) flags.push('missing_pi_email');
    else if (!isEmailAddress(attribution.piEmail)) flags.push('invalid_pi_email');
    if (attribution.projectId === null) flags.push('missing_project_id');
    if (attribution.fundOrg === null) flags.push('missing_fund_org');
    else if (this.fundOrgPatterns?.matchesIn(attribution.fundOrg).length === 0) flags.push('invalid_fund_org');
    return flags;
  }

  /** A fund/org that no pattern takes is invalid already; one that they take may still be in no chart, or not on that day. */
  private withFundProblem({ fundOrg, flags }: FlaggedAttribution, day: string): readonly string[] {
    if (fundOrg === null || this.fundProblem === undefined || flags.includes('invalid_fund_org')) return flags;
    return this.fundProblem(fundOrg, day) === null ? flags : [...flags, 'invalid_fund_org'];
  }

  /** Whether any pattern is configured: without one, nobody needs to make texts of a line's cells. */
  get hasPatterns(): boolean {
    return this.patternFlags.length > 0;
  }

  /** The flags of the patterns that are found in one of these texts. */
  patternFlagsOf(texts: readonly (string | null)[]): readonly string[] {
    const found = texts.flatMap((text) => (text === null ? [] : this.flagPatterns.matchesIn(text)));
    return found.length === 0 ? [] : this.patternFlags.filter((_, index) => found.includes(index));
  }
}

/** @throws DomainError `import.pattern`. */
function compile(patterns: readonly string[], where: 'anywhere' | 'start'): LinearPatternSet {
  try {
    return LinearPatternSet.compile(patterns, where);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError('import.pattern', 'invalid', error.detail, error.problems);
  }
}
