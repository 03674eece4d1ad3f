import { Injectable } from '@nestjs/common';
import { AllowedFundOrgs } from '#charges';
import { heldLines, nextLinesNumber, PART_LINE_FORMAT } from '#charge-lines';
import { type EventMetadata, EventStore } from '#event-store';
import type { BillingPeriod } from '#kernel';
import type { Tx } from '#platform';
import type { Part } from '../domain/division.js';
import { partsOfAlike } from '../domain/split.decide.js';
import { type ChargesSplit, splitStream } from '../domain/split.events.js';
import { carriedSplit, SplitLines } from '../infra/split-lines.js';

/** An import whose lines are matched and about to be recorded. */
export interface ImportToDivide {
  readonly importId: number;
  readonly source: string;
  readonly periods: readonly BillingPeriod[];
  /** The rules that divide charges, as lines name them (`R3.2`), and their parts. */
  readonly rules: ReadonlyMap<string, readonly Part[]>;
}

/** Divides the lines of an import: as rules say, and as charges were divided by hand that a line revises. */
@Injectable()
export class ImportedSplits {
  constructor(
    private readonly store: EventStore,
    private readonly fundOrgs: AllowedFundOrgs,
  ) {}

  /**
   * Writes the parts; what happened is told by events that {@link record} appends once the import is recorded.
   * @param isDryRun then the numbers are of those that nobody sees
   */
  async write(tx: Tx, { importId, source, periods, rules }: ImportToDivide, isDryRun: boolean): Promise<ChargesSplit[]> {
    if (rules.size === 0 && !(await SplitLines.anyHeld(tx, source, periods))) return [];
    const lines = await SplitLines.ofImport(tx, importId, source, [...rules.keys()]);
    const groups = await lines.groups();
    if (groups.length === 0) return [];
    const divisions = new Map<string, readonly Part[]>(rules);
    const isAllowed = await this.fundOrgs.snapshot();
    for (const group of groups) {
      const carried = carriedSplit(group.division);
      if (carried !== null && !divisions.has(group.division)) divisions.set(group.division, await this.partsOf(tx, carried));
      const parts = divisions.get(group.division);
      if (parts === undefined) throw new Error(`nothing says how ${group.division} divides charges`);
      await lines.divide(group, parts, partsOfAlike(group, parts, isAllowed, carried !== null));
    }
    const events: ChargesSplit[] = [];
    for (const division of await lines.divisions()) {
      const splitId = await nextLinesNumber(tx, isDryRun);
      const written = await lines.write(splitId, division, true);
      const carriedFrom = carriedSplit(division.division);
      events.push({
        type: 'ChargesSplit',
        data: {
          ...{ splitId, period: division.period, importId, rule: carriedFrom === null ? division.division : null, carriedFrom, note: null },
          ...{ parts: divisions.get(division.division) ?? [], ...written },
          ...(await heldLines(tx.client, splitId, PART_LINE_FORMAT)),
          lineFormat: PART_LINE_FORMAT,
        },
      });
    }
    return events;
  }

  async record(tx: Tx, events: readonly ChargesSplit[], metadata: EventMetadata): Promise<void> {
    for (const event of events) await this.store.append(tx, splitStream(event.data.splitId), 0, [event], metadata);
  }

  private async partsOf(tx: Tx, splitId: number): Promise<readonly Part[]> {
    const [split] = (await this.store.readStream(splitStream(splitId), tx)) as unknown as ChargesSplit[];
    if (split === undefined) throw new Error(`no event tells of split ${splitId}`);
    return split.data.parts;
  }
}
