import { Module, type OnModuleInit } from '@nestjs/common';
import { ChargesModule } from '#charges';
import { ProjectionRunner } from '#event-store';
import { FundsModule } from '#funds';
import { LedgerModule, LedgerQueries } from '#ledger';
import { FinalizeChecklist, PeriodsModule } from '#periods';
import { SiteTemplatesModule, TemplateAreas } from '#site-templates';
import { SourcesModule } from '#sources';
import { ExportJournalHandler } from './application/export-journal.handler.js';
import { JournalSettingsTest } from './application/journal-settings-test.js';
import { JournalTemplates } from './application/journal-templates.js';
import { JournalQueries } from './infra/journal.queries.js';
import { JournalsProjection } from './projections/journals.projection.js';

@Module({
  imports: [PeriodsModule, LedgerModule, ChargesModule, SourcesModule, SiteTemplatesModule, FundsModule],
  providers: [JournalsProjection, JournalQueries, ExportJournalHandler, JournalTemplates, JournalSettingsTest],
  exports: [JournalQueries, ExportJournalHandler, JournalSettingsTest],
})
export class JournalsModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: JournalsProjection,
    private readonly journals: JournalQueries,
    private readonly ledger: LedgerQueries,
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
        const journals = (await this.journals.list(period)).filter((journal) => !journal.includeFlagged);
        if (journals.length === 0) return 'no journal of the final ledger was exported';
        const digest = await this.ledger.digest(period);
        return journals.some(({ ledgerDigest }) => ledgerDigest === digest)
          ? null
          : 'no journal of the final ledger was exported; the last one is of an earlier ledger';
      },
    });
  }
}
