import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { knownRule } from '../domain/attribution-rule.decide.js';
import type { AttributionRule } from '../domain/attribution-rule.events.js';
import { parseRuleReference } from '../domain/rule-reference.js';

export const RULE_ACTIONS = ['added', 'changed', 'moved', 'disabled', 'enabled'] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];

export interface RuleRow extends AttributionRule {
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** A rule as a change left it. */
export interface RuleVersion extends RuleRow {
  /** Of the event in the log. */
  readonly position: number;
  readonly action: RuleAction;
  /** Why it was disabled. */
  readonly reason: string | null;
}

/** A rule as it attributed charges. */
export interface RuleThen {
  readonly ruleId: number;
  readonly version: number;
  readonly name: string;
}

/** Reads the rules and what became of them. */
@Injectable()
export class AttributionRuleQueries {
  constructor(private readonly database: Database) {}

  /** In their order. */
  async list(): Promise<RuleRow[]> {
    return this.database.query<RuleRow>(`select ${COLUMNS}, r.place from attribution_rules r ${NEWEST} order by r.place`);
  }

  /** @throws DomainError `attribution-rule.unknown` */
  async get(ruleId: number): Promise<RuleRow> {
    const [row] = await this.database.query<RuleRow>(`select ${COLUMNS}, r.place from attribution_rules r ${NEWEST} where r.rule_id = $1`, [
      ruleId,
    ]);
    return row ?? { ...knownRule([], ruleId), changedBy: '', changedAt: new Date(0) };
  }

  /** How each change left a rule, newest first. */
  async versions(ruleId: number): Promise<RuleVersion[]> {
    return this.database.query<RuleVersion>(
      `select ${COLUMNS}, v.place, v.position::float8 as position, v.action, v.reason from attribution_rule_versions v
       where v.rule_id = $1 order by v.version desc`,
      [ruleId],
    );
  }

  /** The rule that `R3.2` names, with its name then: empty if the read model has not seen it yet. @throws Error for a text that names no rule */
  async named(reference: string): Promise<RuleThen> {
    const named = parseRuleReference(reference);
    if (named === undefined) throw new Error(`“${reference}” names no rule`);
    const { ruleId, version } = named;
    const [row] = await this.database.query<{ name: string }>(
      `select rule ->> 'name' as name from attribution_rule_versions where rule_id = $1 and version = $2`,
      [ruleId, version],
    );
    return { ruleId, version, name: row?.name ?? '' };
  }

  /** Where a version of a rule stands in the log. */
  async positionOf({ ruleId, version }: Pick<AttributionRule, 'ruleId' | 'version'>): Promise<number> {
    const [row] = await this.database.query<{ position: string }>(
      `select position from events where stream = 'attribution-rules' and (data ->> 'ruleId')::int = $1 and (data ->> 'version')::int = $2`,
      [ruleId, version],
    );
    if (row === undefined) throw new Error(`no event made version ${version} of rule ${ruleId}`);
    return Number(row.position);
  }
}

const NEWEST = 'join attribution_rule_versions v on v.rule_id = r.rule_id and v.version = r.version';

const COLUMNS = `v.rule_id as "ruleId", v.version, v.rule ->> 'name' as name, v.rule -> 'match' as match, v.rule ->> 'validFrom' as "validFrom",
  v.rule ->> 'validTo' as "validTo", v.rule -> 'set' as set, v.rule -> 'parts' as parts, v.rule ->> 'note' as note, (v.rule ->> 'enabled')::boolean as enabled,
  v.changed_by as "changedBy", v.changed_at as "changedAt"`;
