import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImportQueries, type ImportRow, ReceiveImportHandler } from '#imports';
import { billingPeriod } from '#kernel';
import { ChangePeriodHandler, PeriodRepository } from '#periods';
import { by, TestProgram } from '#testing/program';
import { eventually } from '../support/eventually.js';
import { focusCsv, tags } from '../support/focus-csv.js';
import { Office } from '../support/office.js';

const ADMIN = by('admin@example.edu');
const HEADER = 'BillingPeriodStart,BilledCost,ResourceId,Tags\n';
const GOOD_ROW = '2025-05-01,1.5,node-1,"{""pi_email"":""ada@example.edu""}"\n';
const MANY_LINES = 200_000;
const MAX_UNPACKED_BYTES = 24 * 1024 * 1024;
const CONFIG = `dev_mode: true
imports:
  max_unpacked_bytes: ${MAX_UNPACKED_BYTES}
review:
  flag_patterns: ["(a+)+$", "(x|xx)*y"]
`;

/** Files that are refused as a whole: what they are, the code, and what the refusal says. */
const REFUSED: readonly (readonly [what: string, code: string, says: string, file: string | Buffer])[] = [
  ['an empty file', 'import.empty-file', 'not even a header', '\uFEFF\n'],
  ['a header without the cost', 'import.missing-columns', 'lacks BilledCost', 'BillingPeriodStart,Tags\n2025-05-01,\n'],
  ['a header that names a column twice', 'import.duplicate-columns', 'line 1', 'BillingPeriodStart,BilledCost,Tags,tags\n2025-05-01,1,,\n'],
  ['too few cells', 'import.row-errors', 'line 3, column (row)', `${HEADER}${GOOD_ROW}2025-05-01,1\n`],
  ['too many cells', 'import.row-errors', 'line 3, column (row)', `${HEADER}${GOOD_ROW}2025-05-01,1,,,,\n`],
  ['a quote that is never closed', 'import.unterminated-quote', 'line 3', `${HEADER}${GOOD_ROW}2025-05-01,1,"a,\n2025-05-01,2,b,\n`],
  ['a NUL byte', 'import.nul-byte', 'Line 3', `${HEADER}${GOOD_ROW}2025-05-01,1,\0,\n`],
  ['UTF-16', 'import.encoding', 'UTF-16 (little endian)', Buffer.from(`\uFEFF${HEADER}${GOOD_ROW}`, 'utf16le')],
  ['Latin-1', 'import.encoding', 'Latin-1', Buffer.from(`${HEADER}2025-05-01,1,caf\u00e9,\n`, 'latin1')],
  ['tags that are no JSON', 'import.row-errors', 'line 2, column Tags', `${HEADER}2025-05-01,1,a,pi=ada\n`],
  ['a cost with a currency sign', 'import.row-errors', 'line 2, column BilledCost', `${HEADER}2025-05-01,$1,a,\n`],
  ['an ambiguous date', 'import.row-errors', 'line 2, column BillingPeriodStart', `${HEADER}5/1/25,1,a,\n`],
  ['a tag with an escaped NUL', 'import.row-errors', 'line 2, column Tags', `${HEADER}2025-05-01,1,a,"{""pi_email"":""a\\u0000""}"\n`],
  [
    'an emoji where the report cuts a value',
    'import.row-errors',
    'line 2, column BilledCost',
    `${HEADER}2025-05-01,${'x'.repeat(199)}😀😀,a,\n`,
  ],
  ['gzip data cut short', 'import.truncated-gzip', 'gzip', truncated(gzipSync(`${HEADER}${GOOD_ROW.repeat(5000)}`))],
  ['damaged gzip data', 'import.damaged-gzip', 'gzip', damaged(gzipSync(`${HEADER}${GOOD_ROW.repeat(5000)}`))],
  ['a native export', 'import.wrong-data-set', 'FOCUS with AWS columns', 'lineItem/UsageAccountId,lineItem/UnblendedCost\n1,2\n'],
];

function truncated(packed: Buffer): Buffer {
  return packed.subarray(0, packed.length - 10);
}

function damaged(packed: Buffer): Buffer {
  return Buffer.from(packed).fill(0xff, 30, 40);
}

/** Text of `length` bytes that no index can squeeze. */
function dense(length: number): string {
  let text = '';
  while (text.length < length) text += createHash('sha256').update(text).digest('base64url');
  return text.slice(0, length);
}

