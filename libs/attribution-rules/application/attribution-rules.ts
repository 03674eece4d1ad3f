import { Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { Database, type Tx } from '#platform';
import { evolveRules, foldRules } from '../domain/attribution-rule.js';
import {
  decideAddedRule,
  decideChangedRule,
  decideEnabledRule,
  decideMovedRule,
  knownRule,
  type RuleInput,
} from '../domain/attribution-rule.decide.js';
import { ATTRIBUTION_RULES_STREAM, type AttributionRule, type AttributionRuleEvent } from '../domain/attribution-rule.events.js';
import { RuleBook } from '../domain/rule-book.js';

export interface SavedRule {
  readonly rule: AttributionRule;
  /** Null if it is a new one. */
  readonly before: AttributionRule | null;
  /** Null if everything was so already. */
  readonly appended: AppendResult | null;
}

/** Keeps the rules, and gives them out to be held against charges. Whatever is decided is decided with what the log says. */
@Injectable()
export class AttributionRules {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
  ) {}

  /** The rules as they stand at this moment. */
  async snapshot(): Promise<RuleBook> {
    return new RuleBook(await this.all());
  }

  /** All rules in their order. */
  async all(tx?: Tx): Promise<AttributionRule[]> {
    return foldRules((await this.store.readStream(ATTRIBUTION_RULES_STREAM, tx)) as unknown as AttributionRuleEvent[]);
  }

  /** @param place from 1; behind all others unless it is said @throws DomainError `attribution-rule.invalid`, `attribution-rule.no-such-place` */
  async add(input: RuleInput, place: number | undefined, metadata: EventMetadata): Promise<SavedRule> {
    return this.decide(null, metadata, (rules) => decideAddedRule(rules, input, place));
  }

  /** @throws DomainError `attribution-rule.unknown`, `attribution-rule.invalid` */
  async change(ruleId: number, input: RuleInput, metadata: EventMetadata): Promise<SavedRule> {
    return this.decide(ruleId, metadata, (rules) => decideChangedRule(rules, ruleId, input));
  }

  /** @throws DomainError `attribution-rule.unknown`, `attribution-rule.no-such-place` */
  async move(ruleId: number, place: number, metadata: EventMetadata): Promise<SavedRule> {
    return this.decide(ruleId, metadata, (rules) => decideMovedRule(rules, ruleId, place));
  }

  /** @throws DomainError `attribution-rule.unknown`, `attribution-rule.disabled` */
  async disable(ruleId: number, reason: string | null, metadata: EventMetadata): Promise<SavedRule> {
    return this.decide(ruleId, metadata, (rules) => decideEnabledRule(rules, ruleId, false, reason));
  }

  /** @throws DomainError `attribution-rule.unknown`, `attribution-rule.enabled` */
  async enable(ruleId: number, metadata: EventMetadata): Promise<SavedRule> {
    return this.decide(ruleId, metadata, (rules) => decideEnabledRule(rules, ruleId, true, null));
  }

  /** Two changes at the same moment are decided on one after the other, each with what the other left. */
  private async decide(
    ruleId: number | null,
    metadata: EventMetadata,
    decide: (rules: readonly AttributionRule[]) => AttributionRuleEvent[],
  ): Promise<SavedRule> {
    return this.database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('attribution-rules', 0))`);
      const rules = await this.all(tx);
      const before = ruleId === null ? null : knownRule(rules, ruleId);
      const [event, ...others] = decide(rules);
      if (others.length > 0) throw new Error('a change of a rule is one event');
      if (event === undefined) {
        if (before === null) throw new Error('a rule that is added is an event');
        return { rule: before, before, appended: null };
      }
      const { version } = await this.store.head(ATTRIBUTION_RULES_STREAM, tx);
      const appended = await this.store.append(tx, ATTRIBUTION_RULES_STREAM, version, [event], metadata);
      return { rule: knownRule(evolveRules(rules, event), event.data.ruleId), before, appended };
    });
  }
}
