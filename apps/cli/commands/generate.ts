import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { DeliveryRow } from '#deliveries';
import { type BillingPeriod, billingPeriod, Decimal, foldIdentifier, writeAmount } from '#kernel';
import {
  describeScope,
  isWholePeriod,
  type RunScope,
  StatementQueries,
  type StatementRow,
  StatementRunHandler,
  type StatementRunRow,
} from '#statements';
import { grouped, table } from '../output/table.js';
import type { Program } from '../program.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';
import { copyStoredFile, writeOutput } from './copy-stored-file.js';
import { followRun } from './follow-run.js';

export interface GenerateOptions {
  readonly period: string;
  readonly dryRun?: boolean;
  readonly send?: boolean;
  readonly pi?: readonly string[];
  readonly project?: readonly string[];
  /** A folder for the PDFs of a dry run. */
  readonly previews?: string;
}

const RIGHT = { align: 'right' } as const;
/** Makes the statements of a period, or of some PIs and projects, and copies them to the folder of PDFs. */
export async function generate(session: Session, options: GenerateOptions): Promise<CommandResult> {
  if (options.previews !== undefined && options.dryRun !== true) throw new UsageError('--previews goes with --dry-run.');
  if (options.send === true && options.dryRun === true) throw new UsageError('A dry run sends nothing: leave --send or --dry-run out.');
  const program = await session.program();
  const period = billingPeriod(options.period);
  const scope: RunScope = { piEmails: options.pi?.map(foldIdentifier) ?? null, projectIds: options.project ?? null, statements: null };
  if (options.dryRun === true) return dryRun(program, period, scope, options.previews);
  program.startWork();
  const asked = await program.get(StatementRunHandler).request(period, options.send === true, program.metadata, scope);
  return ended(session, program, asked);
}

/** Waits for the end of a run and says what came of it. */
export async function ended(
  session: Session,
  program: Program,
  asked: { readonly runId: number; readonly position: number },
): Promise<CommandResult> {
  const { run, deliveries } = await followRun(session, program, asked);
  await program.settle();
  const { period, scope } = run;
  const statements = await program.get(StatementQueries).current(period, { scope });
  const { pdfDir, emailDir } = program.config.output;
  const inFolder = statements.map((row) => ({ ...row, file: join(pdfDir, row.fileName) }));
  for (const { sha256, file } of inFolder) await copyStoredFile(program.services.storage, sha256, file);

  const failedDeliveries = deliveries.filter((delivery) => delivery.status === 'failed');
  const text = [statementTable(statements, program), '', describeRun(run)];
  text.push(...run.failures.map((failure) => `  ${failure.piEmail}, ${failure.projectId}: ${failure.reason}`));
  if (run.failures.length > 0) text.push(`Mend the cause, then: openchargeback statements runs retry ${run.runId}`);
  text.push(`${inFolder.length} PDFs ${isWholePeriod(scope) ? 'of the period' : `(${describeScope(scope)})`} are in ${pdfDir}.`);
  if (run.send && run.state === 'completed') {
    text.push(describeSending(deliveries, emailDir));
    text.push(...failedDeliveries.map((delivery) => `  ${delivery.recipient}: ${delivery.response ?? 'no reason was given'}`));
  }
  return {
    data: { period, run, statements: inFolder, deliveries, pdfDir },
    text: text.join('\n'),
    failed: run.state === 'cancelled' || run.failures.length > 0 || failedDeliveries.length > 0,
  };
}

async function dryRun(program: Program, period: BillingPeriod, scope: RunScope, previews: string | undefined): Promise<CommandResult> {
  const runs = program.get(StatementRunHandler);
  const { statements, failures, unchanged, sum } = await runs.dryRun(period, scope);
  if (previews !== undefined) {
    for (const { piEmail, projectId } of statements) {
      const { fileName, pdf } = await runs.preview(period, { piEmail, projectId });
      await writeOutput(Readable.from([pdf]), join(previews, fileName));
    }
  }
  const text = [
    ...(statements.length === 0 ? [] : [statementTable(statements, program), '']),
    `${statements.length} statements would be made, ${unchanged} are up to date. Nothing was recorded or sent.`,
    ...failures.map((failure) => `  ${failure.piEmail}, ${failure.projectId} can't be made: ${failure.reason}`),
    ...(previews === undefined ? [] : [`${statements.length} PDFs, marked as previews, are in ${previews}.`]),
  ];
  return { data: { period, statements, failures, unchanged, sum }, text: text.join('\n'), failed: failures.length > 0 };
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
  const made = `${run.issued} statements made, ${run.unchanged} unchanged${failed}.`;
  if (run.state !== 'cancelled') return made;
  return `Run ${run.runId} was cancelled by ${run.cancelledBy ?? 'somebody'}${run.cancelReason === null ? '' : ` (${run.cancelReason})`}: ${made}`;
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
