import { numberFormat, pluralRules } from './intl-formats.js';

/** The languages that statements and messages speak. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Spoken to readers of all other languages. */
const DEFAULT_LANGUAGE: Language = 'en';

/**
 * The language of the words for a reader with this locale: that of its first subtag if we speak it, else English. That is the lookup of
 * RFC 4647 §3.4, which shortens a tag from its end and never passes to a relative: `de-CH` is German; `gsw-CH`, which CLDR derives from no other, is not.
 */
export function languageOfWords(locale: string): Language {
  const first = locale.split('-', 1)[0]?.toLowerCase();
  return LANGUAGES.find((language) => language === first) ?? DEFAULT_LANGUAGE;
}

/** The locale of the words, which dates among them follow and documents are marked with: the reader's own if we speak its language. */
export function localeOfWords(locale: string): string {
  const language = languageOfWords(locale);
  return locale.toLowerCase().split('-', 1)[0] === language ? locale : language;
}

/** How many, and how that is written. */
export interface Counted {
  readonly value: number;
  readonly text: string;
}

/** A whole number as a locale writes it. */
export function counted(value: number, locale: string): Counted {
  return { value, text: numberFormat(locale, { maximumFractionDigits: 0 }).format(value) };
}

type Form<Details extends readonly string[]> = (count: string, ...details: Details) => string;

/** A phrase in the form that its language has for a number (CLDR plural rules); `other` stands in for forms that are left out. */
export function plural<Details extends readonly string[]>(
  language: Language,
  forms: Partial<Readonly<Record<Intl.LDMLPluralRule, Form<Details>>>> & { readonly other: Form<Details> },
): (count: Counted, ...details: Details) => string {
  return ({ value, text }, ...details) => (forms[pluralRules(language).select(value)] ?? forms.other)(text, ...details);
}
