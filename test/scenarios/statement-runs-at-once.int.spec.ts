import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReceiveImportHandler } from '#imports';
import { billingPeriod } from '#kernel';
import { ChangePeriodHandler, PeriodRepository } from '#periods';
import { StatementQueries, StatementRunHandler } from '#statements';
import { by, TestProgram } from '#testing/program';

const OPERATOR = by('operator@example.edu');
const LINES = `BillingPeriodStart,BilledCost,Tags
2025-03-01,1.25,"{""pi_email"":""ada@example.edu"",""project_id"":""reef"",""fund_org"":""BIO-1""}"
2025-03-01,2.50,"{""pi_email"":""bo@example.edu"",""project_id"":""ink"",""fund_org"":""ART-1""}"
`;

describe('statement runs asked for while one is under way', () => {
  let program: TestProgram;
  let runs: StatementRunHandler;

  beforeAll(async () => {
    program = await TestProgram.start({ background: false });
    runs = program.get(StatementRunHandler);
  });

  afterAll(async () => {
    await program.stop();
  });

  it('are refused if they are to send and that one does not', async () => {
    const period = billingPeriod('2025-04');
    await program.get(ChangePeriodHandler).open(period, OPERATOR);
    await runs.request(period, false, OPERATOR);
    await expect(runs.request(period, true, OPERATOR)).rejects.toMatchObject({ code: 'statement-run.under-way' });
  });

  it('are that run, which makes every statement once', async () => {
    const period = billingPeriod('2025-03');
    const file = await program.services.storage.put(Readable.from([LINES]));
    const request = { ...file, source: 'lab', fileName: 'lab.csv', expectedPeriod: null, deliveryMode: null, allowPartial: false };
    await program.get(ReceiveImportHandler).execute(request, OPERATOR);
    program.work.start();
    await expect.poll(() => program.get(PeriodRepository).find(period), { timeout: 30_000 }).toBeDefined();

    const asked = await Promise.all([runs.request(period, false, OPERATOR), runs.request(period, false, OPERATOR)]);
    expect(new Set(asked.map(({ runId }) => runId)).size).toBe(1);
    expect(asked.map(({ repeated }) => repeated).sort()).toEqual([false, true]);

    const states = async (): Promise<string[]> => (await program.get(StatementQueries).runs(period)).map((run) => run.state);
    await expect.poll(states, { timeout: 30_000 }).toEqual(['completed']);
    const statements = await program.get(StatementQueries).current(period);
    expect(statements.map(({ projectId, revision }) => [projectId, revision])).toEqual([
      ['reef', 1],
      ['ink', 1],
    ]);
    expect(await runs.request(period, true, OPERATOR)).toMatchObject({ repeated: false });
  });
});
