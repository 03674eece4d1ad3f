import { DomainError } from './domain-error.js';

export interface CsvRecord {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

const LINE_END = /\r\n|\r|\n/g;
const CELL_END = /[,\r\n]/g;

/**
 * Records of a comma-separated text (RFC 4180; lines may end with CR, LF or both). Blank ones are passed over.
 * @throws DomainError `area` + `.malformed-file` for a quoted cell that never ends, or goes on behind its closing quote.
 */
export function* csvRecords(text: string, area: string): Generator<CsvRecord> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const cells: string[] = [];
    const begin = line;
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at, line, area) : plainCell(text, at);
      cells.push(cell.text);
      line += cell.lineEnds;
      at = cell.end;
      if (text[at] !== ',') break;
      at += 1;
    }
    if (at < text.length) {
      at += text.startsWith('\r\n', at) ? 2 : 1;
      line += 1;
    }
    if (cells.some((cell) => cell.trim() !== '')) yield { line: begin, cells };
  }
}

interface Cell {
  readonly text: string;
  /** Where what follows it begins: a comma, a line end, or nothing. */
  readonly end: number;
  readonly lineEnds: number;
}

function plainCell(text: string, begin: number): Cell {
  CELL_END.lastIndex = begin;
  const end = CELL_END.exec(text)?.index ?? text.length;
  return { text: text.slice(begin, end), end, lineEnds: 0 };
}

function quotedCell(text: string, begin: number, line: number, area: string): Cell {
  let content = '';
  let from = begin + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw malformed(area, line, 'a quoted cell begins here and never ends; close it with a quote');
    content += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      const { text: rest, end } = plainCell(text, quote + 1);
      if (rest.trim() !== '')
        throw malformed(area, line, 'a quoted cell goes on behind its closing quote; write a quote inside of it twice');
      return { text: content, end, lineEnds: content.match(LINE_END)?.length ?? 0 };
    }
    content += '"';
    from = quote + 2;
  }
}

function malformed(area: string, line: number, what: string): DomainError {
  return new DomainError(`${area}.malformed-file`, 'invalid', `The file can't be read from line ${line} on: ${what}.`);
}
