import { type BillingPeriod, isBillingPeriod } from '#kernel';

/** What a file name gives away; null where it says nothing, or two things. */
export interface FileNameGuess {
  readonly source: string | null;
  readonly period: BillingPeriod | null;
}

/** A source with the pattern of its file names: a part of the name (`hpc`), or a glob over all of it (`aws_*.csv`). */
export interface FileNamePattern {
  readonly name: string;
  readonly pattern: string;
}

const MONTH_PATTERN = /(?<!\d)(\d{4})[-_]?(0[1-9]|1[0-2])(?!\d)/g;
const QUARTER_PATTERN = /(?<!\d)(\d{4})[-_]?Q([1-4])(?!\d)/gi;

/**
 * Guesses source and period from a file name (domain.md §2): the longest matching pattern wins, whatever the case; `2025-01`, `2025_01`, `202501`, and
 * `2025-Q1` for its first month. Two equally long patterns of different sources, or two different periods, are no guess.
 */
export function guessFromFileName(fileName: string, sources: readonly FileNamePattern[]): FileNameGuess {
  const name = (fileName.split(/[/\\]/).at(-1) ?? fileName).toLowerCase();
  return { source: guessSource(name, sources), period: guessPeriod(name) };
}

function guessSource(name: string, sources: readonly FileNamePattern[]): string | null {
  const matching = sources.filter((source) => source.pattern.trim() !== '' && matches(name, source.pattern.trim().toLowerCase()));
  const longest = Math.max(0, ...matching.map((source) => source.pattern.trim().length));
  const winners = new Set(matching.filter((source) => source.pattern.trim().length === longest).map((source) => source.name));
  const [winner] = winners;
  return winners.size === 1 && winner !== undefined ? winner : null;
}

function matches(name: string, pattern: string): boolean {
  return /[*?]/.test(pattern) ? matchesGlob(name, pattern) : name.includes(pattern);
}

/** `*` stands for any text, `?` for one character. Goes back to the last star only, so it takes quadratic time at worst. */
function matchesGlob(name: string, pattern: string): boolean {
  let n = 0;
  let p = 0;
  let star = -1;
  let starredFrom = 0;
  while (n < name.length) {
    const expected = pattern[p];
    if (expected === '*') {
      star = p;
      starredFrom = n;
      p += 1;
    } else if (expected === '?' || expected === name[n]) {
      n += 1;
      p += 1;
    } else if (star !== -1) {
      starredFrom += 1;
      n = starredFrom;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

function guessPeriod(name: string): BillingPeriod | null {
  const months = [...name.matchAll(MONTH_PATTERN)].map(([, year = '', month = '']) => `${year}-${month}`);
  const quarters = [...name.matchAll(QUARTER_PATTERN)].map(
    ([, year = '', quarter = '']) => `${year}-${['01', '04', '07', '10'][Number(quarter) - 1] ?? ''}`,
  );
  const periods = new Set([...months, ...quarters].filter(isBillingPeriod));
  const [period] = periods;
  return periods.size === 1 && period !== undefined ? period : null;
}
