import { DATE_FORMAT_ADVICE, dateFormat } from './date-format.js';

/** Longest text of each setting of a source, in characters. */
export const SOURCE_TEXT_LIMITS = {
  displayName: 100,
  pattern: 100,
  fundOrg: 100,
  accountCode: 100,
  dateFormat: 40,
  lineIdColumn: 100,
} as const;

export type SourceText = keyof typeof SOURCE_TEXT_LIMITS;

const CONTROL_CHARACTER = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * What is wrong with a text among the settings of a source, as a sentence that says how to mend it; undefined if nothing is. One rule for
 * the configuration file and for what people save, so that no setting is refused only when a file comes.
 */
export function sourceTextProblem(setting: SourceText, text: string): string | undefined {
  const limit = SOURCE_TEXT_LIMITS[setting];
  if (text.length > limit) return `This has ${text.length} characters; ${limit} is the most.`;
  if (CONTROL_CHARACTER.test(text)) return 'This has a line break, a tab or another control character in it; write it on one line without.';
  const isBlank = text.trim() === '';
  if (setting === 'displayName' && isBlank) return 'A source needs a name to be shown by; write one, or leave the setting out.';
  if (setting === 'pattern' && isBlank) {
    return 'An empty pattern tells no file from another; write a part of the file names or a glob such as aws_*.csv, or leave the setting out to use the name of the source.';
  }
  if (setting === 'pattern' && /^[*?]+$/.test(text.trim())) {
    return `“${text.trim()}” fits any file name; write a part that only the files of this source have.`;
  }
  if (setting === 'dateFormat' && !isBlank && dateFormat(text) === undefined) {
    return `“${text.trim()}” is not a date format; ${DATE_FORMAT_ADVICE}.`;
  }
  return undefined;
}

/** The form in which patterns of file names are compared; they are matched whatever the case. */
export function foldPattern(pattern: string): string {
  return pattern.trim().toLowerCase();
}
