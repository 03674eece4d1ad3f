import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The append-only log, the guard of the periods, and the lines that are the payload of `ImportRecorded`. */
export class EventLog1700000000001 implements MigrationInterface {
  name = 'EventLog1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Transaction ids order the log. A dump that is restored into another cluster meets a younger counter there; an epoch says how
      -- many ids the counter of this cluster is behind, so that the order goes on where it stood. The newest one holds.
      create table log_epochs (
        epoch int generated always as identity primary key,
        id_offset bigint not null check (id_offset >= 0),
        began_at timestamptz not null
      );
      create function log_id_offset() returns bigint language sql stable as
        $$ select coalesce((select id_offset from log_epochs order by epoch desc limit 1), 0) $$;
      -- Events of older transactions than this are all there: none can still appear among them.
      create function log_horizon() returns xid8 language sql stable as
        $$ select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + log_id_offset())::text::xid8 $$;

      create table events (
        position bigint generated always as identity primary key,
        stream text not null,
        version int not null check (version > 0),
        type text not null,
        schema_version int not null,
        data jsonb not null,
        metadata jsonb not null,
        recorded_at timestamptz not null,
        transaction_id xid8 not null,
        idempotency_key text unique,
        input_hash text,
        prev_hash bytea,
        hash bytea not null,
        unique (stream, version)
      );
      create index events_in_safe_order on events (transaction_id, position);
      create index events_by_type on events (type, position);
      create index events_by_content on events ((data ->> 'sha256')) where type = 'ImportReceived';
      create index events_by_run on events ((data ->> 'runId')) where type in ('StatementIssued', 'StatementFailed');

      create table projections (
        name text primary key,
        version int not null,
        transaction_id xid8 not null,
        position bigint not null
      );
      -- New versions of read models that are being built in schemas of their own, beside those in use.
      create table projection_rebuilds (
        name text primary key,
        version int not null,
        transaction_id xid8 not null,
        position bigint not null,
        started_at timestamptz not null
      );

      -- Kept in the same transaction as the period's events: the row that everybody who changes a ledger locks.
      create table periods (
        period text primary key check (period ~ '^[0-9]{4}-[0-9]{2}$'),
        state text not null check (state in ('open', 'closed', 'finalized')),
        opened_at timestamptz not null,
        closed_at timestamptz,
        finalized_at timestamptz,
        notes text
      );

      create sequence import_ids as int;
      create sequence statement_run_ids as int;

      create table charge_lines (
        import_id int not null,
        line_no int not null,
        period text not null,
        provider_name text,
        billing_account_id text,
        sub_account_id text,
        invoice_id text,
        charge_category text,
        charge_description text,
        charge_period_start timestamptz,
        charge_period_end timestamptz,
        service_name text not null,
        service_category text,
        resource_id text,
        resource_name text,
        region_id text,
        sku_id text,
        currency text not null,
        list_cost numeric not null,
        contracted_cost numeric,
        billed_cost numeric,
        effective_cost numeric,
        amount numeric not null,
        pi_email text,
        pi_email_as_written text,
        project_id text,
        fund_org text,
        cost_center text,
        account_code text,
        reference_1 text,
        reference_2 text,
        end_date date,
        reconciliation_end date,
        tags text,
        other_columns text,
        fingerprint uuid not null,
        flags text[] not null,
        primary key (import_id, line_no)
      ) partition by hash (import_id);
      do $$ begin
        for n in 0..7 loop
          execute format('create table charge_lines_%s partition of charge_lines for values with (modulus 8, remainder %s)', n, n);
        end loop;
      end $$;

      -- What an import found for its lines among the lines held before: also payload of ImportRecorded.
      create table charge_line_matches (
        import_id int not null,
        line_no int not null,
        outcome text not null check (outcome in ('unchanged', 'revised')),
        old_import_id int not null,
        old_line_no int not null,
        primary key (import_id, line_no)
      );
      create table charge_line_withdrawals (
        import_id int not null,
        old_import_id int not null,
        old_line_no int not null,
        primary key (import_id, old_import_id, old_line_no)
      );

      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
      end $$;
      create trigger events_are_facts before update or delete on events for each row execute function refuse_change();
      create trigger events_are_not_truncated before truncate on events for each statement execute function refuse_change();
      create trigger lines_are_facts before update on charge_lines for each row execute function refuse_change();

      -- Lines may go only as long as no event speaks of them: an import that was refused or broken off.
      create function refuse_loss_of_recorded_lines() returns trigger language plpgsql as $$
      begin
        if exists (
          select 1 from (select distinct import_id from gone) g
          join events e on e.stream = 'import-' || g.import_id and e.type = 'ImportRecorded'
        ) then
          raise exception 'the lines of a recorded import are append-only: delete is refused' using errcode = 'restrict_violation';
        end if;
        return null;
      end $$;
      create trigger recorded_lines_stay after delete on charge_lines referencing old table as gone
        for each statement execute function refuse_loss_of_recorded_lines();

      create function refuse_lines_behind_the_log() returns trigger language plpgsql as $$
      declare
        refused text;
      begin
        select string_agg(p.period || ' is ' || p.state, ', ') into refused
          from (select distinct period from fresh) f join periods p on p.period = f.period where p.state <> 'open';
        if refused is not null then
          raise exception 'charge lines are refused: period %', refused using errcode = 'restrict_violation';
        end if;
        if exists (
          select 1 from (select distinct import_id from fresh) f
          join events e on e.stream = 'import-' || f.import_id and e.type = 'ImportRecorded'
        ) then
          raise exception 'charge lines are refused: their import is recorded already' using errcode = 'restrict_violation';
        end if;
        return null;
      end $$;
      -- On the parent and on every partition: a statement's triggers are those of the table it names. COPY names the partition,
      -- because Postgres inserts row by row where the parent of a partition has such a trigger.
      create trigger lines_obey_their_period after insert on charge_lines referencing new table as fresh
        for each statement execute function refuse_lines_behind_the_log();
      do $$ begin
        for n in 0..7 loop
          execute format('create trigger lines_obey_their_period after insert on charge_lines_%s referencing new table as fresh
            for each statement execute function refuse_lines_behind_the_log()', n);
          execute format('create trigger recorded_lines_stay after delete on charge_lines_%s referencing old table as gone
            for each statement execute function refuse_loss_of_recorded_lines()', n);
        end loop;
      end $$;

      -- The last word on periods, whatever path an event takes: recording needs open periods, deciding needs unfinalized ones.
      create function refuse_events_against_period_state() returns trigger language plpgsql as $$
      declare
        refused text;
      begin
        if new.type in ('ImportRecorded', 'ImportWithdrawn') then
          select string_agg(p.period || ' is ' || p.state, ', ') into refused
            from jsonb_array_elements_text(new.data -> 'periods') as touched(period)
            join periods p using (period) where p.state <> 'open';
        elsif new.type in ('ChargesApproved', 'ChargesRejected', 'ChargesRestored', 'ChargesReattributed') then
          select p.period || ' is ' || p.state into refused
            from periods p where p.period = new.data ->> 'period' and p.state = 'finalized';
        end if;
        if refused is not null then
          raise exception '% is refused: period %', new.type, refused using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger events_obey_their_period before insert on events for each row
        when (new.type in ('ImportRecorded', 'ImportWithdrawn', 'ChargesApproved', 'ChargesRejected', 'ChargesRestored', 'ChargesReattributed'))
        execute function refuse_events_against_period_state();

      -- One round trip per append: looks at the stream's head, chains the hashes, inserts. Events come as [{type, schemaVersion, data}].
      -- A link of the chain is SHA-256 over the link before (32 zero bytes before the first) and what the event says: the array [stream,
      -- version, type, schema version, data, metadata, microseconds since 1970] as jsonb prints it, which is the same for the same content.
      -- Outcomes: appended; repeated (the key was used for the same before); key-conflict (for something else); moved (the stream is not at
      -- the expected version, or its head belongs to a transaction that readers will see after this one: appending would turn the stream's
      -- order around).
      create function append_events(
        to_stream text, expected_version int, new_events jsonb, event_metadata jsonb, at timestamptz, request_key text, request_hash text,
        out outcome text, out last_position bigint, out last_version int
      ) language plpgsql as $$
      declare
        at_microseconds bigint := extract(epoch from at) * 1000000;
        event_count int := jsonb_array_length(new_events);
        head record;
        chained bytea[];
        link bytea;
        event jsonb;
      begin
        if request_key is not null then
          select e.position, e.version, e.input_hash into head from events e where e.idempotency_key = request_key;
          if found then
            outcome := case when head.input_hash = request_hash then 'repeated' else 'key-conflict' end;
            last_position := head.position;
            last_version := head.version;
            return;
          end if;
        end if;
        -- The offset is read here, not by log_id_offset(): a call of it takes longer than the rest of this query.
        select (pg_current_xact_id()::text::bigint + coalesce(o.id_offset, 0))::text::xid8 as own_id, e.version, e.hash, e.transaction_id into head
        from (select) one
        left join lateral (select id_offset from log_epochs order by epoch desc limit 1) o on true
        left join lateral (select x.version, x.hash, x.transaction_id from events x where x.stream = to_stream order by x.version desc limit 1) e on true;
        last_version := coalesce(head.version, 0);
        if last_version <> expected_version or head.transaction_id > head.own_id then
          outcome := 'moved';
          return;
        end if;
        link := coalesce(head.hash, '\\x0000000000000000000000000000000000000000000000000000000000000000');
        for n in 0 .. event_count - 1 loop
          event := new_events -> n;
          last_version := last_version + 1;
          link := sha256(link || convert_to(jsonb_build_array(
            to_stream, last_version, event -> 'type', event -> 'schemaVersion', event -> 'data', event_metadata, at_microseconds)::text, 'UTF8'));
          chained := chained || link;
        end loop;
        -- The key stands on the last event, whose position and version are what a repeated request is told.
        if event_count = 1 then
          insert into events (stream, version, type, schema_version, data, metadata, recorded_at, transaction_id, idempotency_key, input_hash, prev_hash, hash)
          values (to_stream, last_version, event ->> 'type', (event ->> 'schemaVersion')::int, event -> 'data', event_metadata, at, head.own_id,
            request_key, request_hash, head.hash, link)
          returning position into last_position;
        else
          with inserted as (
            insert into events (stream, version, type, schema_version, data, metadata, recorded_at, transaction_id, idempotency_key, input_hash, prev_hash, hash)
            select to_stream, expected_version + n, e ->> 'type', (e ->> 'schemaVersion')::int, e -> 'data', event_metadata, at, head.own_id,
              case when n = event_count then request_key end, case when n = event_count then request_hash end,
              coalesce(lag(own_link) over (order by n), head.hash), own_link
            from rows from (jsonb_array_elements(new_events), unnest(chained)) with ordinality as given(e, own_link, n) order by n
            returning position)
          select max(position) into last_position from inserted;
        end if;
        outcome := 'appended';
      end $$;
    `);
  }

  async down(): Promise<void> {
    await Promise.reject(new Error('The event log is never taken down; restore a backup instead.'));
  }
}
