import { Injectable } from '@nestjs/common';
import type { BillingPeriod } from '#kernel';
import { Database, type Tx } from '#platform';
import type { PeriodState } from '../domain/period.js';

export interface PeriodRow {
  readonly period: BillingPeriod;
  readonly state: Exclude<PeriodState, 'absent'>;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly finalizedAt: Date | null;
  readonly notes: string | null;
}

const COLUMNS = `period, state, opened_at as "openedAt", closed_at as "closedAt", finalized_at as "finalizedAt", notes`;

/**
 * The `periods` table. Unlike other read models it is written in the transaction of the period's own events, because its row is
 * the lock that everybody who changes a ledger takes.
 */
@Injectable()
export class PeriodRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(): Promise<PeriodRow[]> {
    return this.database.query<PeriodRow>(`select ${COLUMNS} from periods order by period desc`);
  }

  async find(period: BillingPeriod): Promise<PeriodRow | undefined> {
    const [row] = await this.database.query<PeriodRow>(`select ${COLUMNS} from periods where period = $1`, [period]);
    return row;
  }

  /** The states of `periods`, their rows locked against a change of state until the transaction ends. */
  async lockShared(tx: Tx, periods: readonly BillingPeriod[]): Promise<Map<BillingPeriod, PeriodState>> {
    return this.lock(tx, periods, 'share');
  }

  /** The same, locked for a change of state. */
  async lockForChange(tx: Tx, period: BillingPeriod): Promise<PeriodState> {
    return (await this.lock(tx, [period], 'update')).get(period) ?? 'absent';
  }

  /** Writes what an event of a period's stream did. */
  async write(tx: Tx, type: string, period: BillingPeriod, at: Date, notes: string | null): Promise<void> {
    switch (type) {
      case 'PeriodOpened':
        await tx.query(`insert into periods (period, state, opened_at) values ($1, 'open', $2)`, [period, at]);
        return;
      case 'PeriodReopened':
        await tx.query(`update periods set state = 'open', closed_at = null, notes = $2 where period = $1`, [period, notes]);
        return;
      case 'PeriodClosed':
        await tx.query(`update periods set state = 'closed', closed_at = $2, notes = $3 where period = $1`, [period, at, notes]);
        return;
      case 'PeriodFinalized':
        await tx.query(`update periods set state = 'finalized', finalized_at = $2, notes = coalesce($3, notes) where period = $1`, [
          period,
          at,
          notes,
        ]);
        return;
      default:
        throw new Error(`${type} is no event of a period`);
    }
  }

  private async lock(tx: Tx, periods: readonly BillingPeriod[], strength: 'share' | 'update'): Promise<Map<BillingPeriod, PeriodState>> {
    const rows = await tx.query<{ period: BillingPeriod; state: PeriodState }>(
      `select period, state from periods where period = any($1) order by period for ${strength}`,
      [periods],
    );
    return new Map(rows.map((row) => [row.period, row.state]));
  }
}
