import { join } from 'node:path';
import { DeliveryQueries, type DeliveryRow } from '#deliveries';
import { FailedJobQueries } from '#jobs';
import { type BillingPeriod, billingPeriod, Decimal, writeAmount } from '#kernel';
import { StatementQueries, type StatementRow, StatementRunHandler, type StatementRunRow } from '#statements';
import { grouped, table } from '../output/table.js';
import type { Program } from '../program.js';
import type { CommandResult, Session } from '../session.js';
import { copyStoredFile } from './copy-stored-file.js';
import { workFailed } from './jobs.js';
import { putOff } from './mail.js';

export interface GenerateOptions {
  readonly period: string;
  readonly dryRun?: boolean;
  readonly send?: boolean;
}

const RIGHT = { align: 'right' } as const;
/** More messages than one run can queue between two of its own, so that none of its own is missed. */
const READ_MARGIN = 1_000;

export async function generate(session: Session, options: GenerateOptions): Promise<CommandResult> {
  const program = await session.program();
  const period = billingPeriod(options.period);
  if (options.dryRun === true) return dryRun(program, period);
  program.startWork();
  const { run, deliveries } = await makeStatements(session, program, period, options.send === true);
  await program.settle();
  const statements = await program.get(StatementQueries).current(period);
  const { pdfDir, emailDir } = program.config.output;
  const inFolder = statements.map((row) => ({ ...row, file: join(pdfDir, row.fileName) }));
  for (const { sha256, file } of inFolder) await copyStoredFile(program.services.storage, sha256, file);

  const failedDeliveries = deliveries.filter((delivery) => delivery.status === 'failed');
  const text = [statementTable(statements, program), '', describeRun(run)];
  text.push(...run.failures.map((failure) => `  ${failure.piEmail}, ${failure.projectId}: ${failure.reason}`));
  text.push(`${inFolder.length} PDFs of the period are in ${pdfDir}.`);
  if (options.send === true) {
    text.push(describeSending(deliveries, emailDir));
    text.push(...failedDeliveries.map((delivery) => `  ${delivery.recipient}: ${delivery.response ?? 'no reason was given'}`));
  }
  return {
    data: { period, run, statements: inFolder, deliveries, pdfDir },
    text: text.join('\n'),
    failed: run.failures.length > 0 || failedDeliveries.length > 0,
  };
}

async function makeStatements(
  session: Session,
  program: Program,
  period: BillingPeriod,
  send: boolean,
): Promise<{ run: StatementRunRow; deliveries: DeliveryRow[] }> {
  const progress = await session.progress(`statements of ${period}`);
  const { runId, position } = await program.get(StatementRunHandler).request(period, send, program.metadata);
  session.ifInterrupted(`Run ${runId} is on record: a running server goes on with it; without one, the same command again does.`);
  try {
    await program.services.projections.waitFor(position, ['statements']);
    const run = await session.waitFor(async () => {
      const current = await program.get(StatementQueries).run(runId);
      const done = current.issued + current.failures.length;
      progress.update(current.planned === null ? undefined : done / Math.max(1, current.planned), `${done} of ${current.planned ?? '…'}`);
      if (current.state === 'completed') return current;
      const failed = await program.get(FailedJobQueries).list({ state: 'exhausted', runId });
      // The statements that can be made are; what is left waits for somebody.
      if (failed.length > 0 && done + failed.length >= (current.planned ?? 0)) throw workFailed(failed);
      return undefined;
    });
    if (!send) return { run, deliveries: [] };
    return { run, deliveries: await followSending(session, program, runId) };
  } finally {
    progress.end();
  }
}

