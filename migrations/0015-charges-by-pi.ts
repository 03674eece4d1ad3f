import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Charges are found by PI and period; a PI has few enough charges of a month to look through them for a project. As part of the key, the project cost
 * an import of a million lines a second (docs/performance.md).
 */
export class ChargesByPi1700000000015 implements MigrationInterface {
  name = 'ChargesByPi1700000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index charges_by_attribution;
      create index charges_by_pi on charges (pi_email, period);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index charges_by_pi;
      create index charges_by_attribution on charges (pi_email, period, project_id);
    `);
  }
}
