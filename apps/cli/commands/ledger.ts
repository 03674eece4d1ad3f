import { type AskedMoment, askedMoment, LedgerHistory, type LedgerScope, type LedgerStandpoint, type LedgerSum } from '#charges';
import { billingPeriod, type Currency, type Decimal, DomainError, writeAmount } from '#kernel';
import type { FundOrgSum } from '#ledger';
import { instant } from '../output/instant.js';
import { grouped, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

interface ScopeOptions {
  readonly period: string;
  readonly pi?: string;
  readonly project?: string;
}

const RIGHT = { align: 'right' } as const;
const CAUSE_INDENT = '  ';

export async function showMoments(session: Session, options: { period: string }): Promise<CommandResult> {
  const program = await session.program();
  const period = billingPeriod(options.period);
  const moments = await program.get(LedgerHistory).moments(period);
  const rows = moments.map((moment) => [String(moment.position), instant(moment.at), moment.by.id, moment.text, moment.note ?? '']);
  const columns = [{ title: 'POSITION', ...RIGHT }, ...['TIME', 'BY', 'WHAT', 'NOTE'].map((title) => ({ title }))];
  return { data: { period, moments }, text: table(columns, rows) };
}

export async function showLedger(session: Session, options: ScopeOptions & { asOf?: string }): Promise<CommandResult> {
  const asked = moment('--as-of', options.asOf ?? 'now');
  const program = await session.program();
  const { currency } = program.config;
  const period = billingPeriod(options.period);
  const { asOf, totals, rows } = await program.get(LedgerHistory).asOf(period, asked, scopeOf(options));
  const data = {
    period,
    currency,
    asOf,
    totals: {
      lines: totals.lineCount,
      flagged: totals.flaggedCount,
      ...written(totals, currency),
      billedExact: totals.billedExact.toString(),
    },
    rows: rows.map((row) => ({
      piEmail: row.piEmail,
      projectId: row.projectId,
      fundOrg: row.fundOrg,
      lines: row.lineCount,
      ...written(row, currency),
      listExact: row.listExact.toString(),
      billedExact: row.billedExact.toString(),
    })),
  };
  const head = `${period}${scopeText(options)}, as of ${describe(asOf)}`;
  const waiting = `${totals.flaggedCount} ${totals.flaggedCount === 1 ? 'charge' : 'charges'} waiting for review`;
  if (rows.length === 0) return { data, text: `${head}\n\nNothing was billed, with ${waiting}.` };
  const columns = [
    ...['PI', 'PROJECT', 'FUND/ORG'].map((title) => ({ title })),
    ...['LINES', `LIST ${currency}`, 'DISCOUNT', 'BILLED', 'BILLED EXACT'].map((title) => ({ title, ...RIGHT })),
  ];
  const cells = (sum: Omit<FundOrgSum, 'piEmail' | 'projectId' | 'fundOrg' | 'listExact'>): string[] => [
    String(sum.lineCount),
    amount(sum.list, currency),
    amount(sum.list.minus(sum.billed), currency),
    amount(sum.billed, currency),
    grouped(sum.billedExact.toString()),
  ];
  const lineCount = rows.reduce((lines, row) => lines + row.lineCount, 0);
  const text = table(columns, [
    ...rows.map((row) => [row.piEmail, row.projectId || '–', row.fundOrg || '–', ...cells(row)]),
    ['Sum', '', '', ...cells({ ...totals, lineCount })],
  ]);
  return { data, text: `${head}\n\n${text}\n\nBilled with ${waiting}.` };
}

export async function compareLedgers(session: Session, options: ScopeOptions & { from: string; to?: string }): Promise<CommandResult> {
  const from = moment('--from', options.from);
  const to = moment('--to', options.to ?? 'now');
  const program = await session.program();
  const { currency } = program.config;
  const period = billingPeriod(options.period);
  const difference = await program.get(LedgerHistory).difference(period, from, to, scopeOf(options));
  const share = (held: LedgerSum & { fundOrgs: readonly string[] }): object => ({ ...sum(held), fundOrgs: held.fundOrgs });
  const sum = (held: LedgerSum): object => ({ lines: held.lineCount, ...written(held, currency) });
  const data = {
    period,
    currency,
    from: difference.from,
    to: difference.to,
    before: sum(difference.before),
    after: sum(difference.after),
    change: sum(difference.change),
    rows: difference.rows.map(({ piEmail, projectId, before, after, change, causes }) => ({
      piEmail,
      projectId,
      before: share(before),
      after: share(after),
      change: sum(change),
      causes: causes.map((cause) => ({ ...cause.moment, change: sum(cause.change) })),
    })),
  };
  const head = `${period}${scopeText(options)}\nfrom  ${describe(difference.from)}\nto    ${describe(difference.to)}`;
  if (difference.rows.length === 0) return { data, text: `${head}\n\nNothing changed between the two.` };
  const columns = [
    ...['PI AND PROJECT, AND WHAT CHANGED IT', 'BY'].map((title) => ({ title })),
    ...['LINES', `BEFORE ${currency}`, `CHANGE ${currency}`, `AFTER ${currency}`].map((title) => ({ title, ...RIGHT })),
  ];
  const rows = difference.rows.flatMap((row) => [
    [`${row.piEmail || '–'} ${row.projectId || '–'}`, '', signed(row.change.lineCount), ...steps(row, currency)],
    ...row.causes.map(({ moment: cause, change }) => [
      `${CAUSE_INDENT}${cause.position} ${instant(cause.at)} ${cause.text}${cause.note === null ? '' : `: ${cause.note}`}`,
      cause.by.id,
      signed(change.lineCount),
      '',
      signedAmount(change.billed, currency),
      '',
    ]),
  ]);
  const last = ['Sum, with what did not change', '', signed(difference.change.lineCount), ...steps(difference, currency)];
  return { data, text: `${head}\n\n${table(columns, [...rows, last])}` };
}

/** A moment as it was typed; another text is wrong usage. */
function moment(option: string, text: string): AskedMoment {
  try {
    return askedMoment(text);
  } catch (error) {
    if (error instanceof DomainError) throw new UsageError(`${option}: ${error.detail}`);
    throw error;
  }
}

function scopeOf({ pi, project }: ScopeOptions): LedgerScope {
  return { ...(pi !== undefined && { piEmail: pi }), ...(project !== undefined && { projectId: project }) };
}

/** List, discount and billed as a file would hold them. */
function written(
  { list, billed }: Pick<LedgerSum, 'list' | 'billed'>,
  currency: Currency,
): { list: string; discount: string; billed: string } {
  return {
    list: writeAmount(list, currency),
    discount: writeAmount(list.minus(billed), currency),
    billed: writeAmount(billed, currency),
  };
}

function steps({ before, change, after }: { before: LedgerSum; change: LedgerSum; after: LedgerSum }, currency: Currency): string[] {
  return [amount(before.billed, currency), signedAmount(change.billed, currency), amount(after.billed, currency)];
}

function amount(value: Decimal, currency: Currency): string {
  return grouped(writeAmount(value, currency));
}

function signedAmount(value: Decimal, currency: Currency): string {
  return value.isPositive() ? `+${amount(value, currency)}` : amount(value, currency);
}

function signed(count: number): string {
  return count > 0 ? `+${count}` : String(count);
}

function describe({ position, at, text }: LedgerStandpoint): string {
  return at === null ? `${text}.` : `position ${position}, ${instant(at)}: ${text}`;
}

function scopeText({ pi, project }: ScopeOptions): string {
  return [pi, project].map((part) => (part === undefined ? '' : `, ${part}`)).join('');
}
