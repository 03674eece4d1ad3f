import { type MonthFile, type MonthFiles, PERIOD } from './focus-files.js';
import { OfficeClient } from './office-client.js';
import type { PhaseListener } from './phases.js';
import { Review } from './review.js';

/** An office that had to ask this often would call somebody. */
const MOST_RUNS = 10;
const JOURNAL_FORMATS = ['detail', 'default', 'summary', 'gl', 'template'] as const;

interface Import {
  readonly importId: number;
  readonly state: 'received' | 'recorded' | 'refused' | 'withdrawn';
}
interface ImportList {
  readonly imports: readonly (Import & { readonly sha256: string; readonly refusal?: { readonly reason: string } | null })[];
}
interface StatementRun {
  readonly runId: number;
  readonly state: 'planned' | 'running' | 'completed' | 'cancelled';
  readonly send: boolean;
  readonly failures: readonly { readonly reason: string }[];
}
interface Journal {
  readonly number: number;
  readonly format: string;
}
interface FailedJob {
  readonly name: string;
  readonly state: 'exhausted' | 'retried';
  readonly reason: string;
}
interface Statements {
  readonly statements: readonly { readonly piEmail: string; readonly delivery: Delivery | null }[];
  readonly dueCount: number;
}
interface Delivery {
  readonly deliveryId: string;
  readonly status: 'queued' | 'sent' | 'failed' | 'dev_mode';
  readonly coversRevision: boolean;
}

/** What the office had to do a second time because the program gave up on it, with the reasons the program gave. */
export interface Repetitions {
  readonly imports: string[];
  readonly statements: string[];
  readonly deliveries: string[];
  /** Work of any kind whose attempts were used up, and that waited for a person. */
  readonly work: string[];
}

/** Does a billing month through the HTTP API, from the files to the finalized period. */
export class Office {
  readonly repetitions: Repetitions = { imports: [], statements: [], deliveries: [], work: [] };
  /** Format → file as it was downloaded. */
  readonly journals = new Map<string, Buffer>();
  readonly client: OfficeClient;
  private readonly review: Review;

  constructor(url: string) {
    this.client = new OfficeClient(url);
    this.review = new Review(this.client);
  }

  async workTheMonth({ deliveries, redelivery, mistaken }: MonthFiles, phase: PhaseListener): Promise<void> {
    phase('import');
    // One after another, so that their order is always the same; the workers may still read them side by side.
    const received: number[] = [];
    for (const file of [...deliveries, mistaken]) received.push(await this.handIn(file));
    for (const [index, file] of [...deliveries, mistaken].entries()) await this.recorded(file, received[index] ?? 0);
    phase('review');
    await this.review.all('approve', 'pattern_match', 'GPU hours were ordered');
    await this.review.all('reject', 'missing_project_id', 'Nobody knows the project');
    await this.review.reattribute('missing_fund_org', { fundOrg: 'DEPT7-GR99999' }, 'Pool fund');
    phase('redelivery');
    await this.withdraw(mistaken);
    await this.recorded(redelivery, await this.handIn(redelivery));
    const orphan = { piEmail: 'pool@example.edu', projectId: 'pool', fundOrg: 'DEPT7-GR99999' };
    await this.review.reattribute('missing_pi_email', orphan, 'Pool project');
    await this.review.all('approve', 'expired_project', 'Extended by the dean');
    await this.review.rejectTheRest('Not to be billed');
    await this.changePeriod('close', 'closed');
    phase('rendering');
    await this.makeStatements();
    phase('sending');
    await this.everyMailSent();
    phase('journals');
    for (const format of JOURNAL_FORMATS) await this.exportJournal(format);
    phase('finalize');
    await this.changePeriod('finalize', 'finalized');
  }

  private async handIn({ path, source }: MonthFile): Promise<number> {
    return (await this.client.upload(path, source)).importId;
  }

  private async recorded(file: MonthFile, importId: number): Promise<void> {
    let current = importId;
    await this.client.until(`${file.path} is recorded`, async () => {
      const { imports } = await this.client.get<ImportList>('/imports?limit=100');
      const found = imports.find((one) => one.importId === current);
      if (found?.state === 'refused') {
        this.repetitions.imports.push(`${file.source}: ${found.refusal?.reason ?? 'no reason given'}`);
        current = await this.handIn(file);
      }
      if (found?.state === 'recorded') return true;
      await this.retryFailedWork();
      return undefined;
    });
  }

