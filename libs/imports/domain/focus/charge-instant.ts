import { DATE_FORMAT_ADVICE, type DateFormat, dateFormat, DomainError } from '#kernel';

/** A date cell, read: the instant in UTC and the day as it was written. */
export interface ChargeInstant {
  /** `2025-01-01T00:00:00Z`; a fraction (microseconds at most) only where it is not zero. */
  readonly instant: string;
  /** `2025-01-01`, in UTC. */
  readonly day: string;
  /** The day as written, before its zone was taken to UTC. */
  readonly dayAsWritten: string;
}

/** Why a cell is no date, as a clause for a report. */
export interface DateProblem {
  readonly reason: string;
}

const ISO_PATTERN = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s?([Zz]|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/;
const LOOKS_LOCAL = /^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(\s|$)/;
/** What the table of lines can hold, and what has four digits in print. */
const FOUR_DIGIT_YEAR = /^(?!0000)\d{4}-/;
/** The last second of a day, whatever the fraction and zone behind it. */
const LAST_SECOND = /[Tt ]23:59:59/;
const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/**
 * Reads date cells in the forms of domain.md §2, and in the source's declared format where there is one (`M/D/YY`, `D.M.YYYY`).
 * Times without a zone are UTC.
 */
export class ChargeInstantReader {
  private readonly declared: DateFormat | null;

  /** @throws DomainError `import.date-format` for a format it does not understand. */
  constructor(private readonly format: string | null) {
    this.declared = format === null ? null : declaredFormat(format);
  }

  /** `text` is trimmed and not empty. */
  read(text: string): ChargeInstant | DateProblem {
    const iso = ISO_PATTERN.exec(text);
    if (iso !== null) {
      const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = iso;
      return instantOf(year, month, day, hour, minute, second, fraction, zone);
    }
    if (this.declared !== null) return this.readDeclared(text, this.declared);
    if (LOOKS_LOCAL.test(text)) {
      return {
        reason:
          'is ambiguous: day and month cannot be told apart; write 2025-01-31, or declare the source’s date format (such as M/D/YYYY)',
      };
    }
    return { reason: 'is not a date; write 2025-01-31 or 2025-01-31T00:00:00Z' };
  }

  private readDeclared(text: string, format: DateFormat): ChargeInstant | DateProblem {
    const match = format.pattern.exec(text);
    if (match === null) return { reason: `is a date neither of the declared format ${this.format ?? ''} nor like 2025-01-31` };
    const [year = '', month = '', day = ''] = format.order.map((group) => match[group] ?? '');
    const [hour = '00', minute = '00', second = '00'] = match.slice(4);
    const fullYear = year.length === 2 ? `20${year}` : year;
    return instantOf(fullYear, month.padStart(2, '0'), day.padStart(2, '0'), hour.padStart(2, '0'), minute, second, '', 'Z');
  }
}

/**
 * The end of a period as FOCUS writes it, exclusive, from one that names the last day or second within: `2025-01-31`, `…T23:59:59Z`.
 * Another time of day is an instant, and an instant is an end either way.
 * @param text the cell that `read` was read from
 */
export function exclusiveEnd(text: string, read: ChargeInstant | DateProblem): ChargeInstant | DateProblem {
  if (isDateProblem(read)) return read;
  const isWholeDay = !text.includes(':');
  if (!isWholeDay && !LAST_SECOND.test(text)) return read;
  const lastSecond = Date.parse(`${read.instant.slice(0, 19)}Z`);
  const end = new Date(lastSecond + (isWholeDay ? DAY_MS : SECOND_MS)).toISOString();
  if (!FOUR_DIGIT_YEAR.test(end)) return { reason: 'lies outside the years 0001 to 9999' };
  return { instant: `${end.slice(0, 19)}Z`, day: end.slice(0, 10), dayAsWritten: read.dayAsWritten };
}

export function isDateProblem(read: ChargeInstant | DateProblem): read is DateProblem {
  return 'reason' in read;
}

function declaredFormat(text: string): DateFormat {
  const format = dateFormat(text);
  if (format !== undefined) return format;
  throw new DomainError('import.date-format', 'invalid', `“${text}” is not a date format; ${DATE_FORMAT_ADVICE}.`);
}

function instantOf(
  year: string,
  month: string,
  day: string,
  hour: string,
  minute: string,
  second: string,
  fraction: string,
  zone: string,
): ChargeInstant | DateProblem {
  const dayAsWritten = `${year}-${month}-${day}`;
  const written = `${dayAsWritten}T${hour}:${minute}:${second}`;
  const time = Date.parse(`${written}Z`);
  // Date.parse takes 30 February for 1 March, and 24:00 for the next day: a date that comes back changed does not exist.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 19) !== written)
    return { reason: 'is a date or time that does not exist' };
  const offsetMinutes = zoneOffset(zone);
  if (offsetMinutes === undefined) return { reason: 'has a time zone that does not exist' };
  const utc = offsetMinutes === 0 ? written : new Date(time - offsetMinutes * 60_000).toISOString().slice(0, 19);
  if (!FOUR_DIGIT_YEAR.test(utc)) return { reason: 'lies outside the years 0001 to 9999' };
  const significant = fraction.slice(0, 6).replace(/0+$/, '');
  return { instant: `${utc}${significant === '' ? '' : `.${significant}`}Z`, day: utc.slice(0, 10), dayAsWritten };
}

/** Minutes east of UTC. */
function zoneOffset(zone: string): number | undefined {
  if (!zone.startsWith('+') && !zone.startsWith('-')) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 15 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
