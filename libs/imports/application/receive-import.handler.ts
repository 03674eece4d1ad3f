import { Injectable } from '@nestjs/common';
import { nextLinesNumber } from '#charge-lines';
import { type EventMetadata, EventStore } from '#event-store';
import { type BillingPeriod, DomainError } from '#kernel';
import { Database } from '#platform';
import { type DeliveryMode, SourceRegistry } from '#sources';
import { importStream } from '../domain/import.events.js';
import type { AsAdjustments } from '../domain/restatement.js';
import { ImportQueries } from '../infra/import.queries.js';
import { Restatements } from './restatements.js';

export interface ReceiveImport {
  readonly source: string;
  readonly fileName: string;
  /** The file in storage. */
  readonly sha256: string;
  readonly bytes: number;
  readonly expectedPeriod: BillingPeriod | null;
  /** Null takes the source's own. */
  readonly deliveryMode: DeliveryMode | null;
  readonly allowPartial: boolean;
  /** Left out or null: it is imported. */
  readonly asAdjustments?: AsAdjustments | null;
}

export interface ReceivedImport {
  readonly importId: number;
  readonly position: number;
  /** The same bytes of the same source were received before: nothing was changed, and this is the earlier import. */
  readonly duplicate: boolean;
}

/** Takes note of a file that lies in storage; a worker reads it then. */
@Injectable()
export class ReceiveImportHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly sources: SourceRegistry,
    private readonly imports: ImportQueries,
    private readonly restatements: Restatements,
  ) {}

  /** @throws DomainError `source.disabled`; `import.no-snapshot` or `adjustment.reason` for what can't be booked as adjustments. */
  async execute(command: ReceiveImport, metadata: EventMetadata): Promise<ReceivedImport> {
    const source = await this.sources.ensure(command.source, metadata);
    if (!source.enabled) {
      throw new DomainError(
        'source.disabled',
        'conflict',
        `The source “${source.displayName}” is disabled; enable it before importing its files.`,
      );
    }
    const deliveryMode = command.deliveryMode ?? source.deliveryMode;
    const asAdjustments = this.restatements.accepted(command, deliveryMode);
    return this.database.transaction(async (tx) => {
      // Two clients with the same file at the same moment: the second waits here and then finds the first one's import.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('content:' || $1 || ':' || $2, 0))`, [source.name, command.sha256]);
      const earlier = await this.imports.findSameContent(source.name, command.sha256);
      if (earlier !== undefined) {
        const { position } = await this.store.head(importStream(earlier), tx);
        return { importId: earlier, position, duplicate: true };
      }
      const importId = await nextLinesNumber(tx, false);
      const { position } = await this.store.append(
        tx,
        importStream(importId),
        0,
        [
          {
            type: 'ImportReceived',
            data: {
              importId,
              source: source.name,
              fileName: command.fileName,
              sha256: command.sha256,
              bytes: command.bytes,
              expectedPeriod: command.expectedPeriod,
              deliveryMode,
              allowPartial: command.allowPartial,
              asAdjustments,
            },
          },
        ],
        metadata,
      );
      return { importId, position, duplicate: false };
    });
  }
}
