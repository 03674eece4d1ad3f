import { describe, expect, it } from 'vitest';
import type { AttributionRule, RuleMatch } from './attribution-rule.events.js';
import { RuleBook, type RuleField } from './rule-book.js';

const NOTHING: RuleMatch = { source: null, subAccount: null, service: null, resourceId: null, resourceName: null };
const TEXTS = { subAccount: null, service: 'Compute', resourceId: 'node-1', resourceName: null };

function rule(ruleId: number, match: Partial<RuleMatch>, more: Partial<AttributionRule> = {}): AttributionRule {
  const set = { piEmail: 'ada@example.edu', projectId: null, fundOrg: null, costCenter: null, accountCode: null };
  return {
    ...{ ruleId, version: 1, place: ruleId, name: `rule ${ruleId}`, match: { ...NOTHING, ...match }, set, parts: [], note: '' },
    ...{ validFrom: null, validTo: null, enabled: true, ...more },
  };
}

function found(
  rules: readonly AttributionRule[],
  texts: Partial<Record<RuleField, string | null>> = {},
  { source = 'hpc', day = '2025-03-05' } = {},
): number | null {
  return new RuleBook(rules).of(source)?.find({ ...TEXTS, ...texts }, day)?.ruleId ?? null;
}

describe('RuleBook', () => {
  it('lets the first rule win that matches', () => {
    const rules = [rule(7, { resourceId: 'node-9' }), rule(3, { service: 'comp*' }), rule(1, { resourceId: 'node-1' })];
    expect(found(rules)).toBe(3);
    expect(found(rules.toReversed())).toBe(1);
    expect(found(rules, { resourceId: 'NODE-9' })).toBe(7);
  });

  it('asks for all that a rule names', () => {
    const rules = [rule(1, { service: 'compute', resourceId: 'node-*', subAccount: 'lab-1' })];
    expect(found(rules)).toBeNull();
    expect(found(rules, { subAccount: 'Lab-1' })).toBe(1);
    expect(found(rules, { subAccount: 'lab-1', resourceId: null })).toBeNull();
    expect(found(rules, { subAccount: 'lab-1', service: 'Storage' })).toBeNull();
  });

  it('matches no charge that lacks what is asked for, not even with a star', () => {
    expect(found([rule(1, { resourceName: '*' })])).toBeNull();
    expect(found([rule(1, { resourceName: '*' })], { resourceName: 'x' })).toBe(1);
  });

  it('tells sources apart before it looks at a charge', () => {
    const rules = [rule(1, { source: 'aws*', service: 'compute' }), rule(2, { source: 'HPC' })];
    expect(found(rules)).toBe(2);
    expect(found(rules, {}, { source: 'aws-east' })).toBe(1);
    expect(new RuleBook(rules).of('azure')).toBeNull();
    expect(new RuleBook([]).of('hpc')).toBeNull();
  });

  it('is valid from its first day to its last, both included', () => {
    const rules = [
      rule(1, { service: 'compute' }, { validFrom: '2025-03-05', validTo: '2025-03-06' }),
      rule(2, { service: 'compute' }, { validTo: '2025-03-04' }),
      rule(3, { service: 'compute' }, { validFrom: '2025-03-07' }),
    ];
    expect(['2025-03-04', '2025-03-05', '2025-03-06', '2025-03-07'].map((day) => found(rules, {}, { day }))).toEqual([2, 1, 1, 3]);
  });

  it('passes over disabled rules', () => {
    expect(found([rule(1, { service: 'compute' }, { enabled: false }), rule(2, { resourceId: 'node-1' })])).toBe(2);
    expect(new RuleBook([rule(1, { service: 'compute' }, { enabled: false })]).of('hpc')).toBeNull();
  });

  it('finds among thousands of rules the first one, as looking at each in turn does', () => {
    const rules = Array.from({ length: 1000 }, (_, n) =>
      n % 10 === 0
        ? rule(n + 1, { resourceId: `node-${n}*`, service: n % 20 === 0 ? 'compute' : 'storage' })
        : rule(n + 1, { resourceId: `node-${n}` }, { validFrom: n % 3 === 0 ? '2025-04-01' : null }),
    );
    const holds = ({ match, validFrom }: AttributionRule, id: string): boolean =>
      (match.resourceId?.endsWith('*') === true ? id.startsWith(match.resourceId.slice(0, -1)) : match.resourceId === id) &&
      (match.service === null || match.service === 'compute') &&
      (validFrom === null || validFrom <= '2025-03-05');
    const ofSource = new RuleBook(rules).of('hpc');
    for (let n = 0; n < 1100; n += 1) {
      const id = `node-${n}`;
      const expected = rules.find((each) => holds(each, id))?.ruleId ?? null;
      expect(ofSource?.find({ ...TEXTS, resourceId: id }, '2025-03-05')?.ruleId ?? null, id).toBe(expected);
    }
  });
});
