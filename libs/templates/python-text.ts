import { TemplateFault } from './template-fault.js';
import { characterCount, firstCharacters, numberOf, textOf } from './template-values.js';

const LINE_BREAK = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/;
/** Blanks, what goes up to a hyphen between letters, and other words. */
const WORDS = /\s+|[^\s-]*\p{L}-(?=\p{L})|[^\s-]+-*|-+/gu;

/** Jinja2's `truncate`: at a blank unless `killWords`, and not at all if no more than `leeway` would go. */
export function shortened(text: string, length: number, killWords: boolean, end: string, leeway: number): string {
  const room = length - characterCount(end);
  if (room < 0) throw new TemplateFault(`truncate needs a length of ${characterCount(end)} at least, for “${end}”`);
  if (characterCount(text) <= length + leeway) return text;
  const start = firstCharacters(text, room);
  if (killWords) return start + end;
  const blank = start.lastIndexOf(' ');
  return (blank < 0 ? start : start.slice(0, blank)) + end;
}

/** Jinja2's `indent`: every line but the first and those that are empty, unless asked for. */
export function indented(text: string, indentation: string, first: boolean, blank: boolean): string {
  const lines = text.split(LINE_BREAK);
  return lines
    .map((line, index) => ((index === 0 && !first) || (index > 0 && line === '' && !blank) ? line : indentation + line))
    .join('\n');
}

/** Jinja2's `wordwrap`: lines of at most `width` characters, broken at blanks and after hyphens; those that are there stay. */
export function wrapped(text: string, width: number, breakLongWords: boolean): string[] {
  if (width < 1) throw new TemplateFault('wordwrap takes a width from 1');
  const lines = text.split(LINE_BREAK);
  if (lines.at(-1) === '') lines.pop();
  // A line without words stays an empty one.
  return lines.flatMap((line) => {
    const written = wrappedLine(line, width, breakLongWords);
    return written.length === 0 ? [''] : written;
  });
}

/** One pass: a word is taken apart once, however long it is. */
function wrappedLine(line: string, width: number, breakLongWords: boolean): string[] {
  const written: string[] = [];
  let current: string[] = [];
  let room = width;
  const finish = (): void => {
    const full = current.join('').trimEnd();
    if (full !== '') written.push(full);
    current = [];
    room = width;
  };
  for (const [word] of line.matchAll(WORDS)) {
    const characters = Array.from(word);
    let from = 0;
    if (characters.length > room) {
      if (breakLongWords && characters.length > width) {
        from = room;
        current.push(characters.slice(0, from).join(''));
      }
      finish();
      const end = breakLongWords ? characters.length - width : from;
      for (; from < end; from += width) written.push(characters.slice(from, from + width).join(''));
    }
    const isBlankAtStart = current.length === 0 && written.length > 0 && word.trim() === '';
    if (isBlankAtStart) continue;
    current.push(characters.slice(from).join(''));
    room -= characters.length - from;
  }
  finish();
  return written;
}

export function wordCount(text: string): number {
  return text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
}

/** Jinja2's `urlencode`: of a text, with slashes left; of pairs, a query. */
export function urlEncoded(value: unknown): string {
  const pairs = value instanceof Map ? [...value] : Array.isArray(value) ? (value as unknown[]) : undefined;
  if (pairs === undefined) return quotedForUrl(textOf(value)).replaceAll('%2F', '/');
  return pairs
    .map((pair) => {
      if (!Array.isArray(pair) || pair.length !== 2) throw new TemplateFault('urlencode takes a text or pairs');
      return pair.map((part) => quotedForUrl(textOf(part)).replaceAll('%20', '+')).join('=');
    })
    .join('&');
}

