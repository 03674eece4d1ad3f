import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Statement runs for a part of a period, that can be cancelled and tried again; statements are found by their verification code. */
export class StatementRuns1700000000019 implements MigrationInterface {
  name = 'StatementRuns1700000000019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table statement_runs drop constraint statement_runs_state_check;
      alter table statement_runs add constraint statement_runs_state_check check (state in ('planned', 'running', 'completed', 'cancelled'));
      alter table statement_runs add column scope jsonb not null default '{"piEmails": null, "projectIds": null, "statements": null}',
        add column retry_of int, add column cancelled_by text, add column cancel_reason text;
      create index statement_runs_by_retried on statement_runs (retry_of) where retry_of is not null;

      create index statements_by_digest on statements (ledger_digest text_pattern_ops);
      create index statements_by_run on statements (run_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index statements_by_run, statements_by_digest, statement_runs_by_retried;
      update statement_runs set state = 'running' where state = 'planned';
      update statement_runs set state = 'completed' where state = 'cancelled';
      alter table statement_runs drop column scope, drop column retry_of, drop column cancelled_by, drop column cancel_reason;
      alter table statement_runs drop constraint statement_runs_state_check;
      alter table statement_runs add constraint statement_runs_state_check check (state in ('running', 'completed'));
    `);
  }
}