describe('bad input', () => {
  let program: TestProgram;
  let office: Office;

  beforeAll(async () => {
    program = await TestProgram.start({ config: CONFIG });
    office = new Office(program);
  });

  afterAll(() => program.stop());

  /** Imports what a stream brings, so that the test never holds it whole. */
  async function importStream(content: Readable): Promise<ImportRow> {
    const file = await program.services.storage.put(content);
    const { importId } = await program
      .get(ReceiveImportHandler)
      .execute({ ...file, source: 'large', fileName: 'large.csv', expectedPeriod: null, deliveryMode: null, allowPartial: false }, ADMIN);
    return eventually(async () => {
      await program.settle();
      const row = await program.get(ImportQueries).get(importId);
      return row.state === 'received' ? undefined : row;
    }, 100_000);
  }

  async function linesHeld({ importId }: ImportRow): Promise<number> {
    const [row] = await program.services.database.query<{ count: number }>(
      'select count(*)::int as count from charge_lines where import_id = $1',
      [importId],
    );
    return row?.count ?? -1;
  }

  it.each(REFUSED)('%s is refused (%s), and nothing is stored or opened', async (_what, code, says, file) => {
    const row = await office.import(file);
    expect(row).toMatchObject({ state: 'refused', refusal: { code } });
    expect(row.refusal?.reason).toContain(says);
    expect(await linesHeld(row)).toBe(0);
    expect(await office.charges('2025-05')).toEqual([]);
    expect(await program.get(PeriodRepository).find(billingPeriod('2025-05'))).toBeUndefined();
  });

  it('a header alone is recorded as no lines, with a warning', async () => {
    const row = await office.import(HEADER);
    expect(row).toMatchObject({ state: 'recorded', lineCount: 0 });
    expect(row.report?.warnings.join(' ')).toContain('no rows');
  });

  it('a gzip bomb is refused at the limit, and the lines that were read by then are gone', async () => {
    const pad = 'x'.repeat(1000);
    const member = gzipSync(`2025-05-01,1,${pad},\n`.repeat(4000));
    const bomb = Buffer.concat([gzipSync(HEADER), ...Array.from({ length: 200 }, () => member)]);
    expect(bomb.length).toBeLessThan(MAX_UNPACKED_BYTES / 4);
    const row = await office.import(bomb);
    expect(row).toMatchObject({ state: 'refused', refusal: { code: 'import.too-large' } });
    expect(row.refusal?.reason).toContain(String(MAX_UNPACKED_BYTES));
    expect(await linesHeld(row)).toBe(0);
  });

  it.each(['closed', 'finalized'] as const)(
    'the last of many lines in a %s period refuses them all, naming period and line',
    async (state) => {
      const period = state === 'closed' ? '2024-11' : '2024-12';
      await office.import(focusCsv([{ billed: '1', period }]));
      const periods = program.get(ChangePeriodHandler);
      await periods.close(billingPeriod(period), null, ADMIN);
      if (state === 'finalized') await periods.finalize(billingPeriod(period), null, { reason: 'A test.' }, ADMIN);
      const row = await importStream(
        Readable.from(
          (function* () {
            yield HEADER;
            for (let line = 0; line < MANY_LINES - 1; line += 1000)
              yield '2025-05-01,0.01,node,\n'.repeat(Math.min(1000, MANY_LINES - 1 - line));
            yield `${period}-01,1,node,\n`;
          })(),
        ),
      );
      expect(row).toMatchObject({ state: 'refused', refusal: { code: 'import.period-shut' } });
      expect(row.refusal?.problems).toEqual([{ where: period, what: `is ${state}; 1 line lies in it (line ${MANY_LINES + 1})` }]);
      expect(row.refusal?.reason).toContain(`${period} is ${state}; 1 line lies in it (line ${MANY_LINES + 1})`);
      expect(row.refusal?.reason).toContain(state === 'closed' ? 'Reopen the period' : 'adjustments in an open period');
      expect(await linesHeld(row)).toBe(0);
      expect(await office.held('2025-05')).toBe('0');
    },
  );

  it('patterns that hang a backtracking engine hang no import', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => ({
      billed: '1',
      period: '2025-06',
      resource: `${'a'.repeat(20_000)}!${'x'.repeat(20_000)}${index}`,
    }));
    const began = process.cpuUsage();
    const row = await office.import(focusCsv(rows));
    const { user } = process.cpuUsage(began);
    expect(row).toMatchObject({ state: 'recorded', lineCount: 50, report: { totals: { flaggedLineCount: 0 } } });
    // Microseconds; a backtracking engine would need longer than the world is old.
    expect(user).toBeLessThan(20_000_000);
  });

  it.each([
    ['a service', { service: dense(20_000) }],
    ['a PI', { tags: tags({ pi_email: `${dense(20_000)}@example.edu` }) }],
    ['a project', { tags: tags({ project_id: dense(20_000) }) }],
    ['a fund/org', { tags: tags({ fund_org: dense(20_000) }) }],
    ['an account', { tags: tags({ account_code: dense(20_000) }) }],
  ])('%s too long for the ledger is refused before it stops the ledger', async (_what, row) => {
    const refused = await office.import(focusCsv([{ billed: '1', period: '2025-07', ...row }]));
    expect(refused).toMatchObject({ state: 'refused', refusal: { code: 'import.row-errors' } });
    expect(refused.refusal?.reason).toContain('bytes');
  });

  it('texts as long as they may be, all in one row, are in the ledger; longer ones that it is not kept by may be of any length', async () => {
    const longest = {
      period: '2025-07',
      billed: '3',
      service: dense(512),
      resource: dense(50_000),
      tags: { pi_email: `${dense(308)}@example.edu`, project_id: dense(256), fund_org: dense(256), account_code: dense(256) },
    };
    expect(await office.import(focusCsv([longest]))).toMatchObject({ state: 'recorded', lineCount: 1 });
    expect(await office.held('2025-07')).toBe('3');
  });

  it('amounts of every length that is taken are in one ledger, exactly', async () => {
    const [large, small] = ['9'.repeat(60), `0.${'0'.repeat(59)}1`];
    await office.import(focusCsv([{ billed: large, period: '2025-08' }]));
    await office.import(focusCsv([{ billed: small, period: '2025-08', resource: 'node-2' }]));
    expect(await office.held('2025-08')).toBe(large + small.slice(1));
  });
});
