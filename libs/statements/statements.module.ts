import { Module, type OnModuleInit } from '@nestjs/common';
import { ChargesModule } from '#charges';
import { isEvent, ProjectionRunner } from '#event-store';
import { JobRelay, JobsModule } from '#jobs';
import { LedgerModule } from '#ledger';
import { FinalizeChecklist, PeriodsModule } from '#periods';
import { SourcesModule } from '#sources';
import { ComposeStatement } from './application/compose-statement.js';
import { MakeStatement } from './application/make-statement.js';
import { planJob, StatementRunHandler } from './application/statement-run.handler.js';
import { StatementRevisions } from './application/statement-revisions.js';
import { TryStatements } from './application/try-statements.js';
import type { StatementRunRequested } from './domain/statement.events.js';
import { StatementContents } from './infra/statement-contents.js';
import { StatementQueries } from './infra/statement.queries.js';
import { StatementRenderer } from './infra/statement-renderer.js';
import { StatementsProjection } from './projections/statements.projection.js';

/** So many are named in the checklist; the page of statements shows all. */
const NAMED_STATEMENTS = 3;

@Module({
  imports: [PeriodsModule, LedgerModule, ChargesModule, SourcesModule, JobsModule],
  providers: [
    StatementsProjection,
    StatementQueries,
    StatementContents,
    StatementRenderer,
    ComposeStatement,
    MakeStatement,
    TryStatements,
    StatementRevisions,
    StatementRunHandler,
  ],
  exports: [StatementQueries, StatementRevisions, StatementRunHandler],
})
export class StatementsModule implements OnModuleInit {
  constructor(
    private readonly projections: ProjectionRunner,
    private readonly projection: StatementsProjection,
    private readonly relay: JobRelay,
    private readonly runs: StatementRunHandler,
    private readonly statements: StatementQueries,
    private readonly checklist: FinalizeChecklist,
  ) {}

  onModuleInit(): void {
    this.projections.register(this.projection);
    this.relay.onEvent((event) => (isEvent<StatementRunRequested>(event, 'StatementRunRequested') ? [planJob(event.data.runId)] : []));
    this.relay.reconcile(() => this.runs.owed());
    this.checklist.add({
      name: 'statements',
      overridable: true,
      inOrder: 'statements are up to date with the ledger',
      missing: async (period) => {
        const { due } = await this.statements.due(period);
        if (due.length === 0) return null;
        const named = due.slice(0, NAMED_STATEMENTS).map(({ piEmail, projectId }) => `${piEmail} for ${projectId}`);
        const others = due.length > named.length ? [`${due.length - named.length} more`] : [];
        const count = `${due.length} ${due.length === 1 ? 'statement is' : 'statements are'}`;
        return `${count} missing or out of date (${[...named, ...others].join(', ')}); generate them`;
      },
    });
  }
}
