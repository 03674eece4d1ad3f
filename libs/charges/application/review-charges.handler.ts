import { Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { ChartOfFunds } from '#funds';
import { type BillingPeriod, DomainError } from '#kernel';
import type { Standing } from '#ledger';
import { PeriodGuard, requirePeriodStates } from '#periods';
import type { Tx } from '#platform';
import { CompiledRules, ReviewRules } from '#review-rules';
import { type ChargeId, parseChargeId } from '../domain/charge-id.js';
import {
  type AttributionChange,
  decidableStandings,
  decideDisposition,
  decideReattribution,
  type DispositionVerb,
  type IsFundOrgAllowed,
  type ReviewDecision,
} from '../domain/review.decide.js';
import { type CurrencyAmount, type ReviewEvent, reviewStream } from '../domain/review.events.js';
import type { SeenCharges } from '../domain/seen-charges.js';
import type { ChargeFilter } from '../infra/charge-filter.js';
import { ChargeQueries } from '../infra/charge.queries.js';

/**
 * Which charges a decision is about: listed ones, or all that match a filter and can be decided on. Of standings, the filter may name some of those
 * that can be. With `seen`, it is refused unless just what was shown matches.
 */
export type ReviewSelection =
  | { readonly ids: readonly string[] }
  | { readonly filter: ChargeFilter & { period: BillingPeriod }; readonly seen?: SeenCharges | undefined };

/** What a decision touches. */
export interface ReviewExtent {
  readonly count: number;
  readonly amounts: readonly CurrencyAmount[];
}

export interface ReviewOutcome extends ReviewExtent, AppendResult {}

/** A reviewer's decisions: approve, reject, restore, reattribute; one charge, a selection, or all of a filter (domain.md §3). */
@Injectable()
export class ReviewChargesHandler {
  constructor(
    private readonly store: EventStore,
    private readonly guard: PeriodGuard,
    private readonly charges: ChargeQueries,
    private readonly rules: ReviewRules,
    private readonly funds: ChartOfFunds,
  ) {}

  /** @throws DomainError of kind conflict or not-found; then nothing was changed. */
  async dispose(verb: DispositionVerb, selection: ReviewSelection, note: string | null, metadata: EventMetadata): Promise<ReviewOutcome> {
    return this.decide(verb, selection, (chosen) => decideDisposition(verb, { ...chosen, note }), this.appending(metadata));
  }

  /** What {@link dispose} would touch; nothing is changed. @throws DomainError as it would. */
  async tryDispose(verb: DispositionVerb, selection: ReviewSelection): Promise<ReviewExtent> {
    return this.decide(verb, selection, (chosen) => decideDisposition(verb, { ...chosen, note: null }), extentOnly);
  }

  /** @throws DomainError as {@link dispose}. */
  async reattribute(
    change: AttributionChange,
    selection: ReviewSelection,
    note: string | null,
    metadata: EventMetadata,
  ): Promise<ReviewOutcome> {
    return this.decide('reattribute', selection, await this.reattributing(change, note), this.appending(metadata));
  }

  /** What {@link reattribute} would touch; nothing is changed. @throws DomainError as it would. */
  async tryReattribute(change: AttributionChange, selection: ReviewSelection): Promise<ReviewExtent> {
    return this.decide('reattribute', selection, await this.reattributing(change, null), extentOnly);
  }

  private async reattributing(change: AttributionChange, note: string | null): Promise<(chosen: Chosen) => ReviewEvent[]> {
    const [rules, chart] = [new CompiledRules(await this.rules.current()), await this.funds.snapshot()];
    const isAllowed: IsFundOrgAllowed = (fundOrg, day) => rules.takes(fundOrg) && chart.problemOf(fundOrg, day) === null;
    return (chosen) => decideReattribution(change, { ...chosen, note }, isAllowed);
  }

  private async decide<Outcome>(
    verb: DispositionVerb | 'reattribute',
    selection: ReviewSelection,
    decide: (chosen: Chosen) => ReviewEvent[],
    conclude: (tx: Tx, period: BillingPeriod, events: readonly ReviewEvent[]) => Promise<Outcome>,
  ): Promise<Outcome> {
    const ids = 'ids' in selection ? selection.ids.map(parseChargeId) : null;
    const period = 'filter' in selection ? selection.filter.period : await this.onePeriodOf(ids ?? []);
    return this.guard.changeLedger([period], async (tx, states) => {
      requirePeriodStates(states, ['open', 'closed'], 'The decision');
      const charges =
        'filter' in selection
          ? await this.charges.chooseByFilter(tx, { ...selection.filter, standings: standingsAsked(verb, selection.filter) })
          : await this.charges.chooseByIds(tx, ids ?? []);
      return conclude(tx, period, decide({ period, charges, seen: 'filter' in selection ? selection.seen : undefined }));
    });
  }

  private appending(metadata: EventMetadata): (tx: Tx, period: BillingPeriod, events: readonly ReviewEvent[]) => Promise<ReviewOutcome> {
    return async (tx, period, events) => {
      const stream = reviewStream(period);
      const { version } = await this.store.head(stream, tx);
      return { ...(await this.store.append(tx, stream, version, events, metadata)), ...extentOf(events) };
    };
  }

  private async onePeriodOf(ids: readonly ChargeId[]): Promise<BillingPeriod> {
    if (ids.length === 0) throw new DomainError('charge.none-chosen', 'invalid', 'Choose at least one charge.');
    const [period, ...others] = await this.charges.periodsOf(ids);
    if (period === undefined) throw new DomainError('charge.unknown', 'not-found', 'None of these charges exists.');
    if (others.length > 0) {
      throw new DomainError(
        'charge.several-periods',
        'invalid',
        `These charges lie in ${[period, ...others].join(', ')}; decide on one period at a time.`,
      );
    }
    return period;
  }
}

/** The charges of a decision, and what was shown of them. */
type Chosen = Omit<ReviewDecision, 'note'>;

function standingsAsked(verb: DispositionVerb | 'reattribute', { standings }: ChargeFilter): readonly Standing[] {
  return decidableStandings(verb).filter((standing) => standings?.includes(standing) ?? true);
}

function extentOf(events: readonly ReviewEvent[]): ReviewExtent {
  const [event] = events;
  return { count: event?.data.count ?? 0, amounts: event?.data.amounts ?? [] };
}

const extentOnly = (_tx: Tx, _period: BillingPeriod, events: readonly ReviewEvent[]): Promise<ReviewExtent> =>
  Promise.resolve(extentOf(events));
