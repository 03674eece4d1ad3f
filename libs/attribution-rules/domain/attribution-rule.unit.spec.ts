import { describe, expect, it } from 'vitest';
import { DomainError } from '#kernel';
import { evolveRules, foldRules } from './attribution-rule.js';
import {
  decideAddedRule,
  decideChangedRule,
  decideEnabledRule,
  decideMovedRule,
  draftRule,
  type RuleInput,
} from './attribution-rule.decide.js';
import type { AttributionRule, AttributionRuleEvent } from './attribution-rule.events.js';

const GPU: RuleInput = { name: 'GPU nodes', match: { resourceId: ' gpu-* ' }, set: { piEmail: ' Ada@Example.EDU' } };

/** The rules after decisions, each on what the ones before left. */
function after(...decisions: readonly ((rules: readonly AttributionRule[]) => AttributionRuleEvent[])[]): {
  rules: AttributionRule[];
  events: AttributionRuleEvent[];
} {
  const events: AttributionRuleEvent[] = [];
  for (const decide of decisions) events.push(...decide(foldRules(events)));
  return { rules: foldRules(events), events };
}

const add =
  (name: string, place?: number) =>
  (rules: readonly AttributionRule[]): AttributionRuleEvent[] =>
    decideAddedRule(rules, { ...GPU, name }, place);

function refusal(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('this was not refused');
}

const order = (rules: readonly AttributionRule[]): string[] => rules.map(({ place, name }) => `${place} ${name}`);

describe('attribution rules', () => {
  it('hold what was said, cleaned, and the whole rule in every event', () => {
    const { rules, events } = after(
      (known) => decideAddedRule(known, { ...GPU, validFrom: '2025-01-01', note: ' as agreed ' }),
      (known) => decideChangedRule(known, 1, { match: { service: 'Compute', resourceId: '' }, set: { fundOrg: 'BIO-1' }, validFrom: '' }),
    );
    const first = {
      ...{ ruleId: 1, version: 1, place: 1, name: 'GPU nodes', note: 'as agreed', enabled: true },
      match: { source: null, subAccount: null, service: null, resourceId: 'gpu-*', resourceName: null },
      set: { piEmail: 'ada@example.edu', projectId: null, fundOrg: null, costCenter: null, accountCode: null },
      parts: [],
      ...{ validFrom: '2025-01-01', validTo: null },
    };
    const second = {
      ...first,
      ...{ version: 2, validFrom: null, match: { ...first.match, service: 'Compute', resourceId: null } },
      set: { ...first.set, fundOrg: 'BIO-1' },
    };
    expect(events).toEqual([
      { type: 'AttributionRuleAdded', data: first },
      { type: 'AttributionRuleChanged', data: second },
    ]);
    expect(rules).toEqual([second]);
  });

  it('have an order: added at a place, moved up and down', () => {
    const { rules, events } = after(
      add('a'),
      add('b'),
      add('c', 1),
      (known) => decideMovedRule(known, 3, 3),
      add('d', 2),
      (known) => decideMovedRule(known, 2, 1),
    );
    expect(order(rules)).toEqual(['1 b', '2 a', '3 d', '4 c']);
    expect(events.at(-1)).toMatchObject({ type: 'AttributionRuleMoved', data: { ruleId: 2, version: 2, place: 1 } });
    expect(decideMovedRule(rules, 4, 3)).toEqual([]);
    expect(refusal(() => decideMovedRule(rules, 4, 5))).toMatchObject({ code: 'attribution-rule.no-such-place', kind: 'invalid' });
    expect(refusal(() => decideAddedRule(rules, GPU, 6))).toMatchObject({ code: 'attribution-rule.no-such-place' });
    expect(order(decideAddedRule(rules, GPU, 5).reduce(evolveRules, rules))).toHaveLength(5);
  });

  it('are disabled with a reason and enabled again, and keep their place', () => {
    const { rules, events } = after(
      add('a'),
      add('b'),
      (known) => decideEnabledRule(known, 1, false, ' the lab moved '),
      (known) => decideEnabledRule(known, 2, false, null),
      (known) => decideEnabledRule(known, 1, true, null),
    );
    expect(rules.map(({ name, version, enabled }) => [name, version, enabled])).toEqual([
      ['a', 3, true],
      ['b', 2, false],
    ]);
    expect(events[2]).toMatchObject({ type: 'AttributionRuleDisabled', data: { reason: 'the lab moved', enabled: false } });
    expect(refusal(() => decideEnabledRule(rules, 2, false, null))).toMatchObject({ code: 'attribution-rule.disabled', kind: 'conflict' });
    expect(refusal(() => decideEnabledRule(rules, 1, true, null))).toMatchObject({ code: 'attribution-rule.enabled', kind: 'conflict' });
    expect(refusal(() => decideEnabledRule(rules, 3, true, null))).toMatchObject({ code: 'attribution-rule.unknown', kind: 'not-found' });
  });

  it('leave no event of a change that changes nothing', () => {
    const { rules } = after(add('a'));
    expect(decideChangedRule(rules, 1, { name: ' a ', set: { piEmail: 'ADA@example.edu' } })).toEqual([]);
  });

  it.each<[string, RuleInput]>([
    ['name', { ...GPU, name: ' ' }],
    ['name', { ...GPU, name: 'a\nb' }],
    ['match', { ...GPU, match: {} }],
    ['match', { ...GPU, match: { source: '*', service: ' ** ' } }],
    ['match.resourceId', { ...GPU, match: { resourceId: 'x'.repeat(1025) } }],
    ['match.service', { ...GPU, match: { service: 'a\0b' } }],
    ['set', { ...GPU, set: { piEmail: ' ' } }],
    ['set.piEmail', { ...GPU, set: { piEmail: 'Ada' } }],
    ['set.projectId', { ...GPU, set: { projectId: 'é'.repeat(129) } }],
    ['validFrom', { ...GPU, validFrom: '2025-02-30' }],
    ['validTo', { ...GPU, validTo: '1/2/25' }],
    ['validTo', { ...GPU, validFrom: '2025-03-01', validTo: '2025-02-28' }],
    ['note', { ...GPU, note: 'x'.repeat(2001) }],
  ])('are refused where %s can’t be so: %j', (where, input) => {
    const { code, problems } = refusal(() => draftRule([], null, input));
    expect(code).toBe('attribution-rule.invalid');
    expect(problems.map((problem) => problem.where)).toEqual([where]);
  });
});
