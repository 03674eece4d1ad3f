import { DeliveryQueries, type DeliveryRow } from '#deliveries';
import { FailedJobQueries } from '#jobs';
import { StatementQueries, type StatementRunRow } from '#statements';
import type { Program } from '../program.js';
import type { Session } from '../session.js';
import { workFailed } from './jobs.js';
import { putOff } from './mail.js';

/** More messages than one run can queue between two of its own, so that none of its own is missed. */
const READ_MARGIN = 1_000;

/** A run that has ended, and its messages, each with its outcome. */
export interface EndedRun {
  readonly run: StatementRunRow;
  readonly deliveries: readonly DeliveryRow[];
}

/**
 * Shows how far a run is until it has ended, here or on a server beside.
 * @throws DomainError `job.failed` when all that is left of it waits for somebody.
 */
export async function followRun(
  session: Session,
  program: Program,
  { runId, position }: { readonly runId: number; readonly position: number },
): Promise<EndedRun> {
  session.ifInterrupted(
    `Run ${runId} is on record: a running server goes on with it; without one, the same command again does. To end it: openchargeback statements runs cancel ${runId}`,
  );
  await program.services.projections.waitFor(position, ['statements']);
  const { period } = await program.get(StatementQueries).run(runId);
  const progress = await session.progress(`statements of ${period}`);
  try {
    const run = await session.waitFor(async () => {
      const current = await program.get(StatementQueries).run(runId);
      const done = current.issued + current.failures.length;
      progress.update(current.planned === null ? undefined : done / Math.max(1, current.planned), `${done} of ${current.planned ?? '…'}`);
      if (current.state === 'completed' || current.state === 'cancelled') return current;
      const failed = await program.get(FailedJobQueries).list({ state: 'exhausted', runId });
      // The statements that can be made are; what is left waits for somebody.
      if (failed.length > 0 && done + failed.length >= (current.planned ?? 0)) throw workFailed(failed);
      return undefined;
    });
    if (!run.send || run.state === 'cancelled') return { run, deliveries: [] };
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
