import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type ExpectedInvoice,
  ExpectedInvoices,
  type InvoiceDetail,
  type InvoiceHistoryEntry,
  type InvoiceImportReport,
  InvoiceQueries,
  type InvoiceRow,
  type InvoiceState,
  type SourceImport,
  type SourceTotal,
} from '#invoices';
import { billingPeriod, Decimal, DomainError, foldIdentifier, minorUnitDigits } from '#kernel';
import { instant } from '../output/instant.js';
import { type Column, grouped, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';

export interface ListInvoicesOptions {
  readonly period: string;
  readonly source?: string;
  readonly state?: readonly InvoiceState[];
  readonly search?: string;
  readonly limit: number;
}

/** Which invoice: of this source, in this period. */
export interface InvoicePlace {
  readonly source: string;
  readonly period: string;
}

export interface ExpectInvoiceOptions extends InvoicePlace {
  readonly amount?: string;
  readonly currency?: string;
  readonly date?: string;
  readonly note?: string;
}

interface DifferenceOptions extends InvoicePlace {
  readonly currency?: string;
  readonly reason?: string;
}

/** Lines of each list that a report shows; `--json` has all. */
const MOST_SHOWN = 20;
const NONE = 'no invoice';
const AMOUNTS: readonly Column[] = ['EXPECTED', 'RECORDED', 'DIFFERENCE'].map((title) => ({ title, align: 'point' }));

export async function listInvoices(session: Session, options: ListInvoicesOptions): Promise<CommandResult> {
  const program = await session.program();
  const period = billingPeriod(options.period);
  const { source, state, search, limit } = options;
  const filter = { source: source === undefined ? undefined : foldIdentifier(source), states: state, text: search };
  const page = await program.get(InvoiceQueries).list(period, filter, { limit, offset: 0 });
  if (page.sources.length === 0) {
    return {
      data: { period, ...page },
      text: `No invoice is announced for ${period}, and no line of it names one. Announce some with \`invoices expect\` or \`invoices import\`.`,
    };
  }
  const more = page.invoices.length < page.count ? [`${page.invoices.length} of ${page.count}; raise --limit for more.`] : [];
  const list = page.invoices.length === 0 ? ['No invoice fits.'] : [table(ROW_COLUMNS, page.invoices.map(cellsOf))];
  return { data: { period, ...page }, text: [...list, ...more, '', totalsText(page.sources)].join('\n') };
}

export async function showInvoice(session: Session, invoiceId: string, { source, period }: InvoicePlace): Promise<CommandResult> {
  const program = await session.program();
  const detail = await program.get(InvoiceQueries).get(foldIdentifier(source), { invoiceId, period: billingPeriod(period) });
  return { data: detail, text: detailText(detail) };
}

export async function expectInvoice(session: Session, invoiceId: string, options: ExpectInvoiceOptions): Promise<CommandResult> {
  const program = await session.program();
  const { source: written, period, amount, currency, date, note } = options;
  const input = {
    ...(amount === undefined ? {} : { amount }),
    ...(currency === undefined ? {} : { currency }),
    ...(date === undefined ? {} : { issuedOn: date }),
    ...(note === undefined ? {} : { note }),
  };
  const { source, invoice, before, appended } = await program
    .get(ExpectedInvoices)
    .put(written, invoiceId, period, input, program.metadata);
  await program.settle();
  const name = `${invoice.invoiceId} of ${source} in ${invoice.period}`;
  const text =
    before === null
      ? `${name} is expected: ${wordsOf(invoice)}.`
      : appended === null
        ? `${name} is expected so already.`
        : `${name} is changed: ${wordsOf(before)} → ${wordsOf(invoice)}.`;
  return { data: { source, invoice, before, changed: appended !== null }, text };
}

export async function withdrawInvoice(
  session: Session,
  invoiceId: string,
  { source: written, period, reason }: InvoicePlace & { readonly reason?: string },
): Promise<CommandResult> {
  const program = await session.program();
  const { source, invoice } = await program.get(ExpectedInvoices).withdraw(written, invoiceId, period, reason ?? null, program.metadata);
  await program.settle();
  return { data: { source, invoice }, text: `${invoice.invoiceId} of ${source} in ${invoice.period} is expected no longer.` };
}

export async function acceptDifference(
  session: Session,
  invoiceId: string,
  { difference, reason = '', ...options }: DifferenceOptions & { readonly difference?: string },
): Promise<CommandResult> {
  const program = await session.program();
  await program.get(ExpectedInvoices).accept(nameOf(invoiceId, options), difference ?? null, reason, program.metadata);
  return standing(session, invoiceId, options);
}

export async function reopenDifference(session: Session, invoiceId: string, options: DifferenceOptions): Promise<CommandResult> {
  const program = await session.program();
  await program.get(ExpectedInvoices).reopen(nameOf(invoiceId, options), options.reason ?? null, program.metadata);
  return standing(session, invoiceId, options);
}

export async function demandInvoices(session: Session, source: string, { off }: { readonly off?: boolean }): Promise<CommandResult> {
  const program = await session.program();
  const demanded = off !== true;
  const appended = await program.get(ExpectedInvoices).demand(source, demanded, program.metadata);
  await program.settle();
  const text = demanded
    ? `Every period must have the invoices of ${source} before it is finalized.`
    : `Periods may be finalized without the invoices of ${source}.`;
  return { data: { source, demanded, changed: appended !== null }, text: appended === null ? `It is so already. ${text}` : text };
}

/** With rows that can't be taken a dry run says so with exit code 1, as the import itself does. */
export async function importInvoices(
  session: Session,
  path: string,
  { source, dryRun }: { readonly source?: string; readonly dryRun?: boolean },
): Promise<CommandResult> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) throw new DomainError('input.not-readable', 'not-found', `There is no file ${path}.`);
  const program = await session.program();
  const file = await program.services.storage.put(createReadStream(path));
  const upload = { ...file, fileName: basename(path), source: source ?? null };
  if (dryRun === true) {
    const report = await program.get(ExpectedInvoices).preview(upload);
    return { data: { report, recorded: false }, text: describeReport(report, true), failed: report.refusedRows.length > 0 };
  }
  const { report, appended } = await program.get(ExpectedInvoices).import(upload, program.metadata);
  await program.settle();
  return { data: { report, recorded: appended !== null }, text: describeReport(report, false) };
}

