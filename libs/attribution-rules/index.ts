export { AttributionRules, type SavedRule } from './application/attribution-rules.js';
export { type AppliedRule, type EffectScope, type RuleDraft, RuleEffects, type SeenEffect } from './application/rule-effects.js';
export { AttributionRulesModule } from './attribution-rules.module.js';
export type { RuleInput } from './domain/attribution-rule.decide.js';
export type { AttributionRule } from './domain/attribution-rule.events.js';
export { ATTRIBUTION_RULE_UPCASTERS } from './domain/attribution-rule.upcasters.js';
export type { RuleField, RulesOfSource, RuleSet } from './domain/rule-book.js';
export type { PayerOfCharge, RuleEffect } from './domain/rule-effect.js';
export { ruleReference } from './domain/rule-reference.js';
export { RULE_TEXT_LIMITS } from './domain/rule-text.js';
export {
  AttributionRuleQueries,
  RULE_ACTIONS,
  type RuleAction,
  type RuleThen,
  type RuleVersion,
} from './infra/attribution-rule.queries.js';
