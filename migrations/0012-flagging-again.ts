import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Charges that were flagged again by rules that changed, and funds that were taken out of the chart. */
export class FlaggingAgain1700000000012 implements MigrationInterface {
  name = 'FlaggingAgain1700000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The reasons that were raised when it was flagged again; null: those of its line. No import writes it.
      alter table charges add column raised_again text[];

      create trigger flagging_again_obeys_its_period before insert on events for each row
        when (new.type = 'ChargesReflagged') execute function refuse_events_against_period_state();

      alter table fund_changes drop constraint fund_changes_action_check;
      alter table fund_changes add constraint fund_changes_action_check check (action in ('registered', 'changed', 'retired', 'removed'));
    `);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The protection of finalized periods is never taken down; restore a backup instead.'));
  }
}
