import { dateTimeFormat, languageOfWords, periodTitle } from '#kernel';
import type { StatementDocument } from './statement-document.js';

/** What is said about period and date in more than one place of a statement. */
export interface StatementWording {
  /** BCP 47. */
  readonly language: string;
  /** `January 2025`. */
  readonly period: string;
  /** When the statement was made, to the minute, in UTC. */
  readonly madeAt: string;
}

export function statementWording({ locale, period, madeAt }: StatementDocument): StatementWording {
  const language = languageOfWords(locale);
  const format = dateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' });
  return { language, period: periodTitle(period, language), madeAt: `${format.format(madeAt)} UTC` };
}
