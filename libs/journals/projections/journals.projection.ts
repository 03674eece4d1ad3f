import { Injectable } from '@nestjs/common';
import type { Projection, RecordedEvent } from '#event-store';
import type { BillingPeriod } from '#kernel';
import type { Tx } from '#platform';
import type { JournalEvent, JournalExported } from '../domain/journal.events.js';

/** A mark on a journal as the read model keeps it; of the last one, `mark` is how the journal stands. */
export interface KeptMark {
  readonly mark: 'posted' | 'void';
  /** Of a posting. */
  readonly documentNumber: string | null;
  /** Of a posting: `YYYY-MM-DD`. */
  readonly postedOn: string | null;
  /** A note of the posting, the reason of a void. */
  readonly note: string | null;
  readonly by: string;
  /** ISO. */
  readonly at: string;
}

/** The list of exported journals, and what became of them in accounting. */
@Injectable()
export class JournalsProjection implements Projection {
  readonly name = 'journals';
  readonly version = 3;
  readonly tables = ['journals'];
  readonly eventTypes = ['JournalExported', 'JournalPosted', 'JournalVoided', 'JournalMarkWithdrawn'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events as readonly RecordedEvent<JournalEvent>[]) {
      const { metadata, recordedAt } = event;
      const { type, data } = { type: event.type, data: event.data } as JournalEvent;
      const by = { by: metadata.actor.id, at: recordedAt.toISOString() };
      switch (type) {
        case 'JournalExported':
          await this.export(tx, data, metadata.actor.id, recordedAt);
          break;
        case 'JournalPosted': {
          const { documentNumber, postedOn, note } = data;
          await this.mark(tx, data, { mark: 'posted', documentNumber, postedOn, note, ...by });
          break;
        }
        case 'JournalVoided':
          await this.mark(tx, data, { mark: 'void', documentNumber: null, postedOn: null, note: data.reason, ...by });
          break;
        case 'JournalMarkWithdrawn':
          await tx.query('update journals set marks = marks - -1 where period = $1 and number = $2', [data.period, data.number]);
          break;
      }
    }
  }

  private async export(tx: Tx, data: JournalExported['data'], exportedBy: string, exportedAt: Date): Promise<void> {
    await tx.query(
      `insert into journals (period, number, format, include_flagged, include_zero, file_name, sha256, bytes, row_count, debits, credits, ledger_digest,
         delta_from, booking_count, exported_by, exported_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [
        data.period,
        data.number,
        data.format,
        data.includeFlagged,
        data.includeZero,
        data.fileName,
        data.sha256,
        data.bytes,
        data.rowCount,
        data.debits,
        data.credits,
        data.ledgerDigest,
        data.deltaFrom,
        data.bookings?.count ?? null,
        exportedBy,
        exportedAt,
      ],
    );
  }

  private async mark(
    tx: Tx,
    { period, number }: { readonly period: BillingPeriod; readonly number: number },
    mark: KeptMark,
  ): Promise<void> {
    await tx.query('update journals set marks = marks || $3::jsonb where period = $1 and number = $2', [
      period,
      number,
      JSON.stringify([mark]),
    ]);
  }
}
