import { Decimal } from '#kernel';
import { TemplateFault } from './template-fault.js';

/**
 * How an exact decimal looks inside the template engine, which knows only integers and binary floats: text with a mark in front.
 * The mark is a Unicode noncharacter; it is taken out of all text that goes in and of all that comes out.
 */
const MARK = '\uFDD0';
const ALL_MARKS = /\uFDD0/g;
/** Below what `Decimal.parse` reads. */
const LONGEST_NUMBER = 190;
const MARKED_DECIMAL = /^\uFDD0(-?\d+)(?:\.(\d*))?$/;

/** A number as the operators and filters see it. `places`: decimals it is written with; undefined for a whole number (`int`). */
export interface TemplateNumber {
  readonly value: Decimal;
  readonly places: number | undefined;
}

/** An exact decimal for the engine, written with `places` decimals. */
export function markDecimal(value: Decimal, places: number): string {
  return MARK + value.toPadded(places);
}

export function withoutMarks(text: string): string {
  return text.replace(ALL_MARKS, '');
}

/** Reads a number that came out of the engine; undefined for anything else, plain text that looks like a number included. */
export function numberOf(value: unknown): TemplateNumber | undefined {
  if (typeof value === 'boolean') return { value: Decimal.ofUnits(value ? 1n : 0n, 0), places: undefined };
  if (typeof value === 'bigint') return { value: Decimal.ofUnits(value, 0), places: undefined };
  if (typeof value === 'number') {
    if (Number.isInteger(value)) return { value: Decimal.ofUnits(BigInt(value), 0), places: undefined };
    const exact = Decimal.tryParse(String(value));
    return exact === undefined ? undefined : { value: exact, places: exact.decimals };
  }
  if (typeof value !== 'string') return undefined;
  const match = MARKED_DECIMAL.exec(value);
  if (match === null) return undefined;
  const exact = Decimal.tryParse(value.slice(MARK.length));
  return exact === undefined ? undefined : { value: exact, places: match[2]?.length };
}

/** As {@link numberOf}, but plain text that is a decimal counts too, as for Python's `float("1.5")`. */
export function numberOrNumericText(value: unknown): TemplateNumber | undefined {
  const number = numberOf(value);
  if (number !== undefined || typeof value !== 'string') return number;
  const exact = Decimal.tryParse(withoutMarks(value).trim());
  return exact === undefined ? undefined : { value: exact, places: exact.decimals };
}

/**
 * Hands a number back to the engine: whole numbers as such, all others as exact decimals.
 * @throws TemplateFault for a number too long to be read again
 */
export function toEngine({ value, places }: TemplateNumber): number | string {
  if (value.toPadded(places ?? 0).length > LONGEST_NUMBER) throw new TemplateFault(`a number of more than ${LONGEST_NUMBER} digits`);
  if (places !== undefined) return markDecimal(value, places);
  const text = value.round(0).toString();
  const whole = Number(text);
  return Number.isSafeInteger(whole) ? whole : MARK + text;
}

/** Python counts characters (code points), not UTF-16 units. */
export function characterCount(text: string): number {
  return Array.from(text).length;
}

/** The first `count` characters, as Python's `text[:count]` for a count from 0. */
export function firstCharacters(text: string, count: number): string {
  return Array.from(text).slice(0, count).join('');
}

export function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && numberOf(value) === undefined;
}

/** Python's `str()` of a value, without marks. Undefined and none, which the engine hands over alike, are empty. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? withoutMarks(value) : reprOf(value);
}

/** Python's `repr()` of a value. */
export function reprOf(value: unknown): string {
  if (value === undefined || value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const number = numberOf(value);
  if (number !== undefined) return number.value.toPadded(number.places ?? 0);
  if (typeof value === 'string') return quoted(withoutMarks(value));
  if (Array.isArray(value)) return `[${value.map(reprOf).join(', ')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${reprOf(key)}: ${reprOf(item)}`).join(', ')}}`;
  return '';
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

/** Python's truth of a value: zero of any kind and everything empty is false. */
export function isTrue(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false;
  const number = numberOf(value);
  if (number !== undefined) return !number.value.isZero();
  if (Array.isArray(value)) return value.length > 0;
  return value instanceof Map ? value.size > 0 : true;
}

/**
 * Copies a value into what the engine takes: decimals become exact amounts with at least `digits` decimals, text loses marks,
 * maps become plain records. Functions, symbols and accessors stay outside: a template gets data and nothing else.
 */
export function dataForEngine(value: unknown, digits: number): unknown {
  if (value instanceof Decimal) return markDecimal(value, digits);
  if (typeof value === 'string') return withoutMarks(value);
  if (typeof value === 'number' || typeof value === 'bigint') {
    const number = numberOf(value);
    return number === undefined ? undefined : toEngine(number);
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => dataForEngine(item, digits));
  if (value instanceof Map) return record([...value], digits);
  if (typeof value === 'object' && value !== null) {
    const described = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(
      ([, property]) => property.enumerable && 'value' in property,
    );
    return record(
      described.map(([key, property]) => [key, property.value as unknown]),
      digits,
    );
  }
  return typeof value === 'boolean' || value === null ? value : undefined;
}

function record(entries: readonly (readonly [unknown, unknown])[], digits: number): object {
  const copy = Object.create(null) as object;
  for (const [key, item] of entries) {
    if (typeof item === 'function' || typeof item === 'symbol') continue;
    Object.defineProperty(copy, withoutMarks(String(key)), { value: dataForEngine(item, digits), enumerable: true });
  }
  return copy;
}

/** Gives a value that came from the engine back to it: its maps are not understood on the way in. */
export function backToEngine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backToEngine);
  if (!(value instanceof Map)) return value;
  const copy = Object.create(null) as object;
  for (const [key, item] of value) Object.defineProperty(copy, String(key), { value: backToEngine(item), enumerable: true });
  return copy;
}
