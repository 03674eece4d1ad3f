import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobContext } from '#jobs';
import { by, TestProgram } from '#testing/program';
import { ImportQueries } from '../infra/import.queries.js';
import { ReceiveImportHandler } from './receive-import.handler.js';
import { RecordImportHandler } from './record-import.handler.js';

const HEADER = 'BillingPeriodStart,BilledCost,ResourceId,x_pad\n';
/** Lines wide enough that the first of them are in the table before the disk is full. */
const LINES = 20_000;
const FULL_FROM_LINE = 15_000;
const PAD = 'x'.repeat(600);

/**
 * Real disks that are really full are the business of `npm run faults`, which fills a small one up under a month of work. Here the error comes from where
 * a full disk raises it: from the storage's write (ENOSPC), and from Postgres while it takes lines (53100, disk_full).
 */
describe('a full disk while an import is recorded', () => {
  let program: TestProgram;

  beforeEach(async () => {
    program = await TestProgram.start({ background: false });
    return () => program.stop();
  });

  afterEach(() => vi.restoreAllMocks());

  async function receive(...rows: string[]): Promise<number> {
    const file = await program.services.storage.put(Readable.from([HEADER, ...rows]));
    const { importId } = await program
      .get(ReceiveImportHandler)
      .execute(
        { ...file, source: 'hpc', fileName: 'hpc.csv', expectedPeriod: null, deliveryMode: null, allowPartial: false },
        by('reviewer@example.edu'),
      );
    return importId;
  }

  function record(importId: number): Promise<void> {
    const context: JobContext = { attempt: 1, progress: () => Promise.resolve(), signal: new AbortController().signal };
    return program.get(RecordImportHandler).record({ importId }, context);
  }

  /** Whoever looks at the import meanwhile sees it wait, and nothing of it. */
  async function expectUntouched(importId: number): Promise<void> {
    await program.settle();
    expect(await program.get(ImportQueries).get(importId)).toMatchObject({ state: 'received', refusal: null });
    expect(await program.services.store.readLatest({ types: ['ImportRecorded', 'ImportRefused', 'PeriodOpened'] }, 1)).toEqual([]);
    expect(await program.services.database.query('select 1 from charges limit 1')).toEqual([]);
  }

  it('of the database is no verdict on the file, and the next attempt records it once', async () => {
    const importId = await receive(...Array.from({ length: LINES }, (_, index) => `2025-05-01,0.5,node-${index},${PAD}\n`));
    await program.services.database.asOwner(async (owner) => {
      await owner.query(`create function disk_full() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`);
      await owner.query(
        `create trigger disk_full before insert on charge_lines for each row when (new.line_no >= ${FULL_FROM_LINE}) execute function disk_full()`,
      );
    });
    await expect(record(importId)).rejects.toMatchObject({ code: '53100' });
    await expectUntouched(importId);

    await program.services.database.asOwner((owner) => owner.query('drop function disk_full cascade'));
    await record(importId);
    await program.settle();
    const row = await program.get(ImportQueries).get(importId);
    expect(row).toMatchObject({ state: 'recorded', lineCount: LINES });
    expect(row.report?.totals.periods).toMatchObject([{ amount: String(LINES / 2) }]);
    const [held] = await program.services.database.query('select count(*)::int as lines, sum(amount)::int as amount from charge_lines');
    expect(held).toEqual({ lines: LINES, amount: LINES / 2 });
  });

  it('of the storage, when refused rows are to be kept, is no verdict on the file either', async () => {
    const importId = await receive('2025-05-01,1,a,\n', '2025-05-01,$1,b,\n');
    const { storage } = program.services;
    const put = storage.put.bind(storage);
    const full = vi.spyOn(storage, 'put').mockImplementation((content) => put(runsFull(content)));
    await expect(record(importId)).rejects.toMatchObject({ code: 'storage.full' });
    await expectUntouched(importId);

    full.mockRestore();
    await record(importId);
    await program.settle();
    expect(await program.get(ImportQueries).get(importId)).toMatchObject({ state: 'refused', refusal: { code: 'import.row-errors' } });
  });
});

/** The storage's own handling of a write that fails, from its first byte on. */
function runsFull(content: Readable): Readable {
  content.destroy();
  return Readable.from(
    (function* () {
      yield 'r';
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    })(),
  );
}
