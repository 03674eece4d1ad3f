import type { Part } from '#splits';
import type { AttributionRule, AttributionRuleEvent } from './attribution-rule.events.js';

/** All rules in their order, as their stream tells them. */
export function foldRules(events: readonly AttributionRuleEvent[]): AttributionRule[] {
  let rules: AttributionRule[] = [];
  for (const event of events) rules = evolveRules(rules, event);
  return rules;
}

/** The rules with one of them as it is now; the others move up or down for it. */
export function evolveRules(rules: readonly AttributionRule[], event: AttributionRuleEvent): AttributionRule[] {
  return withRule(rules, event.type === 'AttributionRuleDisabled' ? withoutReason(event.data) : event.data);
}

/** @param rule at the place that it names, instead of its former self if there is one */
export function withRule(rules: readonly AttributionRule[], rule: AttributionRule): AttributionRule[] {
  const others = rules.filter(({ ruleId }) => ruleId !== rule.ruleId);
  others.splice(rule.place - 1, 0, rule);
  return others.map((each, index) => (each.place === index + 1 ? each : { ...each, place: index + 1 }));
}

/** The parts into which a rule divides charges, each with all that the rule says of who pays it. */
export function partsOfRule({ parts, set }: Pick<AttributionRule, 'parts' | 'set'>): Part[] {
  return parts.map((part) => ({
    ...part,
    piEmail: part.piEmail ?? set.piEmail,
    projectId: part.projectId ?? set.projectId,
    fundOrg: part.fundOrg ?? set.fundOrg,
    costCenter: part.costCenter ?? set.costCenter,
    accountCode: part.accountCode ?? set.accountCode,
  }));
}

function withoutReason({ reason: _reason, ...rule }: AttributionRule & { readonly reason: string | null }): AttributionRule {
  return rule;
}
