import type { Event } from '#event-store';

/** The rules of the review are one stream, a setting of the whole office. */
export const REVIEW_RULES_STREAM = 'settings-review';

/** Regular expressions that people write, in the syntax of RE2 and matched whatever the case. */
export interface RulePatterns {
  /** A charge that has one of them anywhere in service, resource id or resource name waits for a person. */
  readonly flagPatterns: readonly string[];
  /** One of them must match a fund/org from its start; none: any will do. */
  readonly fundOrgPatterns: readonly string[];
}

/** What the configuration file stated when it was last heard; null: nothing. */
export type ConfiguredPatterns = { readonly [List in keyof RulePatterns]: RulePatterns[List] | null };

/** The patterns of the review were changed, by a person or by the configuration; these are all of them as they are now. */
export type ReviewRulesChanged = Event<'ReviewRulesChanged', RulePatterns & { readonly configured: ConfiguredPatterns }>;
