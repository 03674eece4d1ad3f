import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore, ProjectionRunner, type RecordedEvent } from '#event-store';
import {
  FailedJobQueries,
  type JobCatalogue,
  type JobContext,
  JobFailures,
  JobQueues,
  type JobRequest,
  OnJob,
  OnJobExhausted,
} from '#jobs';
import { type BillingPeriod, DomainError } from '#kernel';
import { CHARGES_PROJECTION, PeriodRepository } from '#periods';
import { APP_CONFIG, type AppConfig, Database, FILE_STORAGE, type FileStorage, type Tx } from '#platform';
import { describeScope, isSameScope, isWholePeriod, WHOLE_PERIOD } from '../domain/run-scope.js';
import {
  type RunScope,
  type StatementFailed,
  type StatementIssued,
  type StatementRunCancelled,
  type StatementRunEvent,
  statementRunStream,
  type StatementScope,
  statementStream,
} from '../domain/statement.events.js';
import { foldStatementRun, requireUnderWay, type StatementRun } from '../domain/statement-run.js';
import { keyOf, type RunStep, StatementQueries } from '../infra/statement.queries.js';
import { isAboutStatement, MakeStatement } from './make-statement.js';
import { type DryRun, TryStatements } from './try-statements.js';

const WORKER: EventMetadata['actor'] = { kind: 'system', id: 'statements' };
/** What lies in a statement itself is not tried as often as what lies in the machine. */
const MOST_DRAWINGS = 3;

/** A run that was asked for; `repeated` if it was under way already. */
export type RequestedRun = AppendResult & { readonly runId: number };

/**
 * Makes the statements of a period: plan, render one by one, finish. Every step may be killed and done again, also while an attempt that
 * was given up still runs: each appends at the version of the stream on which it decided, so that only one of the two gets through.
 */
