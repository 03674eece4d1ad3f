import { Module, type OnModuleInit } from '@nestjs/common';
import { ChargesModule } from '#charges';
import { ProjectionRunner } from '#event-store';
import { FundsModule } from '#funds';
import { LedgerModule, LedgerQueries } from '#ledger';
import { FinalizeChecklist, PeriodsModule } from '#periods';
import { SiteTemplatesModule, TemplateAreas } from '#site-templates';
import { SourcesModule } from '#sources';
import { BookedAgainstLedger } from './application/booked-journals.js';
import { ComposeJournal } from './application/compose-journal.js';
import { ExportJournalHandler } from './application/export-journal.handler.js';
import { JournalSettingsTest } from './application/journal-settings-test.js';
import { JournalTemplates } from './application/journal-templates.js';
import { MarkJournalHandler } from './application/mark-journal.handler.js';
import { BookingRows } from './infra/booking-rows.js';
import { JournalQueries } from './infra/journal.queries.js';
import { JournalsProjection } from './projections/journals.projection.js';

@Module({
  imports: [PeriodsModule, LedgerModule, ChargesModule, SourcesModule, SiteTemplatesModule, FundsModule],
  providers: [
    JournalsProjection,
    JournalQueries,
    BookingRows,
    ComposeJournal,
    ExportJournalHandler,
    MarkJournalHandler,
    BookedAgainstLedger,
    JournalTemplates,
    JournalSettingsTest,
  ],
  exports: [JournalQueries, ExportJournalHandler, MarkJournalHandler, BookedAgainstLedger, JournalSettingsTest],
})
export class JournalsModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: JournalsProjection,
    private readonly journals: JournalQueries,
    private readonly ledger: LedgerQueries,
    private readonly booked: BookedAgainstLedger,
    private readonly checklist: FinalizeChecklist,
    private readonly areas: TemplateAreas,
    private readonly templates: JournalTemplates,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
    this.areas.add(this.templates);
    this.checklist.add({
      name: 'journal',
      overridable: true,
      inOrder: 'a journal of the final ledger is exported',
      missing: async (period) => {
        const journals = (await this.journals.list(period)).filter(({ includeFlagged, status }) => !includeFlagged && status !== 'void');
        if (journals.length === 0) return 'no journal of the final ledger was exported';
        const digest = await this.ledger.digest(period);
        // The ledger may be another one and come to the same bookings; then there is nothing to export.
        return journals.some(({ ledgerDigest }) => ledgerDigest === digest) || (await this.booked.isUpToDate(period))
          ? null
          : 'no journal of the final ledger was exported; the last one is of an earlier ledger';
      },
    });
  }
}
