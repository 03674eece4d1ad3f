import { Injectable } from '@nestjs/common';
import { type Actor, EventStore, type RecordedEvent } from '#event-store';
import type { BillingPeriod } from '#kernel';
import { Database } from '#platform';
import { type PeriodEvent, periodStream } from '../domain/period.events.js';

/** One change of a period's state. */
export interface PeriodStep {
  readonly position: number;
  readonly at: Date;
  /** Who did it; of a period that an import opened, who sent the file. */
  readonly by: Actor;
  readonly step: 'opened' | 'closed' | 'reopened' | 'finalized';
  /** Notes, or the reason for reopening. */
  readonly note: string | null;
  /** What was missing when the period was finalized all the same, and why it was. */
  readonly forced: { readonly missing: readonly string[]; readonly reason: string } | null;
}

const STEPS = { PeriodOpened: 'opened', PeriodClosed: 'closed', PeriodReopened: 'reopened', PeriodFinalized: 'finalized' } as const;

/** Reads what was done to a period, when, by whom and why, from its events. */
@Injectable()
export class PeriodHistoryQueries {
  constructor(
    private readonly store: EventStore,
    private readonly database: Database,
  ) {}

  /** Oldest first; empty for a period that was never opened. */
  async of(period: BillingPeriod): Promise<PeriodStep[]> {
    const events = (await this.store.readStream(periodStream(period))) as unknown as (RecordedEvent & PeriodEvent)[];
    const askers = await this.askers(events);
    return events.map((event) => ({
      position: event.position,
      at: event.recordedAt,
      by: askers.get(event.metadata.causationId ?? 0) ?? event.metadata.actor,
      step: STEPS[event.type],
      note: noteOf(event),
      forced: event.type === 'PeriodFinalized' ? event.data.forced : null,
    }));
  }

  /** Who wrote the events that made the program write these, by position. */
  private async askers(events: readonly RecordedEvent[]): Promise<Map<number, Actor>> {
    const causes = events.flatMap(({ metadata: { actor, causationId } }) =>
      actor.kind === 'system' && causationId !== undefined ? [causationId] : [],
    );
    if (causes.length === 0) return new Map();
    const rows = await this.database.query<{ position: string; actor: Actor }>(
      `select position, metadata -> 'actor' as actor from events where position = any($1)`,
      [causes],
    );
    return new Map(rows.map(({ position, actor }) => [Number(position), actor]));
  }
}

function noteOf(event: PeriodEvent): string | null {
  switch (event.type) {
    case 'PeriodOpened':
      return null;
    case 'PeriodReopened':
      return event.data.reason;
    case 'PeriodClosed':
    case 'PeriodFinalized':
      return event.data.notes;
  }
}