@Injectable()
export class StatementRunHandler {
  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly projections: ProjectionRunner,
    private readonly queues: JobQueues,
    private readonly failures: JobFailures,
    private readonly failedJobs: FailedJobQueries,
    private readonly periods: PeriodRepository,
    private readonly statements: StatementQueries,
    private readonly make: MakeStatement,
    private readonly trial: TryStatements,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
  ) {}

  /**
   * Asks for a run. One for the same statements that is still under way is answered instead (`repeated`): two at once would make every
   * statement twice, and a run that was interrupted is taken up this way.
   * @throws DomainError `period.unknown`, `period.wrong-state` for a finalized period, `statement-run.empty-scope`,
   * `statement-run.under-way` if another run is, or one that does not send although this one should.
   */
  async request(period: BillingPeriod, send: boolean, metadata: EventMetadata, scope: RunScope = WHOLE_PERIOD): Promise<RequestedRun> {
    await this.requireMakeable(period, scope);
    return this.begin(period, { send, scope, retryOf: null }, metadata);
  }

  /** Renders what a run would make and records nothing. @throws DomainError as {@link request}. */
  async dryRun(period: BillingPeriod, scope: RunScope = WHOLE_PERIOD): Promise<DryRun> {
    await this.requireMakeable(period, scope);
    await this.seeEverything();
    return this.trial.execute(period, scope);
  }

  /** A statement as a run would make it now, marked as a preview; nothing is kept of it. @throws DomainError as {@link request}. */
  async preview(period: BillingPeriod, scope: StatementScope): Promise<{ fileName: string; pdf: Uint8Array }> {
    await this.requireMakeable(period, { ...WHOLE_PERIOD, statements: [scope] });
    await this.seeEverything();
    const { fileName, pdf } = await this.make.preview(period, scope);
    const parts: Uint8Array[] = [];
    for await (const part of pdf) parts.push(part);
    return { fileName, pdf: Buffer.concat(parts) };
  }

  /**
   * Ends a run before it is through. What it made stays, what is being made at this moment is finished or dropped, and nothing is sent.
   * @throws DomainError `statement-run.unknown`, `statement-run.ended`.
   */
  async cancel(runId: number, reason: string | null, metadata: EventMetadata): Promise<AppendResult> {
    const waiting = await this.failedJobs.list({ state: 'exhausted', runId });
    return this.database.transaction(async (tx) => {
      await holdRun(tx, runId, 'alone');
      const run = await this.read(runId, tx);
      requireUnderWay(run);
      const settled = await this.statements.settled(runId);
      const issued = settled.filter((done) => done.issued).length;
      const left = run.plan === null ? null : run.plan.due.length - settled.length;
      const event: StatementRunCancelled = {
        type: 'StatementRunCancelled',
        data: { runId, period: run.period, issued, failed: settled.length - issued, left, reason },
      };
      for (const { jobId } of waiting) await this.failures.giveUp(tx, jobId, metadata);
      return this.store.append(tx, statementRunStream(runId), run.version, [event], metadata);
    });
  }

  /**
   * Tries again what failed: the waiting steps of a run that is under way, or, in a new run, the statements that one which has ended failed at.
   * @returns the run that does it
   * @throws DomainError `statement-run.unknown`, `statement-run.nothing-failed`, `statement-run.under-way`.
   */
  async retry(runId: number, metadata: EventMetadata): Promise<RequestedRun> {
    const run = await this.read(runId);
    if (run.ended === null) return this.retrySteps(runId, metadata);
    const failed = (await this.statements.settled(runId)).filter((done) => !done.issued);
    if (failed.length === 0) throw nothingFailed(runId, 'every statement of it was made');
    const statements = failed.map(({ piEmail, projectId }) => ({ piEmail, projectId }));
    await this.requireUnfinalized(run.period);
    const scope = { ...WHOLE_PERIOD, statements };
    return this.begin(run.period, { send: run.send && run.ended === 'completed', scope, retryOf: runId }, metadata);
  }

  @OnJob('statements.plan-run')
  async plan({ runId }: JobCatalogue['statements.plan-run']): Promise<void> {
    let run = await this.read(runId);
    if (run.ended !== null) return;
    if (run.plan === null) {
      await this.seeEverything();
      const { due, unchanged } = await this.statements.due(run.period, run.scope);
      await this.append(run, [{ type: 'StatementRunPlanned', data: { runId, period: run.period, due, unchanged } }]);
      run = await this.read(runId);
    }
    await this.queues.enqueue(await this.remaining(run));
  }

  @OnJob('statements.render')
  async render({ runId, index }: JobCatalogue['statements.render'], { signal, attempt }: JobContext): Promise<void> {
    const step = await this.statements.step(runId, index);
    if (step === undefined || step.hasEnded) return;
    let hasMore: boolean;
    try {
      hasMore = await this.issue(step, signal);
    } catch (error) {
      if (attempt < MOST_DRAWINGS || !isAboutStatement(error)) throw error;
      hasMore = await this.fail(step, error.message);
    }
    if (!hasMore) await this.finishIfSettled(runId);
  }

  /** Only what lies in the statement itself ends it as failed, so that the others can be sent; the run waits for a retry of anything else. */
  @OnJobExhausted('statements.render')
  async giveUp({ runId, index }: JobCatalogue['statements.render'], error: unknown): Promise<boolean> {
    if (!isAboutStatement(error)) return false;
    const step = await this.statements.step(runId, index);
    if (step === undefined || step.hasEnded) return true;
    const hasMore = await this.fail(step, error.message);
    if (!hasMore) await this.finishIfSettled(runId);
    return true;
  }

  @OnJob('statements.finish-run')
  async finish({ runId }: JobCatalogue['statements.finish-run']): Promise<void> {
    const run = await this.read(runId);
    if (run.ended !== null || run.plan === null) return;
    const settled = await this.statements.settled(runId);
    if (settled.length < run.plan.due.length) return;
    const issued = settled.filter((done) => done.issued).length;
    const { period, send } = run;
    await this.append(run, [
      {
        type: 'StatementRunCompleted',
        data: { runId, period, send, issued, unchanged: run.plan.unchanged, failed: settled.length - issued },
      },
    ]);
  }

  /** Jobs that runs still owe, for the reconciler. */
  async owed(): Promise<JobRequest[]> {
    const requests: JobRequest[] = [];
    for (const { runId, planned } of await this.statements.unfinishedRuns()) {
      if (planned === null) requests.push(planJob(runId));
      else requests.push(...(await this.remaining(await this.read(runId))));
    }
    return requests;
  }

  private async begin(
    period: BillingPeriod,
    asked: { send: boolean; scope: RunScope; retryOf: number | null },
    metadata: EventMetadata,
  ): Promise<RequestedRun> {
    return this.database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('statement-run:' || $1, 0))`, [period]);
      const underWay = await this.statements.underWay(tx, period);
      if (underWay !== undefined) return this.join(tx, await this.read(underWay, tx), asked);
      const [row] = await tx.query<{ id: number }>(`select nextval('statement_run_ids')::int as id`);
      const runId = row?.id ?? 0;
      const event: StatementRunEvent = { type: 'StatementRunRequested', data: { runId, period, ...asked } };
      return { ...(await this.store.append(tx, statementRunStream(runId), 0, [event], metadata)), runId };
    });
  }

  private async join(tx: Tx, { runId, period, ...run }: StatementRun, asked: { send: boolean; scope: RunScope }): Promise<RequestedRun> {
    const isSame = isSameScope(run.scope, asked.scope);
    if (!isSame || (asked.send && !run.send)) {
      const what = isWholePeriod(run.scope) ? `the statements of ${period}` : `statements of ${period} (${describeScope(run.scope)})`;
      const then = isSame
        ? 'and will not send them; ask for sending when it has ended'
        : 'and a period has one run at a time; ask again when it has ended';
      throw new DomainError('statement-run.under-way', 'conflict', `Run ${runId} is making ${what} ${then}, or cancel it.`);
    }
    return { runId, ...(await this.store.head(statementRunStream(runId), tx)), repeated: true };
  }

  private async retrySteps(runId: number, metadata: EventMetadata): Promise<RequestedRun> {
    const [first, ...others] = await this.failedJobs.list({ state: 'exhausted', runId });
    if (first === undefined) throw nothingFailed(runId, 'it is under way');
    let result = await this.failures.retry(first.jobId, metadata);
    for (const { jobId } of others) result = await this.failures.retry(jobId, metadata);
    return { ...result, runId };
  }

  /** Makes and records a statement, unless the run has done so. @returns as {@link settle} */
  private async issue(step: RunStep, signal: AbortSignal): Promise<boolean> {
    const { runId, period, scope } = step;
    const before = await this.store.readStream(statementStream(period, scope));
    if (settles(before, runId)) return false;
    const { pdf, ...made } = await this.make.execute(period, scope, { recorded: before });
    const { sha256 } = await this.storage.put(Readable.from(pdf));
    signal.throwIfAborted();
    const data = { ...made, runId, period, currency: this.config.currency, sha256 };
    return this.settle(step, before.length, { type: 'StatementIssued', data });
  }

  /** @returns as {@link settle} */
  private async fail(step: RunStep, reason: string): Promise<boolean> {
    const { runId, period, scope } = step;
    const before = await this.store.readStream(statementStream(period, scope));
    if (settles(before, runId)) return false;
    return this.settle(step, before.length, { type: 'StatementFailed', data: { runId, period, ...scope, reason } });
  }

  /**
   * Records what became of a statement, unless the run was cancelled meanwhile: after that nothing of it changes any more.
   * @returns true if the run had more to make at that moment, so that this was not the last of it. Should that be recorded at the very same
   * moment, neither of the two finds itself the last, and the reconciler ends the run.
   */
  private async settle(step: RunStep, version: number, outcome: StatementIssued | StatementFailed): Promise<boolean> {
    const { runId, period, scope } = step;
    return this.database.transaction(async (tx) => {
      await holdRun(tx, runId, 'with others');
      const { hasEnded, hasMore } = await this.statements.standing(tx, step);
      if (!hasEnded) await this.store.append(tx, statementStream(period, scope), version, [outcome], this.metadata(runId));
      return hasMore;
    });
  }

  private async finishIfSettled(runId: number): Promise<void> {
    if (await this.statements.isSettled(runId)) await this.queues.enqueue([finishJob(runId)]);
  }

  private async remaining(run: StatementRun): Promise<JobRequest[]> {
    const settled = new Set((await this.statements.settled(run.runId)).map(keyOf));
    const jobs = (run.plan?.due ?? []).flatMap((scope, index) => (settled.has(keyOf(scope)) ? [] : [renderJob(run.runId, index)]));
    return jobs.length > 0 ? jobs : [finishJob(run.runId)];
  }

  private async read(runId: number, tx?: Tx): Promise<StatementRun> {
    const events = await this.store.readStream(statementRunStream(runId), tx);
    return foldStatementRun(runId, events as unknown as StatementRunEvent[]);
  }

  private async append(run: StatementRun, events: readonly StatementRunEvent[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await holdRun(tx, run.runId, 'with others');
      await this.store.append(tx, statementRunStream(run.runId), run.version, events, this.metadata(run.runId));
    });
  }

  private async seeEverything(): Promise<void> {
    await this.projections.waitFor(await this.store.lastPosition(), [CHARGES_PROJECTION, 'statements', 'sources']);
  }

  private async requireMakeable(period: BillingPeriod, scope: RunScope): Promise<void> {
    await this.requireUnfinalized(period);
    if (isWholePeriod(scope)) return;
    await this.seeEverything();
    await this.statements.requireInScope(period, scope);
  }

  private async requireUnfinalized(period: BillingPeriod): Promise<void> {
    const found = await this.periods.find(period);
    if (found === undefined) throw new DomainError('period.unknown', 'not-found', `There is no period ${period}.`);
    if (found.state === 'finalized') {
      throw new DomainError(
        'period.wrong-state',
        'conflict',
        `Period ${period} is finalized: its statements stand as they are and can be downloaded.`,
      );
    }
  }

  private metadata(runId: number): EventMetadata {
    return { actor: WORKER, correlationId: statementRunStream(runId) };
  }
}

/** Whether the run has made the statement of this stream, or failed at it. */
function settles(events: readonly RecordedEvent[], runId: number): boolean {
  return events.some((event) => (event.data as { runId?: number }).runId === runId);
}

/** Whoever cancels a run waits for what is recorded of it at this moment, and the next to record something waits for that. */
async function holdRun(tx: Tx, runId: number, mode: 'alone' | 'with others'): Promise<void> {
  const lock = mode === 'alone' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  await tx.query(`select ${lock}(hashtextextended('statement-run-outcomes:' || $1::text, 0))`, [runId]);
}

function nothingFailed(runId: number, why: string): DomainError {
  return new DomainError('statement-run.nothing-failed', 'conflict', `There is nothing to retry of run ${runId}: ${why}.`);
}

export function planJob(runId: number): JobRequest {
  return { name: 'statements.plan-run', id: `statement-run-${runId}-plan`, data: { runId } };
}

function renderJob(runId: number, index: number): JobRequest {
  return { name: 'statements.render', id: `statement-run-${runId}-${index}`, data: { runId, index } };
}

function finishJob(runId: number): JobRequest {
  return { name: 'statements.finish-run', id: `statement-run-${runId}-finish`, data: { runId } };
}
