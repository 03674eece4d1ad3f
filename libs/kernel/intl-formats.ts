/**
 * By locale and options: making a format takes as long as using it a hundred times. An office has one locale, one or two currencies, and the
 * few options that the code names.
 */
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateTimeFormats = new Map<string, Intl.DateTimeFormat>();
const pluralRulesOf = new Map<string, Intl.PluralRules>();

/** The format of that locale and these options, made once per process. @throws RangeError if `locale` is no BCP 47 tag. */
export function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return madeOnce(numberFormats, locale, options, () => new Intl.NumberFormat(locale, options));
}

/** As {@link numberFormat}. Name the time zone: without one it would be the machine's. */
export function dateTimeFormat(locale: string, options: Intl.DateTimeFormatOptions & { readonly timeZone: string }): Intl.DateTimeFormat {
  return madeOnce(dateTimeFormats, locale, options, () => new Intl.DateTimeFormat(locale, options));
}

/** Which form of a word goes with a number, made once per process. @throws RangeError if `language` is no BCP 47 tag. */
export function pluralRules(language: string): Intl.PluralRules {
  return madeOnce(pluralRulesOf, language, {}, () => new Intl.PluralRules(language));
}

function madeOnce<Format>(made: Map<string, Format>, locale: string, options: object, make: () => Format): Format {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = made.get(key);
  if (format === undefined) {
    format = make();
    made.set(key, format);
  }
  return format;
}
