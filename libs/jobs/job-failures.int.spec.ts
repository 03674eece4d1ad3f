import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FailedJobQueries, JobFailures, type JobRequest } from '#jobs';
import { by, TestProgram } from '#testing/program';

const SOMEBODY = by('admin@example.edu');
const REQUEST: JobRequest = { name: 'imports.record', id: 'import-99', data: { importId: 99 } };
const SPENT = { ...REQUEST, attempts: 5, reason: 'disk full' };

describe('the log of failed jobs', () => {
  let program: TestProgram;
  let failures: JobFailures;

  beforeAll(async () => {
    program = await TestProgram.start({ background: false });
    failures = program.get(JobFailures);
  });

  afterAll(() => program.stop());

  const countOf = async (type: string): Promise<number> => (await program.services.store.readLatest({ types: [type] }, 100)).length;

  it('holds an exhausted job once, whoever reports it', async () => {
    await Promise.all([failures.exhausted(SPENT), failures.exhausted(SPENT)]);
    await failures.exhausted(SPENT);
    expect(await countOf('JobExhausted')).toBe(1);
    expect(await failures.standing('import-99')).toBe('exhausted');
  });

  it('keeps an exhausted job out of what is queued, and nothing else', async () => {
    const other: JobRequest = { name: 'imports.record', id: 'import-100', data: { importId: 100 } };
    expect(await failures.withoutExhausted([REQUEST, other])).toEqual([other]);
  });

  it('lets one of two people retry it, and owes the work until it is done', async () => {
    const retries = await Promise.allSettled([failures.retry('import-99', SOMEBODY), failures.retry('import-99', SOMEBODY)]);
    expect(retries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await program.settle();
    expect(await program.get(FailedJobQueries).list({ importId: 99 })).toMatchObject([
      { state: 'retried', retriedBy: 'admin@example.edu' },
    ]);
    expect(await program.get(FailedJobQueries).list({ state: 'exhausted' })).toEqual([]);
    expect([await failures.owed(), await failures.withoutExhausted([REQUEST])]).toEqual([[REQUEST], [REQUEST]]);
    await Promise.all([failures.recovered('import-99'), failures.recovered('import-99')]);
    await program.settle();
    expect([await failures.owed(), await failures.standing('import-99'), await countOf('JobRecovered')]).toEqual([[], 'sound', 1]);
    expect(await program.get(FailedJobQueries).list()).toEqual([]);
  });

  it('starts anew when the same job fails another time, also with a reason too long to keep', async () => {
    await failures.exhausted({ ...SPENT, reason: 'x'.repeat(5_000) });
    await program.settle();
    const [row] = await program.get(FailedJobQueries).list();
    expect(row).toMatchObject({ state: 'exhausted', attempts: 5, reason: 'x'.repeat(2_000), retriedBy: null });
  });
});
