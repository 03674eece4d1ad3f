import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VerifyAuditHandler } from '#audit';
import { ExportJournalHandler } from '#journals';
import { billingPeriod } from '#kernel';
import { ChangePeriodHandler } from '#periods';
import { by } from '#testing/program';
import { type ApiClient, ApiProblem } from './api-client.js';
import { eventually } from './eventually.js';
import { TestApi } from './test-api.js';

export const ADMIN = by('admin@example.edu');

type People = Readonly<Record<'reviewer' | 'viewer' | 'admin', ApiClient>>;

/** An office through the API: what scenarios of a whole month do, whatever they are about. */
export class ApiOffice {
  private fileCount = 0;

  constructor(
    readonly api: TestApi,
    readonly people: People,
  ) {}

  /** @returns what the constructor takes */
  protected static async opened(config: string): Promise<[TestApi, People]> {
    const api = await TestApi.start({ config });
    return [api, { reviewer: await api.signedIn('reviewer'), viewer: await api.signedIn('viewer'), admin: await api.signedIn('admin') }];
  }

  static async start(config: string): Promise<ApiOffice> {
    return new ApiOffice(...(await ApiOffice.opened(config)));
  }

  stop(): Promise<void> {
    return this.api.stop();
  }

  async settle(): Promise<void> {
    const { projections, store } = this.api.own.services;
    await projections.waitFor(await store.lastPosition());
  }

  async fileOf(content: string): Promise<string> {
    this.fileCount += 1;
    const path = join(this.api.own.folder, `delivery-${this.fileCount}.csv`);
    await writeFile(path, content);
    return path;
  }

  /** Until the file is read, whatever becomes of it. @returns the import's id */
  async handIn(content: string, fields: Readonly<Record<string, string>>, client = this.people.reviewer): Promise<number> {
    const { importId } = await client.upload(await this.fileOf(content), fields);
    await eventually(async () => {
      const { state } = await this.people.viewer.get<{ state: string }>(`/imports/${importId}`);
      return state === 'received' ? undefined : state;
    });
    await this.settle();
    return importId;
  }

  async makeStatements(period: string): Promise<void> {
    const { runId } = await this.people.reviewer.post<{ runId: number }>(`/periods/${period}/statement-runs`);
    await eventually(async () =>
      (await this.people.viewer.get<{ state: string }>(`/statement-runs/${runId}`)).state === 'completed' ? true : undefined,
    );
    await this.settle();
  }

  async close(period: string): Promise<void> {
    await this.api.app.get(ChangePeriodHandler).close(billingPeriod(period), null, ADMIN);
  }

  /** Closes the month, exports its journal, and finalizes it. @param reason to do so with statements out of date */
  async finalize(period: string, reason: string | null = null): Promise<void> {
    await this.close(period);
    const options = { includeFlagged: false, allowUnbalanced: true };
    await this.api.app.get(ExportJournalHandler).execute(billingPeriod(period), 'default', options, ADMIN);
    await this.settle();
    const force = reason === null ? null : { reason };
    await this.api.app.get(ChangePeriodHandler).finalize(billingPeriod(period), null, force, ADMIN);
    await this.settle();
  }

  async billed(period: string): Promise<string> {
    return (await this.people.viewer.get<{ billed: string }>(`/periods/${period}`)).billed;
  }

  async findings(): Promise<string[]> {
    return (await this.api.app.get(VerifyAuditHandler).verify(undefined)).findings.map(({ kind, subject }) => `${kind} ${subject}`);
  }
}

/** What the API says against something that it must refuse. */
export async function problemOf(work: Promise<unknown>): Promise<ApiProblem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApiProblem) return error;
  throw new Error(`this was not refused: ${String(error)}`);
}

/** In short: `409 period.wrong-state`. */
export async function problemCode(work: Promise<unknown>): Promise<string> {
  const { status, code } = await problemOf(work);
  return `${status} ${code}`;
}
