/**
 * Arithmetic and layout of decimal texts as the API gives them (`-1234.5`). Money is never a binary float, so digits are
 * handled as text and as bigint. Every function takes plain decimals (no exponent) and throws a RangeError on anything else.
 */
interface Parts {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

const PLAIN_DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

function partsOf(text: string): Parts {
  const match = PLAIN_DECIMAL.exec(text);
  if (match === null) throw new RangeError(`“${text}” is not a plain decimal.`);
  const [, sign, whole = '0', fraction = ''] = match;
  return { negative: sign === '-' && /[1-9]/.test(whole + fraction), whole: whole.replace(/^0+(?=\d)/, ''), fraction };
}

/** The text as a whole number of `10^-scale`; `scale` is at least the number of its decimals. */
function scaled(parts: Parts, scale: number): bigint {
  const magnitude = BigInt(parts.whole + parts.fraction.padEnd(scale, '0'));
  return parts.negative ? -magnitude : magnitude;
}

function fromScaled(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${value < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

/** Exact sum, with as many decimals as the longest of them; `0` for none. */
export function sumOf(texts: readonly string[]): string {
  const all = texts.map(partsOf);
  const scale = Math.max(0, ...all.map((parts) => parts.fraction.length));
  return fromScaled(
    all.reduce((sum, parts) => sum + scaled(parts, scale), 0n),
    scale,
  );
}

/** Exactly what `a` is more than `b`; negative where it is less. */
export function differenceOf(a: string, b: string): string {
  const [left, right] = [partsOf(a), partsOf(b)];
  const scale = Math.max(left.fraction.length, right.fraction.length);
  return fromScaled(scaled(left, scale) - scaled(right, scale), scale);
}

export function isZero(text: string): boolean {
  return !/[1-9]/.test(text);
}

export function isNegative(text: string): boolean {
  return partsOf(text).negative;
}

/** For sorting: negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareDecimals(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const scale = Math.max(left.fraction.length, right.fraction.length);
  const difference = scaled(left, scale) - scaled(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `part` as percent of `whole` with one decimal, rounded half away from zero: `12.5`; null when the whole is zero. */
export function percentOf(part: string, whole: string): string | null {
  if (isZero(whole)) return null;
  const [numerator, denominator] = [partsOf(part), partsOf(whole)];
  const scale = Math.max(numerator.fraction.length, denominator.fraction.length);
  const [top, bottom] = [scaled(numerator, scale) * 1000n, scaled(denominator, scale)];
  const negative = top < 0n !== bottom < 0n;
  const magnitude = ((top < 0n ? -top : top) * 2n + (bottom < 0n ? -bottom : bottom)) / ((bottom < 0n ? -bottom : bottom) * 2n);
  return fromScaled(negative ? -magnitude : magnitude, 1).replace(/\.0$/, '');
}

/** Rounded to so many decimals, half away from zero, as the ledger's postings are (domain.md §8). */
export function rounded(text: string, digits: number): string {
  const parts = partsOf(text);
  if (parts.fraction.length <= digits) return text;
  const kept = scaled({ ...parts, negative: false, fraction: parts.fraction.slice(0, digits) }, digits);
  const magnitude = (parts.fraction[digits] ?? '0') >= '5' ? kept + 1n : kept;
  return fromScaled(parts.negative ? -magnitude : magnitude, digits);
}

/** What an amount looks like on screen, in pieces that may be styled apart. */
export interface AmountLayout {
  /** A real minus sign, or nothing. */
  readonly sign: '−' | '';
  /** Grouped by thousands, with the minor digits: `1,234.50`. */
  readonly main: string;
  /** Decimals beyond the minor digits, without trailing zeros: `0625`; empty for most. */
  readonly beyond: string;
}

/** Lays out an amount with at least `minorDigits` decimals; nothing is rounded away. */
export function layOutAmount(text: string, minorDigits = 2): AmountLayout {
  const { negative, whole, fraction } = partsOf(text);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const minor = fraction.slice(0, minorDigits).padEnd(minorDigits, '0');
  return {
    sign: negative ? '−' : '',
    main: minorDigits === 0 ? grouped : `${grouped}.${minor}`,
    beyond: fraction.slice(minorDigits).replace(/0+$/, ''),
  };
}

/** The same as one text, for titles and sentences. */
export function amountText(text: string, minorDigits = 2): string {
  const { sign, main, beyond } = layOutAmount(text, minorDigits);
  return `${sign}${main}${beyond === '' ? '' : `${minorDigits === 0 ? '.' : ''}${beyond}`}`;
}
