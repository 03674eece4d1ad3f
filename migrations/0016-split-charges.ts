import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Charges that are divided over several payers: their parts are charge lines under a number of their own, each naming the charge that it is a part of. They are
 * written like the lines of an import, and what protects those protects them.
 */
export class SplitCharges1700000000016 implements MigrationInterface {
  name = 'SplitCharges1700000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Of a part: the line that it is a part of, which part (from 1), and the share as it was asked for: '60 %', '250' or 'rest'.
      alter table charge_lines add column part_of_import_id int, add column part_of_line_no int, add column part_no int, add column part_share text;
      alter table charges add column part_of_import_id int, add column part_of_line_no int;
      -- How a charge stood before it was divided, and a part before the charge that it is a part of was replaced or taken back.
      alter table charges add column stood text;
      alter table charges drop constraint charges_standing_check;
      alter table charges add constraint charges_standing_check
        check (standing in ('clear', 'flagged', 'approved', 'rejected', 'split', 'superseded', 'withdrawn'));
      create index charges_parts on charges (part_of_import_id, part_of_line_no) where part_of_import_id is not null;

      create table splits (
        split_id int primary key,
        position bigint not null,
        period text not null,
        rule text,
        parts jsonb not null,
        note text,
        sources text[] not null,
        charge_count int not null,
        amounts jsonb not null,
        line_count int not null,
        undone_count int not null,
        split_by text not null,
        split_at timestamptz not null
      );
      create index splits_by_period on splits (period);

      create trigger splitting_obeys_its_period before insert on events for each row
        when (new.type in ('ChargesSplit', 'SplitsUndone')) execute function refuse_events_against_period_state();

      create or replace function is_recorded(lines_of int) returns boolean language sql stable set search_path = pg_catalog, public, pg_temp as $$
        select exists (select 1 from public.events where stream = 'import-' || lines_of and type = 'ImportRecorded')
            or exists (select 1 from public.events where stream = 'adjustment-' || lines_of and type = 'AdjustmentsBooked')
            or exists (select 1 from public.events where stream = 'split-' || lines_of and type = 'ChargesSplit')
      $$;
      -- Dividing a charge is a decision, which a closed period takes: parts may be written there, other lines only in an open one.
      create or replace function refuse_lines_behind_the_log() returns trigger language plpgsql
        set search_path = pg_catalog, public, pg_temp as $$
      declare
        refused text;
        any_recorded boolean;
      begin
        select string_agg(distinct p.period || ' is ' || p.state, ', ')
                 filter (where p.state <> 'open' and not (f.is_part and p.state = 'closed')), bool_or(is_recorded(f.import_id))
          into refused, any_recorded
          from (select distinct import_id, period, part_of_import_id is not null as is_part from fresh offset 0) f left join periods p on p.period = f.period;
        if refused is not null then
          raise exception 'charge lines are refused: period %', refused using errcode = 'restrict_violation';
        end if;
        if any_recorded then
          raise exception 'charge lines are refused: their import is recorded already' using errcode = 'restrict_violation';
        end if;
        return null;
      end $$;
    `);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('Divided charges are facts: their protection is never taken down; restore a backup instead.'));
  }
}
