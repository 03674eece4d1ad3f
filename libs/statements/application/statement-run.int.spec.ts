import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobContext } from '#jobs';
import { billingPeriod } from '#kernel';
import { by, TestProgram } from '#testing/program';
import { focusCsv } from '../../../test/support/focus-csv.js';
import { Office } from '../../../test/support/office.js';
import { StatementNotRendered } from '../infra/statement-renderer.js';
import { StatementRunHandler } from './statement-run.handler.js';

const ATTEMPT: JobContext = { attempt: 1, progress: () => Promise.resolve(), signal: new AbortController().signal };

describe('a step of a statement run', () => {
  let program: TestProgram;
  let runs: StatementRunHandler;
  let runId: number;

  beforeAll(async () => {
    program = await TestProgram.start();
    await new Office(program).import(focusCsv([{ billed: '12.50' }, { billed: '1', tags: OTHER }]));
    // From here on nothing runs but what the test runs.
    await program.work.stop();
    runs = program.get(StatementRunHandler);
    ({ runId } = await runs.request(billingPeriod('2025-03'), false, by('reviewer@example.edu')));
    await runs.plan({ runId });
  });

  afterAll(() => program.stop());

  const countOf = async (type: string): Promise<number> => (await program.services.store.readLatest({ types: [type] }, 100)).length;

  it('fails a statement for what lies in it, and for nothing else', async () => {
    const step = { runId, index: 1 };
    expect(await runs.giveUp(step, new Error('connection terminated'))).toBe(false);
    expect(await countOf('StatementFailed')).toBe(0);
    const reason = new StatementNotRendered('the logo is neither PNG nor JPEG');
    expect(await runs.giveUp(step, reason)).toBe(true);
    expect(await runs.giveUp(step, reason)).toBe(true);
    expect(await countOf('StatementFailed')).toBe(1);
  });

  it('issues a statement once, though an attempt that was given up still runs', async () => {
    const step = { runId, index: 0 };
    const outcomes = await Promise.allSettled([runs.render(step, ATTEMPT), runs.render(step, ATTEMPT)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await runs.render(step, ATTEMPT);
    expect(await countOf('StatementIssued')).toBe(1);
    await runs.finish({ runId });
    expect(await countOf('StatementRunCompleted')).toBe(1);
  });
});

const OTHER = { pi_email: 'bob@example.edu', project_id: 'loom', fund_org: 'MATH-200' };
