import { Decimal } from '#kernel';
import { truncated } from './percent-format.js';
import { TemplateFault } from './template-fault.js';
import { characterCount, firstCharacters, numberOf, textOf } from './template-values.js';

const HUNDRED = Decimal.ofUnits(100n, 0);
const FIELD = /\{\{|\}\}|\{(\w*)(?::([^{}]*))?\}|[{}]/g;
const SPECIFICATION = /^(?:(.)?([<>=^]))?([-+ ])?(0)?(\d+)?(,)?(?:\.(\d+))?([sdf%])?$/su;

/**
 * Python's `str.format` for `{}`, `{0}` and `{name}` with fill, alignment, sign, zero padding, width, thousands comma, precision and
 * the types `s d f %`: `"{:>15,.2f}".format(e.amount)`. Exact on amounts.
 * @throws TemplateFault for what is not understood or a missing value
 */
export function formatBraces(template: string, args: readonly unknown[], named: ReadonlyMap<unknown, unknown>, maxLength: number): string {
  let next = 0;
  const result = template.replace(FIELD, (field, name: string | undefined, specification: string | undefined) => {
    if (field === '{{' || field === '}}') return field.charAt(0);
    if (name === undefined) throw new TemplateFault(`a single ${field} in “${template}”; write ${field}${field}`);
    const index = name === '' ? next++ : /^\d+$/.test(name) ? Number(name) : undefined;
    const isGiven = index === undefined ? named.has(name) : index < args.length;
    if (!isGiven) throw new TemplateFault(`no value for ${field} in “${template}”`);
    return written(field, index === undefined ? named.get(name) : args[index], specification ?? '', maxLength);
  });
  if (result.length > maxLength) throw new TemplateFault(`text is longer than the ${maxLength} characters allowed`);
  return result;
}

function written(field: string, value: unknown, specification: string, maxLength: number): string {
  const match = SPECIFICATION.exec(specification);
  if (match === null) throw new TemplateFault(`“${field}” is no format that is supported here; use s, d, f or %`);
  const [, fill = ' ', align, signFlag = '-', zero, widthText, comma, precisionText, type] = match;
  const width = Number(widthText ?? '0');
  const precision = precisionText === undefined ? undefined : Number(precisionText);
  if (width > maxLength || (precision ?? 0) > maxLength) throw new TemplateFault(`the width of “${field}” is too large`);
  const number = type === 's' ? undefined : numberOf(value);
  if (number === undefined || typeof value === 'boolean') {
    if (type !== undefined && type !== 's') throw new TemplateFault(`“${field}” takes a number, not “${textOf(value).slice(0, 40)}”`);
    const text = precision === undefined ? textOf(value) : firstCharacters(textOf(value), precision);
    return aligned('', text, width, align ?? '<', fill);
  }
  const sign = number.value.isNegative() ? '-' : signFlag === '-' ? '' : signFlag;
  const digits = digitsOf(number.value.abs(), type, precision, number.places);
  const grouped = comma === undefined ? digits : digits.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
  return aligned(sign, grouped, width, align ?? (zero === undefined ? '>' : '='), align === undefined && zero !== undefined ? '0' : fill);
}

function digitsOf(positive: Decimal, type: string | undefined, precision: number | undefined, places: number | undefined): string {
  if (type === 'd') return truncated(positive).toString();
  if (type === '%') return `${positive.times(HUNDRED).toFixed(precision ?? 6)}%`;
  if (type === 'f') return positive.toFixed(precision ?? 6);
  return precision === undefined ? positive.toPadded(places ?? 0) : positive.toFixed(precision);
}

/** Pads as Python's alignments do: `<` left, `>` right, `^` centre, `=` between sign and digits. */
export function aligned(sign: string, text: string, width: number, align: string, fill: string): string {
  const missing = Math.max(width - characterCount(sign + text), 0);
  switch (align) {
    case '<':
      return sign + text + fill.repeat(missing);
    case '^':
      return fill.repeat(Math.floor(missing / 2)) + sign + text + fill.repeat(Math.ceil(missing / 2));
    case '=':
      return sign + fill.repeat(missing) + text;
    default:
      return fill.repeat(missing) + sign + text;
  }
}
