import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '#kernel';
import { by, TestProgram } from '#testing/program';
import type { ChartImportMode } from '../domain/fund.events.js';
import { FundQueries } from '../infra/fund.queries.js';
import { ChartOfFunds, type ChartUpload } from './chart-of-funds.js';

const ADMIN = by('admin@example.edu');
const FIRST_FILE =
  'fund_org,title,valid_from,valid_to,owner\nBIO-1,Biology,2025-01-01,,dean@example.edu\nMATH-2,Mathematics,,2030-12-31,\n';

describe('ChartOfFunds', () => {
  let program: TestProgram;
  let chart: ChartOfFunds;

  beforeAll(async () => {
    program = await TestProgram.start({ background: false });
    chart = program.get(ChartOfFunds);
  });
  afterAll(() => program.stop());

  async function upload(content: string, mode: ChartImportMode = 'merge', lastDay: string | null = null): Promise<ChartUpload> {
    const file = await program.services.storage.put(Readable.from([Buffer.from(content)]));
    return { ...file, fileName: 'chart.csv', mode, lastDay };
  }
  const events = async (): Promise<number> => (await program.services.store.head('funds')).version;
  async function refusal(work: Promise<unknown>): Promise<DomainError> {
    const error: unknown = await work.then(() => undefined).catch((thrown: unknown) => thrown);
    if (error instanceof DomainError) return error;
    throw new Error('this was not refused');
  }

  async function tables(): Promise<string> {
    const rows = await program.services.database.query(
      `select (select string_agg(f::text, chr(10) order by fund_org) from funds f) as funds,
         (select string_agg(c::text, chr(10) order by fund_org, position) from fund_changes c) as changes`,
    );
    return JSON.stringify(rows);
  }

  it('is not in use before a fund is in it', async () => {
    const empty = await chart.snapshot();
    expect(empty.isInUse).toBe(false);
    expect(empty.problemOf('BIO-1', '2025-01-01')).toBeNull();
  });

  it('knows what was recorded before the read model does', async () => {
    expect((await chart.put(' HIST-9 ', { title: 'History' }, ADMIN)).fund).toMatchObject({ fundOrg: 'HIST-9', title: 'History' });
    const { before, fund } = await chart.put('HIST-9', { owner: 'clio@example.edu' }, ADMIN);
    expect([before?.owner, fund]).toEqual([
      '',
      { fundOrg: 'HIST-9', title: 'History', validFrom: null, validTo: null, owner: 'clio@example.edu' },
    ]);
    expect((await chart.put('HIST-9', { title: 'History ' }, ADMIN)).appended).toBeNull();
    await chart.retire('HIST-9', '2025-06-30', 'merged with BIO-1', ADMIN);
    expect((await chart.snapshot()).problemOf('HIST-9', '2025-07-01')).toBe('HIST-9 was valid until 2025-06-30');
    expect((await program.get(FundQueries).list({}, '2025-07-01', { limit: 10 })).chartCount).toBe(0);
    await program.settle();
    // Partly seen, partly not: the newest holds.
    await chart.put('HIST-9', { validTo: '2025-12-31' }, ADMIN);
    expect((await chart.snapshot()).problemOf('HIST-9', '2025-07-01')).toBeNull();
  });

  it('previews a file, and takes it as one event', async () => {
    const file = await upload(FIRST_FILE);
    const before = await events();
    const preview = await chart.preview(file);
    expect(preview).toMatchObject({
      rowCount: 2,
      added: [{ fundOrg: 'BIO-1' }, { fundOrg: 'MATH-2' }],
      changed: [],
      unchangedCount: 0,
      duplicateOf: null,
    });
    expect(await events()).toBe(before);
    const { report } = await chart.import(file, ADMIN);
    expect(report).toEqual(preview);
    expect(await events()).toBe(before + 1);
    expect((await chart.snapshot()).problemOf('BIO-1', '2024-12-31')).toBe('BIO-1 is valid from 2025-01-01');
  });

  it('recognises the same bytes, and changes nothing, whatever was changed by hand', async () => {
    await chart.put('BIO-1', { title: 'Life sciences' }, ADMIN);
    const before = await events();
    const { report, appended } = await chart.import(await upload(FIRST_FILE), ADMIN);
    expect(appended).toBeNull();
    expect(report.duplicateOf).toMatchObject({ importedBy: 'admin@example.edu', mode: 'merge' });
    expect(await events()).toBe(before);
    // In the other mode it is another order.
    expect((await chart.preview(await upload(FIRST_FILE, 'replace', '2025-09-30'))).duplicateOf).toBeNull();
  });

  it('takes nothing of a file with a row that can’t be taken, and says where it is wrong', async () => {
    const file = await upload('fund_org,valid_from\nNEW-1,\nNEW-2,2025-02-30\nHIST-9,2026-01-01\n');
    expect((await chart.preview(file)).refusedRows.map(({ line, column }) => `${line} ${column}`)).toEqual(['3 valid_from', '4 valid_to']);
    const before = await events();
    const error = await refusal(chart.import(file, ADMIN));
    expect(error).toMatchObject({ code: 'funds.refused-rows', problems: [{ where: 'line 3, valid_from' }, { where: 'line 4, valid_to' }] });
    expect(error.detail).toMatch(/^2 rows of the file can't be taken, so nothing of it was/);
    expect(await events()).toBe(before);
  });

  it('retires with replace what the file lacks, as of the day', async () => {
    const { report } = await chart.import(await upload('fund_org,title\nBIO-1,Biology\n', 'replace', '2025-09-30'), ADMIN);
    expect(report.retired.map(({ after }) => `${after.fundOrg} ${String(after.validTo)}`)).toEqual([
      'HIST-9 2025-09-30',
      'MATH-2 2025-09-30',
    ]);
    expect((await chart.snapshot()).problemOf('MATH-2', '2025-10-01')).toBe('MATH-2 was valid until 2025-09-30');
    expect(await refusal(chart.import(await upload('fund_org\nX\n', 'replace', 'today'), ADMIN))).toMatchObject({
      code: 'funds.invalid-day',
    });
  });

  it('leaves no event of a file that changes nothing', async () => {
    const before = await events();
    expect((await chart.import(await upload('fund_org\nBIO-1\n'), ADMIN)).appended).toBeNull();
    expect(await events()).toBe(before);
  });

  it('tells what became of a fund, newest first', async () => {
    await program.settle();
    const history = await program.get(FundQueries).history('HIST-9');
    expect(history.map(({ action, validTo, reason, fileName }) => [action, validTo, reason, fileName])).toEqual([
      ['retired', '2025-09-30', null, 'chart.csv'],
      ['changed', '2025-12-31', null, null],
      ['retired', '2025-06-30', 'merged with BIO-1', null],
      ['changed', null, null, null],
      ['registered', null, null, null],
    ]);
    await expect(program.get(FundQueries).get('hist-9', '2025-01-01')).rejects.toMatchObject({ code: 'funds.unknown' });
  });

  it('decides on changes made at the same moment one after the other', async () => {
    const fields = ['title', 'owner', 'validFrom', 'validTo'] as const;
    await Promise.all(fields.map((field) => chart.put('BOTH-1', { [field]: field.startsWith('valid') ? '2025-05-05' : field }, ADMIN)));
    await program.settle();
    expect(await program.get(FundQueries).get('BOTH-1', '2025-05-05')).toMatchObject({
      ...{ title: 'title', owner: 'owner', validFrom: '2025-05-05', validTo: '2025-05-05', standing: 'valid' },
    });
  });

  it('is listed page by page, by text and by standing', async () => {
    await chart.import(
      await upload(`fund_org,title\n${Array.from({ length: 250 }, (_, n) => `X_${String(n)},100% lab`).join('\n')}\n`),
      ADMIN,
    );
    await program.settle();
    const queries = program.get(FundQueries);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await queries.list({ text: '% LAB' }, '2025-05-05', { limit: 100, after });
      expect(page).toMatchObject({ count: 250, chartCount: 254 });
      seen.push(...page.funds.map(({ fundOrg }) => fundOrg));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(250);
    expect(seen).toEqual([...seen].sort());
    const standing = async (which: 'valid' | 'upcoming' | 'ended', day: string): Promise<string[]> =>
      (await queries.list({ text: '-', standing: which }, day, { limit: 10 })).funds.map(({ fundOrg }) => fundOrg);
    expect(await standing('upcoming', '2024-01-01')).toEqual(['BIO-1', 'BOTH-1']);
    expect(await standing('ended', '2025-10-01')).toEqual(['BOTH-1', 'HIST-9', 'MATH-2']);
    expect(await standing('valid', '2025-10-01')).toEqual(['BIO-1']);
  });

  it('loses a fund that was a mistake, which may come back; a file brings back what was taken out', async () => {
    await chart.put('OOPS-1', { title: 'Not here' }, ADMIN);
    expect((await chart.remove(' OOPS-1 ', ' typed wrong ', ADMIN)).fund).toMatchObject({ title: 'Not here' });
    expect((await chart.snapshot()).problemOf('OOPS-1', '2025-05-05'), 'before the read model knows').toMatch(/is in no chart of funds/);
    expect(await refusal(chart.remove('OOPS-1', null, ADMIN))).toMatchObject({ code: 'funds.unknown' });
    await program.settle();
    await expect(program.get(FundQueries).get('OOPS-1', '2025-05-05')).rejects.toMatchObject({ code: 'funds.unknown' });
    await chart.put('OOPS-1', {}, ADMIN);
    await program.settle();
    expect((await program.get(FundQueries).history('OOPS-1')).map(({ action, reason }) => [action, reason])).toEqual([
      ['registered', null],
      ['removed', 'typed wrong'],
      ['registered', null],
    ]);
    const file = await upload('fund_org\nAGAIN-1\n');
    await chart.import(file, ADMIN);
    expect((await chart.preview(file)).duplicateOf).not.toBeNull();
    await chart.remove('AGAIN-1', null, ADMIN);
    expect((await chart.import(file, ADMIN)).report).toMatchObject({ duplicateOf: null, added: [{ fundOrg: 'AGAIN-1' }] });
    await program.settle();
  });

  it('is rebuilt from the log to the same bytes', async () => {
    const before = await tables();
    await program.services.projections.rebuild('funds');
    expect(await tables()).toBe(before);
    expect(before).toContain('HIST-9');
  });

  it('takes fifty thousand funds in one event', async () => {
    const rows = Array.from(
      { length: 50_000 },
      (_, n) => `DEPT-${String(n)},Department ${String(n)} of natural philosophy,2020-01-01,,owner${String(n)}@example.edu`,
    );
    const { report } = await chart.import(await upload(`fund_org,title,valid_from,valid_to,owner\n${rows.join('\n')}\n`), ADMIN);
    expect(report.added).toHaveLength(50_000);
    expect((await chart.snapshot()).problemOf('DEPT-49999', '2019-12-31')).toBe('DEPT-49999 is valid from 2020-01-01');
    await program.settle();
    expect((await program.get(FundQueries).list({ text: 'department 4999' }, '2025-05-05', { limit: 5 })).count).toBe(11);
  });
});
