import { Injectable } from '@nestjs/common';
import { isEvent, type Projection, type RecordedEvent } from '#event-store';
import type { Tx } from '#platform';
import type {
  StatementFailed,
  StatementIssued,
  StatementRunCancelled,
  StatementRunCompleted,
  StatementRunPlanned,
  StatementRunRequested,
} from '../domain/statement.events.js';

/** Statements with all their revisions, and the runs with their progress. */
@Injectable()
export class StatementsProjection implements Projection {
  readonly name = 'statements';
  readonly version = 2;
  readonly tables = ['statements', 'statement_runs'];
  readonly eventTypes = [
    'StatementRunRequested',
    'StatementRunPlanned',
    'StatementRunCompleted',
    'StatementRunCancelled',
    'StatementIssued',
    'StatementFailed',
  ];

  async apply(tx: Tx, events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      if (isEvent<StatementIssued>(event, 'StatementIssued')) await this.issued(tx, event);
      else if (isEvent<StatementFailed>(event, 'StatementFailed')) {
        const { runId, piEmail, projectId, reason } = event.data;
        await tx.query('update statement_runs set failures = failures || $2::jsonb where run_id = $1', [
          runId,
          JSON.stringify([{ piEmail, projectId, reason }]),
        ]);
      } else if (isEvent<StatementRunRequested>(event, 'StatementRunRequested')) {
        const { runId, period, send, scope, retryOf } = event.data;
        await tx.query(
          `insert into statement_runs (run_id, period, state, send, scope, retry_of, issued, unchanged, failures, requested_by, requested_at)
           values ($1, $2, 'planned', $3, $4, $5, 0, 0, '[]', $6, $7)`,
          [runId, period, send, JSON.stringify(scope), retryOf, event.metadata.actor.id, event.recordedAt],
        );
      } else if (isEvent<StatementRunPlanned>(event, 'StatementRunPlanned')) {
        const { runId, due, unchanged } = event.data;
        await tx.query(`update statement_runs set state = 'running', planned = $2, unchanged = $3 where run_id = $1`, [
          runId,
          due.length,
          unchanged,
        ]);
      } else if (isEvent<StatementRunCompleted>(event, 'StatementRunCompleted')) {
        await tx.query(`update statement_runs set state = 'completed', completed_at = $2 where run_id = $1`, [
          event.data.runId,
          event.recordedAt,
        ]);
      } else if (isEvent<StatementRunCancelled>(event, 'StatementRunCancelled')) {
        await tx.query(
          `update statement_runs set state = 'cancelled', completed_at = $2, cancelled_by = $3, cancel_reason = $4 where run_id = $1`,
          [event.data.runId, event.recordedAt, event.metadata.actor.id, event.data.reason],
        );
      }
    }
  }

  private async issued(tx: Tx, event: RecordedEvent<StatementIssued>): Promise<void> {
    const { data } = event;
    await tx.query(
      `insert into statements (period, pi_email, project_id, revision, run_id, currency, fund_orgs, list, discount, due, line_count, ledger_digest, sha256, file_name, issued_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        data.period,
        data.piEmail,
        data.projectId,
        data.revision,
        data.runId,
        data.currency,
        data.fundOrgs,
        data.list,
        data.discount,
        data.due,
        data.lineCount,
        data.ledgerDigest,
        data.sha256,
        data.fileName,
        event.recordedAt,
      ],
    );
    await tx.query('update statement_runs set issued = issued + 1 where run_id = $1', [data.runId]);
  }
}
