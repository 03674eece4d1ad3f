import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobContext } from '#jobs';
import { billingPeriod } from '#kernel';
import { ChangePeriodHandler } from '#periods';
import { by, TestProgram } from '#testing/program';
import { focusCsv } from '../../../test/support/focus-csv.js';
import { ImportQueries } from '../infra/import.queries.js';
import { ReceiveImportHandler } from './receive-import.handler.js';
import { RecordImportHandler } from './record-import.handler.js';

function attempt(signal = new AbortController().signal): JobContext {
  return { attempt: 1, progress: () => Promise.resolve(), signal };
}

/** Nothing runs here but what the test runs. */
describe('recording an import', () => {
  let program: TestProgram;

  beforeAll(async () => {
    program = await TestProgram.start({ background: false });
  });

  afterAll(() => program.stop());

  async function receive(content: string): Promise<number> {
    const file = await program.services.storage.put(Readable.from([Buffer.from(content)]));
    const received = await program
      .get(ReceiveImportHandler)
      .execute(
        { ...file, source: 'hpc', fileName: 'hpc.csv', expectedPeriod: null, deliveryMode: null, allowPartial: false },
        by('reviewer@example.edu'),
      );
    return received.importId;
  }

  const countOf = async (type: string): Promise<number> => (await program.services.store.readLatest({ types: [type] }, 100)).length;

  it('happens once, though an attempt that was given up still runs', async () => {
    const importId = await receive(focusCsv([{ billed: '12.50' }]));
    const handler = program.get(RecordImportHandler);
    await Promise.allSettled([handler.record({ importId }, attempt()), handler.record({ importId }, attempt())]);
    // Both may have stood in each other's way; whoever comes after them does not.
    await handler.record({ importId }, attempt());
    await program.settle();
    expect(await countOf('ImportRecorded')).toBe(1);
    expect(await program.get(ImportQueries).get(importId)).toMatchObject({ state: 'recorded', lineCount: 1 });
    expect(await program.services.database.query('select count(*)::int as count from charge_lines')).toEqual([{ count: 1 }]);
  });

  it('passes no verdict on a file in an attempt that was given up', async () => {
    const importId = await receive('BillingPeriodStart,BilledCost\n2025-03-01,"$1"\n');
    const handler = program.get(RecordImportHandler);
    const late = new AbortController();
    const progress = (): Promise<void> => {
      late.abort(new Error('time is up'));
      return Promise.resolve();
    };
    await expect(handler.record({ importId }, { ...attempt(late.signal), progress })).rejects.toThrow();
    expect(await countOf('ImportRefused')).toBe(0);
    await handler.record({ importId }, attempt());
    expect(await countOf('ImportRefused')).toBe(1);
  });

  it('refuses a file whose period is closed while it is read, and leaves nothing of it', async () => {
    const period = billingPeriod('2025-04');
    const periods = program.get(ChangePeriodHandler);
    await periods.open(period, by('reviewer@example.edu'));
    const importId = await receive(focusCsv([{ period, billed: '1' }]));
    const progress = async (): Promise<void> => {
      await periods.close(period, null, by('reviewer@example.edu'));
    };
    await program.get(RecordImportHandler).record({ importId }, { ...attempt(), progress });
    await program.settle();
    expect(await program.get(ImportQueries).get(importId)).toMatchObject({
      state: 'refused',
      refusal: { code: 'import.period-shut', reason: expect.stringContaining('period 2025-04 is closed') as string },
    });
    expect(await program.services.database.query('select 1 from charge_lines where import_id = $1', [importId])).toEqual([]);
  });
});
