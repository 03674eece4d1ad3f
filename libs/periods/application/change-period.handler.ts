import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore, ProjectionRunner } from '#event-store';
import { type BillingPeriod, CLOCK, type Clock, DomainError } from '#kernel';
import { decidePeriod, type PeriodCommand } from '../domain/period.decide.js';
import { periodStream } from '../domain/period.events.js';
import type { PeriodState } from '../domain/period.js';
import { PeriodRepository } from '../infra/period.repository.js';
import { type ChecklistItem, FinalizeChecklist, findingsOf } from './finalize-checklist.js';
import { PeriodGuard } from './period-guard.js';

/** What finalizing would come to. */
export interface FinalizeRehearsal {
  readonly state: PeriodState;
  readonly checklist: readonly ChecklistItem[];
  /** Why it would be refused; null if it would be done. */
  readonly refusal: DomainError | null;
}

/** Opens, closes, reopens and finalizes billing periods. */
@Injectable()
export class ChangePeriodHandler {
  constructor(
    private readonly store: EventStore,
    private readonly guard: PeriodGuard,
    private readonly periods: PeriodRepository,
    private readonly checklist: FinalizeChecklist,
    private readonly projections: ProjectionRunner,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async open(period: BillingPeriod, metadata: EventMetadata): Promise<AppendResult> {
    return this.change({ type: 'OpenPeriod', period }, metadata);
  }

  async close(period: BillingPeriod, notes: string | null, metadata: EventMetadata): Promise<AppendResult> {
    return this.change({ type: 'ClosePeriod', period, notes }, metadata);
  }

  async reopen(period: BillingPeriod, reason: string, metadata: EventMetadata): Promise<AppendResult> {
    return this.change({ type: 'ReopenPeriod', period, reason }, metadata);
  }

  /** @throws DomainError `period.not-ready` with what the checklist misses, unless `force` gives a reason that may override it. */
  async finalize(
    period: BillingPeriod,
    notes: string | null,
    force: { reason: string } | null,
    metadata: EventMetadata,
  ): Promise<AppendResult> {
    // The checklist looks at read models: let them see everything first, while nothing is locked.
    await this.projections.waitFor(await this.store.lastPosition());
    return this.change({ type: 'FinalizePeriod', period, notes, findings: [], force }, metadata);
  }

  /** What {@link finalize} would come to now; changes nothing. */
  async rehearseFinalize(period: BillingPeriod, notes: string | null, force: { reason: string } | null): Promise<FinalizeRehearsal> {
    await this.projections.waitFor(await this.store.lastPosition());
    const state = (await this.periods.find(period))?.state ?? 'absent';
    const checklist = state === 'open' || state === 'closed' ? await this.checklist.items(period) : [];
    try {
      decidePeriod(state, { type: 'FinalizePeriod', period, notes, findings: findingsOf(checklist), force });
      return { state, checklist, refusal: null };
    } catch (error) {
      if (error instanceof DomainError && state !== 'absent') return { state, checklist, refusal: error };
      throw error;
    }
  }

  private async change(command: PeriodCommand, metadata: EventMetadata): Promise<AppendResult> {
    return this.guard.changeState(command.period, async (tx, state) => {
      // Asked under the lock: nothing of the period's ledger can change between the answer and the event.
      const complete: PeriodCommand =
        command.type === 'FinalizePeriod' && state === 'closed'
          ? { ...command, findings: await this.checklist.findings(command.period) }
          : command;
      const events = decidePeriod(state, complete);
      const stream = periodStream(command.period);
      const { version } = await this.store.head(stream, tx);
      const result = await this.store.append(tx, stream, version, events, metadata);
      for (const event of events) {
        const notes = event.type === 'PeriodReopened' ? event.data.reason : event.type === 'PeriodOpened' ? null : event.data.notes;
        await this.periods.write(tx, event.type, command.period, this.clock.now(), notes);
      }
      return result;
    });
  }
}
