import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { text as textOf } from 'node:stream/consumers';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createTestDatabase, type TestDatabase } from '#testing';
import { focusCsv } from '../../test/support/focus-csv.js';
import type { Terminal } from './output/terminal.js';
import { runCommandLine } from './run-command-line.js';

interface Ingested {
  readonly file: string;
  readonly outcome: string;
  readonly importId: number | null;
  readonly duplicate: boolean;
  readonly refusal: { readonly code: string } | null;
}

/** Several files in one command, and what can be done about imports afterwards. */
describe('importing several files from the command line', () => {
  let folder: string;
  let config: string;
  let database: TestDatabase;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-cli-ingest-'));
    database = await createTestDatabase();
    config = join(folder, 'config.yaml');
    await writeFile(config, stringify({ dev_mode: true, data_dir: folder, database: { url: database.url, owner_url: database.ownerUrl } }));
    await mkdir(join(folder, 'in', 'below', '.hidden'), { recursive: true });
    await writeFile(join(folder, 'in', 'hpc_2025-01.csv'), fileOf('2025-01'));
    await writeFile(join(folder, 'in', 'below', 'hpc_2025-02.csv.gz'), gzipSync(fileOf('2025-02')));
    await writeFile(join(folder, 'in', 'below', '.hidden', 'hpc_2025-03.csv'), fileOf('2025-03'));
    await writeFile(join(folder, 'in', 'notes.txt'), 'not a file to import');
    await writeFile(join(folder, 'bad.csv'), `${fileOf('2025-04')}2025-04-01,"$1"\n`);
    await run('sources', 'add', 'hpc');
  });

  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const fileOf = (period: string): string => focusCsv([{ period, billed: '1.25' }]);
  const within = (...names: string[]): string => join(folder, ...names);

  /** What happens when something is noted: Ctrl-C, unless it says something else. */
  interface Happening {
    readonly at: string;
    readonly what?: () => void;
  }

  async function run(...args: (string | Happening)[]): Promise<{ exitCode: number; result: string; notes: string }> {
    const written = { result: [] as string[], notes: [] as string[] };
    const [happening] = args.filter((arg) => typeof arg !== 'string');
    let interrupt: (() => void) | undefined;
    const terminal: Terminal = {
      result: (text) => written.result.push(text),
      bytes: async (content) => void written.result.push(await textOf(content)),
      note: (text) => {
        written.notes.push(text);
        if (happening !== undefined && text.includes(happening.at)) (happening.what ?? interrupt)?.();
      },
      isInteractive: false,
      onInterrupt: (callback) => {
        interrupt = callback;
        return () => undefined;
      },
    };
    const exitCode = await runCommandLine(['-c', config, ...args.filter((arg) => typeof arg === 'string')], terminal);
    return { exitCode, result: written.result.join('\n'), notes: written.notes.join('\n') };
  }

  async function asOwner<Row>(sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: database.ownerUrl });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  const files = (result: string): Ingested[] => (JSON.parse(result) as { files: Ingested[] }).files;

  it('takes files and folders, and what is below them, once and in the order of the arguments', async () => {
    const { exitCode, result } = await run('ingest', '--json', '-s', 'hpc', within('in', 'below'), within('bad.csv'), within('in'));
    expect(exitCode).toBe(1);
    expect(files(result).map(({ file, outcome }) => [file, outcome])).toEqual([
      [within('in', 'below', 'hpc_2025-02.csv.gz'), 'recorded'],
      [within('bad.csv'), 'refused'],
      [within('in', 'hpc_2025-01.csv'), 'recorded'],
    ]);
  });

  it('says in a pipe what is under way and what is through', async () => {
    const { exitCode, notes } = await run('ingest', within('in'));
    expect(exitCode).toBe(0);
    for (const name of ['hpc_2025-01.csv', 'hpc_2025-02.csv.gz']) {
      expect(notes).toContain(`importing ${name} …`);
      expect(notes).toContain(`${name}: recorded`);
    }
  });

  it('takes the others although one is not taken in', async () => {
    const gone = within('hpc_2025-07.csv');
    await writeFile(gone, fileOf('2025-07'));
    const vanishing = { at: 'importing hpc_2025-02', what: () => rmSync(gone, { force: true }) };
    const { exitCode, result } = await run('ingest', vanishing, within('in', 'below'), gone, within('in'));
    expect(exitCode).toBe(1);
    expect(result).toMatch(/hpc_2025-07\.csv → hpc: failed\n.*ENOENT.*\n.*the same command again[^]*hpc_2025-01\.csv → hpc: known already/);
    await run('sources', 'disable', 'hpc');
    const refused = await run('ingest', '--json', '-s', 'hpc', within('in'));
    await run('sources', 'enable', 'hpc');
    expect(refused.exitCode).toBe(1);
    const nothing = { outcome: 'refused', importId: null, refusal: { code: 'source.disabled' } };
    expect(files(refused.result)).toMatchObject([nothing, nothing]);
  });

  it.each([
    [['ingest', '-'], 'Say with --name'],
    [['ingest', '--name', 'hpc.csv', 'config.yaml'], '--name is for standard input'],
    [['imports', 'cancel', 'seven'], 'named by its number'],
    [['imports', 'list', '--limit', '0'], '--limit takes a whole number'],
  ])('ends with 2 for %j', async (args, reason) => {
    const found = await run(...args.map((arg) => (arg === 'config.yaml' ? config : arg)));
    expect(found).toMatchObject({ exitCode: 2 });
    expect(found.notes).toContain(reason);
  });

  it('gives dry runs up at Ctrl-C, and leaves nothing of them', async () => {
    const { exitCode, notes } = await run('ingest', '--dry-run', { at: 'reading hpc_2025-02' }, within('in'));
    expect(exitCode).toBe(130);
    expect(notes).toContain('Nothing was changed');
    expect(await asOwner('select 1 from charge_lines where import_id < 0')).toEqual([]);
  });

  it('leaves imports to be gone on with at Ctrl-C, and says how to give them up, which can be done', async () => {
    await asOwner('alter function discard_unrecorded_lines(int) rename to discard_mislaid');
    await writeFile(within('hpc_2025-05.csv'), fileOf('2025-05'));
    await writeFile(within('hpc_2025-06.csv'), fileOf('2025-06'));
    const interrupted = await run('ingest', { at: 'importing hpc_2025-06' }, within('hpc_2025-05.csv'), within('hpc_2025-06.csv'));
    expect(interrupted.exitCode).toBe(130);
    const ids = (/openchargeback imports cancel ([\d ]+)/.exec(interrupted.notes)?.[1] ?? '').trim().split(' ');
    expect(ids).toHaveLength(2);
    const cancelled = await run('imports', 'cancel', ...ids, '1', '--reason', 'not these');
    expect(cancelled.exitCode).toBe(1);
    expect(cancelled.result).toMatch(/^Import \d+ is cancelled.*\nImport \d+ is cancelled.*\nImport 1 is recorded already/);
    const listed = await run('imports', 'list', '--state', 'cancelled');
    expect(listed.result.match(/hpc_2025-0[56]\.csv +cancelled .*not these/g)).toHaveLength(2);
    expect(await run('imports', 'list', '--state', 'received')).toMatchObject({ exitCode: 0, result: 'There are no such imports.' });
  });

  it('lists and dismisses what failed', { timeout: 60_000 }, async () => {
    const { result } = await run('ingest', '--json', within('hpc_2025-05.csv'));
    const [failed] = files(result);
    expect(failed).toMatchObject({ outcome: 'failed', duplicate: false });
    expect((await run('imports', 'list', '--state', 'failed')).result).toMatch(/hpc_2025-05\.csv +failed .*discard_unrecorded_lines/);
    const id = `import-${failed?.importId ?? ''}`;
    expect((await run('jobs', 'dismiss', id, 'import-99')).exitCode).toBe(1);
    expect(await run('jobs', 'dismiss', id)).toMatchObject({ exitCode: 0, result: `${id} is given up.` });
    expect(await run('jobs', 'list')).toMatchObject({ result: 'Nothing has failed.' });
    await asOwner('alter function discard_mislaid(int) rename to discard_unrecorded_lines');
    expect(files((await run('ingest', '--json', within('hpc_2025-05.csv'))).result)).toMatchObject([
      { outcome: 'recorded', duplicate: false },
    ]);
  });

  it('withdraws one that is recorded', async () => {
    expect(await run('imports', 'withdraw', '1', '--reason', 'the wrong month')).toMatchObject({ exitCode: 0 });
    expect((await run('imports', 'list', '-p', '2025-02', '-s', 'hpc')).result).toMatch(/withdrawn .*the wrong month/);
    expect((await run('imports', 'withdraw', '1', '--reason', 'again')).exitCode).toBe(1);
  });
});
