import { isUtf8 } from 'node:buffer';

/** A row as the reference sees it. */
export interface ReferenceRow {
  readonly lineNumber: number;
  readonly cells: readonly string[];
  /** Text stands after a closing quote. */
  readonly isMalformed: boolean;
}

/** What a CSV file holds, or why it holds nothing. */
export type Reference = { readonly rows: readonly ReferenceRow[] } | { readonly refusedFor: 'encoding' | 'nul' | 'quote' };

/**
 * Reads a whole CSV file, character by character, without any care for speed or memory: slow and plain, so that it is right by looking at it.
 * It shares no code with the product.
 */
export function readReference(bytes: Buffer): Reference {
  if (bytes.includes(0)) return { refusedFor: 'nul' };
  if (!isUtf8(bytes)) return { refusedFor: 'encoding' };
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const rows: ReferenceRow[] = [];
  let cells: string[] = [];
  let cell = '';
  /** What stands after a closing quote. */
  let tail = '';
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  let isMalformed = false;
  let line = 1;
  let rowLine = 1;

  const endCell = (): void => {
    // Blanks after a closing quote are nobody's; anything else is an error of the row, which keeps the text.
    const isBroken = /[^ \t]/.test(tail);
    isMalformed ||= isBroken;
    cells.push(isBroken ? cell + tail : cell);
    cell = '';
    tail = '';
    state = 'start';
  };
  const endRow = (): void => {
    endCell();
    if (cells.length > 1 || !/^[ \t]*$/.test(cells[0] ?? '')) rows.push({ lineNumber: rowLine, cells, isMalformed });
    cells = [];
    isMalformed = false;
    rowLine = line;
  };

  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const endsLine = character === '\n' || (character === '\r' && text.charAt(i + 1) !== '\n');
    if (endsLine) line += 1;
    if (state === 'quoted') {
      if (character !== '"') cell += character;
      else if (text.charAt(i + 1) === '"') {
        cell += '"';
        i += 1;
      } else state = 'closed';
      continue;
    }
    if (character === '"' && state === 'start') state = 'quoted';
    else if (character === ',') endCell();
    else if (endsLine) endRow();
    else if (character === '\r') continue;
    else if (state === 'closed') tail += character;
    else {
      cell += character;
      state = 'plain';
    }
  }
  if (state === 'quoted') return { refusedFor: 'quote' };
  if (cells.length > 0 || cell !== '' || state === 'closed') endRow();
  return { rows };
}

const PLAIN_DECIMAL = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const MAX_DIGITS = 200;
const MAX_DIGITS_A_SIDE = 60;
const SCALE = 400;

/** A decimal as a whole number of 10^-400, or undefined if the text is none: sums of these are exact without any decimal library. */
export function unitsOf(text: string): bigint | undefined {
  if (!PLAIN_DECIMAL.test(text)) return undefined;
  const [mantissa = '', exponentText = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const exponent = Number(exponentText);
  if (whole.length + fraction.length + Math.abs(exponent) > MAX_DIGITS) return undefined;
  const units = BigInt(whole + fraction) * 10n ** BigInt(SCALE - fraction.length + exponent);
  const isTooLarge = units >= 10n ** BigInt(SCALE + MAX_DIGITS_A_SIDE) || units % 10n ** BigInt(SCALE - MAX_DIGITS_A_SIDE) !== 0n;
  if (isTooLarge) return undefined;
  return text.startsWith('-') ? -units : units;
}

/** The cell's value, or null where it holds none (domain.md §2). */
export function valueOf(cell: string): string | null {
  const value = cell.trim();
  return value === '' || value === 'NULL' || value === 'null' ? null : value;
}
