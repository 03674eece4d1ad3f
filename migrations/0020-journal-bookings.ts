import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What journals book, row by row: facts beside the event that proves them. What became of a journal in accounting: columns of the read model. */
export class JournalBookings1700000000020 implements MigrationInterface {
  name = 'JournalBookings1700000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table journal_bookings (
        period text not null,
        number int not null,
        row_no int not null,
        party text not null check (party in ('pi', 'source')),
        fund_org text not null,
        source text not null,
        account text not null,
        pi_email text not null,
        project_id text not null,
        service_name text not null,
        -- Positive: debited to a PI's fund/org, credited to a source's.
        amount numeric not null,
        line_count int not null,
        primary key (period, number, row_no)
      );
      create trigger bookings_are_facts before update or delete on journal_bookings for each row execute function refuse_change();
      create trigger bookings_are_not_truncated before truncate on journal_bookings for each statement execute function refuse_change();

      -- They are written just before their event, in its transaction; once it is recorded, none is added.
      create function refuse_bookings_behind_the_log() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
      begin
        if exists (
          select 1 from (select distinct period, number from added) a
          join public.events e on e.stream = 'journal-' || a.period and e.type = 'JournalExported' and (e.data ->> 'number')::int = a.number
        ) then
          raise exception 'the bookings of a recorded journal are append-only: insert is refused' using errcode = 'restrict_violation';
        end if;
        return null;
      end $$;
      create trigger bookings_come_before_their_event after insert on journal_bookings referencing new table as added
        for each statement execute function refuse_bookings_behind_the_log();

      alter table journals add column delta_from int[], add column booking_count int, add column marks jsonb not null default '[]';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table journals drop column delta_from, drop column booking_count, drop column marks;
      drop table journal_bookings;
      drop function refuse_bookings_behind_the_log();
    `);
  }
}
