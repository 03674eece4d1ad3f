import { billingPeriod, writeAmount } from '#kernel';
import { LedgerQueries } from '#ledger';
import { ChangePeriodHandler, PeriodRepository } from '#periods';
import { StatementQueries } from '#statements';
import { grouped, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';

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

export async function finalizePeriod(
  session: Session,
  written: string,
  options: { notes?: string; force?: string },
): Promise<CommandResult> {
  const program = await session.program();
  const period = billingPeriod(written);
  const force = options.force === undefined ? null : { reason: options.force };
  const { position } = await program.get(ChangePeriodHandler).finalize(period, options.notes ?? null, force, program.metadata);
  return { data: { period, state: 'finalized', position }, text: `Period ${period} is finalized: nothing in it changes any more.` };
}
