import { join, resolve } from 'node:path';
import { ExportJournalHandler, journalFormat, type JournalLine, type JournalPreview } from '#journals';
import { type BillingPeriod, billingPeriod, type Currency, writeAmount } from '#kernel';
import { grouped, printable, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { copyStoredFile } from './copy-stored-file.js';

export interface ExportJournalOptions {
  readonly period: string;
  readonly format: string;
  readonly template?: string;
  readonly output?: string;
  readonly delta?: boolean;
  readonly dryRun?: boolean;
  readonly includeFlagged?: boolean;
  readonly includeZero?: boolean;
  readonly allowUnbalanced?: boolean;
}

/** Rows that a dry run shows; `--json` has all. */
const MOST_SHOWN = 40;

/** A dry run that finds what the export would be refused for has exit code 1, as the export has. */
export async function exportJournal(session: Session, options: ExportJournalOptions): Promise<CommandResult> {
  const { output, template, delta = false, includeFlagged = false, includeZero = false, allowUnbalanced = false } = options;
  if (options.dryRun === true && output !== undefined) throw new UsageError('--output is not of --dry-run: nothing is written.');
  const period = billingPeriod(options.period);
  const format = journalFormat(options.format);
  const program = await session.program();
  const { config, services } = program;
  const exporting = program.get(ExportJournalHandler);
  if (options.dryRun === true) {
    const preview = await exporting.preview(period, format, { template, delta, includeFlagged, includeZero });
    const failsInTemplate = preview.problems.some(({ code }) => code === 'template.failed');
    const failed = preview.isEmptyDelta || failsInTemplate || (preview.isObstructed && !allowUnbalanced);
    return { data: documentOf(preview, config.currency), text: previewText(period, preview, failed, config.currency), failed };
  }
  const asked = { includeFlagged, includeZero, allowUnbalanced, template, delta };
  const { journal } = await exporting.execute(period, format, asked, program.metadata);
  const file = output === undefined ? join(config.output.journalDir, journal.fileName) : resolve(output);
  await copyStoredFile(services.storage, journal.sha256, file);
  for (const problem of journal.unbalancedBecause) session.terminal.note(`note: ${problem}`);
  const start = journal.deltaFrom === null ? '' : `, ${startWords(journal.deltaFrom)}`;
  return {
    data: { ...journal, file },
    text: `Journal ${journal.number} of ${journal.period} (${journal.format}${start}): ${journal.rowCount} rows, ${sides(journal, config.currency)}.\n${file}`,
  };
}

function documentOf(preview: JournalPreview, currency: Currency): object {
  const { lines, deltaFrom, isObstructed, isEmptyDelta, ...rest } = preview;
  return {
    dryRun: true,
    ...rest,
    deltaFrom: deltaFrom?.map(({ number }) => number) ?? null,
    obstructed: isObstructed,
    nothingChanged: isEmptyDelta,
    entries: lines.map(({ isDebit, amount, ...line }) => ({
      side: isDebit ? 'debit' : 'credit',
      party: line.party,
      fundOrg: line.fundOrg,
      account: line.account,
      amount: writeAmount(amount, currency),
      sourceName: line.sourceName,
      piEmail: line.piEmail,
      projectId: line.projectId,
      serviceName: line.serviceName,
      description: line.description,
      lineCount: line.lineCount,
    })),
  };
}

function previewText(period: BillingPeriod, preview: JournalPreview, failed: boolean, currency: Currency): string {
  const { format, deltaFrom, lines, rowCount, problems, isEmptyDelta } = preview;
  const parts: string[] = [];
  if (lines.length > 0) parts.push(linesText(lines, currency));
  for (const problem of problems) parts.push([`problem: ${printable(problem.text)}`, ...mending(problem)].join('\n'));
  const start = deltaFrom === null ? '' : `, ${startWords(deltaFrom.map(({ number }) => number))}`;
  parts.push(`Would export ${period} (${format}${start}): ${rowCount} rows, ${sides(preview, currency)}. Nothing was written.`);
  if (isEmptyDelta) parts.push('There is nothing to book: the export would be refused.');
  else if (failed) parts.push('The export would be refused.');
  return parts.join('\n\n');
}

/** The commands that find what a problem is about, and mend it. */
function mending({ mend, charges, source }: JournalPreview['problems'][number]): string[] {
  const commands: string[] = [];
  if (mend === 'source' && source !== '') commands.push(`sources show ${quoted(source)}`);
  if (mend === 'charges' && charges !== null) {
    const { source: from, piEmail, flag, text } = charges;
    const options = [
      ['--source', from],
      ['--pi', piEmail],
      ['--reason', flag],
      ['--text', text],
    ].flatMap(([option = '', value]) => (value === undefined ? [] : [option, quoted(value)]));
    commands.push(['review list', '-p', charges.period, '--standing clear approved', ...options].join(' '));
  }
  return commands.map((command) => `  look at it: ${command}`);
}

function quoted(text: string): string {
  return /^[\w@.+/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function linesText(lines: readonly JournalLine[], currency: Currency): string {
  const columns = ['FUND/ORG', 'ACCOUNT', 'SOURCE', 'FOR'].map((title) => ({ title }));
  const amounts = ['DEBIT', 'CREDIT'].map((title) => ({ title, align: 'point' as const }));
  const rows = lines.slice(0, MOST_SHOWN).map((line) => {
    const amount = writeAmount(line.amount, currency);
    const payer = [line.piEmail, line.projectId, line.serviceName].filter((text) => text !== '').join(', ');
    return [line.fundOrg || '–', line.account, line.sourceName, payer, line.isDebit ? amount : '', line.isDebit ? '' : amount];
  });
  const rest = lines.length - rows.length;
  return table([...columns, ...amounts], rows) + (rest === 0 ? '' : `\nand ${rest} more (--json has all)`);
}

function startWords(numbers: readonly number[]): string {
  if (numbers.length === 0) return 'in full, as nothing was booked';
  return `what changed since journal${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}`;
}

function sides({ debits, credits }: { readonly debits: string; readonly credits: string }, currency: Currency): string {
  return `${grouped(debits)} ${currency} debits, ${grouped(credits)} credits`;
}
