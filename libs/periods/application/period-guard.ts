import { Inject, Injectable } from '@nestjs/common';
import { EventStore, type EventMetadata, ProjectionRunner } from '#event-store';
import { type BillingPeriod, CLOCK, type Clock, DomainError } from '#kernel';
import { Database, type Tx } from '#platform';
import { periodStream } from '../domain/period.events.js';
import { decidePeriod } from '../domain/period.decide.js';
import type { PeriodState } from '../domain/period.js';
import { PeriodRepository } from '../infra/period.repository.js';

/** Events that change what a ledger is made of. */
const LEDGER_EVENT_TYPES = [
  'ImportRecorded',
  'ImportWithdrawn',
  'ChargesApproved',
  'ChargesRejected',
  'ChargesRestored',
  'ChargesReattributed',
  'ChargesReflagged',
  'AdjustmentsBooked',
  'AdjustmentsWithdrawn',
  'ChargesSplit',
  'SplitsUndone',
];

/** Read model that decisions look at; it must have seen every earlier change before a decision is made on it. */
export const CHARGES_PROJECTION = 'charges';

/**
 * The only way to change a ledger. Changes of one period happen one after another, each on read models that have seen all earlier
 * ones, with the period's row locked against closing and finalizing until the transaction ends (design.md, "The period guard").
 */
@Injectable()
export class PeriodGuard {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly periods: PeriodRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Runs `work` in a transaction that may append ledger-changing events for `periods`. `states` tells how each period stands;
   * what the work may do with a closed one is its own rule.
   */
  async changeLedger<Result>(
    periods: readonly BillingPeriod[],
    work: (tx: Tx, states: ReadonlyMap<BillingPeriod, PeriodState>) => Promise<Result>,
  ): Promise<Result> {
    return this.database.transaction(async (tx) => {
      await this.queueUp(tx, periods);
      return work(tx, await this.periods.lockShared(tx, periods));
    });
  }

  /** Runs `work` in a transaction that may change the state of `period`, after every change of its ledger that began before. */
  async changeState<Result>(period: BillingPeriod, work: (tx: Tx, state: PeriodState) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (tx) => {
      await this.queueUp(tx, [period]);
      return work(tx, await this.periods.lockForChange(tx, period));
    });
  }

  /** Opens those of `periods` that don't exist yet, as an import does (domain.md §2), inside the caller's transaction. */
  async openMissing(
    tx: Tx,
    states: ReadonlyMap<BillingPeriod, PeriodState>,
    periods: readonly BillingPeriod[],
    metadata: EventMetadata,
  ): Promise<void> {
    for (const period of periods) {
      if (states.has(period)) continue;
      await this.store.append(tx, periodStream(period), 0, decidePeriod('absent', { type: 'OpenPeriod', period }), metadata);
      await this.periods.write(tx, 'PeriodOpened', period, this.clock.now(), null);
    }
  }

  /**
   * Waits for the turn. Only advisory locks are taken before the wait: they assign no transaction id, so a waiting transaction
   * never holds back the horizon up to which projections may read.
   */
  private async queueUp(tx: Tx, periods: readonly BillingPeriod[]): Promise<void> {
    for (const period of [...periods].sort()) {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('ledger:' || $1, 0))`, [period]);
    }
    const [row] = await this.database.query<{ position: string | null }>(
      'select max(position) as position from events where type = any($1)',
      [LEDGER_EVENT_TYPES],
    );
    await this.projections.waitFor(Number(row?.position ?? 0), [CHARGES_PROJECTION]);
  }
}

/** Refuses unless every period of `states` is one of `allowed`. @throws DomainError `period.wrong-state` naming those that are not. */
export function requirePeriodStates(states: ReadonlyMap<BillingPeriod, PeriodState>, allowed: readonly PeriodState[], doing: string): void {
  const refused = [...states].filter(([, state]) => !allowed.includes(state));
  if (refused.length === 0) return;
  throw new DomainError(
    'period.wrong-state',
    'conflict',
    `${doing} is refused: ${refused.map(([period, state]) => `period ${period} is ${state}`).join(', ')}.`,
    refused.map(([period, state]) => ({ where: period, what: `is ${state}` })),
  );
}
