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
    let issued: RecordedEvent<StatementIssued>[] = [];
    for (const event of events) {
      if (isEvent<StatementIssued>(event, 'StatementIssued')) {
        issued.push(event);
        continue;
      }
      // What happened before comes before.
      await this.issued(tx, issued);
      issued = [];
      if (isEvent<StatementFailed>(event, 'StatementFailed')) {
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
    await this.issued(tx, issued);
  }

  private async issued(tx: Tx, events: readonly RecordedEvent<StatementIssued>[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map(({ data: { contents: _kept, ...data }, recordedAt }) => ({ ...data, at: recordedAt }));
    await tx.query(
      `with issued as materialized (
         select * from jsonb_to_recordset($1::jsonb) as i(period text, "piEmail" text, "projectId" text, revision int, "runId" int, currency text,
           "fundOrgs" text[], list numeric, discount numeric, due numeric, "lineCount" int, "ledgerDigest" text, sha256 text, "fileName" text, at timestamptz)),
       inserted as (
         insert into statements (period, pi_email, project_id, revision, run_id, currency, fund_orgs, list, discount, due, line_count, ledger_digest,
           sha256, file_name, issued_at)
         select period, "piEmail", "projectId", revision, "runId", currency, "fundOrgs", list, discount, due, "lineCount", "ledgerDigest",
           sha256, "fileName", at from issued)
       update statement_runs r set issued = r.issued + made.count
       from (select "runId", count(*)::int as count from issued group by "runId") made where r.run_id = made."runId"`,
      [JSON.stringify(rows)],
    );
  }
}
