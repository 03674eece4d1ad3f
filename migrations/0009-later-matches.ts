import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds which later imports matched a line, for the page of a charge. A B-tree takes an unchanged re-import of 200,000 lines 0.2 to 0.6 s more;
 * these Bloom filters over ranges of blocks take some 20 ms, and answer in a few milliseconds in whatever order files repeat their
 * lines (docs/performance.md). A filter holds about 5,000 lines, which is what 32 blocks take.
 */
export class LaterMatches1700000000009 implements MigrationInterface {
  name = 'LaterMatches1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index charge_line_matches_by_old_line on charge_line_matches
        using brin (((old_import_id::bigint << 32) | old_line_no) int8_bloom_ops (n_distinct_per_range = 5000, false_positive_rate = 0.01))
        with (pages_per_range = 32, autosummarize = on)
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index charge_line_matches_by_old_line');
  }
}
