import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attribution rules, read models of the stream `attribution-rules`; and on each line the rule that attributed it. */
export class AttributionRules1700000000014 implements MigrationInterface {
  name = 'AttributionRules1700000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table attribution_rules (
        rule_id int primary key,
        version int not null,
        place int not null
      );
      create table attribution_rule_versions (
        rule_id int not null,
        version int not null,
        place int not null,
        -- All of the rule as it was then, but what the other columns say.
        rule jsonb not null,
        position bigint not null,
        action text not null check (action in ('added', 'changed', 'moved', 'disabled', 'enabled')),
        reason text,
        changed_by text not null,
        changed_at timestamptz not null,
        primary key (rule_id, version)
      );
      -- Rule and version, R3.2; null where the tags alone say who pays.
      alter table charge_lines add column attribution_rule text;
      -- Then what the tags said: JSON, [PI, PI as written, project, fund/org, cost centre, account].
      alter table charge_lines add column attribution_by_tags text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table attribution_rule_versions, attribution_rules');
    await runner.query('alter table charge_lines drop column attribution_by_tags, drop column attribution_rule');
  }
}
