import { billingPeriod, foldIdentifier } from '#kernel';
import { describeScope, isWholePeriod, StatementQueries, StatementRevisions, StatementRunHandler, type StatementRunRow } from '#statements';
import { instant } from '../output/instant.js';
import { grouped, printable, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { ended } from './generate.js';

const RIGHT = { align: 'right' } as const;
const POINT = { align: 'point' } as const;

/** What a revision changed against the one before. */
export async function statementChanges(
  session: Session,
  pi: string,
  projectId: string,
  options: { period: string; revision?: string; limit: string },
): Promise<CommandResult> {
  const limit = wholeNumber(options.limit, '--limit');
  const revision = options.revision === undefined ? undefined : wholeNumber(options.revision, '--revision');
  const program = await session.program();
  const scope = { piEmail: foldIdentifier(pi), projectId };
  const data = await program.get(StatementRevisions).difference(billingPeriod(options.period), scope, { revision, limit });
  const services = data.services.map(({ fundOrg, serviceName, before, after }) => [fundOrg, serviceName, before.due, after.due]);
  const charges = data.charges.map(({ serviceName, resource, before, after }) => [
    before === null ? 'added' : after === null ? 'gone' : 'changed',
    [before?.chargeId, after?.chargeId].filter((id, index, ids) => id !== undefined && ids.indexOf(id) === index).join(' → '),
    resource,
    serviceName,
    [before?.fundOrg, after?.fundOrg].filter((id, index, ids) => id !== undefined && ids.indexOf(id) === index).join(' → '),
    before?.amount ?? '',
    after?.amount ?? '',
  ]);
  const count = data.addedCount + data.goneCount + data.changedCount;
  const text = [
    `Revision ${data.revision} of the statement of ${data.piEmail} for ${data.projectId}, ${data.period}, against revision ${data.since}:`,
    `${data.addedCount} charges added, ${data.goneCount} gone, ${data.changedCount} changed; ${grouped(data.before.due)} → ${grouped(data.after.due)} due.`,
  ];
  if (services.length > 0) {
    text.push(
      '',
      table([{ title: 'FUND/ORG' }, { title: 'SERVICE' }, { title: 'BEFORE', ...POINT }, { title: 'NOW', ...POINT }], services),
    );
  }
  if (charges.length > 0) {
    const titles = ['', 'CHARGE', 'RESOURCE', 'SERVICE', 'FUND/ORG'].map((title) => ({ title }));
    text.push('', table([...titles, { title: 'BEFORE', ...POINT }, { title: 'NOW', ...POINT }], charges));
  }
  if (count > charges.length) text.push(`${count - charges.length} more; --limit shows them.`);
  return { data, text: text.join('\n') };
}

/** Which statements carry a verification code. */
export async function verifyStatement(session: Session, code: string): Promise<CommandResult> {
  const found = await (await session.program()).get(StatementQueries).verify(code);
  const statements = found.map(({ sha256: _sha256, ...row }) => row);
  const rows = statements.map((row) => [
    row.period,
    row.piEmail,
    row.projectId,
    `r${row.revision}`,
    grouped(row.due),
    row.currency,
    row.isNewest ? 'the newest' : 'a later revision was made',
    instant(row.issuedAt),
    row.ledgerDigest.slice(0, 16),
  ]);
  const columns = [
    ...['PERIOD', 'PI', 'PROJECT', ''].map((title) => ({ title })),
    { title: 'DUE', ...RIGHT },
    ...['', 'REVISION', 'ISSUED', 'CODE'].map((title) => ({ title })),
  ];
  const count = statements.length === 1 ? 'This statement was' : `${statements.length} statements with this code were`;
  return { data: { statements }, text: `${count} issued here:\n${table(columns, rows)}` };
}

export async function listRuns(session: Session, options: { period?: string }): Promise<CommandResult> {
  const period = options.period === undefined ? null : billingPeriod(options.period);
  const runs = await (await session.program()).get(StatementQueries).runs(period);
  if (runs.length === 0) return { data: { runs }, text: 'There are no such runs.' };
  const columns = [
    { title: 'RUN', ...RIGHT },
    ...['PERIOD', 'FOR', 'STATE'].map((title) => ({ title })),
    ...['MADE', 'UNCHANGED', 'FAILED'].map((title) => ({ title, ...RIGHT })),
    ...['EMAILS', 'ASKED FOR', 'BY'].map((title) => ({ title })),
  ];
  const rows = runs.map((run) => [
    String(run.runId),
    run.period,
    forWhom(run),
    stateOf(run),
    String(run.issued),
    String(run.unchanged),
    String(run.failures.length),
    run.send ? 'sent' : 'no',
    instant(run.requestedAt),
    run.requestedBy,
  ]);
  return { data: { runs }, text: table(columns, rows) };
}

export async function showRun(session: Session, id: string): Promise<CommandResult> {
  const program = await session.program();
  const queries = program.get(StatementQueries);
  const run = await queries.run(runIdOf(id));
  const made = await queries.madeBy(run.runId);
  const statements = made.map(({ sha256: _sha256, ...row }) => row);
  const facts = [
    ['state', stateOf(run)],
    ['for', forWhom(run)],
    ['asked for', `${instant(run.requestedAt)} by ${run.requestedBy}${run.send ? ', with emails' : ''}`],
    ['made', `${run.issued} of ${run.planned ?? '…'}; ${run.unchanged} unchanged, ${run.failures.length} failed`],
    ...(run.completedAt === null ? [] : [['ended', instant(run.completedAt)]]),
    ...(run.cancelledBy === null
      ? []
      : [['cancelled', `by ${run.cancelledBy}${run.cancelReason === null ? '' : `: ${run.cancelReason}`}`]]),
    ...(run.retryOf === null ? [] : [['retry of', `run ${run.retryOf}`]]),
    ...(run.retriedBy === null ? [] : [['retried by', `run ${run.retriedBy}`]]),
  ];
  const text = [
    `Run ${run.runId} of ${run.period}`,
    ...facts.map(([what, value]) => `${(what ?? '').padEnd(11)} ${printable(value ?? '')}`),
    ...run.failures.map(({ piEmail, projectId, reason }) => `  ${piEmail}, ${printable(projectId)}: ${printable(reason)}`),
    ...(made.length === 0
      ? []
      : [
          '',
          table(
            [...['PI', 'PROJECT', ''].map((title) => ({ title })), { title: 'DUE', ...RIGHT }],
            made.map((row) => [row.piEmail, row.projectId, `r${row.revision}`, grouped(row.due)]),
          ),
        ]),
  ];
  return { data: { run, statements }, text: text.join('\n') };
}

export async function cancelRun(session: Session, id: string, reason: string | null): Promise<CommandResult> {
  const program = await session.program();
  const runId = runIdOf(id);
  await program.get(StatementRunHandler).cancel(runId, reason, program.metadata);
  await program.settle();
  const run = await program.get(StatementQueries).run(runId);
  return { data: { run }, text: `Run ${runId} is cancelled. The ${run.issued} statements that it made stay; nothing is sent.` };
}

/** Has what failed tried again, and waits for it as `generate` does. */
export async function retryRun(session: Session, id: string): Promise<CommandResult> {
  const program = await session.program();
  program.startWork();
  const asked = await program.get(StatementRunHandler).retry(runIdOf(id), program.metadata);
  return ended(session, program, asked);
}

function stateOf({ state, failures }: StatementRunRow): string {
  return state === 'completed' && failures.length > 0 ? 'completed with failures' : state;
}

function forWhom({ scope }: StatementRunRow): string {
  return isWholePeriod(scope) ? 'all' : describeScope(scope);
}

function runIdOf(text: string): number {
  return wholeNumber(text, 'A run’s number');
}

function wholeNumber(text: string, what: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text.trim()) || value < 1) throw new UsageError(`${what} is a whole number from 1 on, not “${text}”.`);
  return value;
}
