import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What lets the program work as a role that can only add to the log (docs/adr/0008): the one way by which staged lines go, and triggers
 * that refuse what was left open. Which role may do what stands in libs/platform/database/application-role.ts.
 */
export class ApplicationRole1700000000004 implements MigrationInterface {
  name = 'ApplicationRole1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Waits for whoever is recording the import (they hold the same lock, see LineStore.sums), so that the answer holds.
      create function discard_unrecorded_lines(discarded_import_id int) returns void
        language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
      begin
        perform pg_advisory_xact_lock(hashtextextended('import-lines:' || discarded_import_id, 0));
        if exists (select 1 from public.events where stream = 'import-' || discarded_import_id and type = 'ImportRecorded') then
          raise exception 'the lines of a recorded import are append-only: delete is refused' using errcode = 'restrict_violation';
        end if;
        delete from public.charge_lines where import_id = discarded_import_id;
      end $$;
      revoke execute on function discard_unrecorded_lines(int) from public;

      create trigger lines_are_not_truncated before truncate on charge_lines for each statement execute function refuse_change();
      do $$ begin
        for n in 0..7 loop
          execute format('create trigger lines_are_not_truncated before truncate on charge_lines_%s
            for each statement execute function refuse_change()', n);
        end loop;
      end $$;
      create trigger matches_are_facts before update or delete on charge_line_matches for each row execute function refuse_change();
      create trigger matches_are_not_truncated before truncate on charge_line_matches for each statement execute function refuse_change();
      create trigger withdrawals_are_facts before update or delete on charge_line_withdrawals for each row execute function refuse_change();
      create trigger withdrawals_are_not_truncated before truncate on charge_line_withdrawals
        for each statement execute function refuse_change();

      -- A temporary table of the same name comes first in every session's path and would hide the real one from these triggers.
      alter function refuse_loss_of_recorded_lines() set search_path = pg_catalog, public, pg_temp;
      alter function refuse_lines_behind_the_log() set search_path = pg_catalog, public, pg_temp;
      alter function refuse_events_against_period_state() set search_path = pg_catalog, public, pg_temp;
    `);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The protection of the event log is never taken down; restore a backup instead.'));
  }
}
