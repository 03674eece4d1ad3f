import { csvCell, Decimal } from '#kernel';
import { aligned, formatBraces } from './brace-format.js';
import { amountWithoutPoint, asciiText, atMost, fail, fitted, oneLine, required } from './fixed-width.js';
import { formatPercent, truncated } from './percent-format.js';
import {
  centered,
  indented,
  joinedLines,
  jsonText,
  partitioned,
  replacedFirst,
  shortened,
  splitFromRight,
  stripped,
  swappedCase,
  urlEncoded,
  withoutTabs,
  wordCount,
  wrapped,
} from './python-text.js';
import { TemplateFault } from './template-fault.js';
import { calculate, limited, orderOf } from './template-operators.js';
import {
  backToEngine,
  characterCount,
  firstCharacters,
  isPlainText,
  isTrue,
  numberOf,
  numberOrNumericText,
  reprOf,
  type TemplateNumber,
  textOf,
  toEngine,
} from './template-values.js';

/** The arguments of a filter: positional ones, and those given by name. */
interface FilterArguments {
  readonly list: readonly unknown[];
  readonly named: ReadonlyMap<unknown, unknown>;
  readonly maxLength: number;
}

type Filter = (value: unknown, args: FilterArguments) => unknown;

const TRUNCATED_LENGTH = 35;
const IMPLIED_DIGITS = 2;
const SHORTENED_LENGTH = 255;
/** Jinja2's policy `truncate.leeway`. */
const TRUNCATE_LEEWAY = 5;
const WRAPPED_WIDTH = 79;
const INDENTATION = 4;

/**
 * The filters that the engine lacks (`format`, `truncate_desc`, `csv_cell`, those of fixed columns, …) and those that must be exact on amounts or act as
 * Jinja2's do where the engine's own differ. Keys are the names in templates.
 */
export const FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['format', (value, { list, named, maxLength }) => formatPercent(textOf(value), named.size > 0 ? [...list, named] : list, maxLength)],
  ['truncate_desc', (value, args) => firstCharacters(textOf(value), wholeArgument(args, 0, 'max_len', TRUNCATED_LENGTH))],
  ['csv_cell', (value) => csvCell(textOf(value))],
  ['string', (value) => textOf(value)],
  ['center', (value, args) => centered(textOf(value), widthArgument(args, 80), fillArgument(args))],
  ['ljust', (value, args) => aligned('', textOf(value), widthArgument(args, 0), '<', fillArgument(args))],
  ['rjust', (value, args) => aligned('', textOf(value), widthArgument(args, 0), '>', fillArgument(args))],
  ['zfill', zfill],
  ['fit', (value, args) => fitted(value, columnArgument('fit', args), nameArgument(args, 1))],
  ['at_most', (value, args) => atMost(value, columnArgument('at_most', args), nameArgument(args, 1))],
  ['required', (value, args) => required(value, nameArgument(args, 0))],
  ['fail', fail],
  ['one_line', oneLine],
  ['ascii', asciiText],
  ['amount_without_point', (value, args) => amountWithoutPoint(value, wholeArgument(args, 0, 'digits', IMPLIED_DIGITS))],
  ['float', toFloat],
  ['int', toInt],
  ['abs', (value) => mapNumber('abs', value, (number) => ({ ...number, value: number.value.abs() }))],
  ['round', round],
  ['sum', sum],
  ['min', (value, args) => extreme(value, args, -1)],
  ['max', (value, args) => extreme(value, args, 1)],
  ['sort', sort],
  ['unique', unique],
  ['truncate', truncate],
  ['wordwrap', wordWrap],
  ['wordcount', (value) => wordCount(textOf(value))],
  ['urlencode', urlEncoded],
]);

/** Filters of the engine that lack some of Jinja2's arguments, for calls with these (see `filterCall`). Keys are the names in templates. */
export const FULL_FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['default', (value, { list: [otherwise] }) => (isTrue(value) ? value : otherwise)],
  ['trim', (value, args) => stripped(textOf(value), textOf(argument(args, 0, 'chars')))],
  [
    'replace',
    (value, args) => {
      const [old, by] = [textOf(argument(args, 0, 'old')), textOf(argument(args, 1, 'new'))];
      return replacedFirst(textOf(value), old, by, wholeArgument(args, 2, 'count', -1), args.maxLength);
    },
  ],
  ['indent', indent],
  ['tojson', (value, { maxLength }) => limited(jsonText(value), maxLength)],
]);

