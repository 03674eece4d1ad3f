import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, ApiProblem } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { focusCsv } from '../support/focus-csv.js';
import { TestApi } from '../support/test-api.js';

interface FailedJob {
  readonly jobId: string;
  readonly name: string;
  readonly about: string;
  readonly importId: number | null;
  readonly state: string;
  readonly attempts: number;
  readonly reason: string;
  readonly retriedBy: string | null;
}

interface ImportDetail {
  readonly state: string;
  readonly failure: { jobId: string; reason: string } | null;
}

const ATTEMPTS = 5;

/** Work that fails for a technical reason: seen, left alone, mended, retried, done. By the API alone, as an operator would. */
describe('work that fails for good', () => {
  let api: TestApi;
  let admin: ApiClient;
  let folder: string;
  let reconciliations = 0;

  beforeAll(async () => {
    api = await TestApi.start();
    admin = await api.signedIn('admin');
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-failed-work-'));
    // The last to be asked: when it is, everything that is owed has been looked for and queued.
    api.own.services.relay.reconcile(() => {
      reconciliations += 1;
      return Promise.resolve([]);
    });
  });

  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function failed(): Promise<FailedJob[]> {
    return (await admin.get<{ failed: FailedJob[] }>('/jobs')).failed;
  }

  const detail = (importId: number): Promise<ImportDetail> => admin.get<ImportDetail>(`/imports/${importId}`);

  /** What the owner of the database does behind the program's back. */
  const asOwner = (sql: string): Promise<unknown> => api.own.services.database.asOwner((client) => client.query(sql));

  async function reconciledTwice(): Promise<void> {
    const before = reconciliations;
    await eventually(() => Promise.resolve(reconciliations >= before + 2 ? true : undefined));
  }

  it('lists nothing at first, and refuses to retry what is not there', async () => {
    expect(await failed()).toEqual([]);
    await expect(admin.post('/jobs/import-1/retry')).rejects.toMatchObject({ status: 404, code: 'job.unknown' });
    await expect(admin.post('/jobs/retry')).rejects.toMatchObject({ status: 400 });
    await expect(admin.post('/jobs/retry', { all: true, name: 'imports.record' })).rejects.toMatchObject({ status: 400 });
    expect(await admin.post('/jobs/retry', { all: true })).toEqual({ position: 0, jobIds: [] });
  });

  it('keeps an import received whose recording fails, tells why, and leaves it alone until it is retried', async () => {
    await asOwner('alter function discard_unrecorded_lines(int) rename to discard_mislaid');
    const file = join(folder, 'hpc_2025-03.csv');
    await writeFile(file, focusCsv([{ billed: '12.50' }]));
    const { importId } = await admin.upload(file, { source: 'hpc' });
    const [job] = await eventually(async () => {
      const found = await failed();
      return found.length === 0 ? undefined : found;
    });
    expect(job).toMatchObject({
      jobId: `import-${importId}`,
      name: 'imports.record',
      about: `Recording of import ${importId}`,
      importId,
      state: 'exhausted',
      attempts: ATTEMPTS,
    });
    expect(job?.reason).toContain('discard_unrecorded_lines');
    expect(await detail(importId)).toMatchObject({ state: 'received', failure: { jobId: `import-${importId}` } });

    await reconciledTwice();
    expect(await failed()).toMatchObject([{ state: 'exhausted', attempts: ATTEMPTS }]);
    const queues = await api.own.services.queues.counts();
    expect(queues.every(({ waiting, active, delayed }) => waiting + active + delayed === 0)).toBe(true);
    expect(await api.own.services.store.readStream(`job-import-${importId}`)).toHaveLength(1);
  }, 120_000);

  it('does not take a lost file for a wrong one when it is retried too soon', async () => {
    const { importId } = await theImport();
    await asOwner('alter function discard_mislaid(int) rename to discard_unrecorded_lines');
    await rename(stored(), `${stored()}.lost`);
    await admin.post(`/jobs/import-${importId}/retry`);
    const again = await eventually(async () => (await failed()).find(({ attempts }) => attempts === 2 * ATTEMPTS));
    expect(again).toMatchObject({ state: 'exhausted', retriedBy: null });
    expect(again.reason).toContain('There is no file');
    expect((await detail(importId)).state).toBe('received');
  }, 120_000);

  it('records the import once it is mended and retried, and is done with it', async () => {
    const { importId } = await theImport();
    await rename(`${stored()}.lost`, stored());
    expect(await admin.post('/jobs/retry', { name: 'statements.render' })).toMatchObject({ jobIds: [] });
    expect(await admin.post('/jobs/retry', { all: true })).toMatchObject({ jobIds: [`import-${importId}`] });
    await eventually(async () => ((await failed()).length === 0 ? true : undefined));
    expect(await detail(importId)).toMatchObject({ state: 'recorded', failure: null });
    const events = await api.own.services.store.readStream(`job-import-${importId}`);
    expect(events.map(({ type, metadata }) => `${type} by ${metadata.actor.id}`)).toEqual([
      'JobExhausted by jobs',
      'JobRetried by admin@example.edu',
      'JobExhausted by jobs',
      'JobRetried by admin@example.edu',
      'JobRecovered by jobs',
    ]);
    await expect(admin.post(`/jobs/import-${importId}/retry`)).rejects.toMatchObject({ status: 409, code: 'job.not-failed' });
  });

  it('is for a viewer to see and for an administrator to retry', async () => {
    const viewer = await api.signedIn('viewer');
    expect(await viewer.get('/jobs')).toMatchObject({ failed: [] });
    await expect(viewer.post('/jobs/retry', { all: true })).rejects.toBeInstanceOf(ApiProblem);
  });

  async function theImport(): Promise<{ importId: number; sha256: string }> {
    const { imports } = await admin.get<{ imports: { importId: number; sha256: string }[] }>('/imports');
    const [only] = imports;
    if (only === undefined || imports.length > 1) throw new Error(`one import was expected, not ${imports.length}`);
    sha256 = only.sha256;
    return only;
  }

  let sha256 = '';
  const stored = (): string => join(api.own.services.config.storage.dir, sha256.slice(0, 2), sha256.slice(2));
});
