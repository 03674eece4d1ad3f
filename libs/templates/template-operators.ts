import { Decimal } from '#kernel';
import { formatPercent } from './percent-format.js';
import { TemplateFault } from './template-fault.js';
import { backToEngine, isPlainText, numberOf, reprOf, type TemplateNumber, textOf, toEngine, withoutMarks } from './template-values.js';

/** Decimals of a division that does not come out even, as many as Python's decimal context gives an amount of eight digits. */
const QUOTIENT_PLACES = 20;
const LARGEST_EXPONENT = 256;

/**
 * Jinja's arithmetic on exact decimals: what Python's `Decimal` gives, not what binary floats give. Text and lists are joined by `+`
 * and repeated by `*`; `text % values` formats as Python does.
 * @throws TemplateFault where Python would raise.
 */
export function calculate(operator: string, left: unknown, right: unknown, maxLength: number): unknown {
  if (operator === '%' && isPlainText(left)) return formatPercent(left, Array.isArray(right) ? (right as unknown[]) : [right], maxLength);
  if (operator === '+') {
    if (isPlainText(left) && isPlainText(right)) return limited(left + right, maxLength);
    if (Array.isArray(left) && Array.isArray(right)) return backToEngine([...(left as unknown[]), ...(right as unknown[])]);
  }
  const a = numberOf(left);
  const b = numberOf(right);
  if (operator === '*' && a?.places === undefined && a !== undefined && isPlainText(right)) return repeated(right, a.value, maxLength);
  if (operator === '*' && b?.places === undefined && b !== undefined && isPlainText(left)) return repeated(left, b.value, maxLength);
  if (a === undefined || b === undefined) {
    const advice = operator === '+' ? '; join text with ~' : '; turn text into a number with |float';
    throw new TemplateFault(`${kindOf(left)} ${operator} ${kindOf(right)} is not possible${advice}`);
  }
  return toEngine(calculateNumbers(operator, a, b));
}

function calculateNumbers(operator: string, a: TemplateNumber, b: TemplateNumber): TemplateNumber {
  const whole = a.places === undefined && b.places === undefined;
  const places = (count: number): number | undefined => (whole ? undefined : count);
  const [aPlaces, bPlaces] = [a.places ?? 0, b.places ?? 0];
  switch (operator) {
    case '+':
      return { value: a.value.plus(b.value), places: places(Math.max(aPlaces, bPlaces)) };
    case '-':
      return { value: a.value.minus(b.value), places: places(Math.max(aPlaces, bPlaces)) };
    case '*':
      return { value: a.value.times(b.value), places: places(aPlaces + bPlaces) };
    case '**':
      return power(a, b, whole);
  }
  if (b.value.isZero()) throw new TemplateFault('division by zero');
  if (operator === '/') {
    const quotient = a.value.dividedBy(b.value, whole ? 16 : QUOTIENT_PLACES);
    return { value: quotient, places: Math.max(quotient.decimals, whole ? 1 : aPlaces - bPlaces) };
  }
  const floor = floorQuotient(a.value, b.value);
  if (operator === '//') return { value: floor, places: places(0) };
  return { value: a.value.minus(floor.times(b.value)), places: places(Math.max(aPlaces, bPlaces)) };
}

function power(base: TemplateNumber, exponent: TemplateNumber, whole: boolean): TemplateNumber {
  const times = Number(exponent.value.toString());
  if (!Number.isInteger(times) || times < 0 || times > LARGEST_EXPONENT) {
    throw new TemplateFault(`** takes a whole exponent from 0 to ${LARGEST_EXPONENT}, not ${reprOf(toEngine(exponent))}`);
  }
  let value = Decimal.ofUnits(1n, 0);
  for (let n = 0; n < times; n++) value = value.times(base.value);
  return { value, places: whole ? undefined : value.decimals };
}

function floorQuotient(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.decimals, b.decimals);
  const [numerator, denominator] = [a.toUnits(places), b.toUnits(places)];
  const quotient = numerator / denominator;
  const isExact = quotient * denominator === numerator;
  return Decimal.ofUnits(isExact || numerator < 0n === denominator < 0n ? quotient : quotient - 1n, 0);
}

/** Unary minus. */
export function negate(value: unknown): unknown {
  const number = numberOf(value);
  if (number === undefined) throw new TemplateFault(`-${kindOf(value)} is not possible`);
  return toEngine({ value: number.value.negated(), places: number.places });
}

/** Jinja's comparisons, exact on amounts. @throws TemplateFault when an order is asked of things that have none between them. */
export function compare(operator: string, left: unknown, right: unknown): boolean {
  if (operator === '==') return isEqual(left, right);
  if (operator === '!=') return !isEqual(left, right);
  const sign = orderOf(left, right);
  if (operator === '<') return sign < 0;
  if (operator === '<=') return sign <= 0;
  return operator === '>' ? sign > 0 : sign >= 0;
}

/** Negative, zero or positive, as a sort wants it. @throws TemplateFault */
export function orderOf(left: unknown, right: unknown): number {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a.value.compare(b.value);
  if (isPlainText(left) && isPlainText(right)) return left < right ? -1 : left > right ? 1 : 0;
  if (Array.isArray(left) && Array.isArray(right)) {
    for (const [index, item] of (left as unknown[]).entries()) {
      if (index >= right.length) return 1;
      const sign = orderOf(item, right[index]);
      if (sign !== 0) return sign;
    }
    return left.length - right.length;
  }
  throw new TemplateFault(`${kindOf(left)} and ${kindOf(right)} cannot be compared; turn text into a number with |float`);
}

export function isEqual(left: unknown, right: unknown): boolean {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined || b !== undefined) return a !== undefined && b !== undefined && a.value.equals(b.value);
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]));
  }
  if (left instanceof Map && right instanceof Map) {
    return left.size === right.size && [...left].every(([key, item]) => right.has(key) && isEqual(item, right.get(key)));
  }
  return left === right;
}

function repeated(text: string, times: Decimal, maxLength: number): string {
  const count = Math.max(Number(times.toString()), 0);
  if (text.length * count > maxLength) {
    throw new TemplateFault(`text repeated ${count} times is longer than the ${maxLength} characters allowed`);
  }
  return text.repeat(count);
}

/** @throws TemplateFault when text grows beyond what a template may make. */
export function limited(text: string, maxLength: number): string {
  if (text.length > maxLength) throw new TemplateFault(`text is longer than the ${maxLength} characters allowed`);
  return text;
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (numberOf(value) !== undefined) return `the number ${textOf(value) || reprOf(value)}`;
  if (typeof value === 'string') return `the text “${withoutMarks(value).slice(0, 40)}”`;
  return Array.isArray(value) ? 'a list' : 'a mapping';
}