/** Methods of Python's `str` that templates use and the engine lacks. Keys are the method names. */
export const METHODS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['format', (value, { list, named, maxLength }) => formatBraces(textOf(value), list, named, maxLength)],
  ['ljust', (value, args) => aligned('', textOf(value), widthArgument(args, 0), '<', fillArgument(args))],
  ['rjust', (value, args) => aligned('', textOf(value), widthArgument(args, 0), '>', fillArgument(args))],
  ['center', (value, args) => centered(textOf(value), widthArgument(args, 0), fillArgument(args))],
  ['zfill', zfill],
  ['swapcase', (value) => swappedCase(textOf(value))],
  ['casefold', (value) => textOf(value).toLowerCase().replaceAll('ß', 'ss')],
  ['isdecimal', (value) => /^\p{Nd}+$/u.test(textOf(value))],
  ['removeprefix', (value, { list: [prefix] }) => withoutAffix(textOf(value), textOf(prefix), 'start')],
  ['removesuffix', (value, { list: [suffix] }) => withoutAffix(textOf(value), textOf(suffix), 'end')],
  ['partition', (value, { list: [separator] }) => partitioned(textOf(value), textOf(separator), 'first')],
  ['rpartition', (value, { list: [separator] }) => partitioned(textOf(value), textOf(separator), 'last')],
  [
    'rsplit',
    (value, args) => {
      const separator = argument(args, 0, 'sep') ?? undefined;
      return splitFromRight(textOf(value), separator === undefined ? undefined : textOf(separator), wholeArgument(args, 1, 'maxsplit', -1));
    },
  ],
  ['expandtabs', (value, args) => withoutTabs(textOf(value), wholeArgument(args, 0, 'tabsize', 8), args.maxLength)],
]);

/** Splits what the engine hands a callback: named arguments come last, as a map. */
export function filterArguments(given: readonly unknown[], maxLength: number): FilterArguments {
  const last = given.at(-1);
  return last instanceof Map ? { list: given.slice(0, -1), named: last, maxLength } : { list: given, named: new Map(), maxLength };
}

function argument({ list, named }: FilterArguments, index: number, name: string): unknown {
  return index < list.length ? list[index] : named.get(name);
}

function wholeArgument(args: FilterArguments, index: number, name: string, otherwise: number): number {
  const given = argument(args, index, name);
  if (given === undefined) return otherwise;
  const number = numberOf(given);
  if (number === undefined) throw new TemplateFault(`${name} takes a whole number, not “${textOf(given)}”`);
  return Number(number.value.round(0).toString());
}

function widthArgument(args: FilterArguments, otherwise: number): number {
  const width = wholeArgument(args, 0, 'width', otherwise);
  if (width > args.maxLength) throw new TemplateFault(`a width of ${width} is too large`);
  return width;
}

/** A column has a width that the template says: there is no usual one. */
function columnArgument(filter: string, args: FilterArguments): number {
  const width = widthArgument(args, 0);
  if (width < 1) throw new TemplateFault(`${filter} takes the width of its column, from 1`);
  return width;
}

function nameArgument(args: FilterArguments, index: number): string {
  return textOf(argument(args, index, 'name'));
}

function fillArgument(args: FilterArguments): string {
  const given = argument(args, 1, 'fill');
  const fill = given === undefined ? ' ' : textOf(given);
  if (characterCount(fill) !== 1) throw new TemplateFault(`the fill character “${fill}” must be one character`);
  return fill;
}

function zfill(value: unknown, args: FilterArguments): string {
  const text = textOf(value);
  const sign = /^[-+]/.test(text) ? text.charAt(0) : '';
  return aligned(sign, text.slice(sign.length), widthArgument(args, 0), '=', '0');
}

function mapNumber(filter: string, value: unknown, change: (number: TemplateNumber) => TemplateNumber): unknown {
  const number = numberOf(value);
  if (number === undefined) throw new TemplateFault(`${filter} takes a number, not “${textOf(value).slice(0, 40)}”`);
  return toEngine(change(number));
}

/** `float`: written as Python writes a float (`1234.5`, `2.0`), but exact. */
function toFloat(value: unknown, args: FilterArguments): unknown {
  const number = numberOrNumericText(value);
  if (number === undefined) return argument(args, 0, 'default') ?? toEngine({ value: Decimal.ZERO, places: 1 });
  return toEngine({ value: number.value, places: Math.max(number.value.decimals, 1) });
}

function toInt(value: unknown, args: FilterArguments): unknown {
  const number = numberOrNumericText(value);
  if (number === undefined) return argument(args, 0, 'default') ?? 0;
  return toEngine({ value: truncated(number.value), places: undefined });
}

/** `round`: half away from zero (domain.md §8), `ceil` or `floor`; a whole number stays one, and nothing else becomes one. */
function round(value: unknown, args: FilterArguments): unknown {
  const precision = wholeArgument(args, 0, 'precision', 0);
  const method = textOf(argument(args, 1, 'method') ?? 'common');
  return mapNumber('round', value, (number) => {
    const places = Math.max(precision, 0);
    let rounded = number.value.round(places);
    if (precision < 0 || !['common', 'ceil', 'floor'].includes(method)) {
      throw new TemplateFault('round takes a precision from 0 and the method common, ceil or floor');
    }
    if (method === 'common' && number.places === undefined) return number;
    const unit = Decimal.ofUnits(1n, places);
    if (method === 'ceil' && rounded.compare(number.value) < 0) rounded = rounded.plus(unit);
    if (method === 'floor' && rounded.compare(number.value) > 0) rounded = rounded.minus(unit);
    return { value: rounded, places: Math.max(places, 1) };
  });
}

