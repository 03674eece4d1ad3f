import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FailedJobQueries, JobFailures } from '#jobs';
import { billingPeriod, currency } from '#kernel';
import { LedgerQueries } from '#ledger';
import { SourceRegistry } from '#sources';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../../../test/support/eventually.js';
import { focusCsv } from '../../../test/support/focus-csv.js';
import { ImportQueries, type ImportRow } from '../infra/import.queries.js';
import { CancelImportHandler } from './cancel-import.handler.js';
import { PreviewImportHandler } from './preview-import.handler.js';
import { type ReceivedImport, type ReceiveImport, ReceiveImportHandler } from './receive-import.handler.js';
import { recordJobId } from './record-job.js';
import { RecordImportHandler } from './record-import.handler.js';

const ADA = by('ada@example.edu');
const PERIOD = billingPeriod('2025-03');
/** Enough rows for some pieces of them to be copied. */
const ROWS_BEFORE_WAITING = 40_000;

let lastFile = 0;

/** A file like no other. */
function fileOf(...amounts: string[]): string {
  lastFile += 1;
  return focusCsv(amounts.map((billed) => ({ billed, resource: `node-${lastFile}` })));
}

describe('cancelling an import', () => {
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start();
    await program.get(SourceRegistry).ensure('hpc', ADA);
  });

  afterEach(() => vi.restoreAllMocks());
  afterAll(() => program.stop());

  async function request(content: string): Promise<ReceiveImport> {
    const file = await program.services.storage.put(Readable.from([Buffer.from(content)]));
    return { ...file, source: 'hpc', fileName: 'hpc.csv', expectedPeriod: null, deliveryMode: null, allowPartial: false };
  }

  const receive = async (content: string): Promise<ReceivedImport> =>
    program.get(ReceiveImportHandler).execute(await request(content), by('reviewer@example.edu'));

  const cancel = (importId: number, reason: string | null = null): Promise<unknown> =>
    program.get(CancelImportHandler).execute(importId, reason, ADA);

  async function row(importId: number): Promise<ImportRow> {
    await program.settle();
    return program.get(ImportQueries).get(importId);
  }

  const ended = (importId: number): Promise<ImportRow> =>
    eventually(async () => {
      const found = await row(importId);
      return found.state === 'received' ? undefined : found;
    });

  async function linesOf(importIds: string): Promise<number> {
    const [found] = await program.services.database.query<{ count: number }>(
      `select count(*)::int as count from charge_lines where import_id ${importIds}`,
    );
    return found?.count ?? 0;
  }

  const nothingLeft = async (importIds: string): Promise<unknown> =>
    eventually(async () => ((await linesOf(importIds)) === 0 ? true : undefined));

  /** Every file is endless from now on: some rows at once, and a row whenever somebody asks for more. */
  function endlessFiles(): void {
    const [header, line] = fileOf('1').split('\n');
    vi.spyOn(program.services.storage, 'open').mockImplementation(() =>
      Promise.resolve(
        Readable.from(
          (async function* () {
            yield Buffer.from(`${header ?? ''}\n${`${line ?? ''}\n`.repeat(ROWS_BEFORE_WAITING)}`);
            for (;;) {
              await new Promise((resolve) => setTimeout(resolve, 5));
              yield Buffer.from(`${line ?? ''}\n`);
            }
          })(),
          { objectMode: false },
        ),
      ),
    );
  }

  it('stops who reads it and leaves nothing but the word of who gave it up and why; the file can be handed in again', async () => {
    const content = fileOf('4');
    endlessFiles();
    const { importId } = await receive(content);
    await eventually(async () => ((await linesOf(`= ${importId}`)) > 0 ? true : undefined));
    await cancel(importId, '  the wrong export ');
    await eventually(async () =>
      (await program.services.queues.state('imports.record', recordJobId(importId))) === undefined ? true : undefined,
    );
    await nothingLeft(`= ${importId}`);
    expect(await row(importId)).toMatchObject({
      state: 'cancelled',
      endedBy: 'ada@example.edu',
      endReason: 'the wrong export',
      lineCount: 0,
      report: null,
    });
    vi.restoreAllMocks();
    const again = await receive(content);
    expect(again).toMatchObject({ duplicate: false });
    expect(await ended(again.importId)).toMatchObject({ state: 'recorded', lineCount: 1 });
    await expect(cancel(again.importId)).rejects.toMatchObject({ code: 'import.not-received', kind: 'conflict' });
    await expect(cancel(importId)).rejects.toMatchObject({ code: 'import.not-received' });
    await expect(cancel(99_999)).rejects.toMatchObject({ code: 'import.unknown' });
  });

  it('clears away what a process left that died while reading', async () => {
    const { importId } = await receive(fileOf('1'));
    await ended(importId);
    // As it is found after a crash: cancelled, lines staged, and nobody at work on it.
    const orphan = 5_000;
    await program.services.database.query(
      `insert into charge_lines select (jsonb_populate_record(l, jsonb_build_object('import_id', ${orphan}))).* from charge_lines l where import_id = $1`,
      [importId],
    );
    await program.services.database.transaction(async (tx) => {
      const data = { ...(await request(fileOf('1'))), deliveryMode: 'merge', importId: orphan };
      await program.services.store.append(tx, `import-${orphan}`, 0, [{ type: 'ImportReceived', data }], ADA);
      await program.services.store.append(
        tx,
        `import-${orphan}`,
        1,
        [{ type: 'ImportCancelled', data: { importId: orphan, reason: null } }],
        ADA,
      );
    });
    await nothingLeft(`= ${orphan}`);
  });

  it('or recording it: exactly one of them comes about, whoever is first', async () => {
    const before = await billed();
    const imports = await Promise.all(Array.from({ length: 12 }, () => receive(fileOf('1'))));
    const outcomes = await Promise.all(
      imports.map(async ({ importId }, index) => {
        // Some are cancelled before they are read, some while they are, some too late.
        await eventually(async () => ((await endedOf(imports)) >= Math.floor(index / 2) ? true : undefined));
        return cancel(importId).then(
          () => 'cancelled',
          (error: unknown) => (error as { code: string }).code,
        );
      }),
    );
    const states = await Promise.all(imports.map(async ({ importId }) => (await ended(importId)).state));
    expect(states).toEqual(outcomes.map((outcome) => (outcome === 'cancelled' ? 'cancelled' : 'recorded')));
    for (const { importId } of imports) expect(await program.services.store.readStream(`import-${importId}`)).toHaveLength(2);
    const recorded = states.filter((state) => state === 'recorded').length;
    expect((await billed()) - before).toBe(BigInt(recorded));
    const cancelledIds = imports.filter((_, index) => states[index] === 'cancelled').map(({ importId }) => importId);
    await nothingLeft(`in (0, ${cancelledIds.join(', ') || '0'})`);
  });

  async function endedOf(imports: readonly ReceivedImport[]): Promise<number> {
    const heads = await Promise.all(imports.map(({ importId }) => program.services.store.head(`import-${importId}`)));
    return heads.filter(({ version }) => version > 1).length;
  }

  /** Whole dollars, as all amounts here are. */
  async function billed(): Promise<bigint> {
    await program.settle();
    return BigInt((await program.get(LedgerQueries).totals(PERIOD, currency('USD'))).billed.toFixed(0));
  }

  it('ends what failed, and takes it from the list of failed work', async () => {
    vi.spyOn(program.services.storage, 'open').mockRejectedValue(new Error('the disk is away'));
    const { importId } = await receive(fileOf('7'));
    const failures = program.get(JobFailures);
    await failures.exhausted({
      id: recordJobId(importId),
      name: 'imports.record',
      data: { importId },
      attempts: 5,
      reason: 'the disk is away',
    });
    await program.settle();
    const queries = program.get(ImportQueries);
    const page = { limit: 10, offset: 0 };
    expect(await queries.list({ state: 'failed' }, page)).toMatchObject([
      { importId, state: 'received', failure: { reason: 'the disk is away' } },
    ]);
    expect([await queries.count({ state: 'failed' }), await queries.count({ state: 'received' })]).toEqual([1, 0]);
    await cancel(importId);
    expect(await row(importId)).toMatchObject({ state: 'cancelled', endReason: null, failure: null });
    expect(await queries.count({ state: 'failed' })).toBe(0);
    expect(await program.get(FailedJobQueries).list()).toEqual([]);
    await expect(failures.retry(recordJobId(importId), ADA)).rejects.toMatchObject({ code: 'job.not-failed' });
  });

  describe('before it is one: a dry run', () => {
    it('stops who reads it, leaves nothing, and is not known any more', async () => {
      endlessFiles();
      const previews = program.get(PreviewImportHandler);
      const { previewId } = await previews.start(await request(fileOf('1')));
      await eventually(async () => ((await linesOf('< 0')) > 0 ? true : undefined));
      const { progress } = await previews.state(previewId);
      expect(progress).toMatchObject({ rows: expect.any(Number) as number });
      expect(await previews.cancel(previewId, ADA)).toBeUndefined();
      await expect(previews.state(previewId)).rejects.toMatchObject({ code: 'preview.unknown' });
      await nothingLeft('< 0');
      await eventually(async () => ((await activeImportJobs()) === 0 ? true : undefined));
      await expect(previews.cancel(previewId, ADA)).rejects.toMatchObject({ code: 'preview.unknown', kind: 'not-found' });
    });

    async function activeImportJobs(): Promise<number> {
      const counts = await program.services.queues.counts();
      return counts.reduce((sum, { active, waiting, delayed }) => sum + active + waiting + delayed, 0);
    }

    it('that failed leaves the list of failed work', async () => {
      vi.spyOn(program.services.storage, 'open').mockRejectedValue(new Error('the disk is away'));
      const previews = program.get(PreviewImportHandler);
      const { previewId } = await previews.start(await request(fileOf('1')));
      const failed = await eventually(async () => (await program.get(FailedJobQueries).list())[0]);
      expect(failed).toMatchObject({ previewId, name: 'imports.preview', reason: 'the disk is away' });
      expect(await previews.cancel(previewId, ADA)).toBeGreaterThan(0);
      await program.settle();
      expect(await program.get(FailedJobQueries).list()).toEqual([]);
    });

    it('takes no number of an import', async () => {
      const first = await receive(fileOf('1'));
      const { previewId } = await program.get(PreviewImportHandler).start(await request(fileOf('1')));
      await eventually(async () => (await program.get(PreviewImportHandler).state(previewId)).outcome ?? undefined);
      expect((await receive(fileOf('1'))).importId).toBe(first.importId + 1);
    });
  });

  it('tells how much of a gzipped file is read by its packed bytes', async () => {
    const reported: { bytesRead: number; bytes: number }[] = [];
    const { gzipSync } = await import('node:zlib');
    const packed = gzipSync(Buffer.from(fileOf(...Array.from({ length: 5_000 }, (_, index) => String(index)))));
    const file = await program.services.storage.put(Readable.from([packed]));
    const asked = {
      ...file,
      importId: -9,
      source: 'hpc',
      fileName: 'hpc.csv.gz',
      expectedPeriod: null,
      deliveryMode: 'merge' as const,
      allowPartial: false,
    };
    const progress = (told: { bytesRead: number; bytes: number }): Promise<void> => {
      reported.push(told);
      return Promise.resolve();
    };
    await program.get(RecordImportHandler).preview(asked, { progress, signal: new AbortController().signal });
    expect(reported.at(-1)).toMatchObject({ bytesRead: packed.length, bytes: packed.length, rows: 5_000 });
  });
});
