import { Inject, Injectable } from '@nestjs/common';
import { type AppendResult, type EventMetadata, EventStore, ProjectionRunner, type RecordedEvent } from '#event-store';
import { type JobCatalogue, type JobContext, JobQueues, type JobRequest, OnJob, OnJobExhausted } from '#jobs';
import { type BillingPeriod, DomainError, writeAmount } from '#kernel';
import { CHARGES_PROJECTION, PeriodRepository } from '#periods';
import { APP_CONFIG, type AppConfig, Database, FILE_STORAGE, type FileStorage, type Tx } from '#platform';
import type { MoneyTriple } from '../document/statement-document.js';
import { statementFileName } from '../document/statement-file-name.js';
import { type StatementRunEvent, statementRunStream, type StatementScope, statementStream } from '../domain/statement.events.js';
import { foldStatementRun, type StatementRun } from '../domain/statement-run.js';
import { StatementNotRendered, StatementRenderer } from '../infra/statement-renderer.js';
import { keyOf, StatementQueries } from '../infra/statement.queries.js';
import { ComposeStatement } from './compose-statement.js';

const WORKER: EventMetadata['actor'] = { kind: 'system', id: 'statements' };

/** One statement of a dry run: everything but the PDF's place in storage. */
export interface StatementPreview extends StatementScope {
  readonly list: string;
  readonly discount: string;
  readonly due: string;
  readonly lineCount: number;
  readonly revision: number;
}

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
    private readonly periods: PeriodRepository,
    private readonly statements: StatementQueries,
    private readonly compose: ComposeStatement,
    private readonly renderer: StatementRenderer,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
  ) {}

  /**
   * Asks for a run. One that is still under way in the period is answered instead (`repeated`): two at once would make every statement twice,
   * and a run that was interrupted is taken up this way.
   * @throws DomainError `period.unknown`, `period.wrong-state` for a finalized period, `statement-run.under-way` if that run does not send.
   */
  async request(period: BillingPeriod, send: boolean, metadata: EventMetadata): Promise<AppendResult & { runId: number }> {
    await this.requireUnfinalized(period);
    return this.database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('statement-run:' || $1, 0))`, [period]);
      const underWay = await this.statements.underWay(tx, period);
      if (underWay !== undefined) return this.join(tx, period, underWay, send);
      const [row] = await tx.query<{ id: number }>(`select nextval('statement_run_ids')::int as id`);
      const runId = row?.id ?? 0;
      const result = await this.store.append(
        tx,
        statementRunStream(runId),
        0,
        [{ type: 'StatementRunRequested', data: { runId, period, send } }],
        metadata,
      );
      return { ...result, runId };
    });
  }

  /** Renders what a run would make and records nothing. */
  async dryRun(period: BillingPeriod): Promise<{ statements: StatementPreview[]; unchanged: number }> {
    await this.requireUnfinalized(period);
    await this.seeEverything();
    const { due, unchanged } = await this.statements.due(period);
    const statements: StatementPreview[] = [];
    for (const scope of due) {
      const revision = (await this.lastRevision(period, scope)) + 1;
      const { document } = await this.compose.execute(period, scope, revision);
      await this.renderer.render(document);
      statements.push({ ...scope, ...this.written(document.totals), lineCount: document.charges.length, revision });
    }
    return { statements, unchanged };
  }

  @OnJob('statements.plan-run')
  async plan({ runId }: JobCatalogue['statements.plan-run']): Promise<void> {
    let run = await this.read(runId);
    if (run.completed) return;
    if (run.plan === null) {
      await this.seeEverything();
      const { due, unchanged } = await this.statements.due(run.period);
      await this.append(run, [{ type: 'StatementRunPlanned', data: { runId, period: run.period, due, unchanged } }]);
      run = await this.read(runId);
    }
    await this.queues.enqueue(await this.remaining(run));
  }

  @OnJob('statements.render')
  async render({ runId, index }: JobCatalogue['statements.render'], { signal }: JobContext): Promise<void> {
    const run = await this.read(runId);
    const scope = run.plan?.due[index];
    if (scope === undefined || run.completed) return;
    const settled = await this.statements.settled(runId);
    if (!settled.some((done) => keyOf(done) === keyOf(scope))) await this.issue(run, scope, signal);
    await this.finishIfSettled(run);
  }

  /** Only what lies in the statement itself ends it as failed, so that the others can be sent; the run waits for a retry of anything else. */
  @OnJobExhausted('statements.render')
  async giveUp({ runId, index }: JobCatalogue['statements.render'], error: unknown): Promise<boolean> {
    if (!isAboutStatement(error)) return false;
    const run = await this.read(runId);
    const scope = run.plan?.due[index];
    if (scope === undefined || run.completed) return true;
    const stream = statementStream(run.period, scope);
    await this.database.transaction(async (tx) => {
      const events = await this.store.readStream(stream, tx);
      if (settles(events, runId)) return;
      const data = { runId, period: run.period, ...scope, reason: error.message };
      await this.store.append(tx, stream, events.length, [{ type: 'StatementFailed', data }], this.metadata(runId));
    });
    await this.finishIfSettled(run);
    return true;
  }

  @OnJob('statements.finish-run')
  async finish({ runId }: JobCatalogue['statements.finish-run']): Promise<void> {
    const run = await this.read(runId);
    if (run.completed || run.plan === null) return;
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

  private async join(
    tx: Tx,
    period: BillingPeriod,
    underWay: { runId: number; send: boolean },
    send: boolean,
  ): Promise<AppendResult & { runId: number }> {
    const { runId } = underWay;
    if (send && !underWay.send) {
      throw new DomainError(
        'statement-run.under-way',
        'conflict',
        `Run ${runId} is making the statements of ${period} and will not send them; ask for sending when it has ended.`,
      );
    }
    return { runId, ...(await this.store.head(statementRunStream(runId), tx)), repeated: true };
  }

  private async issue(run: StatementRun, scope: StatementScope, signal: AbortSignal): Promise<void> {
    const { period, runId } = run;
    const stream = statementStream(period, scope);
    const before = await this.store.readStream(stream);
    if (settles(before, runId)) return;
    const revision = revisionsIn(before) + 1;
    const { document, ledgerDigest } = await this.compose.execute(period, scope, revision);
    const file = await this.storage.putBytes(await this.renderer.render(document));
    signal.throwIfAborted();
    await this.database.transaction(async (tx) => {
      const data = {
        ...scope,
        ...this.written(document.totals),
        runId,
        period,
        revision,
        currency: this.config.currency,
        fundOrgs: document.fundOrgs.map((part) => part.fundOrg),
        lineCount: document.charges.length,
        ledgerDigest,
        sha256: file.sha256,
        fileName: statementFileName({ period, piEmail: scope.piEmail, projectId: scope.projectId, revision }),
      };
      await this.store.append(tx, stream, before.length, [{ type: 'StatementIssued', data }], this.metadata(runId));
    });
  }

  /** From the log, not the read model: a revision number is given once. */
  private async lastRevision(period: BillingPeriod, scope: StatementScope): Promise<number> {
    return revisionsIn(await this.store.readStream(statementStream(period, scope)));
  }

  private async finishIfSettled(run: StatementRun): Promise<void> {
    const settled = await this.statements.settled(run.runId);
    if (settled.length >= (run.plan?.due.length ?? 0)) await this.queues.enqueue([finishJob(run.runId)]);
  }

  private async remaining(run: StatementRun): Promise<JobRequest[]> {
    const settled = new Set((await this.statements.settled(run.runId)).map(keyOf));
    const jobs = (run.plan?.due ?? []).flatMap((scope, index) => (settled.has(keyOf(scope)) ? [] : [renderJob(run.runId, index)]));
    return jobs.length > 0 ? jobs : [finishJob(run.runId)];
  }

  private async read(runId: number): Promise<StatementRun> {
    const events = await this.store.readStream(statementRunStream(runId));
    return foldStatementRun(runId, events as unknown as StatementRunEvent[]);
  }

  private async append(run: StatementRun, events: readonly StatementRunEvent[]): Promise<void> {
    await this.database.transaction((tx) =>
      this.store.append(tx, statementRunStream(run.runId), run.version, events, this.metadata(run.runId)),
    );
  }

  private async seeEverything(): Promise<void> {
    await this.projections.waitFor(await this.store.lastPosition(), [CHARGES_PROJECTION, 'statements', 'sources']);
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

  private written(totals: MoneyTriple): { list: string; discount: string; due: string } {
    const { currency } = this.config;
    return {
      list: writeAmount(totals.list, currency),
      discount: writeAmount(totals.discount, currency),
      due: writeAmount(totals.due, currency),
    };
  }

  private metadata(runId: number): EventMetadata {
    return { actor: WORKER, correlationId: statementRunStream(runId) };
  }
}

function revisionsIn(events: readonly RecordedEvent[]): number {
  return events.filter((event) => event.type === 'StatementIssued').length;
}

/** Whether the run has made the statement of this stream, or failed at it. */
function settles(events: readonly RecordedEvent[], runId: number): boolean {
  return events.some((event) => (event.data as { runId?: number }).runId === runId);
}

/** What the statement's own content or settings cause; it would fail again wherever and whenever it is made. */
function isAboutStatement(error: unknown): error is Error {
  if (error instanceof StatementNotRendered) return true;
  if (!(error instanceof DomainError)) return false;
  return error.kind !== 'unavailable' && error.code !== 'stream.conflict' && !error.code.startsWith('storage.');
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
