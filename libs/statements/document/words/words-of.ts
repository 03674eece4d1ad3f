import { type Language, languageOfWords } from '#kernel';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { it } from './it.js';
import { nl } from './nl.js';
import { pt } from './pt.js';
import type { StatementWords } from './statement-words.js';

/** What statements say, in every language that they speak. */
export const STATEMENT_WORDS: Readonly<Record<Language, StatementWords>> = { en, de, fr, es, it, nl, pt };

export function wordsOf(locale: string): StatementWords {
  return STATEMENT_WORDS[languageOfWords(locale)];
}