function quotedForUrl(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Jinja2's `tojson`: keys in order, ASCII only, and nothing that could end a script. An amount is a text, so that no reader rounds it. */
export function jsonText(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [textOf(key), item] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${jsonText(key)}: ${jsonText(item)}`).join(', ')}}`;
  }
  const number = typeof value === 'boolean' ? undefined : numberOf(value);
  const json =
    typeof value === 'boolean' ? String(value) : number?.places === undefined && number !== undefined ? number.value.toString() : null;
  return (
    json ??
    JSON.stringify(textOf(value)).replace(/[<>&'\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  );
}

/** `str.strip`, `lstrip` and `rstrip` of certain characters. */
export function stripped(text: string, characters: string): string {
  const taken = new Set(characters);
  const all = Array.from(text);
  let [start, end] = [0, all.length];
  while (start < end && taken.has(all[start] ?? '')) start += 1;
  while (end > start && taken.has(all[end - 1] ?? '')) end -= 1;
  return all.slice(start, end).join('');
}

/** `str.replace` of the first `count` places. @throws TemplateFault before it makes more than `maxLength` characters */
export function replacedFirst(text: string, old: string, by: string, count: number, maxLength: number): string {
  if (old === '') throw new TemplateFault('replace takes a text to look for');
  const pieces = text.split(old);
  const places = count < 0 ? pieces.length - 1 : Math.min(count, pieces.length - 1);
  refuseLonger(text.length + places * (by.length - old.length), maxLength);
  return [pieces.slice(0, places + 1).join(by), ...pieces.slice(places + 1)].join(old);
}

/** The lines with a separator between them. @throws TemplateFault before it makes more than `maxLength` characters */
export function joinedLines(lines: readonly string[], separator: string, maxLength: number): string {
  refuseLonger(lines.reduce((length, line) => length + line.length, 0) + lines.length * separator.length, maxLength);
  return lines.join(separator);
}

function refuseLonger(length: number, maxLength: number): void {
  if (length > maxLength) throw new TemplateFault(`text is longer than the ${maxLength} characters allowed`);
}

/** `str.rsplit`: at most `most` times, from the right; −1 is as often as it goes. Without a separator at blanks. */
export function splitFromRight(text: string, separator: string | undefined, most: number): string[] {
  if (separator === '') throw new TemplateFault('rsplit takes a separator that is not empty');
  if (separator === undefined) {
    const words = [...text.matchAll(/\S+/gu)];
    const kept = most < 0 ? words : words.slice(Math.max(0, words.length - most));
    const rest = text.slice(0, kept[0]?.index ?? text.length).trim();
    return [...(rest === '' ? [] : [rest]), ...kept.map(([word]) => word)];
  }
  const pieces = text.split(separator);
  if (most < 0 || pieces.length - 1 <= most) return pieces;
  return [pieces.slice(0, pieces.length - most).join(separator), ...pieces.slice(pieces.length - most)];
}

/** `str.partition` and `str.rpartition`. */
export function partitioned(text: string, separator: string, side: 'first' | 'last'): [string, string, string] {
  if (separator === '') throw new TemplateFault('partition takes a separator that is not empty');
  const at = side === 'first' ? text.indexOf(separator) : text.lastIndexOf(separator);
  if (at >= 0) return [text.slice(0, at), separator, text.slice(at + separator.length)];
  return side === 'first' ? [text, '', ''] : ['', '', text];
}

/** `str.center`, whose odd blank is on the left in columns of odd width; a format's `^` has it on the right. */
export function centered(text: string, width: number, fill: string): string {
  const missing = Math.max(width - characterCount(text), 0);
  const left = Math.floor(missing / 2) + (missing % 2 === 1 && width % 2 === 1 ? 1 : 0);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

export function swappedCase(text: string): string {
  return Array.from(text, (letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase())).join('');
}

/**
 * `str.expandtabs`: a tab goes to the next column that is a multiple of `size`.
 * @throws TemplateFault before it makes more than `maxLength` characters
 */
export function withoutTabs(text: string, size: number, maxLength: number): string {
  let column = 0;
  refuseLonger((text.split('\t').length - 1) * size, maxLength);
  return Array.from(text, (character) => {
    if (character === '\n' || character === '\r') column = 0;
    if (character !== '\t') {
      column += character === '\n' || character === '\r' ? 0 : 1;
      return character;
    }
    const width = size > 0 ? size - (column % size) : 0;
    column += width;
    return ' '.repeat(width);
  }).join('');
}
