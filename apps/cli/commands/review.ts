import {
  type AttributionChange,
  type ChargeFilter,
  type ChargeKind,
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
  readonly fundOrg?: string;
  readonly reason?: string;
  readonly text?: string;
  readonly amountFrom?: string;
  readonly amountTo?: string;
  readonly kind?: readonly ChargeKind[];
  readonly import?: number;
  readonly billingAccount?: string;
  readonly subAccount?: string;
  readonly invoice?: string;
  readonly rule?: string;
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
  readonly ofFundOrg?: string;
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

export interface PageOptions {
  readonly limit: string;
  readonly after?: string;
}

export async function listFlagged(session: Session, options: FilterOptions & PageOptions): Promise<CommandResult> {
  const none = options.standing === undefined ? 'No charge waits for review.' : 'No charge matches.';
  return pageOfCharges(session, { standings: ['flagged'], ...filterOf(options) }, options, none);
}

/** A page of charges, with count and sums of all that match. @param none what to say if there is no such charge */
export async function pageOfCharges(session: Session, filter: ChargeFilter, options: PageOptions, none: string): Promise<CommandResult> {
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError(`--limit takes a whole number from 1 on, not “${options.limit}”.`);
  const program = await session.program();
  const page = await program.get(ChargeQueries).find(filter, { limit, after: options.after });
  if (page.count === 0 && page.next === null) return { data: page, text: none };
  const isOneStanding = filter.standings?.length === 1;
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
  const { pi: _pi, project: _project, fundOrg: _fundOrg, ofPi, ofProject, ofFundOrg, ...others } = options;
  const selection = selectionOf({
    ...others,
    ...(ofPi === undefined ? {} : { pi: ofPi }),
    ...(ofProject === undefined ? {} : { project: ofProject }),
    ...(ofFundOrg === undefined ? {} : { fundOrg: ofFundOrg }),
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

export function filterOf({ period, ...options }: FilterOptions): ChargeFilter {
  const filter: { readonly [Field in keyof ChargeFilter]?: ChargeFilter[Field] | undefined } = {
    period: period === undefined ? undefined : billingPeriod(period),
    source: options.source,
    piEmail: options.pi,
    projectId: options.project,
    fundOrg: options.fundOrg,
    flag: options.reason,
    text: options.text,
    amountFrom: options.amountFrom,
    amountTo: options.amountTo,
    kinds: options.kind,
    importId: options.import,
    billingAccountId: options.billingAccount,
    subAccountId: options.subAccount,
    invoiceId: options.invoice,
    attributionRule: options.rule,
    standings: options.standing,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function counted(count: number): string {
  return count === 1 ? '1 charge' : `${count} charges`;
}

/** `1,204.50 USD, 19.20 EUR`: amounts of two currencies are never summed. */
function money(amounts: readonly { currency: string; amount: string }[]): string {
  return amounts.map(({ amount, currency }) => `${grouped(amount)} ${currency}`).join(', ');
}
