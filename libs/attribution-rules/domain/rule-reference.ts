import type { AttributionRule } from './attribution-rule.events.js';

/** A rule as it was then: `R3.2` is the second version of rule 3. */
export function ruleReference({ ruleId, version }: Pick<AttributionRule, 'ruleId' | 'version'>): string {
  return `R${ruleId}.${version}`;
}

/** Undefined for a text that names no rule. */
export function parseRuleReference(text: string): { readonly ruleId: number; readonly version: number } | undefined {
  const match = /^R(\d{1,9})\.(\d{1,9})$/.exec(text);
  return match === null ? undefined : { ruleId: Number(match[1]), version: Number(match[2]) };
}
