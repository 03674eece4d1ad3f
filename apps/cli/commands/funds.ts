import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type ChartImportMode,
  type ChartImportReport,
  ChartOfFunds,
  type Fund,
  type FundChange,
  type FundInput,
  FundQueries,
  type FundStanding,
} from '#funds';
import { DomainError } from '#kernel';
import { table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

export interface ListFundsOptions {
  readonly search?: string;
  readonly standing?: FundStanding;
  readonly limit: number;
  readonly after?: string;
}

export interface RetireFundOptions {
  readonly lastDay?: string;
  readonly reason?: string;
}

export interface ImportFundsOptions {
  readonly mode: ChartImportMode;
  readonly lastDay?: string;
  readonly dryRun?: boolean;
}

/** Lines of each list that a report shows; `--json` has all. */
const MOST_SHOWN = 20;
const NOT_IN_USE =
  'No fund is in the chart, so none is in use: charges are not held against it. Put funds into it with `funds set` or `funds import`.';

export async function listFunds(session: Session, { search, standing, limit, after }: ListFundsOptions): Promise<CommandResult> {
  const program = await session.program();
  const page = await program.get(FundQueries).list({ text: search, standing }, program.get(ChartOfFunds).today(), { limit, after });
  if (page.chartCount === 0) return { data: page, text: NOT_IN_USE };
  if (page.funds.length === 0) return { data: page, text: 'No fund fits.' };
  const rows = page.funds.map((fund) => [...cellsOf(fund), fund.standing === 'valid' ? '' : fund.standing]);
  const titles = ['FUND/ORG', 'TITLE', 'FROM', 'TO', 'OWNER', ''].map((title) => ({ title }));
  const more = page.next === null ? [] : [`${page.funds.length} of ${page.count}; go on with --after '${page.next}', or raise --limit.`];
  return { data: page, text: [table(titles, rows), ...more].join('\n') };
}

export async function showFund(session: Session, fundOrg: string): Promise<CommandResult> {
  const program = await session.program();
  const queries = program.get(FundQueries);
  const fund = await queries.get(fundOrg, program.get(ChartOfFunds).today());
  const history = await queries.history(fundOrg);
  const facts = [
    ['title', fund.title || '–'],
    ['valid from', fund.validFrom ?? '–'],
    ['valid to', fund.validTo ?? '–'],
    ['owner', fund.owner || '–'],
    ['today', fund.standing],
  ];
  const changes = history.map((entry) => [
    entry.changedAt.toISOString().slice(0, 16).replace('T', ' '),
    entry.action,
    ...cellsOf({ ...entry, fundOrg }).slice(1),
    entry.changedBy,
    [entry.fileName, entry.reason].filter((text) => text !== null).join('; '),
  ]);
  const titles = ['AT (UTC)', '', 'TITLE', 'FROM', 'TO', 'OWNER', 'BY', 'FILE, REASON'].map((title) => ({ title }));
  return { data: { fund, history }, text: `${table([{ title: fund.fundOrg }, { title: '' }], facts)}\n\n${table(titles, changes)}` };
}

export async function setFund(session: Session, fundOrg: string, options: FundInput): Promise<CommandResult> {
  const program = await session.program();
  const { fund, before, appended } = await program.get(ChartOfFunds).put(fundOrg, options, program.metadata);
  await program.settle();
  const text =
    before === null
      ? `${fund.fundOrg} is in the chart of funds: ${wordsOf(fund)}.`
      : appended === null
        ? `${fund.fundOrg} is set so already.`
        : `${fund.fundOrg} is changed:\n${changeLines({ before, after: fund }).join('\n')}`;
  return { data: { fund, before, changed: appended !== null }, text };
}

export async function retireFund(session: Session, fundOrg: string, { lastDay, reason }: RetireFundOptions): Promise<CommandResult> {
  const program = await session.program();
  const { fund, before } = await program.get(ChartOfFunds).retire(fundOrg, lastDay ?? null, reason ?? null, program.metadata);
  await program.settle();
  return { data: { fund, before }, text: `${fund.fundOrg} is valid until ${fund.validTo ?? '–'}.` };
}

export async function removeFund(session: Session, fundOrg: string, { reason }: { readonly reason?: string }): Promise<CommandResult> {
  const program = await session.program();
  const { fund } = await program.get(ChartOfFunds).remove(fundOrg, reason ?? null, program.metadata);
  await program.settle();
  const { isInUse } = await program.get(ChartOfFunds).snapshot();
  const end = isInUse ? '' : ' It was the last one: no chart is in use, and charges are not held against one.';
  return { data: { fund, chartInUse: isInUse }, text: `${fund.fundOrg} is out of the chart of funds.${end}` };
}

/** With rows that can't be taken a dry run says so with exit code 1, as the import itself does. */
export async function importFunds(session: Session, path: string, options: ImportFundsOptions): Promise<CommandResult> {
  if (options.lastDay !== undefined && options.mode === 'merge') {
    throw new UsageError('--last-day is of --mode replace: merge retires no fund.');
  }
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) throw new DomainError('input.not-readable', 'not-found', `There is no file ${path}.`);
  const program = await session.program();
  const chart = program.get(ChartOfFunds);
  const file = await program.services.storage.put(createReadStream(path));
  const upload = { ...file, fileName: basename(path), mode: options.mode, lastDay: options.lastDay ?? null };
  if (options.dryRun === true) {
    const report = await chart.preview(upload);
    return { data: { report, recorded: false }, text: describeReport(report, true), failed: report.refusedRows.length > 0 };
  }
  const { report, appended } = await chart.import(upload, program.metadata);
  await program.settle();
  return { data: { report, recorded: appended !== null }, text: describeReport(report, false) };
}

