import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Decimal } from '#kernel';
import { lineOf, OPTIONS, refusedOf, row } from '../../testing/read-focus.js';
import { FocusReader, openFocusFile } from './index.js';

const MEGABYTE = 1024 * 1024;
const PIECE = 'x'.repeat(64 * 1024);
/** What of the file may have been asked for when a cell beyond the limit of 10 MiB is given up. */
const MOST_BYTES = 12 * MEGABYTE;

/** A file of one cell of 200 MB, and how many bytes of it were asked for. */
function endlessCell(begin: string): { file: Readable; asked: () => number } {
  let asked = 0;
  const file = Readable.from(
    (function* () {
      yield Buffer.from(begin);
      while (asked < 200 * MEGABYTE) {
        asked += PIECE.length;
        yield Buffer.from(PIECE);
      }
    })(),
  );
  return { file, asked: () => asked };
}

async function readAll(file: Readable): Promise<void> {
  const reader = await FocusReader.open(file, OPTIONS);
  for await (const batch of reader.batches(() => undefined)) expect(batch).toBeDefined();
}

describe('a cell of 200 MB', () => {
  it.each([
    ['without quotes', 'line 3', 'BillingPeriodStart,BilledCost,x_a\n2025-01-01,1,ok\n2025-01-01,1,'],
    ['in quotes', 'line 3', 'BillingPeriodStart,BilledCost,x_a\n2025-01-01,1,ok\n2025-01-01,1,"'],
    ['in the header', 'line 1', 'BillingPeriodStart,BilledCost,'],
    ['after a closing quote', 'line 2', 'BillingPeriodStart,BilledCost,x_a\n2025-01-01,1,"a"'],
  ])('%s is given up soon after the limit, naming %s', async (_where, line, begin) => {
    const { file, asked } = endlessCell(begin);
    await expect(readAll(file)).rejects.toMatchObject({
      code: 'import.cell-too-large',
      kind: 'too-large',
      detail: expect.stringContaining(line) as string,
    });
    expect(asked()).toBeLessThan(MOST_BYTES);
  });
});

describe('a gzip bomb', () => {
  it('is unpacked no further than the limit', async () => {
    const member = gzipSync(`2025-01-01,1,${'x'.repeat(1000)}\n`.repeat(8000));
    let asked = 0;
    const bomb = Readable.from(
      (function* () {
        yield gzipSync('BillingPeriodStart,BilledCost,x_a\n');
        // 4 GB, if it were unpacked.
        for (; asked < 500; asked++) yield member;
      })(),
    );
    const file = openFocusFile(bomb, { fileName: 'bomb.csv.gz', maxUnpackedBytes: 40 * MEGABYTE });
    await expect(readAll(file)).rejects.toMatchObject({ code: 'import.too-large' });
    expect(asked).toBeLessThan(50);
  });
});

