import { Module, type OnModuleInit } from '@nestjs/common';
import { isEvent, ProjectionRunner } from '#event-store';
import { JobRelay, type JobRequest } from '#jobs';
import { PeriodsModule } from '#periods';
import { SourcesModule } from '#sources';
import { PreviewImportHandler } from './application/preview-import.handler.js';
import { ReceiveImportHandler } from './application/receive-import.handler.js';
import { RecordImportHandler } from './application/record-import.handler.js';
import { StageLines } from './application/stage-lines.js';
import { WithdrawImportHandler } from './application/withdraw-import.handler.js';
import type { ImportReceived } from './domain/import.events.js';
import { ImportQueries } from './infra/import.queries.js';
import { LineProof } from './infra/line-proof.js';
import { LineStore } from './infra/line-store.js';
import { ImportsProjection } from './projections/imports.projection.js';

@Module({
  imports: [PeriodsModule, SourcesModule],
  providers: [
    LineStore,
    ImportQueries,
    ImportsProjection,
    StageLines,
    LineProof,
    ReceiveImportHandler,
    RecordImportHandler,
    PreviewImportHandler,
    WithdrawImportHandler,
  ],
  exports: [ImportQueries, LineProof, ReceiveImportHandler, RecordImportHandler, PreviewImportHandler, WithdrawImportHandler],
})
export class ImportsModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: ImportsProjection,
    private readonly relay: JobRelay,
    private readonly imports: ImportQueries,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
    this.relay.onEvent((event) => (isEvent<ImportReceived>(event, 'ImportReceived') ? [recordJob(event.data.importId)] : []));
    this.relay.reconcile(async () => (await this.imports.unsettled()).map(recordJob));
  }
}

/** Id of the job that records an import; also where its progress is asked for. */
export function recordJobId(importId: number): string {
  return `import-${importId}`;
}

function recordJob(importId: number): JobRequest {
  return { name: 'imports.record', id: recordJobId(importId), data: { importId } };
}
