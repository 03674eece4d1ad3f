import { Module, type OnModuleInit } from '@nestjs/common';
import { ProjectionRunner } from '#event-store';
import { FinalizeChecklist, PeriodsModule } from '#periods';
import { SourcesModule } from '#sources';
import { ExpectedInvoices } from './application/expected-invoices.js';
import { InvoiceQuestion } from './application/invoice-question.js';
import { InvoiceQueries } from './infra/invoice.queries.js';
import { InvoiceSumsProjection } from './projections/invoice-sums.projection.js';
import { InvoicesProjection } from './projections/invoices.projection.js';

@Module({
  imports: [PeriodsModule, SourcesModule],
  providers: [InvoicesProjection, InvoiceSumsProjection, InvoiceQueries, InvoiceQuestion, ExpectedInvoices],
  exports: [ExpectedInvoices, InvoiceQueries],
})
export class InvoicesModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly expected: InvoicesProjection,
    private readonly sums: InvoiceSumsProjection,
    private readonly checklist: FinalizeChecklist,
    private readonly question: InvoiceQuestion,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.expected);
    this.projections.register(this.sums);
    this.checklist.add({
      name: 'invoices',
      overridable: true,
      inOrder: 'provider invoices match what is recorded',
      applies: (period) => this.question.applies(period),
      missing: (period) => this.question.missing(period),
    });
  }
}
