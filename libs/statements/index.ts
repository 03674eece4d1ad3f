export { type StatementPreview, StatementRunHandler } from './application/statement-run.handler.js';
export type { StatementRunCompleted, StatementScope } from './domain/statement.events.js';
export { StatementQueries, type StatementRow, type StatementRunRow } from './infra/statement.queries.js';
export { StatementsModule } from './statements.module.js';
