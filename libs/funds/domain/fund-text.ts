import { Buffer } from 'node:buffer';

export type FundField = 'fundOrg' | 'title' | 'validFrom' | 'validTo' | 'owner';

/** Longest texts, in bytes of UTF-8. A fund/org of a charge has the same limit. */
export const FUND_TEXT_LIMITS = { fundOrg: 256, title: 500, owner: 320 } as const;

const CONTROL_CHARACTER = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
const DAY = /^(?:19|20|21)\d\d-(\d\d)-(\d\d)$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with a field as it was written (trimmed), as a sentence that says how to mend it; undefined if nothing is. */
export function fundFieldProblem(field: FundField, text: string): string | undefined {
  if (field === 'validFrom' || field === 'validTo') return text === '' || isDay(text) ? undefined : notADay(text);
  if (CONTROL_CHARACTER.test(text)) return 'This has a line break, a tab or another control character in it; write it on one line without.';
  const bytes = Buffer.byteLength(text);
  const limit = FUND_TEXT_LIMITS[field];
  if (bytes > limit) return `This has ${bytes} bytes; ${limit} is the most.`;
  if (field !== 'fundOrg') return undefined;
  if (text === '') return 'A fund needs its fund/org; write it as it stands in the accounting system.';
  // Such a name can't be the end of an address.
  return text === '.' || text === '..' ? `“${text}” is no fund/org.` : undefined;
}

/** A day of the calendar as `YYYY-MM-DD`, from 1900 to 2199. Such texts compare as the days do. */
export function isDay(text: string): boolean {
  const [, month, day] = (DAY.exec(text) ?? []).map(Number);
  if (month === undefined || day === undefined || day < 1) return false;
  const year = Number(text.slice(0, 4));
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0));
}

export function notADay(text: string): string {
  return `“${text}” is no day; write it as 2025-07-31.`;
}
