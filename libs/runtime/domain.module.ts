import { Module } from '@nestjs/common';
import { AdjustmentsModule } from '#adjustments';
import { SplitsModule } from '#splits';
import { AttributionRulesModule } from '#attribution-rules';
import { AuditModule } from '#audit';
import { ChargesModule } from '#charges';
import { DeliveriesModule } from '#deliveries';
import { FundsModule } from '#funds';
import { IdentityModule } from '#identity';
import { ImportsModule } from '#imports';
import { InvoicesModule } from '#invoices';
import { JobsModule } from '#jobs';
import { JournalsModule } from '#journals';
import { LedgerModule } from '#ledger';
import { PeriodsModule } from '#periods';
import { ReviewRulesModule } from '#review-rules';
import { SiteTemplatesModule } from '#site-templates';
import { SourcesModule } from '#sources';
import { StatementsModule } from '#statements';

const AREAS = [
  AdjustmentsModule,
  SplitsModule,
  AuditModule,
  JobsModule,
  SourcesModule,
  FundsModule,
  ReviewRulesModule,
  PeriodsModule,
  LedgerModule,
  ChargesModule,
  AttributionRulesModule,
  ImportsModule,
  InvoicesModule,
  StatementsModule,
  SiteTemplatesModule,
  DeliveriesModule,
  JournalsModule,
  IdentityModule,
];

/** All areas of the domain, for a process that composes them. */
@Module({ imports: AREAS, exports: AREAS })
export class DomainModule {}
