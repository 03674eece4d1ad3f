import type { Event } from '#event-store';
import type { Part } from '#splits';

/** All rules are one stream: which of them comes first is a fact about all of them. */
export const ATTRIBUTION_RULES_STREAM = 'attribution-rules';

/** What a charge must have; null: whatever it has. Texts are compared whole, in any case; `*` stands for any characters, or none. */
export interface RuleMatch {
  readonly source: string | null;
  readonly subAccount: string | null;
  readonly service: string | null;
  readonly resourceId: string | null;
  readonly resourceName: string | null;
}

/** Who pays; null: what the tags say stays. */
export interface RuleAttribution {
  /** Case-folded, as the ledger knows PIs. */
  readonly piEmail: string | null;
  readonly projectId: string | null;
  readonly fundOrg: string | null;
  readonly costCenter: string | null;
  readonly accountCode: string | null;
}

/** A rule as it is after a change: all of it. */
export interface AttributionRule {
  /** From 1, in the order in which rules were added. */
  readonly ruleId: number;
  /** Counts the changes of this rule, from 1. Charges name the rule and the version that attributed them. */
  readonly version: number;
  /** From 1 among all rules, disabled ones too; the first rule that matches a charge counts. */
  readonly place: number;
  readonly name: string;
  readonly match: RuleMatch;
  /** First and last day of charges, `YYYY-MM-DD`, both included; null: open. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly set: RuleAttribution;
  /** Into what a charge is divided; empty: it is not. What a part leaves open, `set` says, then the tags. */
  readonly parts: readonly Part[];
  /** Empty: none. */
  readonly note: string;
  readonly enabled: boolean;
}

/** A rule attributes charges from the next import on. */
export type AttributionRuleAdded = Event<'AttributionRuleAdded', AttributionRule>;
/** A rule matches or sets something else; what it attributed before stays as it was. */
export type AttributionRuleChanged = Event<'AttributionRuleChanged', AttributionRule>;
/** A rule has another place among the rules. */
export type AttributionRuleMoved = Event<'AttributionRuleMoved', AttributionRule>;
/** A rule attributes no charge any more. */
export type AttributionRuleDisabled = Event<'AttributionRuleDisabled', AttributionRule & { readonly reason: string | null }>;
/** A rule that was disabled attributes charges again. */
export type AttributionRuleEnabled = Event<'AttributionRuleEnabled', AttributionRule>;

export type AttributionRuleEvent =
  AttributionRuleAdded | AttributionRuleChanged | AttributionRuleMoved | AttributionRuleDisabled | AttributionRuleEnabled;
