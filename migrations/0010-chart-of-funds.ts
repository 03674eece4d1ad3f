import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The chart of funds and what became of each fund: read models of the stream `funds`. */
export class ChartOfFunds1700000000010 implements MigrationInterface {
  name = 'ChartOfFunds1700000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Compared byte by byte, so that pages have one order on every server.
      create table funds (
        fund_org text collate "C" primary key,
        title text not null,
        valid_from date,
        valid_to date,
        owner text not null,
        changed_by text not null,
        changed_at timestamptz not null
      );
      create table fund_changes (
        fund_org text collate "C" not null,
        position bigint not null,
        action text not null check (action in ('registered', 'changed', 'retired')),
        title text not null,
        valid_from date,
        valid_to date,
        owner text not null,
        reason text,
        file_name text,
        changed_by text not null,
        changed_at timestamptz not null,
        primary key (fund_org, position)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table fund_changes, funds');
  }
}