/** The messages of a run, once each of them has an outcome. */
async function followSending(session: Session, program: Program, runId: number): Promise<DeliveryRow[]> {
  const { store, projections } = program.services;
  const stream = `run-deliveries-${runId}`;
  const queued = await session.waitFor(async () => {
    const failed = await program.get(FailedJobQueries).list({ state: 'exhausted', runId });
    if (failed.length > 0) throw workFailed(failed);
    return (await store.readStream(stream))[0];
  });
  const { count } = queued.data as { count: number };
  if (count === 0) return [];
  const events = await store.readLatest({ types: ['DeliveryQueued'] }, count + READ_MARGIN, queued.position);
  const own = events
    .filter((event) => event.metadata.correlationId === stream)
    .map((event) => (event.data as { deliveryId: string }).deliveryId);
  await projections.waitFor(queued.position, ['deliveries']);
  const progress = await session.progress('emails');
  try {
    return await session.waitFor(async () => {
      const rows = await Promise.all(own.map((id) => program.get(DeliveryQueries).get(id)));
      const ended = rows.filter((row) => row.status !== 'queued').length;
      progress.update(ended / own.length, `${ended} of ${own.length}${putOff(rows)}`);
      if (ended === own.length) return rows;
      const exhausted = await program.get(FailedJobQueries).list({ state: 'exhausted' });
      const failed = exhausted.filter(({ deliveryId }) => deliveryId !== null && own.includes(deliveryId));
      if (failed.length > 0 && ended + failed.length >= own.length) throw workFailed(failed);
      return undefined;
    });
  } finally {
    progress.end();
  }
}

async function dryRun(program: Program, period: BillingPeriod): Promise<CommandResult> {
  const { statements, unchanged } = await program.get(StatementRunHandler).dryRun(period);
  const made = `${statements.length} statements would be made, ${unchanged} are up to date. Nothing was recorded or sent.`;
  const text = statements.length === 0 ? made : [statementTable(statements, program), '', made].join('\n');
  return { data: { period, statements, unchanged }, text };
}

function statementTable(
  statements: readonly Pick<StatementRow, 'piEmail' | 'projectId' | 'revision' | 'list' | 'discount' | 'due'>[],
  program: Program,
): string {
  const { currency } = program.config;
  const sum = (amounts: readonly string[]): string =>
    grouped(writeAmount(Decimal.sum(amounts.map((amount) => Decimal.parse(amount))), currency));
  const rows = statements.map((row) => [
    row.piEmail,
    row.projectId,
    `r${row.revision}`,
    grouped(row.list),
    grouped(row.discount),
    grouped(row.due),
  ]);
  const totals = [
    'total',
    '',
    '',
    sum(statements.map((row) => row.list)),
    sum(statements.map((row) => row.discount)),
    sum(statements.map((row) => row.due)),
  ];
  const columns = [
    { title: 'PI' },
    { title: 'PROJECT' },
    { title: '' },
    { title: `LIST ${currency}`, ...RIGHT },
    { title: 'DISCOUNT', ...RIGHT },
    { title: 'DUE', ...RIGHT },
  ];
  return table(columns, [...rows, totals]);
}

function describeRun(run: StatementRunRow): string {
  const failed = run.failures.length === 0 ? '' : `, ${run.failures.length} failed`;
  return `${run.issued} statements made, ${run.unchanged} unchanged${failed}.`;
}

function describeSending(deliveries: readonly DeliveryRow[], emailDir: string): string {
  if (deliveries.length === 0) return 'No emails: every PI has been sent the current statements before.';
  const count = (status: DeliveryRow['status']): number => deliveries.filter((delivery) => delivery.status === status).length;
  const parts = [
    ...(count('sent') > 0 ? [`${count('sent')} emails sent`] : []),
    ...(count('dev_mode') > 0 ? [`${count('dev_mode')} emails written to ${emailDir} (dev_mode)`] : []),
    ...(count('suppressed') > 0 ? [`${count('suppressed')} emails not sent (suppression list)`] : []),
    ...(count('failed') > 0 ? [`${count('failed')} emails failed`] : []),
  ];
  return `${parts.join(', ')}.`;
}
