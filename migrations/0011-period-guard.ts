import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a period's state forbids is refused also to those who race its change, and to those who would change the state itself. */
export class PeriodGuard1700000000011 implements MigrationInterface {
  name = 'PeriodGuard1700000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The row is locked before its state is read: who finalizes at the same moment is waited for, and who appends is. Locking under a
      -- condition on the state would not do: a row that was open when the statement began is then neither locked nor read again.
      create or replace function refuse_events_against_period_state() returns trigger language plpgsql
        set search_path = pg_catalog, public, pg_temp as $$
      declare
        touched text[] := case when new.type in ('ImportRecorded', 'ImportWithdrawn')
          then array(select jsonb_array_elements_text(new.data -> 'periods')) else array[new.data ->> 'period'] end;
        forbidding text[] := case
          when new.type in ('ImportRecorded', 'ImportWithdrawn') then array['closed', 'finalized'] else array['finalized'] end;
        refused text;
      begin
        with held as materialized (select p.period, p.state from periods p where p.period = any(touched) order by p.period for share)
          select string_agg(period || ' is ' || state, ', ') into refused from held where state = any(forbidding);
        if refused is not null then
          raise exception '% is refused: period %', new.type, refused using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;

      -- A period's own events come before the change of its row, in one transaction.
      create trigger period_events_obey_their_period before insert on events for each row
        when (new.type in ('PeriodOpened', 'PeriodClosed', 'PeriodReopened', 'PeriodFinalized'))
        execute function refuse_events_against_period_state();

      -- Whoever could turn the state back could do everything else after it.
      create function refuse_wrong_turn_of_period() returns trigger language plpgsql as $$
      begin
        if tg_op <> 'UPDATE' then
          raise exception 'periods stay: % is refused', lower(tg_op) using errcode = 'restrict_violation';
        end if;
        if old.state = 'finalized' then
          raise exception 'period % is finalized, for ever: a change is refused', old.period using errcode = 'restrict_violation';
        end if;
        if new.period <> old.period or (old.state, new.state) not in (('open', 'closed'), ('closed', 'open'), ('closed', 'finalized')) then
          raise exception 'period % is %: it can''t become % %', old.period, old.state, new.period, new.state using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger periods_go_one_way before update or delete on periods for each row execute function refuse_wrong_turn_of_period();
      create trigger periods_are_not_truncated before truncate on periods for each statement execute function refuse_wrong_turn_of_period();
    `);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The protection of finalized periods is never taken down; restore a backup instead.'));
  }
}
