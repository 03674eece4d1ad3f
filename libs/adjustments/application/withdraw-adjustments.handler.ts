import { Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { DomainError } from '#kernel';
import { PeriodGuard, requirePeriodStates } from '#periods';
import { requireNothingLater, requireReason } from '../domain/adjustment.decide.js';
import { type AdjustmentsBooked, adjustmentStream } from '../domain/adjustment.events.js';
import { AdjustmentQueries } from '../infra/adjustment.queries.js';

/** Takes booked adjustments back while the period they are billed in is open. Their lines stay in the log. */
@Injectable()
export class WithdrawAdjustmentsHandler {
  constructor(
    private readonly store: EventStore,
    private readonly guard: PeriodGuard,
    private readonly queries: AdjustmentQueries,
  ) {}

  /** @throws DomainError `adjustment.unknown`, `adjustment.not-booked`, `adjustment.reason`, `adjustment.corrected-since`, `period.wrong-state`. */
  async execute(adjustmentId: number, writtenReason: string, metadata: EventMetadata): Promise<AppendResult> {
    const reason = requireReason(writtenReason);
    const stream = adjustmentStream(adjustmentId);
    const [booked] = (await this.store.readStream(stream)) as unknown as AdjustmentsBooked[];
    if (booked === undefined) {
      throw new DomainError(
        'adjustment.unknown',
        'not-found',
        `There is no adjustment ${adjustmentId}; the list of adjustments has them all.`,
      );
    }
    const { period, count } = booked.data;
    return this.guard.changeLedger([period], async (tx, states) => {
      const { version } = await this.store.head(stream, tx);
      if (version !== 1) throw new DomainError('adjustment.not-booked', 'conflict', `Adjustment ${adjustmentId} was withdrawn before.`);
      requirePeriodStates(states, ['open'], `Withdrawing adjustment ${adjustmentId}`);
      requireNothingLater(adjustmentId, await this.queries.correctionsOf(tx, adjustmentId));
      const data = { adjustmentId, period, count, reason };
      return this.store.append(tx, stream, version, [{ type: 'AdjustmentsWithdrawn', data }], metadata);
    });
  }
}
