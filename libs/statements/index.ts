export { StatementRunHandler } from './application/statement-run.handler.js';
export { type RevisionDifference, StatementRevisions } from './application/statement-revisions.js';
export type { DryRun, StatementPreview } from './application/try-statements.js';
export { describeScope, isWholePeriod } from './domain/run-scope.js';
export type { RunScope, StatementRunCompleted, StatementScope } from './domain/statement.events.js';
export { STATEMENT_UPCASTERS } from './domain/statement.upcasters.js';
export { StatementQueries, type StatementRow, type StatementRunRow } from './infra/statement.queries.js';
export { StatementsModule } from './statements.module.js';
