import {
  type AttributionChange,
  type ChargeFilter,
  ChargeQueries,
  type DispositionVerb,
  type ReviewExtent,
  ReviewChargesHandler,
  type ReviewOutcome,
  type ReviewSelection,
} from '#charges';
import { billingPeriod } from '#kernel';
import type { Standing } from '#ledger';
import { grouped, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

export interface FilterOptions {
  readonly period?: string;
  readonly source?: string;
  readonly pi?: string;
  readonly project?: string;
  readonly reason?: string;
  readonly text?: string;
  readonly amountFrom?: string;
  readonly amountTo?: string;
  readonly standing?: readonly Standing[];
}

export interface DecisionOptions extends FilterOptions {
  readonly id?: readonly string[];
  readonly note?: string;
  readonly dryRun?: boolean;
  readonly expect?: number;
}

export interface ReattributeOptions extends DecisionOptions {
  readonly ofPi?: string;
  readonly ofProject?: string;
  readonly fundOrg?: string;
  readonly costCenter?: string;
  readonly account?: string;
}

const DONE = { approve: 'Approved', reject: 'Rejected', restore: 'Back in review:', reattribute: 'Reattributed' } as const;
const WOULD = {
  approve: 'Would approve',
  reject: 'Would reject',
  restore: 'Would put back in review',
  reattribute: 'Would reattribute',
} as const;

export async function listFlagged(session: Session, options: FilterOptions & { limit: string; after?: string }): Promise<CommandResult> {
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError(`--limit takes a whole number from 1 on, not “${options.limit}”.`);
  const program = await session.program();
  const page = await program.get(ChargeQueries).find({ standings: ['flagged'], ...filterOf(options) }, { limit, after: options.after });
  if (page.count === 0) return { data: page, text: options.standing === undefined ? 'No charge waits for review.' : 'No charge matches.' };
  const isOneStanding = options.standing === undefined || options.standing.length === 1;
  const columns = ['CHARGE', 'PERIOD', 'SOURCE', ...(isOneStanding ? [] : ['STANDING']), 'PI', 'PROJECT', 'FUND/ORG', 'SERVICE'].map(
    (title) => ({ title }),
  );
  const rows = page.items.map((charge) => [
    charge.id,
    charge.period,
    charge.source,
    ...(isOneStanding ? [] : [charge.standing]),
    charge.piEmail || '–',
    charge.projectId || '–',
    charge.fundOrg || '–',
    charge.serviceName,
    grouped(charge.amount),
    charge.currency,
    charge.flags.join(', '),
  ]);
  const sums = money(page.amounts);
  const isAll = options.after === undefined && page.next === null;
  const shown = isAll
    ? counted(page.count)
    : `${options.after === undefined ? 'The first ' : ''}${page.items.length} of ${counted(page.count)}`;
  const more = page.next === null ? '' : ` Go on with --after ${page.next}.`;
  return {
    data: page,
    text: [
      table([...columns, { title: 'AMOUNT', align: 'right' }, { title: '' }, { title: 'REASONS' }], rows),
      '',
      `${shown}; ${sums} in all${page.countedFrom === null ? '' : ` since ${page.countedFrom}`}.${more}`,
    ].join('\n'),
  };
}

export async function dispose(session: Session, verb: DispositionVerb, options: DecisionOptions): Promise<CommandResult> {
  const selection = selectionOf(options);
  const program = await session.program();
  const handler = program.get(ReviewChargesHandler);
  if (options.dryRun === true) return tried(verb, await handler.tryDispose(verb, selection));
  const outcome = await handler.dispose(verb, selection, options.note ?? null, program.metadata);
  await program.settle();
  return decided(verb, outcome);
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
  const { pi: _pi, project: _project, ofPi, ofProject, ...others } = options;
  const selection = selectionOf({
    ...others,
    ...(ofPi === undefined ? {} : { pi: ofPi }),
    ...(ofProject === undefined ? {} : { project: ofProject }),
  });
  const program = await session.program();
  const handler = program.get(ReviewChargesHandler);
  if (options.dryRun === true) return tried('reattribute', await handler.tryReattribute(change, selection));
  const outcome = await handler.reattribute(change, selection, options.note ?? null, program.metadata);
  await program.settle();
  return decided('reattribute', outcome);
}

function tried(verb: keyof typeof WOULD, { count, amounts }: ReviewExtent): CommandResult {
  return { data: { dryRun: true, count, amounts }, text: `${WOULD[verb]} ${counted(count)}: ${money(amounts)}. Nothing was changed.` };
}

function decided(verb: keyof typeof DONE, { count, amounts, position }: ReviewOutcome): CommandResult {
  return { data: { count, amounts, position }, text: `${DONE[verb]} ${counted(count)}: ${money(amounts)}.` };
}

/** The charges that are named, or all that match. @throws UsageError unless it is the one or the other */
export function selectionOf(options: DecisionOptions): ReviewSelection {
  const { id: ids, period, expect } = options;
  const filter = filterOf(options);
  const isFiltered = Object.keys(filter).length > 0;
  if (ids === undefined && period !== undefined) {
    return { filter: { ...filter, period: billingPeriod(period) }, ...(expect === undefined ? {} : { seen: { count: expect } }) };
  }
  if (ids === undefined || isFiltered || expect !== undefined) {
    throw new UsageError(
      'Name charges with --id, or a billing period with -p (and filters such as --source or --reason, and --expect); not both.',
    );
  }
  return { ids };
}

function filterOf({ period, source, pi, project, reason, text, amountFrom, amountTo, standing }: FilterOptions): ChargeFilter {
  return {
    ...(period === undefined ? {} : { period: billingPeriod(period) }),
    ...(source === undefined ? {} : { source }),
    ...(pi === undefined ? {} : { piEmail: pi }),
    ...(project === undefined ? {} : { projectId: project }),
    ...(reason === undefined ? {} : { flag: reason }),
    ...(text === undefined ? {} : { text }),
    ...(amountFrom === undefined ? {} : { amountFrom }),
    ...(amountTo === undefined ? {} : { amountTo }),
    ...(standing === undefined ? {} : { standings: standing }),
  };
}

function counted(count: number): string {
  return count === 1 ? '1 charge' : `${count} charges`;
}

/** `1,204.50 USD, 19.20 EUR`: amounts of two currencies are never summed. */
function money(amounts: readonly { currency: string; amount: string }[]): string {
  return amounts.map(({ amount, currency }) => `${grouped(amount)} ${currency}`).join(', ');
}
