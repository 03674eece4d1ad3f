/** In texts up to this length the engine's own search is bounded well enough, and faster. */
const SHORT_UNITS = 4096;

/** The form in which texts and patterns are compared: composed, whatever the case. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

interface Piece {
  readonly text: string;
  /** Where to go on in `text` when its next character is not found (Knuth, Morris, Pratt). */
  readonly failure: Int32Array;
}

/** A pattern with `*` for any characters. Takes time in proportion to the text, whatever pattern and text look like. */
export class WildcardText {
  private readonly head: string;
  private readonly tail: string;
  private readonly pieces: readonly Piece[];

  /** @param pattern folded ({@link foldText}), with at least one `*` */
  constructor(pattern: string) {
    const parts = pattern.split('*');
    this.head = parts[0] ?? '';
    this.tail = parts.at(-1) ?? '';
    this.pieces = parts
      .slice(1, -1)
      .filter((text) => text !== '')
      .map((text) => ({ text, failure: failureOf(text) }));
  }

  /** @param text folded */
  matches(text: string): boolean {
    const end = text.length - this.tail.length;
    if (end < this.head.length || !text.startsWith(this.head) || !text.endsWith(this.tail)) return false;
    let at = this.head.length;
    for (const piece of this.pieces) {
      const found = find(text, piece, at);
      if (found === -1 || found + piece.text.length > end) return false;
      at = found + piece.text.length;
    }
    return true;
  }
}

function find(text: string, { text: piece, failure }: Piece, from: number): number {
  if (text.length <= SHORT_UNITS) return text.indexOf(piece, from);
  let matched = 0;
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    while (matched > 0 && piece.charCodeAt(matched) !== unit) matched = failure[matched - 1] ?? 0;
    if (piece.charCodeAt(matched) === unit) matched += 1;
    if (matched === piece.length) return i - matched + 1;
  }
  return -1;
}

function failureOf(piece: string): Int32Array {
  const failure = new Int32Array(piece.length);
  let matched = 0;
  for (let i = 1; i < piece.length; i++) {
    while (matched > 0 && piece.charCodeAt(matched) !== piece.charCodeAt(i)) matched = failure[matched - 1] ?? 0;
    if (piece.charCodeAt(matched) === piece.charCodeAt(i)) matched += 1;
    failure[i] = matched;
  }
  return failure;
}

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*');
}
