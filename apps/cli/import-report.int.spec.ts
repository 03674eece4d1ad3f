import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { focusCsv } from '../../test/support/focus-csv.js';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';

describe('ingest --refused', () => {
  let office: CommandLine;

  beforeAll(async () => {
    office = await CommandLine.start();
    await office.file('good.csv', focusCsv([{ billed: '1' }]));
    await office.file('bad.csv', focusCsv([{ billed: '2' }, { billed: 'n/a' }]));
    await office.file('worse.csv', focusCsv([{ billed: '$3' }]));
    await run('ingest', '-s', 'hpc', join(office.folder, 'good.csv'));
  });

  afterAll(() => office.stop());

  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  it('writes the rows with errors of one file to that file, of a dry run too', async () => {
    const path = join(office.folder, 'out/rows.csv');
    const tried = await run('ingest', '--dry-run', '-s', 'hpc', '--refused', path, join(office.folder, 'bad.csv'));
    expect(tried.exitCode).toBe(1);
    expect(tried.result).toContain(`All of them as CSV: ${path}`);
    const csv = await readFile(path, 'utf8');
    expect(csv).toMatch(/^refused_line,.*\r\n3,BilledCost,n\/a,/);
    await rm(path);
    const partial = await run('--json', 'ingest', '-s', 'hpc', '--allow-partial', '--refused', path, join(office.folder, 'bad.csv'));
    expect(partial.exitCode).toBe(0);
    expect(JSON.parse(partial.result)).toMatchObject({
      files: [{ outcome: 'recorded', refusedRowsFile: path, report: { totals: { lineCount: 1 } } }],
    });
    expect(await readFile(path, 'utf8')).toBe(csv);
  });

  it('writes those of several files into a folder, and nothing where there are none', async () => {
    const target = join(office.folder, 'rows');
    const files = ['bad.csv', 'good.csv', 'worse.csv'].map((name) => join(office.folder, name));
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
