import { join, resolve } from 'node:path';
import {
  BookedAgainstLedger,
  type BookedJournals,
  type BookedSum,
  type JournalFamily,
  JournalQueries,
  type JournalRow,
  type JournalState,
  MarkJournalHandler,
  statusOf,
} from '#journals';
import { type BillingPeriod, billingPeriod, type Currency, writeAmount } from '#kernel';
import { instant } from '../output/instant.js';
import { grouped, printable, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { copyStoredFile } from './copy-stored-file.js';

export async function listJournals(session: Session, { period }: { readonly period?: string }): Promise<CommandResult> {
  const program = await session.program();
  const journals = await program.get(JournalQueries).list(period === undefined ? null : billingPeriod(period));
  if (journals.length === 0) return { data: { journals }, text: 'No journal was exported.' };
  const titles = ['PERIOD', 'NUMBER', 'FORMAT', 'STARTS FROM', 'STATUS', 'DOCUMENT', 'POSTED ON'].map((title) => ({ title }));
  const amounts = ['DEBITS', 'CREDITS'].map((title) => ({ title, align: 'point' as const }));
  const rows = journals.map((journal) => [
    ...[journal.period, String(journal.number), journal.format, startsFrom(journal), journal.status],
    ...[journal.documentNumber ?? '', journal.postedOn ?? '', journal.debits, journal.credits],
    ...[instant(journal.exportedAt), journal.exportedBy, journal.fileName],
  ]);
  return { data: { journals }, text: table([...titles, ...amounts, { title: 'EXPORTED' }, { title: 'BY' }, { title: 'FILE' }], rows) };
}

/** @throws DomainError `journal.unknown`. */
export async function showJournal(session: Session, month: string, number: number): Promise<CommandResult> {
  const period = billingPeriod(month);
  const program = await session.program();
  const journals = program.get(JournalQueries);
  const journal = await journals.get(period, number);
  const history = await journals.history(period, number);
  const { currency } = program.config;
  const facts = [
    ['status', statusWords(journal)],
    ['format', formatWords(journal)],
    ['starts from', startsFrom(journal) || 'nothing: it is a full journal'],
    ['rows', String(journal.rowCount)],
    ['debits', `${grouped(journal.debits)} ${currency}`],
    ['credits', `${grouped(journal.credits)} ${currency}`],
    ['file', `${journal.fileName}, ${journal.bytes} bytes`],
    ['SHA-256', journal.sha256],
    ['ledger', journal.ledgerDigest],
  ];
  const steps = history.map(({ at, step, by, documentNumber, postedOn, note }) => [
    instant(at),
    step,
    documentNumber === null ? '' : `${documentNumber}, ${postedOn ?? ''}`,
    by,
    note ?? '',
  ]);
  const titles = ['AT', '', 'DOCUMENT', 'BY', 'NOTE, REASON'].map((title) => ({ title }));
  const title = { title: `JOURNAL ${number} OF ${period}` };
  return { data: { ...journal, history }, text: `${table([title, { title: '' }], facts)}\n\n${table(titles, steps)}` };
}

/** Today in UTC unless a day is given. @throws DomainError as {@link MarkJournalHandler.post}. */
export async function postJournal(
  session: Session,
  month: string,
  number: number,
  options: { readonly document: string; readonly date?: string; readonly note?: string },
): Promise<CommandResult> {
  const period = billingPeriod(month);
  const program = await session.program();
  const postedOn = options.date ?? program.services.clock.now().toISOString().slice(0, 10);
  const posting = { period, number, documentNumber: options.document, postedOn, note: options.note ?? null };
  await program.get(MarkJournalHandler).post(posting, program.metadata);
  return marked(session, period, number);
}

/** @throws DomainError as {@link MarkJournalHandler.void}. */
export async function voidJournal(
  session: Session,
  month: string,
  number: number,
  { reason }: { readonly reason: string },
): Promise<CommandResult> {
  const period = billingPeriod(month);
  const program = await session.program();
  await program.get(MarkJournalHandler).void({ period, number, reason }, program.metadata);
  return marked(session, period, number);
}

/** @throws DomainError as {@link MarkJournalHandler.withdraw}. */
export async function unmarkJournal(
  session: Session,
  month: string,
  number: number,
  { reason }: { readonly reason: string },
): Promise<CommandResult> {
  const period = billingPeriod(month);
  const program = await session.program();
  await program.get(MarkJournalHandler).withdraw({ period, number, reason }, program.metadata);
  return marked(session, period, number);
}

async function marked(session: Session, period: BillingPeriod, number: number): Promise<CommandResult> {
  const program = await session.program();
  await program.settle();
  const journal = await program.get(JournalQueries).get(period, number);
  return { data: journal, text: `Journal ${number} of ${period} (${journal.format}) is ${statusWords(journal)}.` };
}

/** @throws DomainError `period.unknown`. */
export async function showBooked(
  session: Session,
  { period: month, family }: { readonly period: string; readonly family: JournalFamily },
): Promise<CommandResult> {
  const period = billingPeriod(month);
  const program = await session.program();
  const booked = await program.get(BookedAgainstLedger).compare(period, family);
  return { data: documentOf(booked, program.config.currency), text: bookedText(period, booked, program.config.currency) };
}

function documentOf({ family, counted, obstacle, comparison }: BookedJournals, currency: Currency): object {
  const sum = ({ booked, ledger, difference }: BookedSum): object => ({
    booked: writeAmount(booked, currency),
    ledger: writeAmount(ledger, currency),
    difference: writeAmount(difference, currency),
  });
  return {
    family,
    counted: counted.map((journal) => ({ number: journal.number, format: journal.format, status: statusOf(journal) })),
    obstacle: obstacle === null ? null : { code: obstacle.code, text: obstacle.detail },
    comparison:
      comparison === null
        ? null
        : {
            rows: comparison.rows.map(({ party, fundOrg, ...row }) => ({ party, fundOrg, ...sum(row) })),
            pi: sum(comparison.pi),
            source: sum(comparison.source),
          },
    deltaNeeded: comparison !== null && comparison.deltaRowCount > 0,
  };
}

function bookedText(period: BillingPeriod, { family, counted, obstacle, comparison }: BookedJournals, currency: Currency): string {
  const from = counted.length === 0 ? 'Nothing is booked' : `Booked by ${counted.map(counting).join(', ')}`;
  const parts = [`${from} of ${period}, as far as ${family} journals tell.`];
  if (comparison !== null && comparison.rows.length > 0) {
    const cells = ({ booked, ledger, difference }: BookedSum): string[] => [
      ...[booked, ledger].map((amount) => writeAmount(amount, currency)),
      difference.isZero() ? '' : writeAmount(difference, currency),
    ];
    const titles = [
      { title: '' },
      { title: 'FUND/ORG' },
      ...['BOOKED', 'LEDGER', 'TO BOOK'].map((title) => ({ title, align: 'point' as const })),
    ];
    const rows = comparison.rows.map(({ party, fundOrg, ...sum }) => [party === 'pi' ? 'debit' : 'credit', fundOrg || '–', ...cells(sum)]);
    const totals = [
      ['debit', 'all', ...cells(comparison.pi)],
      ...(family === 'two-sided' ? [['credit', 'all', ...cells(comparison.source)]] : []),
    ];
    parts.push(table(titles, [...rows, ...totals]));
  }
  if (obstacle !== null) parts.push(`No delta can be written now. ${printable(obstacle.detail)}`);
  else if (comparison !== null && comparison.deltaRowCount > 0) {
    const format = family === 'two-sided' ? '-f template' : '-f default';
    parts.push(`To book what is left: export-journal -p ${period} ${format} --delta`);
  } else parts.push('There is nothing to book.');
  return parts.join('\n\n');
}

function counting(journal: JournalState): string {
  return `${journal.number} (${journal.format}, ${statusOf(journal)})`;
}

/** @throws DomainError `journal.unknown`, `output.not-writable`. */
export async function downloadJournal(
  session: Session,
  month: string,
  number: number,
  { output }: { readonly output?: string },
): Promise<CommandResult> {
  const program = await session.program();
  const journal = await program.get(JournalQueries).get(billingPeriod(month), number);
  const file = output === undefined ? join(program.config.output.journalDir, journal.fileName) : resolve(output);
  await copyStoredFile(program.services.storage, journal.sha256, file);
  return { data: { ...journal, file }, text: file };
}

function startsFrom({ deltaFrom }: Pick<JournalRow, 'deltaFrom'>): string {
  return deltaFrom === null ? '' : deltaFrom.join(', ');
}

function formatWords({ format, includeFlagged, includeZero }: JournalRow): string {
  return [format, ...(includeFlagged ? ['with charges that wait for review'] : []), ...(includeZero ? ['with rows of zero'] : [])].join(
    ', ',
  );
}

function statusWords({ status, documentNumber, postedOn, markNote, markedBy }: JournalRow): string {
  const note = markNote === null ? '' : `: ${printable(markNote)}`;
  switch (status) {
    case 'written':
      return 'written, and neither posted nor void';
    case 'posted':
      return `posted as document ${printable(documentNumber ?? '')} on ${postedOn ?? ''}, said ${markedBy ?? ''}${note}`;
    case 'void':
      return `void, said ${markedBy ?? ''}${note}`;
  }
}
