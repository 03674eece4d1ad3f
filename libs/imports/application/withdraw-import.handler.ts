import { Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore } from '#event-store';
import { billingPeriod, DomainError } from '#kernel';
import { PeriodGuard, requirePeriodStates } from '#periods';
import { foldImport } from '../domain/import.js';
import { type ImportEvent, importStream } from '../domain/import.events.js';

/** Takes an import back while all its periods are open (domain.md §2). Its lines stay in the log. */
@Injectable()
export class WithdrawImportHandler {
  constructor(
    private readonly store: EventStore,
    private readonly guard: PeriodGuard,
  ) {}

  /** @throws DomainError `import.not-recorded`, `period.wrong-state`. */
  async execute(importId: number, reason: string, metadata: EventMetadata): Promise<AppendResult> {
    if (reason.trim() === '')
      throw new DomainError('import.reason-missing', 'invalid', `Say why import ${importId} is withdrawn: the reason is kept in the log.`);
    const stream = importStream(importId);
    const read = async (): ReturnType<typeof readImport> => readImport(this.store, importId);
    const periods = (await read()).periods.map(billingPeriod);
    return this.guard.changeLedger(periods, async (tx, states) => {
      const current = await read();
      if (current.state === 'booked') {
        throw new DomainError(
          'import.not-recorded',
          'conflict',
          `Import ${importId} was booked as adjustment ${importId}: withdraw that (openchargeback adjustments withdraw ${importId}).`,
        );
      }
      if (current.state !== 'recorded') {
        throw new DomainError(
          'import.not-recorded',
          'conflict',
          `Import ${importId} is ${current.state}; only a recorded import can be withdrawn.`,
        );
      }
      requirePeriodStates(states, ['open'], `Withdrawing import ${importId}`);
      return this.store.append(
        tx,
        stream,
        current.version,
        [{ type: 'ImportWithdrawn', data: { importId, periods, reason: reason.trim() } }],
        metadata,
      );
    });
  }
}

async function readImport(store: EventStore, importId: number): Promise<ReturnType<typeof foldImport>> {
  return foldImport(importId, (await store.readStream(importStream(importId))) as unknown as ImportEvent[]);
}
