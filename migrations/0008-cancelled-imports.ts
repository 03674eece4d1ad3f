import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports that were given up before they were recorded; who ended an import, and why; numbers for dry runs that no import ever has. */
export class CancelledImports1700000000008 implements MigrationInterface {
  name = 'CancelledImports1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table imports drop constraint imports_state_check;
      alter table imports add constraint imports_state_check check (state in ('received', 'recorded', 'refused', 'withdrawn', 'cancelled'));
      alter table imports add column ended_by text, add column end_reason text;
      -- Staged lines carry an import's number. Dry runs count downwards, so that the numbers people see have no gaps from them.
      create sequence preview_ids as int increment by -1;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop sequence preview_ids;
      alter table imports drop column ended_by, drop column end_reason;
      alter table imports drop constraint imports_state_check;
      alter table imports add constraint imports_state_check check (state in ('received', 'recorded', 'refused', 'withdrawn'));
    `);
  }
}
