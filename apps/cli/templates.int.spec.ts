import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';

/** Templates from the command line, as an operator keeps them. */
describe('templates on the command line', () => {
  const before = process.cwd();
  let folder: string;
  let office: CommandLine;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'office-'));
    await mkdir(join(folder, 'templates'));
    await writeFile(join(folder, 'templates', 'ours.csv'), 'of the folder\n');
    process.chdir(folder);
    office = await CommandLine.start({ journal: { template: 'ours.csv' } });
  });

  afterAll(async () => {
    process.chdir(before);
    await office.stop();
    await rm(folder, { recursive: true });
  });

  const run = (...args: string[]): Promise<CommandRun> => office.run('templates', ...args);

  it('lists what there is, and whose text counts', async () => {
    const { result } = await run('list');
    expect(result).toMatch(/^AREA +NAME +COUNTS +VERSION +CHANGED +BY +SETTING$/m);
    expect(result).toMatch(/^journal +journal_gl\.csv +shipped$/m);
    expect(result).toMatch(/^journal +ours\.csv +\.\/templates +journal\.template$/m);
    expect((await run('list', '--area', 'mail')).result).toMatch(/^mail +statement_message\.html +shipped$/m);
  });

  it('tries a text, saves it, and shows it', async () => {
    const path = await office.file('try.csv', '{% for e in entries %}{{ e.fund_org }};{{ e.amount }}\r\n{% endfor %}');
    const tried = await run('preview', 'ours.csv', '--text', path);
    expect(tried).toMatchObject({ exitCode: 0, notes: 'note: With samples: 6 entries, debits 1272.85, credits 1272.85.' });
    expect(tried.result).toMatch(/^210045-CHEM;1240\.10\n/);
    expect((await run('show', 'ours.csv')).result).toBe('of the folder\n');

    expect((await run('save', path, '--name', 'ours.csv', '--note', 'as asked')).result).toBe(
      '“ours.csv” is saved, and counts from now on (version 1).',
    );
    expect((await run('save', path, '--name', 'ours.csv')).result).toBe('“ours.csv” is so already (version 1).');
    const copy = join(office.folder, 'copy.csv');
    expect((await run('show', 'ours.csv', '-o', copy)).result).toBe(copy);
    expect(await readFile(copy)).toEqual(await readFile(path));
    expect((await run('list')).result).toMatch(/^journal +ours\.csv +saved here +1 +\S+ \S+Z +\S+ +journal\.template$/m);
  });

  it('refuses one that can’t be read, with line and expression, and one that is not UTF-8', async () => {
    const wrong = await office.file('wrong.csv', 'a\n{{ 1 + }}\n');
    expect(await run('save', wrong)).toMatchObject({
      exitCode: 1,
      notes: expect.stringContaining('wrong.csv, line 2, “{{ 1 + }}”: ') as string,
    });
    const tried = await run('preview', 'wrong.csv', '--text', wrong);
    expect(tried).toMatchObject({ exitCode: 1, result: expect.stringMatching(/^wrong\.csv, line 2, “\{\{ 1 \+ \}\}”: /) as string });
    const latin = join(office.folder, 'latin.csv');
    await writeFile(latin, Buffer.from('Universit\xe4t', 'latin1'));
    expect((await run('save', latin)).notes).toContain('is not written in UTF-8');
  });

  it('removes and restores', async () => {
    const second = await office.file('ours.csv', 'second');
    expect((await run('save', second, '--expect', '1')).result).toContain('(version 2)');
    expect(await run('save', await office.file('ours.csv', 'third'), '--expect', '1')).toMatchObject({ exitCode: 1, result: '' });
    expect((await run('remove', 'ours.csv', '--reason', 'on trial')).result).toBe(
      '“ours.csv” is removed; the one in ./templates counts again (version 3).',
    );
    expect((await run('show', 'ours.csv')).result).toBe('of the folder\n');
    expect((await run('show', 'ours.csv', '--version', '2')).result).toBe('second');
    expect((await run('restore', 'ours.csv', '2')).result).toBe('“ours.csv” is version 2 again (version 4).');
    expect((await run('versions', 'ours.csv')).result).toMatch(
      /^VERSION .*\n +4 .* saved +6 +\S+ +Version 2 again\n +3 .* removed +\S+ +on trial\n +2 .*\n +1 .* as asked$/,
    );
  });

  it.each([
    [2, ['save', 'nowhere.csv']],
    [2, ['show', 'ours.csv', '--area', 'reports']],
    [2, ['show', 'ours.csv', '--version', '0']],
    [2, ['show', 'ours.csv', '--version', '1', '--file', 'folder']],
    [1, ['show', 'nothing.csv']],
    [1, ['show', 'ours.csv', '--file', 'shipped']],
    [1, ['restore', 'ours.csv', '9']],
    [1, ['remove', 'journal_gl.csv']],
  ])('ends with %i: %j', async (exitCode, args) => {
    expect(await run(...args)).toMatchObject({ exitCode, result: '' });
  });
});
