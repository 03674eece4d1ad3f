import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Copies, links, attempts and suppressed messages in the email log; addresses that get no mail; delegates. */
export class Mail1700000000018 implements MigrationInterface {
  name = 'Mail1700000000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table deliveries
        add column cc jsonb not null default '[]',
        add column copies jsonb not null default '[]',
        add column by_link boolean not null default false,
        -- That were put off, and the one that ended it.
        add column attempts int not null default 0,
        add column address_refused boolean not null default false,
        drop constraint deliveries_status_check,
        add constraint deliveries_status_check check (status in ('queued', 'sent', 'failed', 'dev_mode', 'suppressed'));
      create index deliveries_by_time on deliveries (queued_at desc, delivery_id);

      create table suppressed_addresses (
        address text primary key,
        reason text not null,
        suppressed_by text not null,
        suppressed_at timestamptz not null
      );
      create table delegates (
        pi_email text not null,
        -- Empty: of the PI.
        project_id text not null,
        addresses jsonb not null,
        changed_by text not null,
        changed_at timestamptz not null,
        primary key (pi_email, project_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table delegates, suppressed_addresses;
      drop index deliveries_by_time;
      delete from deliveries where status = 'suppressed';
      alter table deliveries drop column cc, drop column copies, drop column by_link, drop column attempts, drop column address_refused,
        drop constraint deliveries_status_check,
        add constraint deliveries_status_check check (status in ('queued', 'sent', 'failed', 'dev_mode'));
    `);
  }
}
