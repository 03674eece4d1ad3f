import { Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { ChartOfFunds } from '#funds';
import { type BillingPeriod, DomainError } from '#kernel';
import { PeriodGuard, PeriodRepository, type PeriodState, requirePeriodStates } from '#periods';
import type { Tx } from '#platform';
import { CompiledRules, type CurrentRules, ReviewRules, type RulePatterns, type RulesInput } from '#review-rules';
import { decideReflag } from '../domain/reflag.decide.js';
import { RuleSweep, type RulesEffect } from '../domain/rule-sweep.js';
import { reviewStream } from '../domain/review.events.js';
import type { SeenCharges } from '../domain/seen-charges.js';
import { ChargeQueries } from '../infra/charge.queries.js';

export interface RulesTrial {
  /** Those that were held against the charges. */
  readonly rules: RulePatterns;
  readonly effect: RulesEffect;
}

export interface ReflagPreview {
  readonly rules: CurrentRules;
  readonly effect: RulesEffect;
}

export interface ReflagOutcome extends ReflagPreview {
  /** Null if every charge was flagged so already. */
  readonly appended: AppendResult | null;
}

interface ReflagOptions {
  readonly note: string | null;
  /** What a preview showed of the charges that change. */
  readonly seen?: SeenCharges | undefined;
}

/** Holds rules of the review against the charges of a period: to see what they would do, or to flag the charges again by them. */
@Injectable()
export class RuleSweeps {
  constructor(
    private readonly store: EventStore,
    private readonly guard: PeriodGuard,
    private readonly periods: PeriodRepository,
    private readonly charges: ChargeQueries,
    private readonly rules: ReviewRules,
    private readonly funds: ChartOfFunds,
  ) {}

  /**
   * What rules that are not saved would do in a period, whatever its state; a list that is left out is that of the rules in force.
   * @throws DomainError `review-rules.invalid`, `period.unknown`.
   */
  async try(period: BillingPeriod, input: RulesInput): Promise<RulesTrial> {
    const rules = await this.rules.candidate(input);
    if ((await this.periods.find(period)) === undefined) throw unknownPeriod(period);
    const sweep = await this.newSweep(rules, { keepsIds: false });
    for await (const batch of this.charges.ruled(period)) for (const charge of batch) sweep.take(charge);
    return { rules, effect: sweep.effect };
  }

  /** What {@link reflag} would do; nothing is changed. @throws DomainError as it would. */
  async preview(period: BillingPeriod): Promise<ReflagPreview> {
    return this.guard.changeLedger([period], async (tx, states) => {
      const { rules, sweep } = await this.sweep(tx, period, states);
      return { rules, effect: sweep.effect };
    });
  }

  /**
   * Flags the charges of a period by the rules in force.
   * @throws DomainError `period.unknown`, `period.wrong-state` if it is finalized, `charge.selection-changed` if something else changes than was seen.
   */
  async reflag(period: BillingPeriod, options: ReflagOptions, metadata: EventMetadata): Promise<ReflagOutcome> {
    return this.guard.changeLedger([period], async (tx, states) => {
      const { rules, sweep } = await this.sweep(tx, period, states);
      const events = decideReflag({ period, rulesVersion: rules.version, ...options }, sweep);
      const stream = reviewStream(period);
      const { version } = await this.store.head(stream, tx);
      const appended = events.length === 0 ? null : await this.store.append(tx, stream, version, events, metadata);
      return { rules, effect: sweep.effect, appended };
    });
  }

  private async sweep(
    tx: Tx,
    period: BillingPeriod,
    states: ReadonlyMap<BillingPeriod, PeriodState>,
  ): Promise<{ readonly rules: CurrentRules; readonly sweep: RuleSweep }> {
    if (!states.has(period)) throw unknownPeriod(period);
    requirePeriodStates(states, ['open', 'closed'], 'Flagging again');
    const rules = await this.rules.current(tx);
    const sweep = await this.newSweep(rules, { keepsIds: true }, tx);
    for await (const batch of this.charges.ruled(period, tx)) for (const charge of batch) sweep.take(charge);
    return { rules, sweep };
  }

  private async newSweep(rules: RulePatterns, options: { readonly keepsIds: boolean }, tx?: Tx): Promise<RuleSweep> {
    const chart = await this.funds.snapshot(tx);
    return new RuleSweep(new CompiledRules(rules), (fundOrg, day) => chart.problemOf(fundOrg, day), options);
  }
}

function unknownPeriod(period: BillingPeriod): DomainError {
  return new DomainError('period.unknown', 'not-found', `There is no period ${period}. Open it or import a file for it.`);
}
