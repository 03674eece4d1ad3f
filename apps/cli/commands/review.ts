import {
  type AttributionChange,
  type ChargeFilter,
  ChargeQueries,
  type DispositionVerb,
  ReviewChargesHandler,
  type ReviewSelection,
} from '#charges';
import { billingPeriod } from '#kernel';
import { grouped, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

export interface FilterOptions {
  readonly period?: string;
  readonly source?: string;
  readonly pi?: string;
  readonly project?: string;
  readonly reason?: string;
}

export interface ReattributeOptions {
  readonly id: readonly string[];
  readonly pi?: string;
  readonly project?: string;
  readonly fundOrg?: string;
  readonly costCenter?: string;
  readonly account?: string;
  readonly note?: string;
}

const DONE = { approve: 'Approved', reject: 'Rejected', restore: 'Back in review:' } as const;

export async function listFlagged(session: Session, options: FilterOptions & { limit: string }): Promise<CommandResult> {
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError(`--limit takes a whole number from 1 on, not “${options.limit}”.`);
  const program = await session.program();
  const page = await program.get(ChargeQueries).find({ ...filterOf(options), standings: ['flagged'] }, { limit });
  if (page.count === 0) return { data: page, text: 'No charge waits for review.' };
  const columns = ['CHARGE', 'PERIOD', 'SOURCE', 'PI', 'PROJECT', 'FUND/ORG', 'SERVICE'].map((title) => ({ title }));
  const rows = page.items.map((charge) => [
    charge.id,
    charge.period,
    charge.source,
    charge.piEmail || '–',
    charge.projectId || '–',
    charge.fundOrg || '–',
    charge.serviceName,
    grouped(charge.amount),
    charge.currency,
    charge.flags.join(', '),
  ]);
  const sums = money(page.amounts);
  const shown = page.items.length < page.count ? `The first ${page.items.length} of ${page.count} charges` : `${page.count} charges`;
  return {
    data: page,
    text: [
      table([...columns, { title: 'AMOUNT', align: 'right' }, { title: '' }, { title: 'REASONS' }], rows),
      '',
      `${shown}; ${sums} in all.`,
    ].join('\n'),
  };
}

export async function dispose(
  session: Session,
  verb: DispositionVerb,
  options: FilterOptions & { readonly id?: readonly string[]; readonly note?: string },
): Promise<CommandResult> {
  const selection = selectionOf(options);
  const program = await session.program();
  const { count, amounts, position } = await program
    .get(ReviewChargesHandler)
    .dispose(verb, selection, options.note ?? null, program.metadata);
  await program.settle();
  return { data: { count, amounts, position }, text: `${DONE[verb]} ${counted(count)}: ${money(amounts)}.` };
}

export async function reattribute(session: Session, options: ReattributeOptions): Promise<CommandResult> {
  const change: AttributionChange = {
    ...(options.pi === undefined ? {} : { piEmail: options.pi }),
    ...(options.project === undefined ? {} : { projectId: options.project }),
    ...(options.fundOrg === undefined ? {} : { fundOrg: options.fundOrg }),
    ...(options.costCenter === undefined ? {} : { costCenter: options.costCenter }),
    ...(options.account === undefined ? {} : { accountCode: options.account }),
  };
  if (Object.keys(change).length === 0) throw new UsageError('Say what to set: --pi, --project, --fund-org, --cost-center or --account.');
  const program = await session.program();
  const { count, amounts, position } = await program
    .get(ReviewChargesHandler)
    .reattribute(change, { ids: options.id }, options.note ?? null, program.metadata);
  await program.settle();
  return { data: { count, amounts, position }, text: `Reattributed ${counted(count)}: ${money(amounts)}.` };
}

function selectionOf(options: FilterOptions & { readonly id?: readonly string[] }): ReviewSelection {
  const { id: ids, period } = options;
  if ((ids === undefined) === (period === undefined)) {
    throw new UsageError('Name charges with --id, or a billing period with -p (and --source, --pi, --project, --reason); not both.');
  }
  if (ids !== undefined) return { ids };
  return { filter: { ...filterOf(options), period: billingPeriod(period ?? '') } };
}

function filterOf({ period, source, pi, project, reason }: FilterOptions): ChargeFilter {
  return {
    ...(period === undefined ? {} : { period: billingPeriod(period) }),
    ...(source === undefined ? {} : { source }),
    ...(pi === undefined ? {} : { piEmail: pi }),
    ...(project === undefined ? {} : { projectId: project }),
    ...(reason === undefined ? {} : { flag: reason }),
  };
}

function counted(count: number): string {
  return count === 1 ? '1 charge' : `${count} charges`;
}

/** `1,204.50 USD, 19.20 EUR`: amounts of two currencies are never summed. */
function money(amounts: readonly { currency: string; amount: string }[]): string {
  return amounts.map(({ amount, currency }) => `${grouped(amount)} ${currency}`).join(', ');
}
