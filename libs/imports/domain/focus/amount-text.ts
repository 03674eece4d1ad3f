import { Decimal } from '#kernel';

const ZERO = 48;
const NINE = 57;
const POINT = 46;
const MINUS = 45;
/**
 * Most digits on either side of the point. Far beyond any money, and such that the sum of any number of lines, of any imports, still has fewer than Decimal
 * takes: a sum that it doesn't take would stop every page of the period.
 */
const MAX_DIGITS_A_SIDE = 60;
/** A text this short can't have more. */
const MAX_PLAIN_LENGTH = MAX_DIGITS_A_SIDE;

/**
 * The canonical text of a decimal cell (`-12.50` → `-12.5`, `.5` → `0.5`, `1E-7` → `0.0000001`), or undefined if the cell holds
 * none (`$10,000.00`, `1,5`, `+3`, `n/a`) or one of too many digits: domain.md §2. Plain decimals are read without big integers.
 */
export function canonicalAmount(text: string): string | undefined {
  const length = text.length;
  if (length > MAX_PLAIN_LENGTH) return readExactly(text);
  const negative = text.charCodeAt(0) === MINUS;
  const begin = negative ? 1 : 0;
  let point = -1;
  for (let i = begin; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) continue;
    if (code === POINT && point === -1) point = i;
    else return readExactly(text);
  }
  const digits = length - begin - (point === -1 ? 0 : 1);
  if (digits === 0) return undefined;

  let end = length;
  if (point !== -1) {
    while (text.charCodeAt(end - 1) === ZERO) end -= 1;
    if (end - 1 === point) end = point;
  }
  const wholeEnd = point === -1 ? length : point;
  let first = begin;
  while (first < wholeEnd && text.charCodeAt(first) === ZERO) first += 1;
  if (first === wholeEnd) {
    const fraction = end > wholeEnd ? text.slice(wholeEnd, end) : '';
    return fraction === '' ? '0' : negative ? `-0${fraction}` : `0${fraction}`;
  }
  if (first === begin) return end === length ? text : text.slice(0, end);
  return negative ? `-${text.slice(first, end)}` : text.slice(first, end);
}

function readExactly(text: string): string | undefined {
  const amount = Decimal.tryParse(text)?.toString();
  if (amount === undefined) return undefined;
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  return whole.length <= MAX_DIGITS_A_SIDE && fraction.length <= MAX_DIGITS_A_SIDE ? amount : undefined;
}
