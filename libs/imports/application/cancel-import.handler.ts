import { Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore, isStreamConflict } from '#event-store';
import { JobFailures } from '#jobs';
import { DomainError } from '#kernel';
import { Database, type Tx } from '#platform';
import { foldImport, type Import } from '../domain/import.js';
import { type ImportEvent, importStream } from '../domain/import.events.js';
import { recordJobId } from './record-job.js';

/**
 * Gives an import up that is not recorded yet: one that waits, is being read, or failed for a technical reason. Whoever reads it finds
 * the stream moved on and stops; cancelling and recording append at the same version, so that exactly one of them comes about.
 */
@Injectable()
export class CancelImportHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly failures: JobFailures,
  ) {}

  /** @throws DomainError `import.unknown`, `import.not-received`. */
  async execute(importId: number, reason: string | null, metadata: EventMetadata): Promise<AppendResult> {
    const told = reason === null || reason.trim() === '' ? null : reason.trim();
    try {
      return await this.database.transaction(async (tx) => {
        const { version } = await this.requireReceived(importId, tx);
        await this.failures.giveUp(tx, recordJobId(importId), metadata);
        return this.store.append(
          tx,
          importStream(importId),
          version,
          [{ type: 'ImportCancelled', data: { importId, reason: told } }],
          metadata,
        );
      });
    } catch (error) {
      // Recorded, refused or cancelled in the meantime: what became of it says more than that it changed.
      if (isStreamConflict(error)) await this.requireReceived(importId);
      throw error;
    }
  }

  private async requireReceived(importId: number, tx?: Tx): Promise<Import> {
    const current = foldImport(importId, (await this.store.readStream(importStream(importId), tx)) as unknown as ImportEvent[]);
    if (current.state === 'received') return current;
    throw new DomainError(
      'import.not-received',
      'conflict',
      `Import ${importId} is ${current.state} already, so there is nothing to cancel.${current.state === 'recorded' ? ' It can be withdrawn while its periods are open.' : ''}`,
    );
  }
}
