import {
  type AdjustmentLine,
  AdjustmentQueries,
  type AdjustmentRow,
  type AdjustmentTarget,
  BookAdjustmentsHandler,
  WithdrawAdjustmentsHandler,
} from '#adjustments';
import { ChargeQueries, parseChargeId } from '#charges';
import { billingPeriod, Decimal } from '#kernel';
import { instant } from '../output/instant.js';
import { grouped, printable, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';

interface AdjustOptions {
  readonly in: string;
  readonly reason: string;
  readonly amount?: string;
  readonly percent?: string;
  readonly debit?: boolean;
  readonly dryRun?: boolean;
}

interface ListOptions {
  readonly period?: string;
  readonly of?: string;
  readonly pi?: string;
  readonly limit: number;
}

/** Charges that are shown of an adjustment. */
const CHARGES_SHOWN = 100;

/** @throws DomainError as {@link BookAdjustmentsHandler}. */
export async function adjustCharge(session: Session, id: string, options: AdjustOptions): Promise<CommandResult> {
  return adjust(session, { chargeId: parseChargeId(id) }, options);
}

/** @throws DomainError as {@link BookAdjustmentsHandler}. */
export async function adjustStatement(
  session: Session,
  { pi, project, period }: { readonly pi: string; readonly project: string; readonly period: string },
  options: AdjustOptions,
): Promise<CommandResult> {
  return adjust(session, { statement: { period: billingPeriod(period), piEmail: pi, projectId: project } }, options);
}

async function adjust(session: Session, target: AdjustmentTarget, options: AdjustOptions): Promise<CommandResult> {
  const program = await session.program();
  const handler = program.get(BookAdjustmentsHandler);
  const command = {
    target,
    period: billingPeriod(options.in),
    kind: options.debit === true ? 'debit' : 'credit',
    amount: options.amount === undefined ? null : Decimal.parse(options.amount),
    percent: options.percent === undefined ? null : Decimal.parse(options.percent),
    reason: options.reason,
  } as const;
  if (options.dryRun === true) {
    const outcome = await handler.preview(command);
    return {
      data: { dryRun: true, ...outcome },
      text: `${linesText(outcome.lines, outcome.count)}\n\nWould book ${charges(outcome.count)} in ${outcome.period}: ${money(outcome.totals)}. Nothing was changed.`,
    };
  }
  const { repeated: _repeated, version: _version, ...outcome } = await handler.execute(command, program.metadata);
  await program.settle();
  return {
    data: outcome,
    text: `${linesText(outcome.lines, outcome.count)}\n\nAdjustment ${outcome.adjustmentId}: ${charges(outcome.count)} booked in ${outcome.period}, ${money(outcome.totals)}.`,
  };
}

export async function listAdjustments(session: Session, options: ListOptions): Promise<CommandResult> {
  const program = await session.program();
  const page = await program.get(AdjustmentQueries).list(
    {
      period: options.period === undefined ? undefined : billingPeriod(options.period),
      adjustedPeriod: options.of === undefined ? undefined : billingPeriod(options.of),
      piEmail: options.pi,
    },
    { limit: options.limit, offset: 0 },
  );
  if (page.count === 0) return { data: page, text: 'There are no adjustments.' };
  const columns = ['ADJUSTMENT', 'STATE', 'BILLED IN', 'CORRECTS', 'PI', 'PROJECT'].map((title) => ({ title }));
  const rows = page.adjustments.map((row) => [
    String(row.adjustmentId),
    row.state,
    row.period,
    corrected(row),
    row.piEmail ?? '',
    row.projectId ?? '',
    String(row.lineCount),
    money(row.totals),
    row.reason,
  ]);
  const shown = table([...columns, { title: 'CHARGES', align: 'right' }, { title: 'AMOUNT', align: 'right' }, { title: 'REASON' }], rows);
  const rest = page.count - page.adjustments.length;
  return { data: page, text: rest === 0 ? shown : `${shown}\n\n${rest} more; see --limit.` };
}

/** @throws DomainError `adjustment.unknown`. */
export async function showAdjustment(session: Session, id: number): Promise<CommandResult> {
  const program = await session.program();
  const adjustment = await program.get(AdjustmentQueries).get(id);
  const { items, count } = await program.get(ChargeQueries).ofImport(id, CHARGES_SHOWN);
  const { state, period, kind, reason, bookedBy, bookedAt, endedBy, endedAt, endReason } = adjustment;
  const lines = [
    `Adjustment ${id}, ${state}: a ${kind} of ${money(adjustment.totals)} in ${period}`,
    `  corrects ${corrected(adjustment)} of ${adjustment.adjustedPeriod}${adjustment.piEmail === null ? '' : `, ${adjustment.piEmail}, ${adjustment.projectId ?? ''}`}`,
    `  booked by ${bookedBy}, ${instant(bookedAt)}: “${reason}”`,
    ...(endedAt === null ? [] : [`  withdrawn by ${endedBy ?? '?'}, ${instant(endedAt)}: “${endReason ?? ''}”`]),
  ];
  return { data: { ...adjustment, charges: items }, text: `${lines.join('\n')}\n\n${chargesText(items)}${more(count, items.length)}` };
}

/** @throws DomainError `adjustment.unknown`, `adjustment.not-booked`, `period.wrong-state`. */
export async function withdrawAdjustment(session: Session, id: number, reason: string): Promise<CommandResult> {
  const program = await session.program();
  const { position } = await program.get(WithdrawAdjustmentsHandler).execute(id, reason, program.metadata);
  await program.settle();
  return { data: { adjustmentId: id, position }, text: `Adjustment ${id} is withdrawn.` };
}

function linesText(lines: readonly AdjustmentLine[], count: number): string {
  const columns = ['CORRECTS', 'SOURCE', 'SERVICE', 'RESOURCE', 'FUND/ORG'].map((title) => ({ title }));
  const rows = lines.map((line) => [
    line.adjusts,
    line.source,
    line.serviceName,
    line.resource ?? '–',
    line.fundOrg,
    line.billed,
    line.listCost,
    line.amount,
    line.left,
  ]);
  const amounts = ['BILLED', 'LIST', 'AMOUNT', 'THEN LEFT'].map((title) => ({ title, align: 'point' as const }));
  return table([...columns, ...amounts], rows) + more(count, lines.length);
}

function chargesText(
  items: readonly {
    id: string;
    adjusts: string | null;
    source: string;
    serviceName: string;
    fundOrg: string;
    listCost: string;
    amount: string;
  }[],
): string {
  const columns = ['CHARGE', 'CORRECTS', 'SOURCE', 'SERVICE', 'FUND/ORG'].map((title) => ({ title }));
  const amounts = ['LIST', 'AMOUNT'].map((title) => ({ title, align: 'point' as const }));
  return table(
    [...columns, ...amounts],
    items.map((charge) => [
      charge.id,
      charge.adjusts ?? '',
      charge.source,
      charge.serviceName,
      charge.fundOrg,
      charge.listCost,
      charge.amount,
    ]),
  );
}

function more(count: number, shown: number): string {
  return count === shown ? '' : `\nand ${count - shown} more`;
}

function corrected({ chargeId, adjustedPeriod, revision, fileName }: AdjustmentRow): string {
  if (fileName !== null) return `${adjustedPeriod} by ${printable(fileName)}`;
  return chargeId ?? `statement ${adjustedPeriod}${revision === null ? '' : ` r${revision}`}`;
}

function charges(count: number): string {
  return count === 1 ? '1 charge' : `${count} charges`;
}

function money(totals: AdjustmentRow['totals']): string {
  return totals.map(({ amount, currency }) => `${grouped(amount)} ${currency}`).join(', ');
}
