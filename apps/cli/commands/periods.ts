import { type BillingPeriod, billingPeriod, DomainError, writeAmount } from '#kernel';
import { LedgerQueries } from '#ledger';
import { ChangePeriodHandler, FinalizeChecklist, PeriodHistoryQueries, PeriodRepository, type PeriodStep } from '#periods';
import { StatementQueries } from '#statements';
import { instant } from '../output/instant.js';
import { grouped, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { checklistText } from './finalize-checklist.js';

export async function listPeriods(session: Session): Promise<CommandResult> {
  const program = await session.program();
  const { currency } = program.config;
  const periods = await Promise.all(
    (await program.get(PeriodRepository).list()).map(async (row) => {
      const totals = await program.get(LedgerQueries).totals(row.period, currency);
      const statements = await program.get(StatementQueries).current(row.period);
      return {
        ...row,
        lines: totals.lineCount,
        flagged: totals.flaggedCount,
        list: writeAmount(totals.list, currency),
        discount: writeAmount(totals.discount, currency),
        billed: writeAmount(totals.billed, currency),
        statements: statements.length,
      };
    }),
  );
  if (periods.length === 0)
    return { data: { currency, periods }, text: 'There are no billing periods yet; importing a file opens its own.' };
  const columns = [
    { title: 'PERIOD' },
    { title: 'STATE' },
    ...['LINES', 'FLAGGED', `LIST ${currency}`, `BILLED ${currency}`, 'STATEMENTS'].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = periods.map((row) => [
    row.period,
    row.state,
    String(row.lines),
    String(row.flagged),
    grouped(row.list),
    grouped(row.billed),
    String(row.statements),
  ]);
  return { data: { currency, periods }, text: table(columns, rows) };
}

/** Its state, what is missing before it is finalized, and who changed its state, when and why. */
export async function showPeriod(session: Session, written: string): Promise<CommandResult> {
  const program = await session.program();
  const { currency } = program.config;
  const period = billingPeriod(written);
  const row = await program.get(PeriodRepository).find(period);
  if (row === undefined)
    throw new DomainError('period.unknown', 'not-found', `There is no period ${period}. Open it or import a file for it.`);
  const totals = await program.get(LedgerQueries).totals(period, currency);
  const checklist = row.state === 'finalized' ? [] : await program.get(FinalizeChecklist).items(period);
  const history = await program.get(PeriodHistoryQueries).of(period);
  const sums = {
    lines: totals.lineCount,
    flagged: totals.flaggedCount,
    list: writeAmount(totals.list, currency),
    discount: writeAmount(totals.discount, currency),
    billed: writeAmount(totals.billed, currency),
  };
  const text = [
    `Period ${period} is ${row.state}: ${grouped(sums.billed)} ${currency} billed, list price ${grouped(sums.list)}.`,
    ...(row.state === 'finalized' ? [] : [checklistText(period, row.state === 'closed', checklist)]),
    historyText(history),
  ];
  return { data: { period, state: row.state, currency, ...sums, checklist, history }, text: text.join('\n\n') };
}

function historyText(history: readonly PeriodStep[]): string {
  const rows = history.flatMap(({ at, by, step, note, forced }) => [
    [instant(at), by.id, step, note ?? ''],
    ...(forced === null ? [] : [['', '', '', `By force: ${forced.reason} (${forced.missing.join('; ')})`]]),
  ]);
  return table(
    ['TIME', 'BY', 'STEP', 'NOTE'].map((title) => ({ title })),
    rows,
  );
}

export async function openPeriod(session: Session, written: string): Promise<CommandResult> {
  const program = await session.program();
  const period = billingPeriod(written);
  const { position } = await program.get(ChangePeriodHandler).open(period, program.metadata);
  return { data: { period, state: 'open', position }, text: `Period ${period} is open.` };
}

export async function closePeriod(session: Session, written: string, notes: string | null): Promise<CommandResult> {
  const program = await session.program();
  const period = billingPeriod(written);
  const { position } = await program.get(ChangePeriodHandler).close(period, notes, program.metadata);
  return { data: { period, state: 'closed', position }, text: `Period ${period} is closed: it takes no more imports.` };
}

export async function reopenPeriod(session: Session, written: string, reason: string): Promise<CommandResult> {
  const program = await session.program();
  const period = billingPeriod(written);
  const { position } = await program.get(ChangePeriodHandler).reopen(period, reason, program.metadata);
  return { data: { period, state: 'open', position }, text: `Period ${period} is open again.` };
}

export interface FinalizeOptions {
  readonly notes?: string;
  readonly force?: string;
  readonly dryRun?: boolean;
}

export async function finalizePeriod(session: Session, written: string, options: FinalizeOptions): Promise<CommandResult> {
  const program = await session.program();
  const period = billingPeriod(written);
  const force = options.force === undefined ? null : { reason: options.force };
  if (options.dryRun === true) return rehearseFinalize(session, period, options.notes ?? null, force);
  const { position } = await program.get(ChangePeriodHandler).finalize(period, options.notes ?? null, force, program.metadata);
  return { data: { period, state: 'finalized', position }, text: `Period ${period} is finalized: nothing in it changes any more.` };
}

/** The checklist, and what finalizing would answer. Refused is failed, so that a script can ask. */
async function rehearseFinalize(
  session: Session,
  period: BillingPeriod,
  notes: string | null,
  force: { reason: string } | null,
): Promise<CommandResult> {
  const program = await session.program();
  const { state, checklist, refusal } = await program.get(ChangePeriodHandler).rehearseFinalize(period, notes, force);
  const isForced = refusal === null && checklist.some(({ done }) => !done);
  const verdict =
    refusal === null
      ? `Period ${period} would be finalized${isForced ? ' by force' : ''}, for ever.`
      : `It would be refused: ${refusal.detail}`;
  const lines = [...(checklist.length === 0 ? [] : [checklistText(period, state === 'closed', checklist)]), `Dry run. ${verdict}`];
  const data = {
    period,
    state,
    dryRun: true,
    checklist,
    forced: isForced,
    refusal: refusal === null ? null : { code: refusal.code, detail: refusal.detail },
  };
  return { data, text: lines.join('\n\n'), failed: refusal !== null };
}
