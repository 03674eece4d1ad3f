import { Injectable } from '@nestjs/common';
import { heldLines, LINE_FORMAT } from '#charge-lines';
import { type EventMetadata, EventStore } from '#event-store';
import type { AsAdjustments, RestatedFile, Restatement, RestatementBooker } from '#imports';
import type { BillingPeriod } from '#kernel';
import type { PeriodState } from '#periods';
import { makeRoomForBulkWork, type Tx } from '#platform';
import { requirePeriods, requireReason, requireUndivided } from '../domain/adjustment.decide.js';
import { type AdjustmentEvent, adjustmentStream } from '../domain/adjustment.events.js';
import { AdjustmentQueries } from '../infra/adjustment.queries.js';
import { RestatedCharges } from '../infra/restated-charges.js';
import { piChanges, sumsByKind, sumsOfLines } from '../infra/restatement-sums.js';

/** Books what differs between a file of a source and a finalized period, as one adjustment in an open period. */
@Injectable()
export class BookRestatementHandler implements RestatementBooker {
  constructor(
    private readonly store: EventStore,
    private readonly queries: AdjustmentQueries,
  ) {}

  accept(asked: AsAdjustments): AsAdjustments {
    return { period: asked.period, reason: requireReason(asked.reason) };
  }

  /** @throws DomainError `adjustment.period-not-finalized`, `period.wrong-state`, `adjustment.charge-divided`. */
  async book(
    tx: Tx,
    file: RestatedFile,
    states: ReadonlyMap<BillingPeriod, PeriodState>,
    metadata: EventMetadata | null,
  ): Promise<Restatement> {
    const { importId, source, fileName, sha256, adjustedPeriod, asked } = file;
    const { period, reason } = asked;
    requirePeriods({ period, adjustedPeriod }, states);
    await makeRoomForBulkWork(tx);
    const charges = await RestatedCharges.match(tx, file, await this.queries.restatementsOf(tx, adjustedPeriod));
    await charges.plan();
    requireUndivided(await charges.divided());
    await charges.write(period, reason);
    const { lineCount, flaggedLineCount, totals, sources } = await sumsOfLines(tx, importId, source);
    const event: AdjustmentEvent = {
      type: 'AdjustmentsBooked',
      data: {
        adjustmentId: importId,
        period,
        adjustedPeriod,
        chargeId: null,
        statement: null,
        kind: 'restatement',
        restatement: { source, fileName, sha256 },
        amount: null,
        percent: null,
        reason,
        sources,
        count: lineCount,
        totals,
        lineFormat: LINE_FORMAT,
        ...(await heldLines(tx.client, importId, LINE_FORMAT)),
      },
    };
    if (metadata !== null && lineCount > 0) await this.store.append(tx, adjustmentStream(importId), 0, [event], metadata);
    return {
      period,
      adjustedPeriod,
      reason,
      lineCount,
      flaggedLineCount,
      kinds: await sumsByKind(tx),
      piChanges: await piChanges(tx, importId, period),
    };
  }
}
