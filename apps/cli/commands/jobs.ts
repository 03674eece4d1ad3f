import { CancelImportHandler, PreviewImportHandler } from '#imports';
import { type FailedJob, FailedJobQueries, JobFailures } from '#jobs';
import { DomainError } from '#kernel';
import { table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';
import { UsageError } from '../usage-error.js';

/** More ids than this are not spelt out. */
const MOST_NAMED = 5;
const HOW_TO_WATCH =
  '`openchargeback jobs list` shows what failed again. A running server does the work; without one, the next ingest or generate.';

export async function listJobs(session: Session): Promise<CommandResult> {
  const failed = await (await session.program()).get(FailedJobQueries).list();
  if (failed.length === 0) return { data: { failed }, text: 'Nothing has failed.' };
  const titles = ['ID', 'WORK', 'STATE', 'FAILED (UTC)'].map((title) => ({ title }));
  const rows = failed.map((job) => [
    job.jobId,
    job.about,
    job.state === 'retried' ? 'being tried again' : 'failed',
    job.failedAt.toISOString().slice(0, 19).replace('T', ' '),
    String(job.attempts),
    job.reason,
  ]);
  return { data: { failed }, text: table([...titles, { title: 'RUNS', align: 'right' }, { title: 'REASON' }], rows) };
}

/** Queues work again and does not wait for it. @throws DomainError `job.unknown`, `job.not-failed` for the first id that can't be retried. */
export async function retryJobs(session: Session, ids: readonly string[], { all = false }: { all?: boolean }): Promise<CommandResult> {
  if (all === ids.length > 0)
    throw new UsageError('Name the work to retry (openchargeback jobs list has the ids), or say --all; not both.');
  const program = await session.program();
  const failures = program.get(JobFailures);
  const retried: string[] = [];
  if (all) retried.push(...(await failures.retryAll(null, program.metadata)).jobIds);
  for (const id of ids) {
    await failures.retry(id, program.metadata);
    retried.push(id);
  }
  await program.settle();
  if (retried.length === 0) return { data: { retried }, text: 'Nothing has failed.' };
  const queued = retried.length === 1 ? `${retried.join('')} is queued again.` : `${retried.length} pieces of work are queued again.`;
  return { data: { retried }, text: `${queued}\n${HOW_TO_WATCH}` };
}

/**
 * Gives failed work up that nobody is owed: a dry run, or an import, which is cancelled by that. Statements and emails are owed.
 * @throws DomainError `job.unknown`, `job.not-dismissible` before anything is given up.
 */
export async function dismissJobs(session: Session, ids: readonly string[]): Promise<CommandResult> {
  const program = await session.program();
  const failed = await program.get(FailedJobQueries).list({ state: 'exhausted' });
  const dismissals = ids.map((id) => {
    const job = failed.find(({ jobId }) => jobId === id);
    if (job === undefined) {
      throw new DomainError('job.unknown', 'not-found', `There is no failed work “${id}”; openchargeback jobs list has the ids.`);
    }
    const { importId, previewId } = job;
    if (importId !== null) return () => program.get(CancelImportHandler).execute(importId, null, program.metadata);
    if (previewId !== null) return () => program.get(PreviewImportHandler).cancel(previewId, program.metadata);
    throw new DomainError('job.not-dismissible', 'conflict', `${job.about} is owed to somebody; mend the cause and retry it.`);
  });
  for (const dismiss of dismissals) await dismiss();
  await program.settle();
  return {
    data: { dismissed: ids },
    text: ids.length === 1 ? `${ids.join('')} is given up.` : `${ids.length} pieces of work are given up.`,
  };
}

/** What a command that waits for work says when some of it failed. */
export function workFailed(failed: readonly Pick<FailedJob, 'jobId' | 'about' | 'reason'>[]): DomainError {
  const [first] = failed;
  const what = failed.length === 1 && first !== undefined ? `${first.about} failed` : `${failed.length} pieces of work failed`;
  const ids = failed.length > MOST_NAMED ? '--all' : failed.map((job) => job.jobId).join(' ');
  return new DomainError(
    'job.failed',
    'unavailable',
    `${what} for a technical reason and waits. Mend the cause, then: openchargeback jobs retry ${ids}`,
    failed.map((job) => ({ where: job.about, what: job.reason })),
  );
}
