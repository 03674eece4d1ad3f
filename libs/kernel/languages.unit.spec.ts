import { describe, expect, it } from 'vitest';
import { counted, languageOfWords, localeOfWords, plural } from '#kernel';

describe('the language of the words', () => {
  it.each([
    ['en', 'en', 'en'],
    ['en-GB', 'en', 'en-GB'],
    ['EN-au', 'en', 'EN-au'],
    ['de', 'de', 'de'],
    ['de-CH', 'de', 'de-CH'],
    ['pt-BR', 'pt', 'pt-BR'],
    ['fr-u-nu-latn', 'fr', 'fr-u-nu-latn'],
    // Swiss German is a language of its own to CLDR, and others that begin alike are strangers.
    ['gsw-CH', 'en', 'en'],
    ['eng', 'en', 'en'],
    ['frr', 'en', 'en'],
    ['ja-JP', 'en', 'en'],
  ])('for a reader of %s is %s, marked as %s', (locale, language, marked) => {
    expect([languageOfWords(locale), localeOfWords(locale)]).toEqual([language, marked]);
  });
});

describe('a phrase with a number', () => {
  const charges = plural('en', { one: (n, of) => `${n} charge of ${of}`, other: (n, of) => `${n} charges of ${of}` });
  const lignes = plural('fr', { one: (n) => `${n} ligne`, other: (n) => `${n} lignes` });

  it('has the form that the language has for it, and the digits of the locale', () => {
    expect([0, 1, 2, 1234].map((value) => charges(counted(value, 'de-DE'), 'May'))).toEqual([
      '0 charges of May',
      '1 charge of May',
      '2 charges of May',
      '1.234 charges of May',
    ]);
    expect([0, 1, 2, 1_000_000].map((value) => lignes(counted(value, 'en')))).toEqual([
      '0 ligne',
      '1 ligne',
      '2 lignes',
      '1,000,000 lignes',
    ]);
  });
});
