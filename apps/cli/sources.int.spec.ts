import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { focusCsv } from '../../test/support/focus-csv.js';
import { CommandLine, type CommandRun } from '../../test/support/command-line.js';

const KNOWN_SOURCES = [{ name: 'hpc', display_name: 'Heron cluster' }];
const known = (sources: readonly object[]): object => ({ imports: { known_sources: sources } });
const WITHOUT_FUND = { pi_email: 'ada@example.edu', project_id: 'engine' };

/** The settings of sources from the command line, as an operator types them. */
describe('sources on the command line', () => {
  let office: CommandLine;

  beforeAll(async () => {
    office = await CommandLine.start(known(KNOWN_SOURCES));
  });

  afterAll(() => office.stop());

  const run = (...args: string[]): Promise<CommandRun> => office.run(...args);

  async function document(...args: string[]): Promise<Record<string, unknown>> {
    const { exitCode, result } = await run('--json', ...args);
    expect(exitCode).toBe(0);
    return JSON.parse(result) as Record<string, unknown>;
  }

  it('adds one with all settings, and shows them', async () => {
    const added = await run(
      ...['sources', 'add', 'Tape', '-d', 'Tape library', '--pattern', 'lto_*.csv', '--fund-org', 'IT-9', '--account-code', '7000'],
      ...[
        '--mode',
        'replace',
        '--cost-basis',
        'effective',
        '--date-format',
        'M/D/YY',
        '--line-id-column',
        'LineId',
        '--inclusive-period-ends',
      ],
    );
    expect(added).toMatchObject({ exitCode: 0, result: 'Source Tape library is registered.' });
    expect(await document('sources', 'show', 'tape')).toEqual({
      source: {
        ...{ name: 'tape', displayName: 'Tape library', pattern: 'lto_*.csv', fundOrg: 'IT-9', accountCode: '7000' },
        ...{ deliveryMode: 'replace', costBasis: 'effective', dateFormat: 'M/D/YY', lineIdColumn: 'LineId' },
        ...{ inclusivePeriodEnds: true, enabled: true },
      },
      statedInConfig: [],
    });
    expect((await run('sources', 'show', 'tape')).result).toMatch(/date format +M\/D\/YY\n.*\ninclusive period ends +yes/);
  });

  it('changes what is said, after a dry run that changes nothing', async () => {
    const settings = ['--date-format', '', '--no-inclusive-period-ends', '--mode', 'merge'];
    const tried = await run('sources', 'set', 'tape', ...settings, '--dry-run');
    expect(tried.result).toBe(
      'Source Tape library would be changed:\n  delivery mode: replace → merge\n  date format: M/D/YY → –\n  inclusive period ends: yes → no',
    );
    const { changes, source } = await document('sources', 'set', 'tape', ...settings);
    expect(changes).toHaveLength(3);
    expect(source).toMatchObject({ deliveryMode: 'merge', dateFormat: '', inclusivePeriodEnds: false, pattern: 'lto_*.csv' });
    expect((await run('sources', 'set', 'tape', ...settings)).result).toBe('Source Tape library is set so already.');
  });

  it('says that what the configuration file sets comes back', async () => {
    expect((await run('sources', 'set', 'hpc', '-d', 'Other')).notes).toMatch(/configuration file sets display name/);
    expect((await run('sources', 'show', 'hpc')).result).toMatch(/display name +Heron cluster +from the configuration file/);
  });

  it('refuses wrong settings with exit code 1, wrong usage with 2', async () => {
    const wrong = await run('sources', 'set', 'tape', '--date-format', 'whenever', '--pattern', 'HPC');
    expect(wrong).toMatchObject({ exitCode: 1, result: '' });
    expect(wrong.notes).toMatch(/dateFormat: “whenever” is not.* pattern: “HPC” is the pattern of the source “hpc” \(Heron cluster\) too/);
    expect((await run('sources', 'set', 'nobody', '--fund-org', 'X')).exitCode).toBe(1);
    expect((await run('sources', 'set', 'tape')).exitCode).toBe(2);
    expect((await run('sources', 'set', 'tape', '--mode', 'overwrite')).exitCode).toBe(2);
    expect((await run('sources', 'quality', 'tape', '--periods', '0')).exitCode).toBe(2);
  });

  it('disables and enables', async () => {
    expect((await run('sources', 'disable', 'tape')).result).toContain('enabled: yes → no');
    expect((await run('sources', 'list')).result).toMatch(/^tape .* disabled$/m);
    const file = await office.file('lto_2025-03.csv', focusCsv([{ billed: '12.50' }, { billed: '1', resource: 'x', tags: WITHOUT_FUND }]));
    const guessed = await run('ingest', file);
    expect(guessed.exitCode).toBe(2);
    expect(guessed.notes).toContain('no source that is enabled, only of tape (“lto_*.csv”)');
    expect(await document('sources', 'enable', 'tape')).toMatchObject({ source: { enabled: true } });
  });

  it('shows how good the data is', async () => {
    expect((await run('sources', 'quality', 'tape')).result).toBe('Nothing was imported from Tape library yet.');
    await run('sources', 'set', 'tape', '--cost-basis', 'billed', '--line-id-column', '');
    expect((await run('ingest', join(office.folder, 'lto_2025-03.csv'))).exitCode).toBe(0);
    const { result } = await run('sources', 'quality', 'tape', '--imports');
    expect(result).toMatch(/^2025-03 +1 +2 +50\.0 % +0\.0 % +0\.0 % +0\.0 % +50\.0 % +100\.0 % +100\.0 % +\d+$/m);
    expect(result).toMatch(/^missing_fund_org +1 +50\.0 %$/m);
    expect(result).toMatch(/^Mandatory columns missing in 2025-03: .*ServiceCategory/m);
    expect(result).toMatch(/^ +1 {2}recorded {2}2025-03 .* lto_2025-03\.csv$/m);
    expect(await document('sources', 'quality', 'TAPE')).toMatchObject({ source: 'tape', periods: [{ period: '2025-03', lineCount: 2 }] });
  });

  it('does not start with a configuration that takes the pattern of another source', async () => {
    await office.configure(known([...KNOWN_SOURCES, { name: 'lake', pattern: 'LTO_*.csv' }, { name: 'x', date_format: 'D' }]));
    const both = await run('sources', 'list');
    expect(both).toMatchObject({ exitCode: 2, result: '' });
    expect(both.notes).toMatch(/known_sources\[2\]\.date_format .*“D” is not a date format/);
    await office.configure(known([...KNOWN_SOURCES, { name: 'lake', pattern: 'LTO_*.csv' }]));
    const clash = await run('sources', 'list');
    expect(clash.exitCode).toBe(2);
    expect(clash.notes).toMatch(/known_sources\[1\]\.pattern: .*source “tape” \(Tape library\) too/);
  });
});
