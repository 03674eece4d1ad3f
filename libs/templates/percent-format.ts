import { Decimal } from '#kernel';
import { TemplateFault } from './template-fault.js';
import { characterCount, firstCharacters, numberOrNumericText, reprOf, textOf } from './template-values.js';

const DIRECTIVE = /%(?:\((\w+)\))?([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([a-zA-Z%])?/g;

/**
 * Python's `%` formatting (“printf-style String Formatting”) for `d i u f F s r c x X o` and `%%`, with flags, width and
 * precision, `*` included. Amounts are exact at any size and rounded half away from zero; `e` and `g` are not supported.
 * @param args positional values, or one mapping for `%(name)s`
 * @throws TemplateFault for a wrong directive, value or number of values
 */
export function formatPercent(template: string, args: readonly unknown[], maxLength: number): string {
  const named = args.find((arg): arg is Map<unknown, unknown> => arg instanceof Map);
  let next = 0;
  const take = (): unknown => {
    if (next >= args.length) throw new TemplateFault(`“${template}” has more places than the ${args.length} values given`);
    next += 1;
    return args[next - 1];
  };
  const measure = (text: string | undefined): number | undefined => {
    if (text !== '*') return text === undefined ? undefined : Number(text);
    const given = numberOrNumericText(take());
    if (given === undefined) throw new TemplateFault(`* in “${template}” takes a whole number`);
    return Number(given.value.round(0).toString());
  };
  const result = template.replace(
    DIRECTIVE,
    (
      directive,
      name: string | undefined,
      flags: string,
      widthText: string | undefined,
      precisionText: string | undefined,
      type: string | undefined,
    ) => {
      if (type === '%') return '%';
      let width = measure(widthText) ?? 0;
      const hasPrecision = directive.includes('.');
      const precision = measure(precisionText) ?? (hasPrecision ? 0 : undefined);
      const leftAligned = flags.includes('-') || width < 0;
      width = Math.abs(width);
      if (width > maxLength || (precision ?? 0) > maxLength) throw new TemplateFault(`the width of “${directive}” is too large`);
      const value = name === undefined ? take() : valueNamed(name, named);
      const written = writeValue(directive, type, value, flags, precision);
      return pad(written, width, leftAligned, flags.includes('0') && written.isNumber);
    },
  );
  if (next < args.length && named === undefined) {
    throw new TemplateFault(`“${template}” has fewer places than the ${args.length} values given`);
  }
  if (result.length > maxLength) throw new TemplateFault(`text is longer than the ${maxLength} characters allowed`);
  return result;
}

interface Written {
  readonly sign: string;
  readonly digits: string;
  readonly isNumber: boolean;
}

function valueNamed(name: string, values: ReadonlyMap<unknown, unknown> | undefined): unknown {
  if (!values?.has(name)) throw new TemplateFault(`no value is named “${name}”`);
  return values.get(name);
}

function writeValue(directive: string, type: string | undefined, value: unknown, flags: string, precision: number | undefined): Written {
  switch (type) {
    case 's':
      return { sign: '', digits: clip(textOf(value), precision), isNumber: false };
    case 'r':
      return { sign: '', digits: clip(reprOf(value), precision), isNumber: false };
    case 'c':
      return { sign: '', digits: typeof value === 'number' ? String.fromCodePoint(value) : textOf(value), isNumber: false };
    case 'f':
    case 'F':
      return signed(amount(directive, value), flags, (positive) => positive.toFixed(precision ?? 6));
    case 'd':
    case 'i':
    case 'u':
      return signed(truncated(amount(directive, value)), flags, (positive) => positive.toString().padStart(precision ?? 0, '0'));
    case 'x':
    case 'X':
    case 'o':
      return signed(truncated(amount(directive, value)), flags, (positive) => {
        const text = positive.toUnits(0).toString(type === 'o' ? 8 : 16);
        return type === 'X' ? text.toUpperCase() : text;
      });
    default:
      throw new TemplateFault(`“${directive}” is no format that is supported here; use s, d, f, r, c, x, o or %%`);
  }
}

function amount(directive: string, value: unknown): Decimal {
  const number = numberOrNumericText(value);
  if (number === undefined) throw new TemplateFault(`“${directive}” takes a number, not “${textOf(value).slice(0, 40)}”`);
  return number.value;
}

/** The whole part, towards zero, as Python's `%d` takes it. */
export function truncated(value: Decimal): Decimal {
  const units = value.toUnits(value.decimals);
  return Decimal.ofUnits(units / 10n ** BigInt(value.decimals), 0);
}

function signed(value: Decimal, flags: string, write: (positive: Decimal) => string): Written {
  const sign = value.isNegative() ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return { sign, digits: write(value.abs()), isNumber: true };
}

function pad({ sign, digits }: Written, width: number, leftAligned: boolean, withZeros: boolean): string {
  const missing = Math.max(width - characterCount(sign + digits), 0);
  if (leftAligned) return sign + digits + ' '.repeat(missing);
  return withZeros ? sign + '0'.repeat(missing) + digits : ' '.repeat(missing) + sign + digits;
}

function clip(text: string, precision: number | undefined): string {
  return precision === undefined ? text : firstCharacters(text, precision);
}
