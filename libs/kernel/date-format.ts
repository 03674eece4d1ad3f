/** A date format that a source declares, such as `M/D/YY`: how day, month and year are laid out where that is ambiguous. */
export interface DateFormat {
  /** Matches a date of this format, with or without a time behind it; groups 1 to 3 are its parts, 4 to 6 hour, minute and second. */
  readonly pattern: RegExp;
  /** Numbers of the groups that hold year, month and day. */
  readonly order: readonly [year: number, month: number, day: number];
}

export const DATE_FORMAT_ADVICE = 'write day (D, DD), month (M, MM) and year (YY, YYYY) with /, . or - between them, such as M/D/YY';

const FORMAT_PARTS: Readonly<Record<string, string>> = {
  D: '(\\d{1,2})',
  DD: '(\\d{2})',
  M: '(\\d{1,2})',
  MM: '(\\d{2})',
  YY: '(\\d{2})',
  YYYY: '(\\d{4})',
};
const TIME_TAIL = '(?:[ T](\\d{1,2}):(\\d{2})(?::(\\d{2}))?)?';

/** Undefined for a text that is no date format; {@link DATE_FORMAT_ADVICE} says how to write one. */
export function dateFormat(text: string): DateFormat | undefined {
  const split = /^([DMY]+)([/.-])([DMY]+)\2([DMY]+)$/i.exec(text.trim());
  const parts = split === null ? [] : [split[1], split[3], split[4]].map((part = '') => part.toUpperCase());
  const sources = parts.map((part) => FORMAT_PARTS[part]);
  const position = (letter: string): number => parts.findIndex((part) => part.startsWith(letter)) + 1;
  const order = [position('Y'), position('M'), position('D')] as const;
  if (sources.length !== 3 || sources.includes(undefined) || order.includes(0)) return undefined;
  const separator = `\\${split?.[2] ?? '/'}`;
  return { pattern: new RegExp(`^${sources.join(separator)}${TIME_TAIL}$`), order };
}