function sum(value: unknown, args: FilterArguments): unknown {
  const attribute = argument(args, 0, 'attribute');
  const start = argument(args, 1, 'start') ?? 0;
  return itemsOf('sum', value).reduce((total, item) => calculate('+', total, attributeOf(item, attribute), args.maxLength), start);
}

function extreme(value: unknown, args: FilterArguments, direction: 1 | -1): unknown {
  const attribute = argument(args, 1, 'attribute');
  const isCaseSensitive = argument(args, 0, 'case_sensitive') === true;
  const items = itemsOf(direction === 1 ? 'max' : 'min', value);
  const key = (item: unknown): unknown => sortKey(attributeOf(item, attribute), isCaseSensitive);
  if (items.length === 0) return undefined;
  return backToEngine(items.reduce((best, item) => (orderOf(key(item), key(best)) * direction > 0 ? item : best)));
}

function sort(value: unknown, args: FilterArguments): unknown {
  const isReversed = argument(args, 0, 'reverse') === true;
  const isCaseSensitive = argument(args, 1, 'case_sensitive') === true;
  const attribute = argument(args, 2, 'attribute');
  const attributes = attribute === undefined ? [undefined] : textOf(attribute).split(',');
  const keyed = itemsOf('sort', value).map((item) => ({
    item,
    keys: attributes.map((name) => sortKey(attributeOf(item, name), isCaseSensitive)),
  }));
  keyed.sort((a, b) => orderOf(a.keys, b.keys) * (isReversed ? -1 : 1));
  return backToEngine(keyed.map(({ item }) => item));
}

function unique(value: unknown, args: FilterArguments): unknown {
  const isCaseSensitive = argument(args, 0, 'case_sensitive') === true;
  const attribute = argument(args, 1, 'attribute');
  const found = new Map<string, unknown>();
  for (const item of itemsOf('unique', value)) {
    const key = sortKey(attributeOf(item, attribute), isCaseSensitive);
    const number = numberOf(key);
    const id = number === undefined ? `text ${reprOf(key)}` : `number ${number.value.toString()}`;
    if (!found.has(id)) found.set(id, item);
  }
  return [...found.values()];
}

function truncate(value: unknown, args: FilterArguments): string {
  const killWords = isTrue(argument(args, 1, 'killwords'));
  const end = argument(args, 2, 'end');
  const length = wholeArgument(args, 0, 'length', SHORTENED_LENGTH);
  return shortened(
    textOf(value),
    length,
    killWords,
    end === undefined ? '...' : textOf(end),
    wholeArgument(args, 3, 'leeway', TRUNCATE_LEEWAY),
  );
}

function wordWrap(value: unknown, args: FilterArguments): string {
  const breakLongWords = argument(args, 1, 'break_long_words');
  const width = wholeArgument(args, 0, 'width', WRAPPED_WIDTH);
  const lines = wrapped(textOf(value), width, breakLongWords === undefined || isTrue(breakLongWords));
  return joinedLines(lines, textOf(argument(args, 2, 'wrapstring') ?? '\n'), args.maxLength);
}

function indent(value: unknown, args: FilterArguments): string {
  const given = argument(args, 0, 'width');
  const indentation = isPlainText(given) ? given : ' '.repeat(Math.max(0, widthArgument(args, INDENTATION)));
  const text = textOf(value);
  if (indentation.length * text.split('\n').length > args.maxLength) throw new TemplateFault('the indented text is too long');
  return indented(text, indentation, isTrue(argument(args, 1, 'first')), isTrue(argument(args, 2, 'blank')));
}

function withoutAffix(text: string, affix: string, side: 'start' | 'end'): string {
  if (side === 'start') return text.startsWith(affix) ? text.slice(affix.length) : text;
  return affix !== '' && text.endsWith(affix) ? text.slice(0, -affix.length) : text;
}

function sortKey(value: unknown, isCaseSensitive: boolean): unknown {
  if (value === undefined || value === null) return '';
  return isPlainText(value) && !isCaseSensitive ? value.toLowerCase() : value;
}

function itemsOf(filter: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys()];
  if (typeof value === 'string') return Array.from(textOf(value));
  if (value === undefined) return [];
  throw new TemplateFault(`${filter} takes a list`);
}

function attributeOf(item: unknown, attribute: unknown): unknown {
  if (attribute === undefined) return item;
  return textOf(attribute)
    .trim()
    .split('.')
    .reduce((value: unknown, name) => {
      if (value instanceof Map) return value.get(name) as unknown;
      return Array.isArray(value) && /^\d+$/.test(name) ? (value[Number(name)] as unknown) : undefined;
    }, item);
}
