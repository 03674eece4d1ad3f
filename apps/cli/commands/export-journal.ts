import { join, resolve } from 'node:path';
import { ExportJournalHandler, journalFormat } from '#journals';
import { billingPeriod } from '#kernel';
import { grouped } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { copyStoredFile } from './copy-stored-file.js';

export interface ExportJournalOptions {
  readonly period: string;
  readonly format: string;
  readonly template?: string;
  readonly output?: string;
  readonly includeFlagged?: boolean;
  readonly allowUnbalanced?: boolean;
}

export async function exportJournal(session: Session, options: ExportJournalOptions): Promise<CommandResult> {
  const program = await session.program();
  const { config, services } = program;
  const { journal } = await program.get(ExportJournalHandler).execute(
    billingPeriod(options.period),
    journalFormat(options.format),
    {
      includeFlagged: options.includeFlagged === true,
      allowUnbalanced: options.allowUnbalanced === true,
      template: options.template,
    },
    program.metadata,
  );
  const file = options.output === undefined ? join(config.output.journalDir, journal.fileName) : resolve(options.output);
  await copyStoredFile(services.storage, journal.sha256, file);
  for (const problem of journal.unbalancedBecause) session.terminal.note(`note: ${problem}`);
  const sides = `${grouped(journal.debits)} ${config.currency} debits, ${grouped(journal.credits)} credits`;
  return {
    data: { ...journal, file },
    text: `Journal ${journal.number} of ${journal.period} (${journal.format}): ${journal.rowCount} rows, ${sides}.\n${file}`,
  };
}
