import { Injectable } from '@nestjs/common';
import {
  AllowedFundOrgs,
  type ChargeChoice,
  ChosenCharges,
  cleanNote,
  type CurrencyAmount,
  formatChargeId,
  type IsFundOrgAllowed,
  packChargeIds,
  parseChargeId,
  requireChoice,
  reviewStream,
  type ReviewSelection,
} from '#charges';
import { heldLines, nextLinesNumber, PART_LINE_FORMAT } from '#charge-lines';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import type { BillingPeriod } from '#kernel';
import { dryRun, makeRoomForBulkWork, type Tx } from '#platform';
import { type Part, type PartInput, requireDivision } from '../domain/division.js';
import { partsOfAlike, requireSplit, requireSplittable, SPLITTABLE } from '../domain/split.decide.js';
import { type ChargesSplit, type SplitsUndone, splitStream } from '../domain/split.events.js';
import { SplitLines } from '../infra/split-lines.js';
import { type PartRow, SplitQueries } from '../infra/split.queries.js';

/** What is divided, and how. */
export interface SplitCharges {
  readonly selection: ReviewSelection;
  readonly parts: readonly PartInput[];
  readonly note: string | null;
  /** The rule that says so, as it is now: `R3.2`; left out where a person does. */
  readonly rule?: string | undefined;
}

/** What was divided, or would be. */
export interface SplitOutcome {
  /** Null: nothing was divided. */
  readonly splitId: number | null;
  readonly period: BillingPeriod;
  /** Charges, and what they come to. */
  readonly count: number;
  readonly amounts: readonly CurrencyAmount[];
  readonly parts: readonly Part[];
  /** The first of the lines that the charges are divided into. */
  readonly lines: readonly PartRow[];
  readonly lineCount: number;
}

/** What was put together again, or would be. */
export interface UndoneSplits {
  readonly period: BillingPeriod;
  readonly count: number;
  readonly amounts: readonly CurrencyAmount[];
  readonly splits: readonly { readonly splitId: number; readonly count: number }[];
}

/** Parts that an answer shows; all of them are in the list of charges. */
const LINES_SHOWN = 100;
const BY_HAND = 'by hand';

/** A reviewer divides charges over several payers, or puts divided ones together again. */
@Injectable()
export class SplitChargesHandler {
  constructor(
    private readonly store: EventStore,
    private readonly chosen: ChosenCharges,
    private readonly queries: SplitQueries,
    private readonly fundOrgs: AllowedFundOrgs,
  ) {}

  /** @throws DomainError of kind invalid, not-found or conflict; then nothing was changed. */
  async split(command: SplitCharges, metadata: EventMetadata): Promise<SplitOutcome & AppendResult> {
    return this.divide(command, false, async (tx, event, outcome) => ({
      ...outcome,
      ...(await this.store.append(tx, splitStream(event.data.splitId), 0, [event], metadata)),
      splitId: event.data.splitId,
    }));
  }

  /** What {@link split} would do: the same work, and nothing stays. @throws DomainError as it would. */
  async trySplit(command: SplitCharges): Promise<SplitOutcome> {
    return dryRun((conclude) => this.divide(command, true, (_tx, _event, outcome) => conclude(outcome)));
  }

  /**
   * The charges stand again as they did before they were divided; what was decided on their parts is undone with them.
   * @param ids of divided charges, or of any of their parts @throws DomainError of kind not-found or conflict; then nothing was changed.
   */
  async undo(ids: readonly string[], note: string | null, metadata: EventMetadata): Promise<UndoneSplits & AppendResult> {
    return this.putTogether(ids, note, async (tx, event) => {
      const stream = reviewStream(event.data.period);
      const { version } = await this.store.head(stream, tx);
      return { ...undoneOf(event), ...(await this.store.append(tx, stream, version, [event], metadata)) };
    });
  }

  /** What {@link undo} would put together; nothing is changed. @throws DomainError as it would. */
  async tryUndo(ids: readonly string[]): Promise<UndoneSplits> {
    return this.putTogether(ids, null, (_tx, event) => Promise.resolve(undoneOf(event)));
  }

  private async divide<Result>(
    { selection, parts: input, note, rule }: SplitCharges,
    isDryRun: boolean,
    conclude: (tx: Tx, event: ChargesSplit, outcome: SplitOutcome) => Promise<Result>,
  ): Promise<Result> {
    const parts = requireDivision(input);
    const isAllowed = await this.fundOrgs.snapshot();
    return this.chosen.with(SPLITTABLE, selection, async (tx, choice) => {
      const extent = requireChoice(choice);
      requireSplittable(choice);
      await makeRoomForBulkWork(tx);
      const lines = await this.planned(tx, choice, parts, isAllowed);
      const splitId = await nextLinesNumber(tx, isDryRun);
      const written = await lines.write(splitId, { period: choice.period, division: BY_HAND }, false);
      const event: ChargesSplit = {
        type: 'ChargesSplit',
        data: {
          ...{ splitId, period: choice.period, importId: null, rule: rule ?? null, carriedFrom: null, parts, note: cleanNote(note) },
          ...written,
          ...(await heldLines(tx.client, splitId, PART_LINE_FORMAT)),
          lineFormat: PART_LINE_FORMAT,
        },
      };
      const shown = await this.queries.parts(splitId, LINES_SHOWN, tx);
      return conclude(tx, event, { splitId: null, period: choice.period, ...extent, parts, lines: shown, lineCount: written.lineCount });
    });
  }

  private async planned(tx: Tx, { charges }: ChargeChoice, parts: readonly Part[], isAllowed: IsFundOrgAllowed): Promise<SplitLines> {
    const lines = await SplitLines.ofCharges(tx, charges, BY_HAND);
    for (const group of await lines.groups()) await lines.divide(group, parts, partsOfAlike(group, parts, isAllowed, true));
    return lines;
  }

  private async putTogether<Result>(
    ids: readonly string[],
    note: string | null,
    conclude: (tx: Tx, event: SplitsUndone) => Promise<Result>,
  ): Promise<Result> {
    const wholes = await this.queries.wholesOf(ids.map(parseChargeId));
    return this.chosen.with({ standings: ['split'] }, { ids: wholes.map(formatChargeId) }, async (tx, choice) => {
      requireSplit(choice);
      const event: SplitsUndone = {
        type: 'SplitsUndone',
        data: {
          period: choice.period,
          charges: packChargeIds(choice.charges),
          ...requireChoice(choice),
          note: cleanNote(note),
          splits: await this.queries.splitsOf(tx, choice.charges),
        },
      };
      return conclude(tx, event);
    });
  }
}

function undoneOf({ data: { period, count, amounts, splits } }: SplitsUndone): UndoneSplits {
  return { period, count, amounts, splits };
}
