import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { focusCsv } from '../../test/support/focus-csv.js';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';

/** An import that fails for a technical reason, from the command line: told, listed, mended, retried, taken up again. */
describe('failed work on the command line', () => {
  let office: CommandLine;
  let file: string;

  beforeAll(async () => {
    office = await CommandLine.start();
    file = await office.file('hpc_2025-03.csv', focusCsv([{ billed: '12.50' }]));
  });

  afterAll(() => office.stop());

  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  /** What the owner of the database does behind the program's back. */
  async function asOwner(sql: string): Promise<void> {
    const client = new Client({ connectionString: office.database.ownerUrl });
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  it('says that nothing has failed', async () => {
    expect(await run('jobs', 'list')).toMatchObject({ exitCode: 0, result: 'Nothing has failed.' });
    expect(await run('jobs', 'retry', '--all')).toMatchObject({ exitCode: 0, result: 'Nothing has failed.' });
  });

  it('ends an import that cannot be recorded with its reason and the way on', async () => {
    await asOwner('alter function discard_unrecorded_lines(int) rename to discard_mislaid');
    const { exitCode, result } = await run('ingest', '-s', 'hpc', file);
    expect(exitCode).toBe(1);
    expect(result).toMatch(/failed, import 1\n.*discard_unrecorded_lines[^]*openchargeback jobs retry import-1/);
    const listed = await run('jobs', 'list');
    expect(listed.result).toMatch(/^ID +WORK[^]*\nimport-1 +Recording of import 1 +failed .* 5 +function discard_unrecorded_lines/);
    const { failed } = JSON.parse((await run('jobs', 'list', '--json')).result) as { failed: object[] };
    expect(failed).toMatchObject([{ jobId: 'import-1', state: 'exhausted', importId: 1 }]);
    // The same again tells the same: the file is known, and its work still waits.
    expect(await run('ingest', '-s', 'hpc', file)).toMatchObject({ exitCode: 1 });
  });

  it.each([
    [2, ['jobs', 'retry']],
    [2, ['jobs', 'retry', 'import-1', '--all']],
    [1, ['jobs', 'retry', 'import-2']],
  ])('ends with %i for %j, and says why', async (exitCode, args) => {
    const found = await run(...args);
    expect(found.exitCode).toBe(exitCode);
    expect(found.notes).not.toBe('');
  });

  it('queues it again, and the next command does it', async () => {
    await asOwner('alter function discard_mislaid(int) rename to discard_unrecorded_lines');
    const retried = await run('jobs', 'retry', 'import-1');
    expect(retried.exitCode).toBe(0);
    expect(retried.result).toMatch(/^import-1 is queued again\.\n.*jobs list/);
    expect((await run('jobs', 'list')).result).toContain('being tried again');
    expect(await run('jobs', 'retry', 'import-1')).toMatchObject({ exitCode: 1 });
    const { exitCode, result } = await run('ingest', '-s', 'hpc', file);
    expect(exitCode, result).toBe(0);
    expect((await run('jobs', 'list')).result).toBe('Nothing has failed.');
  });
});
