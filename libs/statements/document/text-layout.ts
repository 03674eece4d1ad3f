import type { FontStack } from './statement-fonts.js';

export interface TextStyle {
  /** Points. */
  readonly size: number;
  readonly font: FontStack;
  readonly color: string;
}

/** Longer texts are shortened before they are measured: no id needs more to be told from another. */
const MAX_CHARACTERS = 600;

/** Width of the narrowest letters as a part of the font size. */
const NARROWEST_LETTER = 0.2;

/** Points by which a line may be too wide: a column measured for a text must hold it, whatever a float makes of the sum. */
const ROUNDING_SLACK = 0.01;

/** Controls, and marks that turn the reading direction of what follows: they print nothing and can disguise an id. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const INVISIBLE = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]/gu;

/** Nearly every id and name; the expressions above find nothing in it. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Behind a blank, but not behind one that holds what is around it together, as before the sign of a currency. */
const BREAKABLE = /(?<=[^\S\u00a0\u2007\u202f])/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The text as it can be printed on one line: composed, without controls and direction marks. Lone surrogates become `�`. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text.trim();
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(UNPRINTABLE, ' ')
    .trim();
}

/** Width in points, without blanks at the end. */
export function textWidth(text: string, style: TextStyle): number {
  return (style.font.widthOf(text.trimEnd()) * style.size) / 1000;
}

/**
 * Breaks `text` into at most `maxLines` lines no wider than `width` points: at blanks, else within ids after `/ : . - _ @` and the like,
 * else anywhere. A line that ends at a blank keeps it, so that text taken from the page has its words apart. What doesn't fit loses its middle, not its end, because ids differ at both ends.
 */
export function fitLines(text: string, style: TextStyle, width: number, maxLines: number): string[] {
  const clean = printable(text);
  if (clean.length <= MAX_CHARACTERS) {
    const lines = breakLines(clean, style, width);
    if (lines.length <= maxLines) return lines;
  }
  const bounded = clean.length > MAX_CHARACTERS ? cutMiddle([...clean], MAX_CHARACTERS) : clean;
  const graphemes = Array.from(segmenter.segment(bounded), (part) => part.segment);
  let low = 0;
  let high = Math.min(graphemes.length - 1, Math.ceil((maxLines * width) / (NARROWEST_LETTER * style.size)));
  while (low < high) {
    const kept = Math.ceil((low + high) / 2);
    if (breakLines(cutMiddle(graphemes, kept), style, width).length <= maxLines) low = kept;
    else high = kept - 1;
  }
  return breakLines(cutMiddle(graphemes, low), style, width).slice(0, maxLines);
}

function cutMiddle(characters: readonly string[], kept: number): string {
  const head = Math.ceil(kept * 0.6);
  const tail = kept - head;
  return `${characters.slice(0, head).join('').trimEnd()}…${tail === 0 ? '' : characters.slice(-tail).join('').trimStart()}`;
}

function breakLines(text: string, style: TextStyle, width: number): string[] {
  const room = width + ROUNDING_SLACK;
  if (textWidth(text, style) <= room) return text === '' ? [] : [text];
  const lines: string[] = [];
  let line = '';
  const add = (piece: string): boolean => {
    if (textWidth(line + piece, style) > room) return false;
    line += piece;
    return true;
  };
  const closeLine = (): void => {
    if (line.trim() !== '') lines.push(line.trimStart());
    line = '';
  };
  for (const word of text.split(BREAKABLE)) {
    if (add(word)) continue;
    // An id that has no room behind a word starts where it is; a word that fits on a line of its own gets one.
    if (textWidth(word, style) <= room) {
      closeLine();
      line = word;
      continue;
    }
    for (const part of word.split(/(?<=[/:.\-_@,;|=&?])/u)) {
      if (add(part)) continue;
      if (textWidth(part, style) <= room) {
        closeLine();
        line = part;
        continue;
      }
      for (const { segment } of segmenter.segment(part)) {
        if (add(segment)) continue;
        closeLine();
        line = segment;
      }
    }
  }
  closeLine();
  return lines;
}