function nameOf(invoiceId: string, { source, period, currency }: DifferenceOptions): Parameters<ExpectedInvoices['reopen']>[0] {
  return { source, period, invoiceId, currency: currency ?? null };
}

/** How the invoice stands after what was done. */
async function standing(session: Session, invoiceId: string, { source, period }: InvoicePlace): Promise<CommandResult> {
  const program = await session.program();
  await program.settle();
  const { rows } = await program.get(InvoiceQueries).get(foldIdentifier(source), { invoiceId, period: billingPeriod(period) });
  return { data: { invoices: rows }, text: table(ROW_COLUMNS, rows.map(cellsOf)) };
}

const ROW_COLUMNS: readonly Column[] = [
  ...['SOURCE', 'INVOICE', 'STATE'].map((title) => ({ title })),
  ...AMOUNTS,
  { title: '' },
  { title: 'LINES', align: 'right' },
  { title: '' },
];

function cellsOf(row: InvoiceRow): string[] {
  const { source, invoiceId, state, expected, recorded, difference, currency, lineCount } = row;
  return [source, invoiceId || NONE, state, expected ?? '', recorded ?? '', difference, currency, String(lineCount), remarkOf(row)];
}

function remarkOf({ roundingOnly, acceptance, unpricedCount, note, state }: InvoiceRow): string {
  const remarks = [
    roundingOnly && state === 'matched' ? 'rounding' : '',
    acceptance === null
      ? ''
      : acceptance.holds
        ? `“${acceptance.reason}” (${acceptance.acceptedBy})`
        : `accepted was ${acceptance.difference}`,
    unpricedCount === 0 ? '' : `${unpricedCount} lines without BilledCost`,
    note,
  ];
  return remarks.filter((remark) => remark !== '').join('; ');
}

function totalsText(sources: readonly SourceTotal[]): string {
  const columns: readonly Column[] = [
    { title: 'SOURCE' },
    { title: 'INVOICES', align: 'right' },
    ...AMOUNTS,
    { title: 'WITHOUT INVOICE', align: 'point' },
    { title: '' },
    { title: 'OPEN', align: 'right' },
    { title: 'BEFORE FINALIZING' },
  ];
  const rows = sources.map((total) => [
    ...[
      total.source,
      String(total.expectedCount),
      total.expected,
      total.recorded,
      total.difference,
      total.uninvoiced,
      total.currency ?? '',
    ],
    ...[String(total.openCount), total.isDemanded ? 'demanded' : total.isChecked ? 'asked for' : ''],
  ]);
  return table(columns, rows);
}

