import { Injectable } from '@nestjs/common';
import { type Actor, EventStore, type RecordedEvent } from '#event-store';
import type { BillingPeriod } from '#kernel';
import { Database } from '#platform';
import { type LedgerMoment, ledgerMoment, MARKING_EVENT_TYPES } from '../domain/ledger-moment.js';
import { reviewStream } from '../domain/review.events.js';

/** An event of a period's history, and the same for people. */
export interface LedgerEvent {
  readonly event: RecordedEvent;
  readonly moment: LedgerMoment;
}

/** Reads, of the log, what made a period's ledger. */
@Injectable()
export class LedgerEventQueries {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
  ) {}

  /**
   * Everything that changed the ledger of `period` or marks a step of its month, in the order in which the ledger is made.
   * Like every reader of the log it stops before what a running transaction may still get between.
   */
  async of(period: BillingPeriod, changingTypes: readonly string[]): Promise<LedgerEvent[]> {
    const horizon = BigInt((await this.store.horizon()).transactionId);
    const types = new Set([...changingTypes, ...MARKING_EVENT_TYPES]);
    const streams = await Promise.all((await this.streams(period)).map((stream) => this.store.readStream(stream)));
    const entries = streams.flatMap((events) => {
      const [beginning] = events;
      const chosen = events.filter((event) => types.has(event.type) && BigInt(event.transactionId) < horizon);
      return beginning === undefined ? [] : chosen.map((event) => ({ event, beginning }));
    });
    const askers = await this.askers(entries.map(({ event }) => event));
    return entries
      .map(({ event, beginning }) => ({ event, moment: ledgerMoment(event, beginning, askers.get(event.position)) }))
      .sort((a, b) => inLedgerOrder(a.event, b.event));
  }

  /** Where the log stood when its newest event was the one at `position`; undefined before the first. */
  async placeOf(position: number): Promise<LogPlace | undefined> {
    const [row] = await this.database.query<{ transactionId: string; position: string }>(
      'select transaction_id::text as "transactionId", position from events where position <= $1 order by position desc limit 1',
      [position],
    );
    return row === undefined ? undefined : { transactionId: row.transactionId, position: Number(row.position) };
  }

  /** For events that the program wrote because of another one: who wrote that. */
  private async askers(events: readonly RecordedEvent[]): Promise<Map<number, Actor>> {
    const caused = events.filter(({ metadata }) => metadata.actor.kind === 'system' && metadata.causationId !== undefined);
    const rows = await this.database.query<{ position: string; actor: Actor }>(
      `select position, metadata -> 'actor' as actor from events where position = any($1)`,
      [caused.map(({ metadata }) => metadata.causationId)],
    );
    const actors = new Map(rows.map(({ position, actor }) => [Number(position), actor]));
    return new Map(
      caused.flatMap(({ position, metadata }) => {
        const actor = actors.get(metadata.causationId ?? 0);
        return actor === undefined ? [] : [[position, actor]];
      }),
    );
  }

  private async streams(period: BillingPeriod): Promise<string[]> {
    const rows = await this.database.query<{ stream: string }>(
      `select stream from events where type = 'ImportRecorded' and data -> 'periods' ? $1
       union select stream from events where type in ('StatementRunCompleted', 'AdjustmentsBooked', 'ChargesSplit') and data ->> 'period' = $1`,
      [period],
    );
    return [`period-${period}`, reviewStream(period), `journal-${period}`, ...rows.map((row) => row.stream)];
  }
}

export type LogPlace = Pick<RecordedEvent, 'transactionId' | 'position'>;

/** The order of readers (libs/event-store): not that of positions, because a transaction may commit after a later one. */
export function inLedgerOrder(a: LogPlace, b: LogPlace): number {
  const [one, other] = [BigInt(a.transactionId), BigInt(b.transactionId)];
  return one === other ? a.position - b.position : one < other ? -1 : 1;
}
