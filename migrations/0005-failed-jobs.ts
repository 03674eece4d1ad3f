import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read model of work whose attempts were used up; it can be emptied and made again from the log. */
export class FailedJobs1700000000005 implements MigrationInterface {
  name = 'FailedJobs1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table failed_jobs (
        job_id text primary key,
        name text not null,
        data jsonb not null,
        state text not null check (state in ('exhausted', 'retried')),
        attempts int not null,
        reason text not null,
        failed_at timestamptz not null,
        retried_by text,
        retried_at timestamptz
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table failed_jobs');
  }
}
