import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Corrections of finalized periods: charge lines of an open period that name the charges they correct. They are written like the lines of an import,
 * and what protects those protects them.
 */
export class Adjustments1700000000013 implements MigrationInterface {
  name = 'Adjustments1700000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table charge_line_matches drop constraint charge_line_matches_outcome_check;
      alter table charge_line_matches add constraint charge_line_matches_outcome_check check (outcome in ('unchanged', 'revised', 'adjusts'));

      -- The charge that an adjustment corrects. There are few adjustments, so the index costs imports nothing.
      alter table charges add column adjusts_import_id int, add column adjusts_line_no int;
      create index charges_adjusting on charges (adjusts_import_id, adjusts_line_no) where adjusts_import_id is not null;

      create table adjustments (
        adjustment_id int primary key,
        position bigint not null,
        state text not null check (state in ('booked', 'withdrawn')),
        period text not null,
        adjusted_period text not null,
        charge_id text,
        pi_email text not null,
        project_id text not null,
        revision int,
        kind text not null check (kind in ('credit', 'debit')),
        amount text,
        percent text,
        reason text not null,
        sources text[] not null,
        line_count int not null,
        totals jsonb not null,
        booked_by text not null,
        booked_at timestamptz not null,
        ended_by text,
        ended_at timestamptz,
        end_reason text
      );
      create index adjustments_by_period on adjustments (period);
      create index adjustments_by_adjusted_period on adjustments (adjusted_period);

      -- Adjustments go into an open period and correct a finalized one. As for imports (0011), the rows are locked before they are read.
      create function refuse_adjustments_against_period_state() returns trigger language plpgsql
        set search_path = pg_catalog, public, pg_temp as $$
      declare
        own text;
        adjusted text;
      begin
        perform 1 from periods where period in (new.data ->> 'period', new.data ->> 'adjustedPeriod') order by period for share;
        select state into own from periods where period = new.data ->> 'period';
        if own is distinct from 'open' then
          raise exception '% is refused: period % is %', new.type, new.data ->> 'period', coalesce(own, 'absent') using errcode = 'restrict_violation';
        end if;
        if new.type = 'AdjustmentsBooked' then
          select state into adjusted from periods where period = new.data ->> 'adjustedPeriod';
          if adjusted is distinct from 'finalized' then
            raise exception '% is refused: period % is %, not finalized', new.type, new.data ->> 'adjustedPeriod', coalesce(adjusted, 'absent')
              using errcode = 'restrict_violation';
          end if;
        end if;
        return new;
      end $$;
      create trigger adjustments_obey_their_periods before insert on events for each row
        when (new.type in ('AdjustmentsBooked', 'AdjustmentsWithdrawn')) execute function refuse_adjustments_against_period_state();

      -- Lines that an event speaks of: those of a recorded import, and those of booked adjustments.
      create function is_recorded(lines_of int) returns boolean language sql stable set search_path = pg_catalog, public, pg_temp as $$
        select exists (select 1 from public.events where stream = 'import-' || lines_of and type = 'ImportRecorded')
            or exists (select 1 from public.events where stream = 'adjustment-' || lines_of and type = 'AdjustmentsBooked')
      $$;
      create or replace function refuse_loss_of_recorded_lines() returns trigger language plpgsql
        set search_path = pg_catalog, public, pg_temp as $$
      begin
        -- 'offset 0' here and below: else the log would be asked for every line, which took longer than to store it.
        if exists (select 1 from (select distinct import_id from gone offset 0) g where is_recorded(g.import_id)) then
          raise exception 'the lines of a recorded import are append-only: delete is refused' using errcode = 'restrict_violation';
        end if;
        return null;
      end $$;
      create or replace function refuse_lines_behind_the_log() returns trigger language plpgsql
        set search_path = pg_catalog, public, pg_temp as $$
      declare
        refused text;
        any_recorded boolean;
      begin
        select string_agg(distinct p.period || ' is ' || p.state, ', ') filter (where p.state <> 'open'), bool_or(is_recorded(f.import_id))
          into refused, any_recorded
          from (select distinct import_id, period from fresh offset 0) f left join periods p on p.period = f.period;
        if refused is not null then
          raise exception 'charge lines are refused: period %', refused using errcode = 'restrict_violation';
        end if;
        if any_recorded then
          raise exception 'charge lines are refused: their import is recorded already' using errcode = 'restrict_violation';
        end if;
        return null;
      end $$;
      create or replace function discard_unrecorded_lines(discarded_import_id int) returns void
        language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
      begin
        perform pg_advisory_xact_lock(hashtextextended('import-lines:' || discarded_import_id, 0));
        if is_recorded(discarded_import_id) then
          raise exception 'the lines of a recorded import are append-only: delete is refused' using errcode = 'restrict_violation';
        end if;
        delete from public.charge_lines where import_id = discarded_import_id;
      end $$;
    `);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('Booked adjustments are facts: their protection is never taken down; restore a backup instead.'));
  }
}
