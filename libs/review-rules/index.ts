export { type ChangedRules, type CurrentRules, ReviewRules } from './application/review-rules.js';
export { CompiledRules, type RuledTexts } from './domain/compiled-rules.js';
export { LONGEST_PATTERN_BYTES, MOST_PATTERNS, type RulesInput } from './domain/review-rules.decide.js';
export type { RulePatterns } from './domain/review-rules.events.js';
export { ReviewRulesModule } from './review-rules.module.js';
