import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvLimits, CsvScanner } from './csv-scanner.js';

const LIMITS = { maxCellBytes: 1_000_000, maxColumns: 100 };

interface Row {
  readonly lineNumber: number;
  readonly cells: string[];
  readonly cellCount: number;
}

/** Scans a text that arrives in pieces, in the order in which a file is read. */
function scan(pieces: readonly (string | Buffer)[], limits: CsvLimits = LIMITS): Row[] {
  const scanner = new CsvScanner(limits);
  const rows: Row[] = [];
  const take = (): void => {
    while (scanner.next()) rows.push({ lineNumber: scanner.row.lineNumber, cells: scanner.row.texts(), cellCount: scanner.row.cellCount });
  };
  for (const piece of pieces) {
    scanner.push(Buffer.from(piece));
    take();
  }
  scanner.end();
  take();
  return rows;
}

describe('CsvScanner', () => {
  const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a",\r\n ]{0,8}$/));
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 8 });

  it('gives back what was written, with the physical lines, however the text is cut', () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.array(fc.nat(200)),
        (cells, lineEnd, endsWithLineEnd, cuts) => {
          const written = cells.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
          const file = written.join(lineEnd) + (endsWithLineEnd && cells.length > 0 ? lineEnd : '');
          let line = 1;
          const expected = cells.map((row, index) => {
            const lineNumber = line;
            line += ((written[index] ?? '').match(/\r\n|\r|\n/g) ?? []).length + 1;
            return { lineNumber, cells: row };
          });
          const bytes = Buffer.from(file);
          const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
          const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
          expect(scan(pieces).map(({ lineNumber, cells: found }) => ({ lineNumber, cells: found }))).toEqual(expected);
        },
      ),
    );
  });

  it.each([
    ['a,b', [['a', 'b']]],
    ['a,', [['a', '']]],
    [',', [['', '']]],
    ['a,""', [['a', '']]],
    ['a,"b" ,c', [['a', 'b', 'c']]],
    ['a,5" disk,c', [['a', '5" disk', 'c']]],
    [
      'a,b\n\n \nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
  ])('reads %j', (text, cells) => {
    expect(scan([text]).map((row) => row.cells)).toEqual(cells);
    expect(scan([...text]).map((row) => row.cells)).toEqual(cells);
  });

  it('keeps no more cells than allowed, but counts them', () => {
    const [row] = scan([`${','.repeat(5000)}\n`]);
    expect(row?.cells).toHaveLength(100);
    expect(row?.cellCount).toBe(5001);
  });

  it.each([
    ['x'.repeat(10_000), /cell that begins on line 1 is larger/],
    [`"${'x'.repeat(10_000)}`, /larger than/],
    [','.repeat(10_000), /row that begins on line 1 is larger/],
  ])('gives up on a cell or a row that outgrows its limit, even if it never ends', (piece, message) => {
    expect(() => scan(Array.from({ length: 1000 }, () => piece))).toThrow(message);
  });

  it('holds a cell of the largest size allowed, and none of one byte more', () => {
    const limits = { maxCellBytes: 6, maxColumns: 10 };
    for (const cell of ['éééx', 'xxxxxxx', '"xxx""xxx"', '"xxxx"yyy']) {
      expect(() => scan([`a,${cell}\n`], limits)).toThrow(/on line 1 is larger than 6 bytes/);
      expect(() => scan([...`a,${cell}`], limits)).toThrow(/on line 1 is larger than 6 bytes/);
    }
    for (const [written, cell] of [
      ['ééé', 'ééé'],
      ['xxxxxx', 'xxxxxx'],
      ['"xxx""xx"', 'xxx"xx'],
      ['"xxxx"yy', 'xxxxyy'],
    ]) {
      expect(scan([`a,${written ?? ''}\n`], limits)[0]?.cells).toEqual(['a', cell]);
    }
  });
});
