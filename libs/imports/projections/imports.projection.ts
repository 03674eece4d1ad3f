import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type { ImportState } from '../domain/import.js';
import type {
  ImportBooked,
  ImportCancelled,
  ImportReceived,
  ImportRecorded,
  ImportRefused,
  ImportWithdrawn,
} from '../domain/import.events.js';

/** The list of imports with their reports. */
@Injectable()
export class ImportsProjection implements Projection {
  readonly name = 'imports';
  readonly version = 3;
  readonly tables = ['imports'];
  readonly eventTypes = [
    'ImportReceived',
    'ImportRecorded',
    'ImportBooked',
    'ImportRefused',
    'ImportWithdrawn',
    'ImportCancelled',
    'AdjustmentsWithdrawn',
  ];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (isEvent<ImportReceived>(event, 'ImportReceived')) {
        const { data } = event;
        await tx.query(
          `insert into imports (import_id, source, file_name, sha256, bytes, state, delivery_mode, expected_period, periods, line_count, received_by,
             received_at, as_adjustments)
           values ($1, $2, $3, $4, $5, 'received', $6, $7, '{}', 0, $8, $9, $10)`,
          [
            data.importId,
            data.source,
            data.fileName,
            data.sha256,
            data.bytes,
            data.deliveryMode,
            data.expectedPeriod,
            event.metadata.actor.id,
            event.recordedAt,
            data.asAdjustments === null ? null : JSON.stringify(data.asAdjustments),
          ],
        );
      } else if (isEvent<ImportRecorded>(event, 'ImportRecorded')) {
        const { data } = event;
        await tx.query(
          `update imports set state = 'recorded', periods = $2, line_count = $3, report = $4, ended_at = $5 where import_id = $1`,
          [data.importId, data.periods, data.report.totals.lineCount, JSON.stringify(data.report), event.recordedAt],
        );
      } else if (isEvent<ImportBooked>(event, 'ImportBooked')) {
        const { importId, report, restatement } = event.data;
        // Its lines are charges of the adjustment: the import itself holds none, in no period.
        await tx.query(
          `update imports set state = 'booked', line_count = $2, report = $3, restatement = $4, ended_at = $5 where import_id = $1`,
          [importId, report.totals.lineCount, JSON.stringify(report), JSON.stringify(restatement), event.recordedAt],
        );
      } else if (isEvent<ImportRefused>(event, 'ImportRefused')) {
        const { code, reason, problems, report, importId } = event.data;
        await tx.query(`update imports set state = 'refused', refusal = $2, report = $3, ended_at = $4 where import_id = $1`, [
          importId,
          JSON.stringify({ code, reason, problems }),
          report === null ? null : JSON.stringify(report),
          event.recordedAt,
        ]);
      } else if (isEvent<ImportWithdrawn>(event, 'ImportWithdrawn')) {
        await this.end(tx, 'withdrawn', event, event.data.importId);
      } else if (isEvent<ImportCancelled>(event, 'ImportCancelled')) {
        await this.end(tx, 'cancelled', event, event.data.importId);
      } else if (isEvent<AdjustmentsWithdrawnLike>(event, 'AdjustmentsWithdrawn')) {
        // Most adjustments come from no file, and their numbers are those of no import.
        await this.end(tx, 'withdrawn', event, event.data.adjustmentId);
      }
    }
  }

  private async end<Ended extends ImportWithdrawn | ImportCancelled | AdjustmentsWithdrawnLike>(
    tx: Tx,
    state: ImportState,
    event: RecordedEvent<Ended>,
    importId: number,
  ): Promise<void> {
    await tx.query(`update imports set state = $2, ended_at = $3, ended_by = $4, end_reason = $5 where import_id = $1`, [
      importId,
      state,
      event.recordedAt,
      event.metadata.actor.id,
      event.data.reason,
    ]);
  }
}

/** What it reads of the events of adjustments, which belong to those. */
interface AdjustmentsWithdrawnLike {
  type: 'AdjustmentsWithdrawn';
  data: { adjustmentId: number; reason: string };
}