function describeReport(report: ChartImportReport, isDryRun: boolean): string {
  const { fileName, duplicateOf, refusedRows, added, changed, retired, unchangedCount, lastDay, missingColumns, ignoredColumns } = report;
  if (duplicateOf !== null) {
    const when = duplicateOf.importedAt.toISOString().slice(0, 16).replace('T', ' ');
    return `${fileName} is the last file that was imported (${when} UTC, by ${duplicateOf.importedBy}); nothing changes.`;
  }
  const parts: string[] = [];
  if (refusedRows.length > 0) {
    const titles = ['LINE', 'COLUMN', 'VALUE', 'REASON'].map((title) => ({ title }));
    const rows = refusedRows.slice(0, MOST_SHOWN).map(({ line, column, value, reason }) => [String(line), column, value, reason]);
    parts.push(`${fileName} would be refused, as these rows can't be taken:`, table(titles, rows), ...andMore(refusedRows.length));
  }
  const would = isDryRun ? 'would be ' : '';
  const count = (funds: readonly unknown[], what: string): string => `${funds.length} ${would}${what}`;
  const ending = lastDay === null ? '' : ` with ${lastDay}`;
  parts.push(
    `${fileName}: ${count(added, 'added')}, ${count(changed, 'changed')}, ${count(retired, 'retired')}${ending}, ${unchangedCount} unchanged.`,
  );
  parts.push(...added.slice(0, MOST_SHOWN).map((fund) => `  + ${fund.fundOrg}: ${wordsOf(fund)}`), ...andMore(added.length));
  for (const changes of [changed, retired]) parts.push(...changes.slice(0, MOST_SHOWN).flatMap(fundLines), ...andMore(changes.length));
  if (missingColumns.length > 0) parts.push(`The file says nothing about ${missingColumns.join(', ')}; what the chart says there stays.`);
  if (ignoredColumns.length > 0) parts.push(`Columns without meaning here: ${ignoredColumns.join(', ')}.`);
  return parts.join('\n');
}

function andMore(count: number): string[] {
  return count > MOST_SHOWN ? [`  … and ${count - MOST_SHOWN} more (--json has all)`] : [];
}

function fundLines(change: FundChange): string[] {
  return [`  ${change.after.fundOrg}:`, ...changeLines(change).map((line) => `  ${line}`)];
}

const WORDS = [
  ['title', 'title'],
  ['valid from', 'validFrom'],
  ['valid to', 'validTo'],
  ['owner', 'owner'],
] as const;

function changeLines({ before, after }: FundChange): string[] {
  return WORDS.flatMap(([words, field]) =>
    before[field] === after[field] ? [] : [`  ${words}: ${before[field] || '–'} → ${after[field] || '–'}`],
  );
}

function wordsOf(fund: Fund): string {
  const [, title, from, to, owner] = cellsOf(fund);
  return [title ?? '–', `from ${from ?? ''}`, `to ${to ?? ''}`, `owner ${owner ?? ''}`].join(', ');
}

function cellsOf({ fundOrg, title, validFrom, validTo, owner }: Fund): string[] {
  return [fundOrg, title || '–', validFrom ?? '–', validTo ?? '–', owner || '–'];
}
