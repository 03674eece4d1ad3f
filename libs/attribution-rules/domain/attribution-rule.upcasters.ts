import type { Upcaster } from '#event-store';

const EVENT_TYPES = [
  'AttributionRuleAdded',
  'AttributionRuleChanged',
  'AttributionRuleMoved',
  'AttributionRuleDisabled',
  'AttributionRuleEnabled',
];

/** How events of older schema versions become those of `attribution-rule.events.ts`: version 1 knew no rules that divide charges. */
export const ATTRIBUTION_RULE_UPCASTERS: readonly Upcaster[] = EVENT_TYPES.map((type) => ({
  type,
  from: 1,
  upcast: (data) => ({ ...data, parts: [] }),
}));
