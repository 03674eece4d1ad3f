import { type Language, languageOfWords } from '#kernel';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { it } from './it.js';
import type { MessageWords } from './message-words.js';
import { nl } from './nl.js';
import { pt } from './pt.js';

/** What messages say, in every language that they speak. */
export const MESSAGE_WORDS: Readonly<Record<Language, MessageWords>> = { en, de, fr, es, it, nl, pt };

export function wordsOf(locale: string): MessageWords {
  return MESSAGE_WORDS[languageOfWords(locale)];
}
