import { Injectable } from '@nestjs/common';
import type { Projection, RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { JournalExported } from '../domain/journal.events.js';

/** The list of exported journals. */
@Injectable()
export class JournalsProjection implements Projection {
  readonly name = 'journals';
  readonly version = 1;
  readonly tables = ['journals'];
  readonly eventTypes = ['JournalExported'];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const { data, metadata, recordedAt } of events as readonly RecordedEvent<JournalExported>[]) {
      await tx.query(
        `insert into journals (period, number, format, include_flagged, file_name, sha256, bytes, row_count, debits, credits, ledger_digest, exported_by, exported_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
        [
          data.period,
          data.number,
          data.format,
          data.includeFlagged,
          data.fileName,
          data.sha256,
          data.bytes,
          data.rowCount,
          data.debits,
          data.credits,
          data.ledgerDigest,
          metadata.actor.id,
          recordedAt,
        ],
      );
    }
  }
}
