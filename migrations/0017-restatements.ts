import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that restate a finalized period: where their lines lie while they are compared, and what the lists tell of their booking. */
export class Restatements1700000000017 implements MigrationInterface {
  name = 'Restatements1700000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The lines of a finalized period may not lie in charge_lines, not even staged. What is compared is read again after a crash, so it needs no log.
      create unlogged table restated_lines (like charge_lines including defaults, primary key (import_id, line_no));

      alter table imports drop constraint imports_state_check;
      alter table imports add constraint imports_state_check
        check (state in ('received', 'recorded', 'booked', 'refused', 'withdrawn', 'cancelled'));
      alter table imports add column as_adjustments jsonb, add column restatement jsonb;

      -- A restatement corrects charges of any number of PIs, in both directions. Its lines have the numbers of those of the file.
      alter table adjustments alter column pi_email drop not null, alter column project_id drop not null;
      alter table adjustments drop constraint adjustments_kind_check;
      alter table adjustments add constraint adjustments_kind_check check (kind in ('credit', 'debit', 'restatement'));
      alter table adjustments add column file_name text, add column first_line int not null default 1;
    `);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('Booked adjustments are facts: what tells of them is never taken down; restore a backup instead.'));
  }
}
