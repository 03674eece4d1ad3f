import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { type BillingPeriod, CLOCK, type Clock } from '#kernel';
import { Database } from '#platform';
import {
  decideMarkWithdrawal,
  decidePosting,
  decideVoid,
  type MarkWithdrawal,
  type Posting,
  type Voiding,
} from '../domain/journal.decide.js';
import { journalsOf, type JournalState } from '../domain/journal.js';
import { type JournalEvent, journalStream } from '../domain/journal.events.js';

/** The day begins on Kiribati's Line Islands, 14 hours before it does in UTC. */
const EARLIEST_ZONE_MS = 14 * 60 * 60 * 1000;

/** Records what became of journals in accounting: posted, void, or neither after all. */
@Injectable()
export class MarkJournalHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError as {@link decidePosting}, `stream.conflict` if another one marks a journal of the period at the same time. */
  async post(posting: Posting, metadata: EventMetadata): Promise<AppendResult> {
    const latestDay = new Date(this.clock.now().getTime() + EARLIEST_ZONE_MS).toISOString().slice(0, 10);
    return this.mark(posting.period, (journals) => decidePosting(journals, posting, latestDay), metadata);
  }

  /** @throws DomainError as {@link decideVoid}, `stream.conflict`. */
  async void(voiding: Voiding, metadata: EventMetadata): Promise<AppendResult> {
    return this.mark(voiding.period, (journals) => decideVoid(journals, voiding), metadata);
  }

  /** @throws DomainError as {@link decideMarkWithdrawal}, `stream.conflict`. */
  async withdraw(withdrawal: MarkWithdrawal, metadata: EventMetadata): Promise<AppendResult> {
    return this.mark(withdrawal.period, (journals) => decideMarkWithdrawal(journals, withdrawal), metadata);
  }

  private async mark(
    period: BillingPeriod,
    decide: (journals: readonly JournalState[]) => JournalEvent[],
    metadata: EventMetadata,
  ): Promise<AppendResult> {
    return this.database.transaction(async (tx) => {
      const events = await this.store.readStream(journalStream(period), tx);
      return this.store.append(tx, journalStream(period), events.length, decide(journalsOf(events)), metadata);
    });
  }
}
