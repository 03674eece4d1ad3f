import { Decimal } from '#kernel';

/** A line of a written journal, read back: what it books, and every column that was asked for. */
export interface ReadLine {
  readonly isDebit: boolean;
  readonly amount: Decimal;
  readonly cells: Readonly<Record<string, string>>;
}

/** Columns of a fixed-width record: first and last position, counted from 1 as the accounting systems' tables do. */
export type Columns = Readonly<Record<string, readonly [first: number, last: number]>>;

/** Cuts a record into its columns, blanks at the ends taken off. */
export function readColumns(record: string, columns: Columns): Record<string, string> {
  const characters = Array.from(record);
  return Object.fromEntries(
    Object.entries(columns).map(([name, [first, last]]) => [
      name,
      characters
        .slice(first - 1, last)
        .join('')
        .trim(),
    ]),
  );
}

/** Reads CSV after RFC 4180, strictly: rows end in CRLF, and a quote stands where one may. Written apart from the writer. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quoted = /"((?:[^"]|"")*)"/y;
    const bare = /[^",\r\n]*/y;
    const pattern = text.charAt(at) === '"' ? quoted : bare;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) throw new Error(`A quote is not closed at ${at}.`);
    row.push(match[1] === undefined ? match[0] : match[1].replaceAll('""', '"'));
    at += match[0].length;
    if (text.charAt(at) === ',') at += 1;
    else if (text.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`Neither a comma nor the end of a row at ${at}: “${text.slice(at, at + 20)}”.`);
  }
  if (row.length > 0) throw new Error('The last row does not end.');
  return rows;
}

/** Debits and credits of the lines. */
export function sidesOf(lines: readonly ReadLine[]): { debits: string; credits: string } {
  const sum = (isDebit: boolean): string =>
    Decimal.sum(lines.filter((line) => line.isDebit === isDebit).map(({ amount }) => amount)).toPadded(2);
  return { debits: sum(true), credits: sum(false) };
}
