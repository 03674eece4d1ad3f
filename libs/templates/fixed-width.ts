import { TemplateFault } from './template-fault.js';
import { characterCount, numberOrNumericText, textOf } from './template-values.js';

const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]+/gu;
const CONTROL_CHARACTER = /[\p{Cc}\u2028\u2029]/u;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const LONGEST_SHOWN = 80;
const COMBINING_MARKS = /\p{M}/gu;

/** Letters and signs that do not come apart into an ASCII letter and marks. */
const PLAIN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ ß: 'ss', ẞ: 'SS', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th' },
    ...{ ł: 'l', Ł: 'L', ı: 'i', '‘': "'", '’': "'", '‚': ',', '“': '"', '”': '"', '„': '"', '«': '"', '»': '"' },
    ...{ '‐': '-', '‑': '-', '–': '-', '—': '-', '−': '-', '·': '.', '•': '*', '×': 'x', '⁄': '/' },
  }),
);

/**
 * A code in a column of its own: padded with blanks on the right, and never cut off.
 * @param name what the column holds, for the reader of an error
 * @throws TemplateFault for a code that is longer than the column, or that has other characters than printable ASCII: some systems
 * count bytes, others characters, and a line break would end the line
 */
export function fitted(value: unknown, width: number, name: string): string {
  const text = textOf(value);
  refuseLonger(text, width, name);
  if (!PRINTABLE_ASCII.test(text)) {
    throw new TemplateFault(
      `${titled(name, text)} has characters other than printable ASCII, which do not count the same everywhere in a column of ${width}; give texts through |ascii`,
    );
  }
  return text + ' '.repeat(width - text.length);
}

/** A code in a file with separators: as it is, and never cut off. @throws TemplateFault for one that is longer or has a line break */
export function atMost(value: unknown, width: number, name: string): string {
  const text = textOf(value);
  refuseLonger(text, width, name);
  if (CONTROL_CHARACTER.test(text)) throw new TemplateFault(`${titled(name, text)} has a line break or another control character`);
  return text;
}

/** @throws TemplateFault if there is nothing: what an accounting system must be told, nobody here can guess */
export function required(value: unknown, name: string): unknown {
  if (textOf(value).trim() !== '') return value;
  throw new TemplateFault(`${name || 'a value'} is missing; set it in a template of your own that includes this one, or in the data`);
}

/** Ends the rendering with a sentence of the template's own. */
export function fail(message: unknown): never {
  throw new TemplateFault(textOf(message) || 'the template refuses its data');
}

/** Line breaks, tabs and other control characters become one blank each time, so that a record stays one line. */
export function oneLine(value: unknown): string {
  return textOf(value).replace(CONTROL_CHARACTERS, ' ');
}

/** Without accents, and `?` for what has no ASCII counterpart: one byte per character, whatever the reader takes the encoding for. */
export function asciiText(value: unknown): string {
  const apart = textOf(value).normalize('NFKD').replace(COMBINING_MARKS, '');
  const plain = Array.from(apart, (character) => PLAIN.get(character) ?? character).join('');
  return Array.from(plain, (character) => (character <= '\x7f' ? character : '?')).join('');
}

/**
 * An amount as a whole number of its smallest unit, as columns with an implied point have it: 1234.5 → `123450`; the sign stays.
 * @throws TemplateFault for what is no number, or has more decimals than the column: nothing is rounded here
 */
export function amountWithoutPoint(value: unknown, digits: number): string {
  const number = numberOrNumericText(value);
  if (number === undefined) throw new TemplateFault(`amount_without_point takes a number, not “${textOf(value).slice(0, 40)}”`);
  if (digits < 0 || number.value.decimals > digits) {
    throw new TemplateFault(`the amount ${number.value.toString()} has more decimals than the ${digits} that the column has room for`);
  }
  return number.value.toUnits(digits).toString();
}

function refuseLonger(text: string, width: number, name: string): void {
  const length = characterCount(text);
  if (length <= width) return;
  throw new TemplateFault(`${titled(name, text)} has ${length} characters, its column ${width}; codes and amounts are never cut off`);
}

function titled(name: string, text: string): string {
  const characters = Array.from(text.replace(CONTROL_CHARACTERS, '␤'));
  const shown = characters.slice(0, LONGEST_SHOWN).join('') + (characters.length > LONGEST_SHOWN ? '…' : '');
  return `the ${name || 'value'} “${shown}”`;
}
