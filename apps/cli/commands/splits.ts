import { formatChargeId } from '#charges';
import { billingPeriod } from '#kernel';
import { type PartInput, type PartRow, SplitChargesHandler, SplitQueries, type SplitRow } from '#splits';
import { divisionWords } from '../output/division-words.js';
import { instant } from '../output/instant.js';
import { grouped, printable, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { type DecisionOptions, selectionOf } from './review.js';

interface SplitOptions extends DecisionOptions {
  readonly part: readonly PartInput[];
}

interface UndoOptions {
  readonly split?: number;
  readonly note?: string;
  readonly dryRun?: boolean;
}

interface ListOptions {
  readonly period?: string;
  readonly limit: number;
}

/** Parts that are shown of a split. */
const LINES_SHOWN = 100;

/** @throws DomainError as {@link SplitChargesHandler.split}. */
export async function splitCharges(session: Session, named: readonly string[], options: SplitOptions): Promise<CommandResult> {
  const { part: parts, note = null, ...chosen } = options;
  const ids = [...named, ...(chosen.id ?? [])];
  const selection = selectionOf(ids.length === 0 ? chosen : { ...chosen, id: ids });
  const program = await session.program();
  const handler = program.get(SplitChargesHandler);
  if (options.dryRun === true) {
    const outcome = await handler.trySplit({ selection, parts, note });
    const extent = `${charges(outcome.count)} into ${partCount(outcome.lineCount)}: ${money(outcome.amounts)}`;
    return {
      data: { dryRun: true, ...outcome },
      text: `${linesText(outcome.lines, outcome.lineCount)}\n\nWould divide ${extent}. Nothing was changed.`,
    };
  }
  const { repeated: _repeated, version: _version, ...outcome } = await handler.split({ selection, parts, note }, program.metadata);
  await program.settle();
  const extent = `${charges(outcome.count)} divided into ${partCount(outcome.lineCount)}, ${money(outcome.amounts)}`;
  return {
    data: outcome,
    text: `${linesText(outcome.lines, outcome.lineCount)}\n\nSplit ${outcome.splitId ?? ''}: ${extent}.`,
  };
}

/** @throws DomainError as {@link SplitChargesHandler.undo}. */
export async function undoSplits(session: Session, named: readonly string[], options: UndoOptions): Promise<CommandResult> {
  const { split, note = null, dryRun = false } = options;
  if ((named.length === 0) === (split === undefined)) {
    throw new UsageError('Name divided charges, or a split with --split; not both.');
  }
  const program = await session.program();
  const handler = program.get(SplitChargesHandler);
  const ids = split === undefined ? named : await dividedBy(program.get(SplitQueries), split);
  if (dryRun) {
    const outcome = await handler.tryUndo(ids);
    return {
      data: { dryRun: true, ...outcome },
      text: `Would put together ${charges(outcome.count)}: ${money(outcome.amounts)}. Nothing was changed.`,
    };
  }
  const { repeated: _repeated, version: _version, ...outcome } = await handler.undo(ids, note, program.metadata);
  await program.settle();
  return { data: outcome, text: `Put together again ${charges(outcome.count)}: ${money(outcome.amounts)}.` };
}

async function dividedBy(queries: SplitQueries, splitId: number): Promise<string[]> {
  await queries.get(splitId);
  return (await queries.stillDivided(splitId)).map(formatChargeId);
}

export async function listSplits(session: Session, { period, limit }: ListOptions): Promise<CommandResult> {
  const program = await session.program();
  const page = await program.get(SplitQueries).list(period === undefined ? undefined : billingPeriod(period), { limit, offset: 0 });
  if (page.count === 0) return { data: page, text: 'No charge is divided.' };
  const columns = ['SPLIT', 'PERIOD', 'AT', 'BY', 'RULE'].map((title) => ({ title }));
  const numbers = ['CHARGES', 'UNDONE', 'PARTS', 'AMOUNT'].map((title) => ({ title, align: 'right' as const }));
  const rows = page.splits.map((split) => [
    ...[String(split.splitId), split.period, instant(split.splitAt), split.splitBy, split.rule ?? ''],
    ...[split.count, split.undoneCount, split.lineCount].map(String),
    money(split.amounts),
    divisionWords(split.parts),
  ]);
  const shown = table([...columns, ...numbers, { title: 'DIVIDED INTO' }], rows);
  const rest = page.count - page.splits.length;
  return { data: page, text: rest === 0 ? shown : `${shown}\n\n${rest} more; see --limit.` };
}

/** @throws DomainError `split.unknown`. */
export async function showSplit(session: Session, splitId: number): Promise<CommandResult> {
  const program = await session.program();
  const queries = program.get(SplitQueries);
  const split = await queries.get(splitId);
  const lines = await queries.parts(splitId, LINES_SHOWN);
  return { data: { ...split, lines }, text: `${splitText(split)}\n\n${linesText(lines, split.lineCount)}` };
}

function splitText({
  splitId,
  period,
  rule,
  parts,
  note,
  sources,
  count,
  amounts,
  undoneCount,
  lineCount,
  splitBy,
  splitAt,
}: SplitRow): string {
  return [
    `Split ${splitId}, ${period}, ${sources.join(', ')}: ${charges(count)} divided into ${partCount(lineCount)}, ${money(amounts)}`,
    `  ${divisionWords(parts)}`,
    `  by ${splitBy}${rule === null ? '' : `, rule ${rule}`}, ${instant(splitAt)}${note === null ? '' : `: “${note}”`}`,
    ...(undoneCount === 0 ? [] : [`  ${undoneCount} of them put together again`]),
  ]
    .map(printable)
    .join('\n');
}

function linesText(lines: readonly PartRow[], lineCount: number): string {
  const columns = ['CHARGE', 'PART', 'SHARE', 'RESOURCE', 'PI', 'PROJECT', 'FUND/ORG'].map((title) => ({ title }));
  const amounts = ['LIST', 'AMOUNT'].map((title) => ({ title, align: 'point' as const }));
  const rows = lines.map((line) => [
    ...[line.partOf, String(line.part), line.share, line.resource ?? line.serviceName],
    ...[line.piEmail || '–', line.projectId || '–', line.fundOrg || '–', line.listCost, line.amount, line.flags.join(', ')],
  ]);
  const more = lineCount === lines.length ? '' : `\nand ${lineCount - lines.length} more`;
  return table([...columns, ...amounts, { title: 'REASONS' }], rows) + more;
}

function charges(count: number): string {
  return count === 1 ? '1 charge' : `${count} charges`;
}

function partCount(count: number): string {
  return count === 1 ? '1 part' : `${count} parts`;
}

function money(amounts: SplitRow['amounts']): string {
  return amounts.map(({ amount, currency }) => `${grouped(amount)} ${currency}`).join(', ');
}
