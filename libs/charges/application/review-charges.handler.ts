import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { type BillingPeriod, DomainError, LinearPattern } from '#kernel';
import { PeriodGuard, requirePeriodStates } from '#periods';
import { APP_CONFIG, type AppConfig } from '#platform';
import { type ChargeId, parseChargeId } from '../domain/charge-id.js';
import {
  type AttributionChange,
  decideDisposition,
  decideReattribution,
  type DispositionVerb,
  type ReviewDecision,
} from '../domain/review.decide.js';
import { type CurrencyAmount, type ReviewEvent, reviewStream } from '../domain/review.events.js';
import type { ChargeFilter } from '../infra/charge-filter.js';
import { ChargeQueries } from '../infra/charge.queries.js';

/** Which charges a decision is about: listed ones, or all that match a filter and can be decided on. */
export type ReviewSelection = { readonly ids: readonly string[] } | { readonly filter: ChargeFilter & { period: BillingPeriod } };

export interface ReviewOutcome extends AppendResult {
  readonly count: number;
  readonly amounts: readonly CurrencyAmount[];
}

/** A reviewer's decisions: approve, reject, restore, reattribute; one charge, a selection, or all of a filter (domain.md §3). */
@Injectable()
export class ReviewChargesHandler {
  constructor(
    private readonly store: EventStore,
    private readonly guard: PeriodGuard,
    private readonly charges: ChargeQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError of kind conflict or not-found; then nothing was changed. */
  async dispose(verb: DispositionVerb, selection: ReviewSelection, note: string | null, metadata: EventMetadata): Promise<ReviewOutcome> {
    const standings = [verb === 'restore' ? ('rejected' as const) : ('flagged' as const)];
    return this.decide(selection, { standings }, note, metadata, (decision) => decideDisposition(verb, decision));
  }

  /** @throws DomainError as {@link dispose}. */
  async reattribute(
    change: AttributionChange,
    selection: ReviewSelection,
    note: string | null,
    metadata: EventMetadata,
  ): Promise<ReviewOutcome> {
    const patterns = this.config.review.fundOrgPatterns.map((pattern) => LinearPattern.compile(pattern, { ignoreCase: true }));
    const isAllowed = (fundOrg: string): boolean => patterns.length === 0 || patterns.some((pattern) => pattern.matchesStart(fundOrg));
    return this.decide(selection, { standings: ['clear', 'flagged', 'approved'] }, note, metadata, (decision) =>
      decideReattribution(change, decision, isAllowed),
    );
  }

  private async decide(
    selection: ReviewSelection,
    decidable: Required<Pick<ChargeFilter, 'standings'>>,
    note: string | null,
    metadata: EventMetadata,
    decide: (decision: ReviewDecision) => ReviewEvent[],
  ): Promise<ReviewOutcome> {
    const ids = 'ids' in selection ? selection.ids.map(parseChargeId) : null;
    const period = 'filter' in selection ? selection.filter.period : await this.onePeriodOf(ids ?? []);
    return this.guard.changeLedger([period], async (tx, states) => {
      requirePeriodStates(states, ['open', 'closed'], 'The decision');
      const chosen =
        'filter' in selection
          ? await this.charges.chooseByFilter(tx, { ...selection.filter, standings: decidable.standings })
          : await this.charges.chooseByIds(tx, ids ?? []);
      const events = decide({ period, charges: chosen, note: note === null || note.trim() === '' ? null : note.trim() });
      const stream = reviewStream(period);
      const { version } = await this.store.head(stream, tx);
      const result = await this.store.append(tx, stream, version, events, metadata);
      const [event] = events;
      return { ...result, count: event?.data.count ?? 0, amounts: event?.data.amounts ?? [] };
    });
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