function detailText({ rows, imports, elsewhere, history }: InvoiceDetail): string {
  const parts = rows.length === 0 ? ['It is expected no longer, and no line names it.'] : [table(ROW_COLUMNS, rows.map(cellsOf))];
  if (imports.length > 0) {
    const lines = imports.map(({ importId, lineCount, billed, currency }) => [String(importId), String(lineCount), billed, currency]);
    const columns: readonly Column[] = [
      { title: 'IMPORT' },
      { title: 'LINES', align: 'right' },
      { title: 'BILLED COST', align: 'point' },
      { title: '' },
    ];
    parts.push(table(columns, lines));
  }
  if (elsewhere.length > 0) {
    const others = elsewhere.map(({ period, expected, recorded, currency }) => [period, expected ?? '', recorded ?? '', currency]);
    parts.push(table([{ title: 'OTHER PERIOD' }, ...AMOUNTS.slice(0, 2), { title: '' }], others));
  }
  if (history.length > 0) {
    const titles = ['AT', 'BY', '', '', 'FILE, REASON'].map((title) => ({ title }));
    parts.push(table(titles, history.map(historyCells)));
  }
  return parts.join('\n\n');
}

function historyCells({ at, by, action, invoice, difference, fileName, reason }: InvoiceHistoryEntry): string[] {
  const what =
    invoice !== null
      ? wordsOf(invoice)
      : difference !== null
        ? `expected ${difference.expected ?? '–'}, recorded ${difference.recorded ?? '–'} ${difference.currency}`
        : '';
  return [instant(at), by, action, what, [fileName, reason].filter((text) => text !== null).join('; ')];
}

function wordsOf({ amount, currency, issuedOn, note }: ExpectedInvoice): string {
  const money = grouped(Decimal.parse(amount).toPadded(minorUnitDigits(currency)));
  return [`${money} ${currency}`, ...(issuedOn === null ? [] : [`of ${issuedOn}`]), ...(note === '' ? [] : [note])].join(', ');
}

function describeReport(report: InvoiceImportReport, isDryRun: boolean): string {
  const { fileName, format, rowCount, voidedRowCount, refusedRows, sources, ignoredColumns } = report;
  const parts: string[] = [];
  if (refusedRows.length > 0) {
    const titles = ['LINE', 'COLUMN', 'VALUE', 'REASON'].map((title) => ({ title }));
    const rows = refusedRows.slice(0, MOST_SHOWN).map(({ line, column, value, reason }) => [String(line), column, value, reason]);
    parts.push(`${fileName} would be refused, as these rows can't be taken:`, table(titles, rows), ...andMore(refusedRows.length));
  }
  const voided = voidedRowCount === 0 ? '' : `, ${voidedRowCount} of voided invoices`;
  parts.push(
    `${fileName}: ${format === 'focus' ? 'FOCUS Invoice Detail' : 'a table'}, ${rowCount} ${rowCount === 1 ? 'row' : 'rows'}${voided}.`,
  );
  parts.push(...sources.flatMap((source) => sourceLines(source, isDryRun)));
  if (format === 'table' && ignoredColumns.length > 0) parts.push(`Columns without meaning here: ${ignoredColumns.join(', ')}.`);
  return parts.join('\n');
}

function sourceLines({ source, added, changed, withdrawn, unchangedCount }: SourceImport, isDryRun: boolean): string[] {
  const would = isDryRun ? 'would be ' : '';
  const counts = [`${added.length} ${would}added`, `${changed.length} ${would}changed`, `${withdrawn.length} ${would}withdrawn`];
  return [
    `${source}: ${counts.join(', ')}, ${unchangedCount} unchanged.`,
    ...added.slice(0, MOST_SHOWN).map((invoice) => `  + ${invoice.invoiceId} ${invoice.period}: ${wordsOf(invoice)}`),
    ...andMore(added.length),
    ...changed
      .slice(0, MOST_SHOWN)
      .map(({ before, after }) => `  ${after.invoiceId} ${after.period}: ${wordsOf(before)} → ${wordsOf(after)}`),
    ...andMore(changed.length),
    ...withdrawn.slice(0, MOST_SHOWN).map((invoice) => `  - ${invoice.invoiceId} ${invoice.period}: ${wordsOf(invoice)}`),
    ...andMore(withdrawn.length),
  ];
}

function andMore(count: number): string[] {
  return count > MOST_SHOWN ? [`  … and ${count - MOST_SHOWN} more (--json has all)`] : [];
}
