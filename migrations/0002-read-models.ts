import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read models: every table here can be emptied and made again from the log and its lines. */
export class ReadModels1700000000002 implements MigrationInterface {
  name = 'ReadModels1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table charges (
        import_id int not null,
        line_no int not null,
        period text not null,
        source text not null,
        standing text not null check (standing in ('clear', 'flagged', 'approved', 'rejected', 'superseded', 'withdrawn')),
        flags text[] not null,
        reattributed boolean not null,
        pi_email text not null,
        project_id text not null,
        fund_org text not null,
        cost_center text not null,
        account_code text not null,
        service_name text not null,
        resource_id text,
        resource_name text,
        charge_date date,
        currency text not null,
        list_cost numeric not null,
        contracted_cost numeric,
        effective_cost numeric,
        amount numeric not null,
        fingerprint uuid not null,
        primary key (import_id, line_no)
      );
      create index charges_by_source on charges (period, source);
      create index charges_by_attribution on charges (period, pi_email, project_id);
      create index charges_to_review on charges (period, standing) where standing not in ('clear', 'superseded');

      create table ledger_balances (
        period text not null,
        currency text not null,
        pi_email text not null,
        project_id text not null,
        fund_org text not null,
        source text not null,
        service_name text not null,
        account_code text not null,
        standing text not null,
        line_count int not null,
        list numeric not null,
        contracted numeric not null,
        billed numeric not null,
        effective numeric not null,
        primary key (period, currency, pi_email, project_id, fund_org, source, service_name, account_code, standing)
      );

      create table review_log (
        position bigint not null,
        import_id int not null,
        line_no int not null,
        period text not null,
        action text not null,
        amount numeric not null,
        note text,
        actor text not null,
        recorded_at timestamptz not null,
        primary key (position, import_id, line_no)
      );
      create index review_log_by_charge on review_log (import_id, line_no);

      create table imports (
        import_id int primary key,
        source text not null,
        file_name text not null,
        sha256 text not null,
        bytes bigint not null,
        state text not null check (state in ('received', 'recorded', 'refused', 'withdrawn')),
        delivery_mode text not null,
        expected_period text,
        periods text[] not null,
        line_count int not null,
        report jsonb,
        refusal jsonb,
        received_by text not null,
        received_at timestamptz not null,
        ended_at timestamptz
      );
      create index imports_by_content on imports (source, sha256);

      create table sources (
        name text primary key,
        display_name text not null,
        pattern text not null,
        fund_org text not null,
        account_code text not null,
        delivery_mode text not null,
        cost_basis text not null,
        date_format text not null,
        line_id_column text not null,
        enabled boolean not null
      );

      create table statement_runs (
        run_id int primary key,
        period text not null,
        state text not null check (state in ('running', 'completed')),
        send boolean not null,
        planned int,
        issued int not null,
        unchanged int not null,
        failures jsonb not null,
        requested_by text not null,
        requested_at timestamptz not null,
        completed_at timestamptz
      );

      create table statements (
        period text not null,
        pi_email text not null,
        project_id text not null,
        revision int not null,
        run_id int not null,
        currency text not null,
        fund_orgs text[] not null,
        list numeric not null,
        discount numeric not null,
        due numeric not null,
        line_count int not null,
        ledger_digest text not null,
        sha256 text not null,
        file_name text not null,
        issued_at timestamptz not null,
        primary key (period, pi_email, project_id, revision)
      );

      create table deliveries (
        delivery_id text primary key,
        period text not null,
        pi_email text not null,
        recipient text not null,
        subject text not null,
        status text not null check (status in ('queued', 'sent', 'failed', 'dev_mode')),
        statements jsonb not null,
        message_id text not null,
        response text,
        queued_by text not null,
        queued_at timestamptz not null,
        ended_at timestamptz
      );
      create index deliveries_by_period on deliveries (period, pi_email);

      create table journals (
        period text not null,
        number int not null,
        format text not null,
        include_flagged boolean not null,
        file_name text not null,
        sha256 text not null,
        bytes bigint not null,
        row_count int not null,
        debits numeric not null,
        credits numeric not null,
        ledger_digest text not null,
        exported_by text not null,
        exported_at timestamptz not null,
        primary key (period, number)
      );

      create table users (
        email text primary key,
        display_name text not null,
        role text not null check (role in ('viewer', 'reviewer', 'admin')),
        enabled boolean not null,
        must_change_password boolean not null,
        created_at timestamptz not null,
        last_sign_in_at timestamptz
      );
      create table api_keys (
        key_id text primary key,
        name text not null,
        scopes text[] not null,
        sources text[],
        expires_at timestamptz,
        revoked_at timestamptz,
        created_by text not null,
        created_at timestamptz not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table charges, ledger_balances, review_log, imports, sources, statement_runs, statements, deliveries, journals, users, api_keys',
    );
  }
}