  private async withdraw(file: MonthFile): Promise<void> {
    const find = async (state: Import['state']): Promise<Import | undefined> =>
      (await this.client.get<ImportList>('/imports?limit=100')).imports.find((one) => one.sha256 === file.sha256 && one.state === state);
    const wrong = await find('recorded');
    if (wrong === undefined) throw new Error(`${file.path} is not among the imports`);
    await this.client.change<unknown>(`/imports/${wrong.importId}/withdraw`, { reason: 'Of another institute' }, () => find('withdrawn'));
  }

  private async changePeriod(verb: 'close' | 'finalize', state: string): Promise<void> {
    await this.client.change<unknown>(`/periods/${PERIOD}/${verb}`, {}, async () => {
      const period = await this.client.get<{ state: string }>(`/periods/${PERIOD}`);
      return period.state === state ? period : undefined;
    });
  }

  /** Runs until nothing is due: a run that could not make every statement is followed by another. */
  private async makeStatements(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { runId } = await this.client.change<{ runId: number }>(`/periods/${PERIOD}/statement-runs`, { send: true }, async () => {
        const { runs } = await this.client.get<{ runs: readonly StatementRun[] }>(`/statement-runs?period=${PERIOD}`);
        return runs.find((run) => run.state === 'planned' || run.state === 'running');
      });
      const { failures } = await this.client.until(`statement run ${runId} is completed`, async () => {
        const run = await this.client.get<StatementRun>(`/statement-runs/${runId}`).catch(notYet);
        if (run?.state === 'completed') return run;
        await this.retryFailedWork();
        return undefined;
      });
      this.repetitions.statements.push(...failures.map(({ reason }) => reason));
      const { dueCount } = await this.client.seeingEverything(() => this.client.get<Statements>(`/periods/${PERIOD}/statements`));
      if (dueCount === 0) return;
      if (attempt === MOST_RUNS)
        throw new Error(`${dueCount} statements are due still after ${MOST_RUNS} runs: ${failures[0]?.reason ?? 'no failure told'}`);
    }
  }

  private async everyMailSent(): Promise<void> {
    await this.client.until('every PI has got the statements', async () => {
      const { statements } = await this.client.get<Statements>(`/periods/${PERIOD}/statements`);
      const open = statements.filter(({ delivery }) => delivery?.status !== 'sent' || !delivery.coversRevision);
      if (open.length === 0) return true;
      const isWaiting = open.some(({ delivery }) => delivery?.status !== 'failed');
      if (isWaiting) await this.retryFailedWork();
      else await this.sendAgain();
      return undefined;
    });
  }

  /** As a person would who sees the failed messages and their reasons in the console. */
  private async sendAgain(): Promise<void> {
    const failed = async (): Promise<readonly { response: string | null }[]> =>
      (
        await this.client.get<{ deliveries: readonly { response: string | null }[] }>(
          `/deliveries?period=${PERIOD}&status=failed&limit=500`,
        )
      ).deliveries;
    const reasons = (await failed()).map(({ response }) => response ?? 'no reason given');
    if (reasons.length === 0) return;
    this.repetitions.deliveries.push(...reasons);
    await this.client.change<unknown>(`/periods/${PERIOD}/deliveries/resend-failed`, {}, async () => {
      const left = await failed();
      return left.length < reasons.length ? left : undefined;
    });
  }

  /** As a person would who sees on the system page what failed, and why. */
  private async retryFailedWork(): Promise<void> {
    const waiting = async (): Promise<readonly FailedJob[]> =>
      (await this.client.get<{ failed: readonly FailedJob[] }>('/jobs')).failed.filter(({ state }) => state === 'exhausted');
    const failed = await waiting();
    if (failed.length === 0) return;
    this.repetitions.work.push(...failed.map(({ name, reason }) => `${name}: ${reason}`));
    await this.client.change<unknown>('/jobs/retry', { all: true }, async () => {
      const left = await waiting();
      return left.length < failed.length ? left : undefined;
    });
  }

  private async exportJournal(format: string): Promise<void> {
    const { number } = await this.client.change<{ number: number }>(`/periods/${PERIOD}/journals`, { format }, async () => {
      const { journals } = await this.client.get<{ journals: readonly Journal[] }>(`/journals?period=${PERIOD}`);
      return journals.find((journal) => journal.format === format);
    });
    this.journals.set(format, await this.client.bytes(`/periods/${PERIOD}/journals/${number}/file`));
  }
}

/** The read models may not know yet what a command has just answered. */
function notYet(error: unknown): undefined {
  if (error instanceof Error && ` ${error.message} `.includes(' 404 ')) return undefined;
  throw error;
}
