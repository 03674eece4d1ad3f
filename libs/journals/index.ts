export { ExportJournalHandler, type JournalPreview } from './application/export-journal.handler.js';
export { type AskedSettings, type CodeOrigin, JournalSettingsTest, type TestedSettings } from './application/journal-settings-test.js';
export { type AccountOrigin, LONGEST_EXPRESSION } from './domain/journal-settings-trial.js';
export { type JournalFormat, journalFormat } from './domain/journal-formats.js';
export { JournalQueries, type JournalRow } from './infra/journal.queries.js';
export { JournalsModule } from './journals.module.js';
