import { Injectable } from '@nestjs/common';
import { ReviewChargesHandler } from '#charges';
import type { EventMetadata } from '#event-store';
import { type BillingPeriod, DomainError } from '#kernel';
import { PeriodRepository } from '#periods';
import { type Part, type PartInput, SplitChargesHandler } from '#splits';
import { partsOfRule, withRule } from '../domain/attribution-rule.js';
import { draftRule, knownRule, type RuleInput } from '../domain/attribution-rule.decide.js';
import type { AttributionRule } from '../domain/attribution-rule.events.js';
import { RuleBook, type RulesOfSource } from '../domain/rule-book.js';
import { type EffectSum, type RuleEffect, RuleEffectTally } from '../domain/rule-effect.js';
import { ruleReference } from '../domain/rule-reference.js';
import { AttributionRuleQueries } from '../infra/attribution-rule.queries.js';
import { ChargesUnderRules } from '../infra/charges-under-rules.js';
import { AttributionRules } from './attribution-rules.js';

/** Which of the charges that are there a rule is held against. */
export interface EffectScope {
  /** All open ones unless it is said. */
  readonly period?: BillingPeriod | undefined;
  /** Also charges for which a decision set who pays: by hand, or by a rule that was applied. */
  readonly withReattributed?: boolean | undefined;
}

/** A rule that is not saved yet, or a saved one with what is to be changed. */
export interface RuleDraft {
  readonly ruleId: number | null;
  readonly input: RuleInput;
  readonly place?: number | undefined;
}

/** What was shown of an effect before it was wanted. */
export type SeenEffect = Pick<RuleEffect, 'count' | 'amounts'>;

export interface AppliedRule {
  readonly rule: AttributionRule;
  readonly count: number;
  readonly amounts: readonly EffectSum[];
  readonly periods: readonly { readonly period: BillingPeriod; readonly count: number }[];
  /** Of the last event; null if nothing was to be changed. */
  readonly position: number | null;
}

interface Evaluated {
  readonly rule: AttributionRule;
  readonly effect: RuleEffect;
  readonly changed: ReadonlyMap<BillingPeriod, readonly string[]>;
}

/** Holds a rule against the charges of open periods, and applies it to them through the review. */
@Injectable()
export class RuleEffects {
  constructor(
    private readonly rules: AttributionRules,
    private readonly queries: AttributionRuleQueries,
    private readonly charges: ChargesUnderRules,
    private readonly periods: PeriodRepository,
    private readonly review: ReviewChargesHandler,
    private readonly splits: SplitChargesHandler,
  ) {}

  /** What a rule would do if it were saved so. @throws DomainError as saving it would, and `attribution-rule.period-not-open` */
  async preview({ ruleId, input, place }: RuleDraft, scope: EffectScope): Promise<RuleEffect> {
    const rules = await this.rules.all();
    const rule = draftRule(rules, ruleId === null ? null : knownRule(rules, ruleId), input, place);
    return (await this.evaluate(rules, rule, scope)).effect;
  }

  /**
   * Reattributes what the rule attributes otherwise, or divides what it divides, period by period, as a reviewer would: each charge gets its entry in the review log, whose note names
   * the rule. A period that is refused stops it; those before it stay changed, and applying the rule again goes on.
   * @throws DomainError `attribution-rule.unknown`, `attribution-rule.disabled`, `attribution-rule.period-not-open`,
   * `attribution-rule.effect-changed` if anything else would be changed than was `seen`, and the refusals of the review
   */
  async apply(
    ruleId: number,
    scope: EffectScope & { readonly seen?: SeenEffect | undefined; readonly note: string | null },
    metadata: EventMetadata,
  ): Promise<AppliedRule> {
    const rules = await this.rules.all();
    const { rule, effect, changed } = await this.evaluate(rules, enabledRule(knownRule(rules, ruleId)), scope);
    if (scope.seen !== undefined) requireAsSeen(scope.seen, effect);
    const set = Object.fromEntries(Object.entries(rule.set).filter(([, text]) => text !== null)) as Record<string, string>;
    const note = `Rule ${ruleReference(rule)}: ${rule.name}${scope.note === null || scope.note.trim() === '' ? '' : `. ${scope.note.trim()}`}`;
    const cause = { ...metadata, causationId: await this.queries.positionOf(rule) };
    const parts = partsOfRule(rule).map(writtenPart);
    let position: number | null = null;
    const periods: { period: BillingPeriod; count: number }[] = [];
    for (const [period, ids] of changed) {
      const outcome =
        parts.length === 0
          ? await this.review.reattribute(set, { ids }, note, cause)
          : await this.splits.split({ selection: { ids }, parts, note, rule: ruleReference(rule) }, cause);
      position = outcome.position;
      periods.push({ period, count: outcome.count });
    }
    return { rule, count: effect.count, amounts: effect.amounts, periods, position };
  }

  private async evaluate(rules: readonly AttributionRule[], rule: AttributionRule, scope: EffectScope): Promise<Evaluated> {
    const periods = await this.openPeriods(scope.period);
    // A rule that is disabled is shown as if it were not: that is what one wants to know before enabling it.
    const book = new RuleBook(withRule(rules, { ...rule, enabled: true }));
    const ofSource = new Map<string, RulesOfSource | null>();
    const tally = new RuleEffectTally(rule, scope.withReattributed === true);
    for await (const charge of this.charges.of(periods, rule)) {
      let candidates = ofSource.get(charge.source);
      if (candidates === undefined) ofSource.set(charge.source, (candidates = book.of(charge.source)));
      if (candidates?.find(charge, charge.day)?.ruleId === rule.ruleId) tally.add(charge);
    }
    return { rule, effect: tally.effect(periods), changed: tally.changed };
  }

  private async openPeriods(period: BillingPeriod | undefined): Promise<BillingPeriod[]> {
    if (period === undefined) {
      const all = await this.periods.list();
      return all
        .filter(({ state }) => state === 'open')
        .map((row) => row.period)
        .sort();
    }
    const found = await this.periods.find(period);
    if (found?.state === 'open') return [period];
    throw new DomainError(
      'attribution-rule.period-not-open',
      'conflict',
      `Period ${period} ${found === undefined ? 'does not exist' : `is ${found.state}`}; a rule is held against open periods only. Reopen it, or name another one.`,
    );
  }
}

/** As people write it. */
function writtenPart(part: Part): PartInput {
  return Object.fromEntries(Object.entries(part).filter(([, text]) => text !== null));
}

function enabledRule(rule: AttributionRule): AttributionRule {
  if (rule.enabled) return rule;
  throw new DomainError(
    'attribution-rule.disabled',
    'conflict',
    `Rule ${rule.ruleId} (“${rule.name}”) is disabled and attributes nothing; enable it first.`,
  );
}

function requireAsSeen(seen: SeenEffect, effect: SeenEffect): void {
  const key = ({ count, amounts }: SeenEffect): string =>
    JSON.stringify([count, amounts.map(({ currency, amount }) => [currency, amount])]);
  if (key(seen) === key(effect)) return;
  throw new DomainError(
    'attribution-rule.effect-changed',
    'conflict',
    `Nothing was changed: ${seen.count} charges were shown, and the rule would change ${effect.count} by now, or other amounts. Look at the preview again.`,
  );
}
