import { type BillingPeriod, foldPattern, isBillingPeriod } from '#kernel';

/** What a file name gives away; null where it says nothing, or two things. */
export interface FileNameGuess {
  readonly source: string | null;
  readonly period: BillingPeriod | null;
  /** Why this source, or why none, as a sentence; it names the sources that tie. */
  readonly sourceReason: string;
  readonly periodReason: string;
}

/** A source with the pattern of its file names: a part of the name (`hpc`), or a glob over all of it (`aws_*.csv`). */
export interface FileNamePattern {
  readonly name: string;
  readonly pattern: string;
  /** False: takes no files, so none is taken for one of its. */
  readonly enabled: boolean;
}

const MONTH_PATTERN = /(?<!\d)(\d{4})[-_]?(0[1-9]|1[0-2])(?!\d)/g;
const QUARTER_PATTERN = /(?<!\d)(\d{4})[-_]?Q([1-4])(?!\d)/gi;

/**
 * Guesses source and period from a file name (domain.md §2): the longest matching pattern wins, whatever the case; `2025-01`, `2025_01`, `202501`, and
 * `2025-Q1` for its first month. Two equally long patterns of different sources, or two different periods, are no guess.
 */
export function guessFromFileName(fileName: string, sources: readonly FileNamePattern[]): FileNameGuess {
  const name = (fileName.split(/[/\\]/).at(-1) ?? fileName).toLowerCase();
  return { ...guessSource(name, sources), ...guessPeriod(name) };
}

function guessSource(name: string, sources: readonly FileNamePattern[]): Pick<FileNameGuess, 'source' | 'sourceReason'> {
  const matching = sources
    .map((source) => ({ ...source, pattern: foldPattern(source.pattern) }))
    .filter(({ pattern }) => matches(name, pattern));
  const enabled = matching.filter(({ enabled }) => enabled);
  const longest = Math.max(0, ...enabled.map(({ pattern }) => pattern.length));
  const winners = enabled.filter(({ pattern }) => pattern.length === longest);
  const [winner, ...others] = winners;
  if (winner === undefined) return { source: null, sourceReason: noneMatches(matching) };
  if (others.length > 0) {
    const tied = winners.map((source) => `${source.name} (“${source.pattern}”)`).join(', ');
    return {
      source: null,
      sourceReason: `The name fits the patterns of ${winners.length} sources, which are equally long: ${tied}. Make one of them longer, or name the source.`,
    };
  }
  const shorter = enabled.filter((source) => source !== winner).map((source) => `“${source.pattern}” of ${source.name}`);
  const isLongest =
    shorter.length === 0 ? '' : `; it is longer than ${shorter.join(', ')}, which also fit${shorter.length === 1 ? 's' : ''}`;
  return { source: winner.name, sourceReason: `The name fits the pattern “${winner.pattern}” of ${winner.name}${isLongest}.` };
}

function noneMatches(disabled: readonly FileNamePattern[]): string {
  if (disabled.length === 0) return 'The name fits the pattern of no source.';
  const named = disabled.map((source) => `${source.name} (“${source.pattern}”)`).join(', ');
  return `The name fits the pattern of no source that is enabled, only of ${named}.`;
}

function matches(name: string, pattern: string): boolean {
  if (pattern === '') return false;
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

function guessPeriod(name: string): Pick<FileNameGuess, 'period' | 'periodReason'> {
  const months = [...name.matchAll(MONTH_PATTERN)].map(([text, year = '', month = '']) => ({ text, period: `${year}-${month}` }));
  const quarters = [...name.matchAll(QUARTER_PATTERN)].map(([text, year = '', quarter = '']) => ({
    text: text.toUpperCase(),
    period: `${year}-${['01', '04', '07', '10'][Number(quarter) - 1] ?? ''}`,
  }));
  const found = [...months, ...quarters].flatMap(({ text, period }) => (isBillingPeriod(period) ? [{ text, period }] : []));
  const periods = new Set(found.map(({ period }) => period));
  const [first] = found;
  if (first === undefined) return { period: null, periodReason: 'The name holds no month such as 2025-01, 2025_01, 202501 or 2025-Q1.' };
  if (periods.size > 1) {
    return { period: null, periodReason: `The name holds several months, ${[...periods].join(' and ')}, so it tells none of them.` };
  }
  const isQuarter = first.text.includes('Q');
  return {
    period: first.period,
    periodReason: `The name holds “${first.text}”${isQuarter ? ', and a quarter stands for its first month' : ''}.`,
  };
}
