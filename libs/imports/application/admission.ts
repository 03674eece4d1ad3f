import { type BillingPeriod, DomainError, type Problem } from '#kernel';
import type { PeriodState } from '#periods';
import type { StagingRequest } from './stage-lines.js';

/** Where the lines of one period lie in the file, and how the period stands; null until that was asked. */
export interface SeenPeriod {
  state: PeriodState | null;
  lineCount: number;
  firstLine: number;
  lastLine: number;
}

type SeenPeriods = ReadonlyMap<BillingPeriod, SeenPeriod>;

/** Whether the periods that a file has lines in take them. */
export interface Admission {
  /** Certain already, before all of the file is read. */
  isRefused(seen: SeenPeriods): boolean;
  /** Once all of it is read; null if they do. */
  refusal(seen: SeenPeriods): DomainError | null;
}

export function admissionOf({ asAdjustments = null }: Pick<StagingRequest, 'asAdjustments'>): Admission {
  return asAdjustments === null ? IMPORTED : RESTATED;
}

/** Lines come into open periods. */
const IMPORTED: Admission = {
  isRefused: (seen) => shutPeriods(seen).length > 0,
  refusal: (seen) => {
    const shut = shutPeriods(seen);
    if (shut.length === 0) return null;
    const problems = shut.map(problemWith);
    const detail = `The file has lines in periods that take none: ${inOneLine(problems)}. Nothing was stored. ${wayOut(shut.map(([, { state }]) => state))}`;
    return new DomainError('import.period-shut', 'invalid', detail, problems);
  },
};

/** A file is booked as adjustments of one finalized period, of which it is the snapshot. */
const RESTATED: Admission = {
  isRefused: (seen) => seen.size > 1 || notFinalized(seen).length > 0,
  refusal: (seen) => {
    const wrong = notFinalized(seen);
    if (wrong.length > 0) {
      const problems = wrong.map(problemWith);
      const rest = wrong.length < seen.size ? ' Hand the lines of the finalized period in as a file of their own.' : '';
      const detail = `Only what is finalized is adjusted, and the file has lines in other periods: ${inOneLine(problems)}. Nothing was booked. Import those as usual, without asking for adjustments; reopen the period first if it is closed.${rest}`;
      return new DomainError('adjustment.period-not-finalized', 'conflict', detail, problems);
    }
    if (seen.size === 1) return null;
    if (seen.size === 0) {
      const detail =
        'The file has no line, so it does not say which period it restates. Nothing was booked. Credit single charges or statements instead.';
      return new DomainError('import.no-lines', 'invalid', detail);
    }
    const problems = [...seen].map(problemWith);
    const detail = `The file has lines of several finalized periods: ${inOneLine(problems)}. Nothing was booked. Hand in a file for each, because each is adjusted by itself.`;
    return new DomainError('import.several-periods', 'invalid', detail, problems);
  },
};

function shutPeriods(seen: SeenPeriods): [BillingPeriod, SeenPeriod][] {
  return [...seen].filter(([, { state }]) => state === 'closed' || state === 'finalized');
}

function notFinalized(seen: SeenPeriods): [BillingPeriod, SeenPeriod][] {
  return [...seen].filter(([, { state }]) => state !== null && state !== 'finalized');
}

function problemWith([period, { state, lineCount, firstLine, lastLine }]: [BillingPeriod, SeenPeriod]): Problem {
  const lines = `${lineCount} ${lineCount === 1 ? 'line lies' : 'lines lie'} in it (line ${firstLine}${lastLine === firstLine ? '' : ` to ${lastLine}`})`;
  return { where: period, what: `is ${state ?? 'absent'}; ${lines}` };
}

function inOneLine(problems: readonly Problem[]): string {
  return problems.map(({ where, what }) => `${where} ${what}`).join('; ');
}

/** What helps, where a file has lines in periods that take none. */
function wayOut(states: readonly (PeriodState | null)[]): string {
  const ofClosed = 'Reopen the period or leave these lines out.';
  const ofFinalized =
    'What is finalized never changes: leave these lines out, and correct what was billed with adjustments in an open period. A full snapshot of one finalized period can be booked so as a whole (--mode replace --as-adjustments PERIOD).';
  const isAny = (wanted: PeriodState): boolean => states.includes(wanted);
  return [isAny('closed') ? ofClosed : '', isAny('finalized') ? ofFinalized : ''].filter((text) => text !== '').join(' ');
}
