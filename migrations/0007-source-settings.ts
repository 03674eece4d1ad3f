import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sources whose files write inclusive period ends. */
export class SourceSettings1700000000007 implements MigrationInterface {
  name = 'SourceSettings1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    // The default is for rows of older programs; from then on the projection says it of each source.
    await runner.query('alter table sources add column inclusive_period_ends boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sources drop column inclusive_period_ends');
  }
}
