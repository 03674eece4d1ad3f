import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvTokenizer } from './csv-tokenizer.js';

const LIMITS = { maxCellBytes: 1_000_000, maxColumns: 100 };

function tokenize(pieces: readonly string[]): { lineNumber: number; cells: string[] }[] {
  const tokenizer = new CsvTokenizer(LIMITS);
  const rows = [...pieces.flatMap((piece) => tokenizer.push(piece)), ...tokenizer.end()];
  return rows.map(({ lineNumber, cells }) => ({ lineNumber, cells }));
}

describe('CsvTokenizer', () => {
  const cell = fc.oneof(fc.string(), fc.stringMatching(/^[a",\r\n ]{0,8}$/));
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
          const places = [0, ...cuts.filter((cut) => cut < file.length).sort((a, b) => a - b), file.length];
          const pieces = places.slice(1).map((place, index) => file.slice(places[index], place));
          expect(tokenize(pieces)).toEqual(expected);
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
    expect(tokenize([text]).map((row) => row.cells)).toEqual(cells);
    expect(tokenize([...text]).map((row) => row.cells)).toEqual(cells);
  });

  it('keeps no more cells than allowed, but counts them', () => {
    const tokenizer = new CsvTokenizer(LIMITS);
    const [row] = tokenizer.push(`${','.repeat(5000)}\n`);
    expect(row?.cells).toHaveLength(100);
    expect(row?.cellCount).toBe(5001);
  });

  it('gives up on a cell or a row that outgrows its limit, even if it never ends', () => {
    const feed = (piece: string) => () => {
      const tokenizer = new CsvTokenizer(LIMITS);
      for (let i = 0; i < 1000; i++) tokenizer.push(piece);
    };
    expect(feed('x'.repeat(10_000))).toThrow(/cell that begins on line 1 is larger/);
    expect(feed(`"${'x'.repeat(10_000)}`)).toThrow(/larger than/);
    expect(feed(','.repeat(10_000))).toThrow(/row that begins on line 1 is larger/);
  });
});
