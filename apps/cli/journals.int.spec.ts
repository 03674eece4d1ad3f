import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';
import { focusCsv, tags } from '../../test/support/focus-csv.js';

const SETTINGS = {
  imports: { known_sources: [{ name: 'hpc', fund_org: 'RC-1' }] },
  journal: { default_account: '7050' },
};

describe('journals on the command line', () => {
  let office: CommandLine;
  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  beforeAll(async () => {
    office = await CommandLine.start(SETTINGS);
    const march = focusCsv([{ billed: '10' }, { billed: '2.5', resource: 'node-2', tags: tags({ fund_org: 'BIO-200' }) }]);
    await run('ingest', await office.file('march.csv', march), '-s', 'hpc');
  });
  afterAll(() => office.stop());

  it('are shown before they are written, marked, and followed by deltas until nothing is left to book', async () => {
    expect((await run('journals', 'list')).result).toBe('No journal was exported.');
    const tried = await run('export-journal', '-p', '2025-03', '-f', 'template', '--dry-run');
    expect(tried.result).toMatch(/^FUND\/ORG .*\nBIO-200 +7050 +hpc +ada@example\.edu, engine +2\.50\n/);
    expect(tried.result).toMatch(/\nWould export 2025-03 \(template\): 3 rows, 12\.50 USD debits, 12\.50 credits\. Nothing was written\.$/);
    expect((await run('journals', 'list')).result).toBe('No journal was exported.');

    await run('export-journal', '-p', '2025-03', '-f', 'template');
    const posted = await run('journals', 'posted', '2025-03', '1', '--document', 'JE-0815', '--date', '2025-04-03', '--note', 'batch 7');
    expect(posted.result).toMatch(/^Journal 1 of 2025-03 \(template\) is posted as document JE-0815 on 2025-04-03, said \S+: batch 7\.$/);
    expect((await run('journals', 'booked', '-p', '2025-03')).result).toMatch(/\n\nThere is nothing to book\.$/);
    const none = await run('export-journal', '-p', '2025-03', '-f', 'template', '--delta', '--dry-run');
    expect([none.exitCode, none.result]).toMatchObject([1, expect.stringContaining('There is nothing to book')]);

    await run('review', 'reattribute', '-p', '2025-03', '--text', 'node-2', '--fund-org', 'CHEM-300');
    const booked = (await run('journals', 'booked', '-p', '2025-03')).result;
    expect(booked).toMatch(/^Booked by 1 \(template, posted\) of 2025-03/);
    expect(booked).toMatch(/\ndebit +BIO-200 +2\.50 +0\.00 +-2\.50\ndebit +CHEM-300 +0\.00 +2\.50 +2\.50\n/);
    expect(booked).toMatch(/\n\nTo book what is left: export-journal -p 2025-03 -f template --delta$/);

    const target = join(office.folder, 'delta.csv');
    const delta = await run('export-journal', '-p', '2025-03', '-f', 'template', '--delta', '-o', target);
    expect(delta.result).toContain('Journal 2 of 2025-03 (template, what changed since journal 1): 2 rows, 2.50 USD debits, 2.50 credits.');
    expect((await readFile(target, 'utf8')).split('\r\n')).toHaveLength(4);
    expect((await run('journals', 'booked', '-p', '2025-03')).result).toContain('No delta can be written now. Journal 2 (template)');
    await run('journals', 'posted', '2025-03', '2', '--document', 'JE-0816');
    const list = (await run('journals', 'list', '-p', '2025-03')).result;
    expect(list).toMatch(
      /\n2025-03 +2 +template +1 +posted +JE-0816 +\d{4}-\d\d-\d\d +2\.50 +2\.50 .* journal_2025-03_template_delta_2\.csv\n/,
    );
    expect((await run('journals', 'booked', '-p', '2025-03')).result).toMatch(/\n\nThere is nothing to book\.$/);
  });

  it('can be marked otherwise, with the whole story kept', async () => {
    const voided = await run('journals', 'void', '2025-03', '2', '--reason', 'reversed by accounting');
    expect(voided.result).toMatch(/ is void, said \S+: reversed by accounting\.$/);
    expect((await run('journals', 'unmark', '2025-03', '2', '--reason', 'it was another one')).result).toContain(
      'posted as document JE-0816',
    );
    const shown = (await run('journals', 'show', '2025-03', '2')).result;
    expect(shown).toMatch(/\nstarts from +1\n/);
    expect(shown).toMatch(
      / exported [^]* posted +JE-0816, [^]* void [^]* reversed by accounting\n[^]* mark-withdrawn [^]* it was another one$/,
    );
    const refused = await run('journals', 'posted', '2025-03', '2', '--document', 'JE-1');
    expect([refused.exitCode, refused.notes]).toMatchObject([1, expect.stringContaining('is posted already')]);
    expect((await run('journals', 'posted', '2025-03', '9', '--document', 'JE-1')).notes).toContain('There is no journal 9');
    expect((await run('journals', 'void', '2025-03', 'two', '--reason', 'x')).exitCode).toBe(2);
    const copy = join(office.folder, 'copy.csv');
    await run('journals', 'download', '2025-03', '1', '-o', copy);
    expect((await readFile(copy, 'utf8')).split('\r\n')).toHaveLength(5);
    const document = JSON.parse((await run('--json', 'journals', 'show', '2025-03', '1')).result) as object;
    expect(document).toMatchObject({ status: 'posted', documentNumber: 'JE-0815', markNote: 'batch 7', deltaFrom: null });
  });

  it('have rows of zero where they are asked for, and never as a delta', async () => {
    const may = focusCsv([
      { period: '2025-05', billed: '7' },
      { period: '2025-05', billed: '2', resource: 'node-2', tags: tags({ fund_org: 'BIO-200' }) },
      { period: '2025-05', billed: '-2', resource: 'node-3', tags: tags({ fund_org: 'BIO-200' }) },
    ]);
    await run('ingest', await office.file('may.csv', may), '-s', 'hpc');
    const asked = ['export-journal', '-p', '2025-05', '-f', 'gl', '--include-zero'];
    const tried = await run(...asked, '--dry-run');
    expect(tried.result).toMatch(/\nBIO-200 +0\.00 *\nMATH-100 +7\.00 *\nCLOUD-CLEARING +7\.00\n/);
    expect(tried.result).toContain('Would export 2025-05 (gl): 3 rows, 7.00 USD debits, 7.00 credits.');
    expect((await run('export-journal', '-p', '2025-05', '-f', 'gl', '--dry-run')).result).toContain('(gl): 2 rows, 7.00 USD debits');

    const target = join(office.folder, 'zeros.csv');
    expect((await run(...asked, '-o', target)).result).toContain('Journal 1 of 2025-05 (gl): 3 rows, 7.00 USD debits, 7.00 credits.');
    expect(await readFile(target, 'utf8')).toContain('\r\n2025-05,BIO-200,2025-05 Research Computing Charges,0.00,\r\n');
    expect((await run('journals', 'show', '2025-05', '1')).result).toMatch(/\nformat +gl, with rows of zero\n/);
    const shown = JSON.parse((await run('--json', 'journals', 'list', '-p', '2025-05')).result) as object;
    expect(shown).toMatchObject({ journals: [{ number: 1, includeZero: true }] });

    const refused = await run(...asked, '--delta');
    expect([refused.exitCode, refused.notes]).toMatchObject([1, expect.stringContaining('A delta has only what changed')]);
  });

  it('say what they would be refused for, and the commands that find it', async () => {
    const april = focusCsv([{ period: '2025-04', billed: '3', resource: 'tape-1', tags: tags({ fund_org: '' }) }]);
    await run('ingest', await office.file('april.csv', april), '-s', 'tape');
    await run('review', 'approve', '-p', '2025-04', '--note', 'a gift');
    const tried = await run('export-journal', '-p', '2025-04', '-f', 'template', '--dry-run');
    expect(tried.exitCode).toBe(1);
    expect(tried.result).toContain('problem: Source “tape”');
    expect(tried.result).toContain('  look at it: sources show tape\n');
    const command = /look at it: (review list .*)/.exec(tried.result)?.[1] ?? '';
    expect((await run(...command.split(' '))).result).toMatch(/ 2025-04 +tape .*\n\n1 charge; 3 USD in all\.$/);
    expect((await run('export-journal', '-p', '2025-04', '-f', 'detail', '--delta')).notes).toContain(
      'Write the delta as default or summary',
    );
  });
});
