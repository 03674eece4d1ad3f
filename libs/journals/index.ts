export { ExportJournalHandler, type JournalPreview } from './application/export-journal.handler.js';
export { type JournalFormat, journalFormat } from './domain/journal-formats.js';
export { JournalQueries, type JournalRow } from './infra/journal.queries.js';
export { JournalsModule } from './journals.module.js';
