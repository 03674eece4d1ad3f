import { attributionText, composedText, DomainError, type Problem } from '#kernel';
import { divisionOf, type Part, type PartInput } from '#splits';
import type { AttributionRule, AttributionRuleEvent, RuleAttribution, RuleMatch } from './attribution-rule.events.js';
import { ruleProblems } from './rule-text.js';

type Texts<Fields> = { readonly [Field in keyof Fields]?: string | undefined };

/** What is said about a rule, as typed: what is left out stays, an empty text takes it back. Days are `YYYY-MM-DD`. */
export interface RuleInput {
  readonly name?: string | undefined;
  readonly match?: Texts<RuleMatch> | undefined;
  readonly validFrom?: string | undefined;
  readonly validTo?: string | undefined;
  readonly set?: Texts<RuleAttribution> | undefined;
  /** All of them; an empty list: charges are not divided. */
  readonly parts?: readonly PartInput[] | undefined;
  readonly note?: string | undefined;
}

const NO_MATCH: RuleMatch = { source: null, subAccount: null, service: null, resourceId: null, resourceName: null };
const NO_ATTRIBUTION: RuleAttribution = { piEmail: null, projectId: null, fundOrg: null, costCenter: null, accountCode: null };

/**
 * A rule as it would be saved: a new one, or `current` with what is said about it.
 * @param place from 1; where a new rule stands, the last one unless it is said
 * @throws DomainError `attribution-rule.invalid` with every field that can't be so, `attribution-rule.no-such-place`
 */
export function draftRule(
  rules: readonly AttributionRule[],
  current: AttributionRule | null,
  input: RuleInput,
  place?: number,
): AttributionRule {
  const lastPlace = current === null ? rules.length + 1 : rules.length;
  const wanted = place ?? current?.place ?? lastPlace;
  requirePlace(wanted, lastPlace);
  const before = current ?? {
    ...{ ruleId: Math.max(0, ...rules.map(({ ruleId }) => ruleId)) + 1, version: 0, place: wanted, enabled: true },
    ...{ name: '', note: '', match: NO_MATCH, set: NO_ATTRIBUTION, parts: [] as readonly Part[], validFrom: null, validTo: null },
  };
  const division = input.parts === undefined || input.parts.length === 0 ? null : divisionOf(input.parts);
  const rule: AttributionRule = {
    ruleId: before.ruleId,
    version: before.version + 1,
    place: wanted,
    name: input.name === undefined ? before.name : composedText(input.name),
    match: matchWith(before.match, input.match),
    validFrom: dayOf(before.validFrom, input.validFrom),
    validTo: dayOf(before.validTo, input.validTo),
    set: attributionWith(before.set, input.set),
    parts: input.parts === undefined ? before.parts : (division?.parts ?? []),
    note: input.note === undefined ? before.note : composedText(input.note),
    enabled: before.enabled,
  };
  const problems = [...ruleProblems(rule), ...(division?.problems ?? [])];
  if (problems.length > 0) throw invalidRule(rule, problems);
  return rule;
}

/** @throws DomainError as {@link draftRule} */
export function decideAddedRule(rules: readonly AttributionRule[], input: RuleInput, place?: number): AttributionRuleEvent[] {
  return [{ type: 'AttributionRuleAdded', data: draftRule(rules, null, input, place) }];
}

/** No event when nothing would change. @throws DomainError `attribution-rule.unknown`, and as {@link draftRule} */
export function decideChangedRule(rules: readonly AttributionRule[], ruleId: number, input: RuleInput): AttributionRuleEvent[] {
  const current = knownRule(rules, ruleId);
  const rule = draftRule(rules, current, input);
  return isSameRule(current, rule) ? [] : [{ type: 'AttributionRuleChanged', data: rule }];
}

/** @throws DomainError `attribution-rule.unknown`, `attribution-rule.no-such-place` */
export function decideMovedRule(rules: readonly AttributionRule[], ruleId: number, place: number): AttributionRuleEvent[] {
  const current = knownRule(rules, ruleId);
  requirePlace(place, rules.length);
  return current.place === place ? [] : [{ type: 'AttributionRuleMoved', data: { ...current, version: current.version + 1, place } }];
}

