import type { CopyText } from './copy-text.js';
import type { ExactSum } from './exact-sum.js';
import { canonicalAmount } from './focus/amount-text.js';

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** Any integer of as many digits is exact as a double. */
const SMALL_DIGITS = 15;

/**
 * The amount of a line while the line is in hand: read from the bytes of its cell, exact. Plain decimals of up to fifteen digits, which is
 * nearly all there are, never become a text; whatever else there is goes through {@link canonicalAmount}.
 */
export class AmountInHand {
  private source: Buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  /** In units of 10^-scale; of no meaning where there is a text. */
  private units = 0;
  private scale = 0;
  private text: string | null = null;

  /** @returns whether the bytes from `start` to `end` are a legal amount (domain.md §2). */
  read(source: Buffer, start: number, end: number): boolean {
    const isNegative = source[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    let units = 0;
    let point = -1;
    for (let i = first; i < end; i++) {
      const byte = source[i] ?? 0;
      const digit = byte - ZERO;
      if (digit >= 0 && digit <= 9) units = units * 10 + digit;
      else if (byte === POINT && point === -1) point = i;
      else return this.readText(source, start, end);
    }
    const wholeEnd = point === -1 ? end : point;
    const digits = end - first - (point === -1 ? 0 : 1);
    const hasLeadingZero = source[first] === ZERO && wholeEnd - first > 1;
    if (wholeEnd === first || digits > SMALL_DIGITS || hasLeadingZero || (isNegative && units === 0)) {
      return this.readText(source, start, end);
    }
    let last = end;
    if (point !== -1) {
      while (source[last - 1] === ZERO) {
        last -= 1;
        units /= 10;
      }
      if (last - 1 === point) last = point;
    }
    this.source = source;
    this.start = start;
    this.end = last;
    this.units = isNegative ? -units : units;
    this.scale = last > wholeEnd ? last - wholeEnd - 1 : 0;
    this.text = null;
    return true;
  }

  get isZero(): boolean {
    return this.text === null ? this.units === 0 : this.text === '0';
  }

  addTo(sum: ExactSum): void {
    if (this.text === null) sum.addUnits(this.units, this.scale);
    else sum.add(this.text);
  }

  /** Writes the amount as a cell. */
  writeTo(out: CopyText): void {
    if (this.text !== null) {
      out.text(this.text);
      return;
    }
    out.plain(this.source, this.start, this.end);
    out.endCell();
  }

  /** Canonical decimal text, such as `-12.5`. */
  toString(): string {
    return this.text ?? this.source.toString('latin1', this.start, this.end);
  }

  private readText(source: Buffer, start: number, end: number): boolean {
    const text = canonicalAmount(source.toString('utf8', start, end));
    this.text = text ?? null;
    return text !== undefined;
  }
}
