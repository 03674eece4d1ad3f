import type { Upcaster } from '#event-store';

/** Version 1 knew no rules that divide charges. */
const withoutParts: Upcaster['upcast'] = (data) => ({ ...data, parts: [] });

/** How events of older schema versions become those of `attribution-rule.events.ts`. */
export const ATTRIBUTION_RULE_UPCASTERS: readonly Upcaster[] = [
  { type: 'AttributionRuleAdded', from: 1, upcast: withoutParts },
  { type: 'AttributionRuleChanged', from: 1, upcast: withoutParts },
  { type: 'AttributionRuleMoved', from: 1, upcast: withoutParts },
  { type: 'AttributionRuleDisabled', from: 1, upcast: withoutParts },
  { type: 'AttributionRuleEnabled', from: 1, upcast: withoutParts },
];
