import { periodTitle } from '#kernel';
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

/** The language of the statement's words, which are English, in the region of the reader where that is English-speaking. */
function documentLanguage(locale: string): string {
  return /^en(-|$)/i.test(locale) ? locale : 'en';
}

/** A run of statements is of one period, and Intl formats are slow to make, so both are kept. */
const periodTitles = new Map<string, string>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

export function statementWording(document: StatementDocument): StatementWording {
  const language = documentLanguage(document.locale);
  return { language, period: titleOf(document.period, language), madeAt: `${dateFormat(language).format(document.madeAt)} UTC` };
}

function titleOf(period: StatementDocument['period'], language: string): string {
  const key = `${language}|${period}`;
  let title = periodTitles.get(key);
  if (title === undefined) {
    title = periodTitle(period, language);
    periodTitles.set(key, title);
  }
  return title;
}

function dateFormat(language: string): Intl.DateTimeFormat {
  let format = dateFormats.get(language);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' });
    dateFormats.set(language, format);
  }
  return format;
}
