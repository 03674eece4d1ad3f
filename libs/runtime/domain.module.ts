import { Module } from '@nestjs/common';
import { AuditModule } from '#audit';
import { ChargesModule } from '#charges';
import { DeliveriesModule } from '#deliveries';
import { FundsModule } from '#funds';
import { IdentityModule } from '#identity';
import { ImportsModule } from '#imports';
import { JobsModule } from '#jobs';
import { JournalsModule } from '#journals';
import { LedgerModule } from '#ledger';
import { PeriodsModule } from '#periods';
import { SourcesModule } from '#sources';
import { StatementsModule } from '#statements';

const AREAS = [
  AuditModule,
  JobsModule,
  SourcesModule,
  FundsModule,
  PeriodsModule,
  LedgerModule,
  ChargesModule,
  ImportsModule,
  StatementsModule,
  DeliveriesModule,
  JournalsModule,
  IdentityModule,
];

/** All areas of the domain, for a process that composes them. */
@Module({ imports: AREAS, exports: AREAS })
export class DomainModule {}
