import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { RuntimeModule, type Services } from '#runtime';
import { AdjustmentsController } from './adjustments/adjustments.controller.js';
import { SplitsController } from './splits/splits.controller.js';
import { ApiBackground } from './api-background.js';
import { AttributionRulesController } from './attribution-rules/attribution-rules.controller.js';
import { AuthModule } from './auth/auth.module.js';
import { ChargesController } from './charges/charges.controller.js';
import { ReviewRulesController } from './charges/review-rules.controller.js';
import { ReviewController } from './charges/review.controller.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { MailController } from './deliveries/mail.controller.js';
import { StatementLinksController } from './deliveries/statement-links.controller.js';
import { FundsController } from './funds/funds.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ReadAtPosition, ReadModels } from './http/read-models.js';
import { RequestValidation } from './http/request-pipes.js';
import { ImportDoor } from './imports/import-door.js';
import { ImportsController } from './imports/imports.controller.js';
import { InvoicesController } from './invoices/invoices.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { JournalSettingsController } from './journals/journal-settings.controller.js';
import { JournalMarksController } from './journals/journal-marks.controller.js';
import { JournalPages } from './journals/journal-pages.js';
import { JournalsController } from './journals/journals.controller.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { AuditController } from './overview/audit.controller.js';
import { DashboardController } from './overview/dashboard.controller.js';
import { PeriodPages } from './periods/period-pages.js';
import { PeriodsController } from './periods/periods.controller.js';
import { SourcesController } from './sources/sources.controller.js';
import { StatementPages } from './statements/statement-pages.js';
import { StatementRunsController } from './statements/statement-runs.controller.js';
import { StatementsController } from './statements/statements.controller.js';
import { VerificationController } from './statements/verification.controller.js';
import { TemplatesController } from './templates/templates.controller.js';
import { EventFeed } from './system/event-feed.js';
import { MetricsController } from './system/metrics.controller.js';
import { ProcessMetrics } from './system/process-metrics.js';
import { StreamController } from './system/stream.controller.js';
import { SystemController } from './system/system.controller.js';

/** The HTTP door of the program. */
@Module({
  imports: [AuthModule, DiscoveryModule],
  controllers: [
    PeriodsController,
    SourcesController,
    FundsController,
    AttributionRulesController,
    ImportsController,
    InvoicesController,
    ChargesController,
    ReviewController,
    ReviewRulesController,
    AdjustmentsController,
    SplitsController,
    StatementsController,
    StatementRunsController,
    VerificationController,
    DeliveriesController,
    MailController,
    StatementLinksController,
    JournalsController,
    JournalMarksController,
    JournalSettingsController,
    TemplatesController,
    LedgerController,
    DashboardController,
    AuditController,
    SystemController,
    JobsController,
    MetricsController,
    StreamController,
  ],
  providers: [
    ApiBackground,
    ReadModels,
    PeriodPages,
    StatementPages,
    JournalPages,
    ImportDoor,
    EventFeed,
    ProcessMetrics,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: ReadAtPosition },
    { provide: APP_PIPE, useClass: RequestValidation },
  ],
})
export class ApiModule {
  static of(services: Services): DynamicModule {
    return { module: ApiModule, imports: [RuntimeModule.of(services)] };
  }
}
