import { Module, type OnModuleInit } from '@nestjs/common';
import { AttributionRulesModule } from '#attribution-rules';
import { isEvent, ProjectionRunner } from '#event-store';
import { FundsModule } from '#funds';
import { JobRelay, JobsModule } from '#jobs';
import { PeriodsModule } from '#periods';
import { ReviewRulesModule } from '#review-rules';
import { SourcesModule } from '#sources';
import { SplitsModule } from '#splits';
import { CancelImportHandler } from './application/cancel-import.handler.js';
import { ImportFiles } from './application/import-files.js';
import { PreviewImportHandler } from './application/preview-import.handler.js';
import { ReceiveImportHandler } from './application/receive-import.handler.js';
import { RecordImportHandler } from './application/record-import.handler.js';
import { recordJob } from './application/record-job.js';
import { RestatePeriod } from './application/restate-period.js';
import { Restatements } from './application/restatements.js';
import { StageLines } from './application/stage-lines.js';
import { WithdrawImportHandler } from './application/withdraw-import.handler.js';
import type { ImportCancelled, ImportReceived } from './domain/import.events.js';
import { ImportQueries } from './infra/import.queries.js';
import { LineComparison } from './infra/line-comparison.js';
import { LineStore } from './infra/line-store.js';
import { RestatedLines } from './infra/restated-lines.js';
import { ImportsProjection } from './projections/imports.projection.js';

@Module({
  imports: [AttributionRulesModule, FundsModule, JobsModule, PeriodsModule, ReviewRulesModule, SourcesModule, SplitsModule],
  providers: [
    LineStore,
    RestatedLines,
    RestatePeriod,
    Restatements,
    LineComparison,
    ImportQueries,
    ImportFiles,
    ImportsProjection,
    StageLines,
    ReceiveImportHandler,
    RecordImportHandler,
    PreviewImportHandler,
    CancelImportHandler,
    WithdrawImportHandler,
  ],
  exports: [
    ImportQueries,
    ImportFiles,
    Restatements,
    ReceiveImportHandler,
    RecordImportHandler,
    PreviewImportHandler,
    CancelImportHandler,
    WithdrawImportHandler,
  ],
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
    this.relay.onEvent((event) =>
      isEvent<ImportReceived>(event, 'ImportReceived') || isEvent<ImportCancelled>(event, 'ImportCancelled')
        ? [recordJob(event.data.importId)]
        : [],
    );
    this.relay.reconcile(async () => (await this.imports.unsettled()).map(recordJob));
  }
}
