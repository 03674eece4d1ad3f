import { DomainError } from '#kernel';

/** A moment as people name it. */
export type AskedMoment =
  | { readonly kind: 'now' }
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'time'; readonly until: Date }
  | { readonly kind: 'close' }
  | { readonly kind: 'finalize' }
  /** The end of a statement run; of the last one if none is named. */
  | { readonly kind: 'statements'; readonly runId: number | null };

/** Positions are integers that a double holds exactly. */
const POSITION_PATTERN = /^\d{1,15}$/;
const STATEMENTS_PATTERN = /^statements(?::(\d{1,9}))?$/;
const DATE_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT_PATTERN = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})$/i;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Reads a moment: a position of the log (`118`), an instant (`2025-10-03T16:30:00Z`), a date, which stands for the end of that day in UTC,
 * or a word: `now`, `close`, `finalize`, `statements` (the last run), `statements:3` (run 3).
 * @throws DomainError `moment.malformed`
 */
export function askedMoment(text: string): AskedMoment {
  const written = text.trim();
  switch (written) {
    case 'now':
    case 'close':
    case 'finalize':
      return { kind: written };
  }
  if (POSITION_PATTERN.test(written)) return { kind: 'position', position: Number(written) };
  const statements = STATEMENTS_PATTERN.exec(written);
  if (statements !== null) return { kind: 'statements', runId: statements[1] === undefined ? null : Number(statements[1]) };
  const until = endOfDay(written) ?? instant(written);
  if (until !== undefined) return { kind: 'time', until };
  throw new DomainError(
    'moment.malformed',
    'invalid',
    `“${text}” is no moment. Write a position of the log (118), a time with its zone (2025-10-03T16:30:00Z), a date for the end of that day in UTC ` +
      '(2025-10-03), or now, close, finalize, statements, statements:RUN.',
  );
}

function endOfDay(text: string): Date | undefined {
  const match = DATE_PATTERN.exec(text);
  if (match === null) return undefined;
  const midnight = midnightUtc(match[1], match[2], match[3]);
  // Events are recorded in whole milliseconds.
  return midnight === undefined ? undefined : new Date(midnight + DAY_MS - 1);
}

function instant(text: string): Date | undefined {
  const match = INSTANT_PATTERN.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '', minute = '', second = '0', fraction = '', zone = ''] = match;
  const midnight = midnightUtc(year, month, day);
  const offset = offsetMs(zone);
  if (midnight === undefined || offset === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return new Date(midnight + (Number(hour) * 60 + Number(minute)) * MINUTE_MS + Number(second) * 1000 + milliseconds - offset);
}

/** Undefined for a day that the calendar lacks, such as 30 February. */
function midnightUtc(year = '', month = '', day = ''): number | undefined {
  const time = Date.parse(`${year}-${month}-${day}T00:00:00.000Z`);
  if (Number.isNaN(time)) return undefined;
  // Some engines take 30 February for 2 March.
  return new Date(time).toISOString().startsWith(`${year}-${month}-${day}`) ? time : undefined;
}

function offsetMs(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 18 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}
