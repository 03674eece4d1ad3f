import { dateTimeFormat, localeOfWords, periodTitle } from '#kernel';
import type { StatementDocument } from './statement-document.js';
import { printable } from './text-layout.js';
import type { StatementWords } from './words/statement-words.js';
import { wordsOf } from './words/words-of.js';

/** What a statement says in more than one place, and all its words; made once for each. */
export interface StatementWording {
  /** BCP 47. */
  readonly language: string;
  /** Those of the language, but for the labels that the organisation chose. */
  readonly words: StatementWords;
  /** `January 2025`. */
  readonly period: string;
  /** When the statement was made, to the minute, in UTC. */
  readonly madeAt: string;
}

export function statementWording({ locale, words, period, madeAt }: StatementDocument): StatementWording {
  const language = localeOfWords(locale);
  const format = dateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' });
  const { introduction: _, closing: __, ...labels } = words;
  const chosen = Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, printable(text)]));
  return {
    language,
    words: { ...wordsOf(locale), ...chosen },
    period: periodTitle(period, language),
    madeAt: `${format.format(madeAt)} UTC`,
  };
}
