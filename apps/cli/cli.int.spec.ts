import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tamper } from '#testing';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';

interface Decision {
  decision: 'approve' | 'reject';
  reason: string;
  source?: string;
  pi?: string;
  project?: string;
  note: string;
}

const PERIOD = '2025-09';
const EXPECTED = `sample_data/expected/${PERIOD}`;

/** A month from the command line, each command for itself, as an operator types them; compared with an independent oracle. */
describe('the command line', () => {
  let office: CommandLine;

  beforeAll(async () => {
    office = await CommandLine.start(parse(await readFile('sample_data/config.yaml', 'utf8')) as object);
  });

  afterAll(() => office.stop());

  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  /** A command with `--json`: one document, nothing else. */
  async function document(...args: string[]): Promise<Record<string, unknown>> {
    const { exitCode, result, notes } = await run('--json', ...args);
    expect(notes).toBe('');
    expect(exitCode).toBe(0);
    return JSON.parse(result) as Record<string, unknown>;
  }

  it('tries a folder and records nothing', async () => {
    const { files } = (await document('ingest', '--dry-run', `sample_data/${PERIOD}`)) as { files: { source: string; outcome: string }[] };
    expect(files.map((file) => file.source)).toEqual(['aws', 'azure', 'hpc', 'openai', 'storage']);
    expect(new Set(files.map((file) => file.outcome))).toEqual(new Set(['would be recorded']));
    expect(await document('periods', 'list')).toMatchObject({ periods: [] });
  });

  it('imports the folder, and knows it the second time', async () => {
    const first = await run('ingest', '-p', PERIOD, `sample_data/${PERIOD}`);
    expect(first.exitCode).toBe(0);
    expect(first.notes).toContain('importing aws_2025-09.csv');
    const { files } = (await document('ingest', `sample_data/${PERIOD}`)) as { files: { duplicate: boolean }[] };
    expect(files.map((file) => file.duplicate)).toEqual([true, true, true, true, true]);
  });

  it('refuses a file with an error, names the row, and records the others', async () => {
    const good = 'BillingPeriodStart,BilledCost\n2025-08-01,1.5\n';
    const files = [await office.file('bad.csv', `${good}2025-08-01,"$10.00"\n`), await office.file('good.csv', good)];
    const { exitCode, result } = await run('ingest', '-s', 'lab', ...files);
    expect(exitCode).toBe(1);
    expect(result).toMatch(/bad\.csv → lab: refused[^]*line 3, BilledCost[^]*good\.csv → lab: recorded/);
  });

  it('takes the decisions of the review', async () => {
    const decisions = (parse(await readFile('sample_data/review.yaml', 'utf8')) as Record<string, Decision[]>)[PERIOD] ?? [];
    for (const { decision, reason, source, pi, project, note } of decisions) {
      const filter = Object.entries({ reason, source, pi, project, note }).flatMap(([name, value]) =>
        value === undefined ? [] : [`--${name}`, value],
      );
      expect((await run('review', decision, '-p', PERIOD, ...filter)).exitCode).toBe(0);
    }
    expect((await run('review', 'list', '-p', PERIOD)).result).toBe('No charge waits for review.');
  });

  it('makes and sends the statements, and puts the PDFs where the configuration says', async () => {
    expect((await run('periods', 'close', PERIOD, '-n', 'All in.')).exitCode).toBe(0);
    const made = (await document('generate', '-p', PERIOD, '--send')) as {
      statements: { due: string }[];
      deliveries: { status: string }[];
      pdfDir: string;
    };
    const expected = JSON.parse(await readFile(join(EXPECTED, 'totals.json'), 'utf8')) as Record<string, unknown>;
    expect(made.statements).toHaveLength(Number(expected['statements']));
    expect(made.deliveries.map((delivery) => delivery.status)).toEqual(Array.from({ length: Number(expected['pis']) }, () => 'dev_mode'));
    expect((await readdir(made.pdfDir)).filter((name) => name.endsWith('.pdf'))).toHaveLength(made.statements.length);
    const again = await run('generate', '-p', PERIOD, '--send');
    expect(again.result).toContain('0 statements made, 27 unchanged.');
    expect(again.result).toContain('No emails');
  });

  it('exports the journal that the oracle writes, byte for byte, where it is told to', async () => {
    const target = join(office.folder, 'journal.csv');
    expect((await run('export-journal', '-p', PERIOD, '-o', target)).exitCode).toBe(0);
    expect(await readFile(target, 'utf8')).toBe(await readFile(join(EXPECTED, 'journal_default.csv'), 'utf8'));
    expect(await document('export-journal', '-p', PERIOD, '-f', 'template')).toMatchObject({ debits: '11277.72', credits: '11277.72' });
  });

  it('exports the journal by a template that is named, and refuses one that has no room for a fund', async () => {
    const named = await document('export-journal', '-p', PERIOD, '--template', 'journal_gl.csv');
    expect(named).toMatchObject({
      format: 'template',
      debits: '11277.72',
      fileName: expect.stringMatching(/_journal_gl_\d+\.csv$/) as string,
    });
    const banner = await run('export-journal', '-p', PERIOD, '--template', 'banner_gurfeed.txt');
    expect(banner.exitCode).toBe(1);
    expect(banner.notes).toMatch(/Template banner_gurfeed\.txt, line \d+, .*: the fund “GR\d+” has 7 characters, its column 6/);
    const both = await run('export-journal', '-p', PERIOD, '-f', 'summary', '--template', 'journal_gl.csv');
    expect(both.notes).toContain('The format summary has no template');
    expect((await run('export-journal', '-p', PERIOD, '--template', 'nosuch.txt')).notes).toContain(
      'shipped are banner_gurfeed.txt, journal_gl.csv',
    );
  });

  it('shows a PI, and the period after it is finalized', async () => {
    expect(await document('show', 'Maren.Aldous@wrenvalley.example', '-p', PERIOD)).toMatchObject({ delivery: { status: 'dev_mode' } });
    expect((await run('periods', 'finalize', PERIOD)).exitCode).toBe(0);
    const { result } = await run('periods', 'list');
    expect(result).toMatch(/2025-09 +finalized +488 +0 +14,255\.02 +11,277\.72 +27/);
  });

  it('imports nothing into a finalized period', async () => {
    const late = await office.file('late.csv', `BillingPeriodStart,BilledCost\n${PERIOD}-01,1\n`);
    const { exitCode, result } = await run('ingest', '-s', 'lab', late);
    expect(exitCode).toBe(1);
    expect(result).toContain('finalized');
  });

  it.each([
    [2, ['nope']],
    [2, ['periods', 'close', '2025-9']],
    [2, ['generate']],
    [2, ['review', 'approve']],
    [2, ['review', 'approve', '--id', '1-1', '-p', PERIOD]],
    [2, ['ingest', 'there-is-none.csv']],
    [2, ['ingest', 'package.json']],
    [1, ['periods', 'reopen', PERIOD, '--reason', 'oops']],
    [1, ['review', 'approve', '--id', '999-1']],
    [1, ['show', 'nobody@wrenvalley.example', '-p', PERIOD]],
    [1, ['sources', 'add', 'aws']],
    [0, ['--help']],
    [0, ['version']],
  ])('ends with %i for %j, and says why', async (exitCode, args) => {
    const { exitCode: found, notes, result } = await run(...args);
    expect(found).toBe(exitCode);
    expect(exitCode === 0 ? result : notes).not.toBe('');
  });

  it('tells its version as a verb and as an option, and leaves that option to the verbs that have one', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    const told = { exitCode: 0, result: `OpenChargeback ${version}`, notes: '' };
    expect(await run('version')).toEqual(told);
    expect(await run('--version')).toEqual(told);
    expect(await run('--verbose', '--version')).toEqual(told);
    expect(await document('--version')).toMatchObject({ version });
    expect((await run('--help')).result).toMatch(/^ +--version +show the version$/m);
    expect((await run('periods', 'list', '--help')).result).not.toContain('--version');
    expect((await run('periods', 'list', '--version')).exitCode).toBe(2);
    expect((await run('templates', 'show', 'nope.csv', '--version', '3')).notes).toContain('nope.csv');
  });

  it('rebuilds the read models to the same, and shows how far they are', async () => {
    const before = await document('periods', 'list');
    const rebuilt = await run('projections', 'rebuild', 'charges');
    expect(rebuilt).toMatchObject({ exitCode: 0, result: 'Rebuilt from the log: charges.' });
    expect(rebuilt.notes).toContain('Rebuilding charges');
    expect(await document('periods', 'list')).toEqual(before);
    const listed = (await document('projections', 'list')) as { projections: { name: string; lag: number }[] };
    expect(listed.projections.find(({ name }) => name === 'charges')).toMatchObject({
      version: expect.any(Number) as number,
      lag: 0,
      rebuilding: null,
    });
    expect(await run('projections', 'rebuild', 'nonsense')).toMatchObject({ exitCode: 1 });
  });

  it('proves the books, and names what somebody changed behind its back', async () => {
    const { seal } = (await document('audit', 'seal')) as { seal: string };
    const clean = await run('audit', 'verify');
    expect(clean.exitCode).toBe(0);
    expect(clean.result).toMatch(/Everything is as it was recorded\.$/);
    expect(await document('audit', 'verify', '--since', seal)).toMatchObject({ ok: true, since: seal, importCount: 0 });

    await tamper(
      office.database.ownerUrl,
      `update charge_lines set amount = amount + 1 where (import_id, line_no) = (select import_id, min(line_no) from charge_lines group by 1 limit 1)`,
    );
    const tampered = await run('audit', 'verify');
    expect(tampered.exitCode).toBe(1);
    expect(tampered.result).toMatch(
      /1 thing is not as recorded:\n\nlines-changed: The lines of import \d+, recorded at position \d+, are not/,
    );
    expect(await run('audit', 'verify', '--since', '99:0000')).toMatchObject({ exitCode: 1, result: '' });
  });

  it('lists every problem of a wrong configuration with its line, and ends with 2', async () => {
    const wrong = await office.file('wrong.yaml', 'currency: 5 pounds\nnonsense: true\n');
    const { exitCode, notes } = await run('--config', wrong, 'periods', 'list');
    expect(exitCode).toBe(2);
    expect(notes).toMatch(/currency \(line 1\)[^]*nonsense \(line 2\)/);
  });

  it('answers a failure with --json as a document too', async () => {
    const { exitCode, result } = await run('--json', 'periods', 'close', '2031-01');
    expect(exitCode).toBe(1);
    expect(JSON.parse(result)).toMatchObject({ error: { code: 'period.unknown' } });
  });
});