/** @throws DomainError `attribution-rule.unknown`, and of kind conflict if it is so already */
export function decideEnabledRule(
  rules: readonly AttributionRule[],
  ruleId: number,
  enabled: boolean,
  reason: string | null,
): AttributionRuleEvent[] {
  const current = knownRule(rules, ruleId);
  if (current.enabled === enabled) {
    const [state, other] = enabled ? ['enabled', 'disable'] : ['disabled', 'enable'];
    throw new DomainError(
      `attribution-rule.${state}`,
      'conflict',
      `Rule ${ruleId} (“${current.name}”) is ${state} already; only ${other} would change it.`,
    );
  }
  const rule = { ...current, version: current.version + 1, enabled };
  if (enabled) return [{ type: 'AttributionRuleEnabled', data: rule }];
  const why = reason === null ? '' : composedText(reason);
  return [{ type: 'AttributionRuleDisabled', data: { ...rule, reason: why === '' ? null : why } }];
}

/** @throws DomainError `attribution-rule.unknown` */
export function knownRule(rules: readonly AttributionRule[], ruleId: number): AttributionRule {
  const rule = rules.find((each) => each.ruleId === ruleId);
  if (rule !== undefined) return rule;
  throw new DomainError('attribution-rule.unknown', 'not-found', `There is no rule ${ruleId}; the list of rules has them all.`);
}

/** Compared text by text: what comes from the log has its members in another order. */
function isSameRule(one: AttributionRule, other: AttributionRule): boolean {
  return JSON.stringify(textsOf(one)) === JSON.stringify(textsOf(other));
}

function textsOf({ name, match, validFrom, validTo, set, parts, note }: AttributionRule): readonly unknown[] {
  const { source, subAccount, service, resourceId, resourceName } = match;
  const { piEmail, projectId, fundOrg, costCenter, accountCode } = set;
  const matched = [source, subAccount, service, resourceId, resourceName];
  return [name, ...matched, validFrom, validTo, piEmail, projectId, fundOrg, costCenter, accountCode, parts.map(textsOfPart), note];
}

function textsOfPart({ percent, amount, piEmail, projectId, fundOrg, costCenter, accountCode }: Part): readonly (string | null)[] {
  return [percent, amount, piEmail, projectId, fundOrg, costCenter, accountCode];
}

function matchWith(before: RuleMatch, input: Texts<RuleMatch> = {}): RuleMatch {
  const put = (field: keyof RuleMatch): string | null => textOr(before[field], input[field], composedText);
  return {
    source: put('source'),
    subAccount: put('subAccount'),
    service: put('service'),
    resourceId: put('resourceId'),
    resourceName: put('resourceName'),
  };
}

function attributionWith(before: RuleAttribution, input: Texts<RuleAttribution> = {}): RuleAttribution {
  const put = (field: keyof RuleAttribution): string | null => textOr(before[field], input[field], (text) => attributionText(field, text));
  return {
    piEmail: put('piEmail'),
    projectId: put('projectId'),
    fundOrg: put('fundOrg'),
    costCenter: put('costCenter'),
    accountCode: put('accountCode'),
  };
}

function textOr(before: string | null, text: string | undefined, clean: (text: string) => string): string | null {
  return text === undefined ? before : clean(text) || null;
}

function dayOf(before: string | null, text: string | undefined): string | null {
  return text === undefined ? before : text.trim() || null;
}

function requirePlace(place: number, lastPlace: number): void {
  if (Number.isInteger(place) && place >= 1 && place <= lastPlace) return;
  throw new DomainError(
    'attribution-rule.no-such-place',
    'invalid',
    `There is no place ${place} for the rule; places go from 1, which comes first, to ${lastPlace}.`,
  );
}

function invalidRule({ name }: AttributionRule, problems: readonly Problem[]): DomainError {
  const said = problems.map(({ where, what }) => `${where}: ${what}`).join(' ');
  return new DomainError('attribution-rule.invalid', 'invalid', `The rule “${name}” can't be saved so. ${said}`, problems);
}
