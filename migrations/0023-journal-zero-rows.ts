import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Journals say whether rows of zero were asked for. */
export class JournalZeroRows1700000000023 implements MigrationInterface {
  name = 'JournalZeroRows1700000000023';

  async up(runner: QueryRunner): Promise<void> {
    // Of a journal of an older program the answer is no, as its event is read.
    await runner.query('alter table journals add column include_zero boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table journals drop column include_zero');
  }
}
