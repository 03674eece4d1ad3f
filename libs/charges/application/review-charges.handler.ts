import { Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import type { BillingPeriod } from '#kernel';
import type { Tx } from '#platform';
import {
  type AttributionChange,
  decidableStandings,
  decideDisposition,
  decideReattribution,
  type DispositionVerb,
} from '../domain/review.decide.js';
import { type CurrencyAmount, type ReviewEvent, reviewStream } from '../domain/review.events.js';
import { AllowedFundOrgs } from './allowed-fund-orgs.js';
import { type ChargeChoice, type ReviewSelection, ChosenCharges } from './chosen-charges.js';

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
    private readonly chosen: ChosenCharges,
    private readonly fundOrgs: AllowedFundOrgs,
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

  private async reattributing(change: AttributionChange, note: string | null): Promise<(chosen: ChargeChoice) => ReviewEvent[]> {
    const isAllowed = await this.fundOrgs.snapshot();
    return (chosen) => decideReattribution(change, { ...chosen, note }, isAllowed);
  }

  private async decide<Outcome>(
    verb: DispositionVerb | 'reattribute',
    selection: ReviewSelection,
    decide: (chosen: ChargeChoice) => ReviewEvent[],
    conclude: (tx: Tx, period: BillingPeriod, events: readonly ReviewEvent[]) => Promise<Outcome>,
  ): Promise<Outcome> {
    return this.chosen.with({ standings: decidableStandings(verb) }, selection, (tx, choice) =>
      conclude(tx, choice.period, decide(choice)),
    );
  }

  private appending(metadata: EventMetadata): (tx: Tx, period: BillingPeriod, events: readonly ReviewEvent[]) => Promise<ReviewOutcome> {
    return async (tx, period, events) => {
      const stream = reviewStream(period);
      const { version } = await this.store.head(stream, tx);
      return { ...(await this.store.append(tx, stream, version, events, metadata)), ...extentOf(events) };
    };
  }
}

function extentOf(events: readonly ReviewEvent[]): ReviewExtent {
  const [event] = events;
  return { count: event?.data.count ?? 0, amounts: event?.data.amounts ?? [] };
}

const extentOnly = (_tx: Tx, _period: BillingPeriod, events: readonly ReviewEvent[]): Promise<ReviewExtent> =>
  Promise.resolve(extentOf(events));
