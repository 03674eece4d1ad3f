import { Inject, Injectable } from '@nestjs/common';
import { heldLines, LINE_FORMAT, nextLinesNumber } from '#charge-lines';
import { type ChargeId, ChargeQueries } from '#charges';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { type BillingPeriod, DomainError, foldIdentifier } from '#kernel';
import { PeriodGuard } from '#periods';
import { APP_CONFIG, type AppConfig, dryRun, makeRoomForBulkWork, type Tx } from '#platform';
import {
  type AskedPart,
  requireAdjustable,
  requireLines,
  requireNoneOverdrawn,
  requirePart,
  requirePeriods,
  requireReason,
} from '../domain/adjustment.decide.js';
import { type AdjustmentEvent, adjustmentStream, type AdjustmentTotal } from '../domain/adjustment.events.js';
import { type AdjustedCharges, type AdjustmentLine, AdjustmentLines } from '../infra/adjustment-lines.js';
import { AdjustmentQueries } from '../infra/adjustment.queries.js';

/** Lines of an adjustment that an answer shows; the charges of its period are all there. */
const LINES_SHOWN = 100;

/** A charge, or all billed charges of a PI's project in a finalized period. */
export type AdjustmentTarget =
  | { readonly chargeId: ChargeId }
  | { readonly statement: { readonly period: BillingPeriod; readonly piEmail: string; readonly projectId: string } };

export interface BookAdjustments extends AskedPart {
  readonly target: AdjustmentTarget;
  /** An open one, in which it is billed. */
  readonly period: BillingPeriod;
  readonly reason: string;
}

/** What was booked, or would be. */
export interface AdjustmentOutcome {
  /** Null: nothing was booked. */
  readonly adjustmentId: number | null;
  readonly period: BillingPeriod;
  readonly adjustedPeriod: BillingPeriod;
  readonly count: number;
  readonly totals: readonly AdjustmentTotal[];
  /** The first ones. */
  readonly lines: readonly AdjustmentLine[];
}

interface Adjusted {
  readonly charges: AdjustedCharges;
  /** For sentences: `charge 3-17`. */
  readonly what: string;
  readonly period: BillingPeriod;
  readonly chargeId: string | null;
  readonly piEmail: string;
  readonly projectId: string;
}

/**
 * Corrects what is finalized: new charge lines in an open period that take charges back or charge more for them, each with its reason and the charge it corrects.
 * The lines are written like those of an import, in the transaction of their event.
 */
@Injectable()
export class BookAdjustmentsHandler {
  constructor(
    private readonly store: EventStore,
    private readonly guard: PeriodGuard,
    private readonly charges: ChargeQueries,
    private readonly queries: AdjustmentQueries,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws DomainError of kind invalid, not-found or conflict; then nothing was changed. */
  async execute(command: BookAdjustments, metadata: EventMetadata): Promise<AdjustmentOutcome & AppendResult> {
    return this.work(command, false, async (tx, adjustmentId, event, outcome) => ({
      ...outcome,
      ...(await this.store.append(tx, adjustmentStream(adjustmentId), 0, [event], metadata)),
      adjustmentId,
    }));
  }

  /** What {@link execute} would book: the same work, and nothing stays. @throws DomainError as it would. */
  async preview(command: BookAdjustments): Promise<AdjustmentOutcome> {
    return dryRun((conclude) => this.work(command, true, (_tx, _adjustmentId, _event, outcome) => conclude(outcome)));
  }

  private async work<Result>(
    command: BookAdjustments,
    isDryRun: boolean,
    conclude: (tx: Tx, adjustmentId: number, event: AdjustmentEvent, outcome: AdjustmentOutcome) => Promise<Result>,
  ): Promise<Result> {
    const { period, kind, amount, percent } = command;
    const reason = requireReason(command.reason);
    requirePart(command);
    const adjusted = await this.adjusted(command.target);
    // Both periods: adjustments of one charge wait for one another, wherever they are billed.
    return this.guard.changeLedger([...new Set([adjusted.period, period])], async (tx, states) => {
      requirePeriods({ period, adjustedPeriod: adjusted.period }, states);
      await makeRoomForBulkWork(tx);
      const lines = await AdjustmentLines.choose(tx, adjusted.charges);
      requireAdjustable(adjusted.what, command, await lines.sums());
      requireNoneOverdrawn(adjusted.what, await lines.apportion(command));
      const adjustmentId = await nextLinesNumber(tx, isDryRun);
      const { sources, totals } = await lines.write(adjustmentId, command, period, reason);
      const count = totals.reduce((sum, { lineCount }) => sum + lineCount, 0);
      requireLines(adjusted.what, count);
      const { piEmail, projectId } = adjusted;
      const event: AdjustmentEvent = {
        type: 'AdjustmentsBooked',
        data: {
          adjustmentId,
          period,
          adjustedPeriod: adjusted.period,
          chargeId: adjusted.chargeId,
          statement: { piEmail, projectId, revision: await this.queries.newestRevision(adjusted.period, piEmail, projectId) },
          kind,
          restatement: null,
          amount: amount?.toString() ?? null,
          percent: percent?.toString() ?? null,
          reason,
          sources,
          count,
          totals,
          lineFormat: LINE_FORMAT,
          ...(await heldLines(tx.client, adjustmentId, LINE_FORMAT)),
        },
      };
      const shown = await lines.written(adjustmentId, LINES_SHOWN);
      return conclude(tx, adjustmentId, event, {
        adjustmentId: null,
        period,
        adjustedPeriod: adjusted.period,
        count,
        totals,
        lines: shown,
      });
    });
  }

  /** @throws DomainError `charge.unknown`, `adjustment.nothing-billed`. */
  private async adjusted(target: AdjustmentTarget): Promise<Adjusted> {
    if ('statement' in target) {
      const { period } = target.statement;
      const [piEmail, projectId] = [foldIdentifier(target.statement.piEmail), target.statement.projectId.trim()];
      const charges = { period, piEmail, projectId, currency: this.config.currency };
      return { charges, what: `The statement of ${piEmail} for ${projectId}, ${period}`, period, chargeId: null, piEmail, projectId };
    }
    const charge = await this.charges.get(target.chargeId);
    const what = `Charge ${charge.id}`;
    if (charge.standing !== 'clear' && charge.standing !== 'approved') {
      throw new DomainError(
        'adjustment.nothing-billed',
        'conflict',
        `${what} is ${charge.standing}: it was not billed, so there is nothing to adjust.`,
      );
    }
    const { period, piEmail, projectId } = charge;
    return { charges: target.chargeId, what, period, chargeId: charge.id, piEmail, projectId };
  }
}
