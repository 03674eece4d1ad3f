import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes of `charges` that cost an import little (docs/performance.md). A million equal keys (period, source) took a B-tree as long as all
 * else together; charges are stored import by import, so a block range index finds them as well. The PI comes first where it tells
 * most, which spares comparing the period at every step down the tree.
 */
export class ChargeIndexes1700000000006 implements MigrationInterface {
  name = 'ChargeIndexes1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index charges_by_source;
      create index charges_by_source on charges using brin (period, source) with (autosummarize = on);
      drop index charges_by_attribution;
      create index charges_by_attribution on charges (pi_email, period, project_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index charges_by_source;
      create index charges_by_source on charges (period, source);
      drop index charges_by_attribution;
      create index charges_by_attribution on charges (period, pi_email, project_id);
    `);
  }
}
