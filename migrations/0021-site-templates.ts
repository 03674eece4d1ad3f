import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions of the templates that are saved in the program: a read model of the streams `template-…`. */
export class SiteTemplates1700000000021 implements MigrationInterface {
  name = 'SiteTemplates1700000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table site_template_versions (
        area text not null,
        -- Compared byte by byte: file names are listed in one order on every server.
        name text collate "C" not null,
        version int not null,
        action text not null check (action in ('saved', 'removed')),
        bytes int not null,
        note text,
        changed_by text not null,
        changed_at timestamptz not null,
        primary key (area, name, version)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table site_template_versions');
  }
}
