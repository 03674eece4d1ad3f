import { Injectable } from '@nestjs/common';
import type { Projection, RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { AttributionRuleEvent } from '../domain/attribution-rule.events.js';

const ACTIONS: Readonly<Record<AttributionRuleEvent['type'], string>> = {
  AttributionRuleAdded: 'added',
  AttributionRuleChanged: 'changed',
  AttributionRuleMoved: 'moved',
  AttributionRuleDisabled: 'disabled',
  AttributionRuleEnabled: 'enabled',
};

/** The rules in their order, and every version of each. */
@Injectable()
export class AttributionRulesProjection implements Projection {
  readonly name = 'attribution-rules';
  readonly version = 2;
  readonly tables = ['attribution_rules', 'attribution_rule_versions'];
  readonly eventTypes = Object.keys(ACTIONS);

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events as readonly RecordedEvent<AttributionRuleEvent>[]) {
      const { ruleId, version, place, name, match, validFrom, validTo, set, parts, note, enabled } = event.data;
      const reason = 'reason' in event.data ? event.data.reason : null;
      await tx.query(
        `insert into attribution_rule_versions (rule_id, version, place, rule, position, action, reason, changed_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          ...[ruleId, version, place, JSON.stringify({ name, match, validFrom, validTo, set, parts, note, enabled })],
          ...[event.position, ACTIONS[event.type], reason, event.metadata.actor.id, event.recordedAt],
        ],
      );
      // The rule leaves its place, if it had one, and the others make room at the new one.
      await tx.query(
        `with gone as (select place from attribution_rules where rule_id = $1)
         update attribution_rules r
         set place = r.place - (case when r.place > (select place from gone) then 1 else 0 end)
           + (case when r.place - (case when r.place > (select place from gone) then 1 else 0 end) >= $2::int then 1 else 0 end)
         where r.rule_id <> $1`,
        [ruleId, place],
      );
      await tx.query(
        `insert into attribution_rules (rule_id, version, place) values ($1, $2, $3)
         on conflict (rule_id) do update set version = excluded.version, place = excluded.place`,
        [ruleId, version, place],
      );
    }
  }
}
