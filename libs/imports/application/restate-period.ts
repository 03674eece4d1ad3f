import { Injectable } from '@nestjs/common';
import { type EventMetadata, EventStore } from '#event-store';
import { PeriodGuard } from '#periods';
import { dryRun, type Tx } from '#platform';
import { importStream } from '../domain/import.events.js';
import type { AsAdjustments, Restatement } from '../domain/restatement.js';
import { LineStore } from '../infra/line-store.js';
import { RestatedLines } from '../infra/restated-lines.js';
import { requireEqualTotals } from './equal-totals.js';
import { Restatements } from './restatements.js';
import type { StagedLines, StagingRequest } from './stage-lines.js';

/** A file that is to be booked as adjustments, its lines staged. */
export interface StagedRestatement {
  readonly request: StagingRequest;
  readonly asked: AsAdjustments;
  readonly staged: StagedLines;
}

/** Books what differs between a staged file and the finalized period that it restates; the adjustment has the number of the import. */
@Injectable()
export class RestatePeriod {
  constructor(
    private readonly store: EventStore,
    private readonly guard: PeriodGuard,
    private readonly lines: LineStore,
    private readonly restated: RestatedLines,
    private readonly restatements: Restatements,
  ) {}

  /**
   * @param proceed asked once it is this import's turn, and right before it is recorded; throws if nobody wants it any more
   * @throws DomainError of kind conflict for periods that are not as they must be
   */
  async record(restatement: StagedRestatement, metadata: EventMetadata, proceed: () => Promise<void>): Promise<void> {
    const { request, staged } = restatement;
    const { importId, source } = request;
    await this.work(restatement, metadata, proceed, async (tx, found) => {
      await this.restated.discardHeld(tx, importId);
      await proceed();
      const data = { importId, source, report: staged.report, restatement: found };
      await this.store.append(tx, importStream(importId), 1, [{ type: 'ImportBooked', data }], metadata);
    });
  }

  /** What {@link record} would book: the same work, rolled back. */
  async preview(restatement: StagedRestatement): Promise<Restatement> {
    const wanted = (): Promise<void> => Promise.resolve();
    return dryRun((conclude) => this.work(restatement, null, wanted, (_tx, booked) => conclude(booked)));
  }

  async discard(importId: number): Promise<void> {
    await this.restated.discard(importId);
  }

  private async work(
    { request, asked, staged }: StagedRestatement,
    metadata: EventMetadata | null,
    proceed: () => Promise<void>,
    conclude: (tx: Tx, found: Restatement) => Promise<void>,
  ): Promise<void> {
    const { importId, source, fileName, sha256 } = request;
    const [adjustedPeriod] = staged.periods;
    if (adjustedPeriod === undefined) throw new Error('a file that is booked as adjustments has a period');
    await this.guard.changeLedger([...new Set([adjustedPeriod, asked.period])], async (tx, states) => {
      await proceed();
      await this.lines.holdStaged(tx, importId);
      requireEqualTotals(importId, staged.report, await this.restated.totals(tx, importId));
      const file = { importId, source, fileName, sha256, adjustedPeriod, byLineId: staged.byLineId, asked };
      await conclude(tx, await this.restatements.book(tx, file, states, metadata));
    });
  }
}
