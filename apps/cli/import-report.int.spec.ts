import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createTestDatabase, type TestDatabase } from '#testing';
import { focusCsv } from '../../test/support/focus-csv.js';
import type { Terminal } from './output/terminal.js';
import { runCommandLine } from './run-command-line.js';

describe('ingest --refused', () => {
  let folder: string;
  let database: TestDatabase;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openchargeback-refused-'));
    database = await createTestDatabase();
    const settings = { dev_mode: true, data_dir: folder, database: { url: database.url, owner_url: database.ownerUrl } };
    await writeFile(join(folder, 'config.yaml'), stringify(settings));
    await writeFile(join(folder, 'good.csv'), focusCsv([{ billed: '1' }]));
    await writeFile(join(folder, 'bad.csv'), focusCsv([{ billed: '2' }, { billed: 'n/a' }]));
    await writeFile(join(folder, 'worse.csv'), focusCsv([{ billed: '$3' }]));
    await run('ingest', '-s', 'hpc', join(folder, 'good.csv'));
  });

  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<{ exitCode: number; result: string }> {
    const written: string[] = [];
    const terminal: Terminal = {
      result: (text) => written.push(text),
      note: () => undefined,
      isInteractive: false,
      onInterrupt: () => () => undefined,
    };
    const exitCode = await runCommandLine(['-c', join(folder, 'config.yaml'), ...args], terminal);
    return { exitCode, result: written.join('\n') };
  }

  it('writes the rows with errors of one file to that file, of a dry run too', async () => {
    const path = join(folder, 'out/rows.csv');
    const tried = await run('ingest', '--dry-run', '-s', 'hpc', '--refused', path, join(folder, 'bad.csv'));
    expect(tried.exitCode).toBe(1);
    expect(tried.result).toContain(`All of them as CSV: ${path}`);
    const csv = await readFile(path, 'utf8');
    expect(csv).toMatch(/^refused_line,.*\r\n3,BilledCost,n\/a,/);
    await rm(path);
    const partial = await run('--json', 'ingest', '-s', 'hpc', '--allow-partial', '--refused', path, join(folder, 'bad.csv'));
    expect(partial.exitCode).toBe(0);
    expect(JSON.parse(partial.result)).toMatchObject({
      files: [{ outcome: 'recorded', refusedRowsFile: path, report: { totals: { lineCount: 1 } } }],
    });
    expect(await readFile(path, 'utf8')).toBe(csv);
  });

  it('writes those of several files into a folder, and nothing where there are none', async () => {
    const target = join(folder, 'rows');
    const files = ['bad.csv', 'good.csv', 'worse.csv'].map((name) => join(folder, name));
    const tried = await run('--json', 'ingest', '--dry-run', '-s', 'hpc', '--refused', target, ...files);
    expect(JSON.parse(tried.result)).toMatchObject({
      files: [
        { refusedRowsFile: join(target, 'refused_bad.csv') },
        { refusedRowsFile: null },
        { refusedRowsFile: join(target, 'refused_worse.csv') },
      ],
    });
    expect(await readFile(join(target, 'refused_worse.csv'), 'utf8')).toContain('\r\n2,BilledCost,$3,');
  });
});
