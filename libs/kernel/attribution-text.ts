import { foldIdentifier } from './email-address.js';
import type { Problem } from './domain-error.js';

/**
 * Longest attribution, in bytes of UTF-8. With service and source it is the key of one row of the ledger, and Postgres takes keys of up to a third
 * of a page (about 2,700 bytes): a longer one would be recorded and then stop the ledger for good. Real ones are far shorter.
 */
export const MAX_ATTRIBUTION_BYTES = { piEmail: 320, projectId: 256, fundOrg: 256, costCenter: 256, accountCode: 256 } as const;

const MAX_BYTES_PER_UNIT = 3;

/** Why a text is refused for its length, as a clause for a report; undefined for one that is short enough. */
export function tooLong(text: string, maxBytes: number): string | undefined {
  if (text.length * MAX_BYTES_PER_UNIT <= maxBytes || Buffer.byteLength(text) <= maxBytes) return undefined;
  return `is longer than ${maxBytes} bytes`;
}

const UNSTORABLE = /[\0\p{Cs}]/u;

/** Whether a text holds a NUL or half a character, which no text in Postgres can hold. */
export function isUnstorable(text: string): boolean {
  return UNSTORABLE.test(text);
}

const CONTROL_CHARACTER = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** What people type: trimmed and in Unicode's composed form. */
export function composedText(text: string): string {
  return text.trim().normalize('NFC');
}

/** A PI as the ledger knows it; other texts as typed. */
export function attributionText(field: keyof typeof MAX_ATTRIBUTION_BYTES, text: string): string {
  return field === 'piEmail' ? foldIdentifier(text) : composedText(text);
}

/** What is wrong with a text that people type into one line. @param where names it in the answer */
export function lineTextProblems(where: string, text: string, maxBytes: number): Problem[] {
  if (isUnstorable(text) || CONTROL_CHARACTER.test(text)) {
    return [{ where, what: 'It has a line break, a tab or another control character in it; write it on one line without.' }];
  }
  const length = tooLong(text, maxBytes);
  return length === undefined ? [] : [{ where, what: `It ${length}; write a shorter one.` }];
}
