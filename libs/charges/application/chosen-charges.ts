import { Injectable } from '@nestjs/common';
import { type BillingPeriod, DomainError } from '#kernel';
import type { Standing } from '#ledger';
import { PeriodGuard, requirePeriodStates } from '#periods';
import type { Tx } from '#platform';
import { type ChargeId, parseChargeId } from '../domain/charge-id.js';
import type { ChargeKind, ReviewDecision } from '../domain/review.decide.js';
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

/** The charges of a decision, and what was shown of them. */
export type ChargeChoice = Omit<ReviewDecision, 'note'>;

/** What such a decision can be made on. */
export interface Decidable {
  readonly standings: readonly Standing[];
  /** All kinds unless it is said. */
  readonly kinds?: readonly ChargeKind[];
}

/** Finds the charges that a decision is about, and holds their period until it is made. */
@Injectable()
export class ChosenCharges {
  constructor(
    private readonly guard: PeriodGuard,
    private readonly charges: ChargeQueries,
  ) {}

  /**
   * @param decidable a filter finds nothing else; of ids it is the decision's to refuse others
   * @throws DomainError `charge.none-chosen`, `charge.unknown`, `charge.several-periods`, `period.wrong-state`
   */
  async with<Outcome>(
    decidable: Decidable,
    selection: ReviewSelection,
    work: (tx: Tx, choice: ChargeChoice) => Promise<Outcome>,
  ): Promise<Outcome> {
    const ids = 'ids' in selection ? selection.ids.map(parseChargeId) : null;
    const period = 'filter' in selection ? selection.filter.period : await this.onePeriodOf(ids ?? []);
    return this.guard.changeLedger([period], async (tx, states) => {
      requirePeriodStates(states, ['open', 'closed'], 'The decision');
      const charges =
        'filter' in selection ? await this.byFilter(tx, decidable, selection.filter) : await this.charges.chooseByIds(tx, ids ?? []);
      return work(tx, { period, charges, seen: 'filter' in selection ? selection.seen : undefined });
    });
  }

  private async byFilter(tx: Tx, { standings, kinds }: Decidable, filter: ChargeFilter): Promise<ChargeChoice['charges']> {
    const asked = standings.filter((standing) => filter.standings?.includes(standing) ?? true);
    const found = await this.charges.chooseByFilter(tx, { ...filter, standings: asked });
    return kinds === undefined ? found : found.filter(({ kind }) => kinds.includes(kind));
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