describe('every illegal form', () => {
  it.each(
    [
      '$10,000.00',
      '€5',
      '5 USD',
      '1,5',
      '1.000,50',
      '1 000',
      "1'000",
      '+3',
      '--1',
      '-',
      '.',
      '-.',
      '1.2.3',
      '1-',
      '(5)',
      '5%',
      '1e',
      'e5',
      '1e1.5',
      '1E+-2',
    ]
      .concat([
        'n/a',
        'N/A',
        '-',
        'nan',
        'NaN',
        'inf',
        '-Infinity',
        '0x10',
        '0b1',
        '1_000',
        '１２',
        '٣',
        '½',
        '1e9999',
        '1e-9999',
        '"',
        'true',
        '#REF!',
        '=1+1',
      ])
      .concat(['9'.repeat(201), `0.${'1'.repeat(201)}`, '1\u00a0000', '−5', '1\u200b']),
  )('of a number is an error of its row: %j', async (cell) => {
    for (const column of ['BilledCost', 'ListCost', 'EffectiveCost', 'ContractedCost']) {
      const refused = await refusedOf(row({ [column]: cell }));
      expect(refused).toMatchObject({ lineNumber: 2, column });
      expect(cell.startsWith(refused.value.slice(0, 200).replace('…', ''))).toBe(true);
    }
  });

  it.each(
    [
      '5/1/25',
      '1/5/2026',
      '05-01-2025',
      '1.5.2025',
      '2025/01/05',
      '25-01-05',
      '2025-1-5',
      '2025-01',
      '2025',
      '20250105',
      '20250105T000000Z',
      '1736035200',
    ]
      .concat([
        '2025-00-01',
        '2025-13-01',
        '2025-01-00',
        '2025-01-32',
        '2025-02-29',
        '2025-04-31',
        '2025-01-01T24:00:00Z',
        '2025-01-01T12:60:00Z',
      ])
      .concat([
        '2025-01-01T12:00:61Z',
        '2025-01-01T',
        '2025-01-01T12',
        '2025-01-01T12:00:00ZZ',
        '2025-01-01T12:00:00 PST',
        '2025-01-01T00:00:00+25:00',
      ])
      .concat([
        '45678',
        'Jan 5, 2025',
        '5 Jan 2025',
        'today',
        'garbage-date',
        '0000-01-01',
        '２０２５-01-01',
        '2025-01-01,',
        '2025‑01‑01',
        'null-ish',
        '-2025-01-01',
      ]),
  )('of a date is an error of its row: %j', async (cell) => {
    for (const column of ['BillingPeriodStart', 'ChargePeriodStart']) {
      expect(await refusedOf(row({ [column]: cell }))).toMatchObject({ lineNumber: 2, column, value: cell });
    }
  });

  it('of several cells is told for each of them', async () => {
    const cells = row({
      BillingPeriodStart: '5/1/25',
      ChargePeriodStart: 'x',
      BilledCost: '$1',
      ListCost: '1,5',
      BillingCurrency: '??',
      Tags: 'no',
    });
    const refused = await refusedOf(cells);
    const columns = [refused, ...refused.furtherProblems].map((problem) => problem.column);
    expect(columns.sort()).toEqual(['BilledCost', 'BillingCurrency', 'BillingPeriodStart', 'ChargePeriodStart', 'ListCost', 'Tags']);
  });
});

describe('a text by which the ledger is kept', () => {
  it.each([
    ['pi_email', 320],
    ['project_id', 256],
    ['fund_org', 256],
    ['cost_center', 256],
    ['account_code', 256],
    ['reference_1', 1000],
  ])('%s of %d bytes is read, and refused with one more', async (tag, most) => {
    // Characters of two bytes each, so that bytes are what counts.
    const longest = 'é'.repeat(most / 2);
    expect((await lineOf(row({}, { [tag]: longest }))).tags).toContain(longest);
    const refused = await refusedOf(row({}, { [tag]: `${longest}x` }));
    expect(refused).toMatchObject({ lineNumber: 2, column: 'Tags' });
    expect(refused.reason).toBe(`the tag ${tag} is longer than ${most} bytes`);
  });

  it.each(['ServiceName', 'ServiceCategory'])('%s of 512 bytes is read, and refused with one more', async (column) => {
    const longest = 'é'.repeat(256);
    expect((await lineOf(row({ [column]: longest }))).serviceName).toBe(longest);
    expect(await refusedOf(row({ [column]: `${longest}x` }))).toMatchObject({ column, reason: 'is longer than 512 bytes' });
  });
});

describe('an amount', () => {
  it.each([`-${'9'.repeat(60)}.${'9'.repeat(60)}`, '1E59', '1E-60', `${'0'.repeat(90)}1.5${'0'.repeat(90)}`])(
    'may be as long as %s',
    async (cell) => {
      const { amount } = await lineOf(row({ BilledCost: cell }));
      expect(amount).toBe(Decimal.parse(cell).toString());
    },
  );

  it.each([`1${'0'.repeat(60)}`, '1E60', `0.${'0'.repeat(60)}1`, '1E-61', '1E150', '-1E-150'])('may not be as long as %s', async (cell) => {
    const refused = await refusedOf(row({ BilledCost: cell }));
    expect(refused).toMatchObject({ column: 'BilledCost', value: cell, amount: null });
    expect(refused.reason).toContain('60 digits');
  });
});

describe('what a report shows of a cell', () => {
  it.each([
    ['the end of a pair of surrogates', `${'x'.repeat(199)}😀 and more`, 'BilledCost'],
    ['an escaped NUL in a tag', '{"fund_org": "a\\u0000"}', 'Tags'],
    ['half a character in a tag', '{"fund_org": "\\ud83d"}', 'Tags'],
  ])('is text that JSON in Postgres can hold, though it has %s', async (_what, cell, column) => {
    const { value } = await refusedOf(row({ [column]: cell }));
    expect(value).not.toBe('');
    expect(Buffer.from(value).toString()).toBe(value);
    expect(value).not.toContain('\0');
  });
});
