import { isEmailAddress, isUnstorable, lineTextProblems, MAX_ATTRIBUTION_BYTES, type Problem, tooLong } from '#kernel';
import type { AttributionRule, RuleAttribution, RuleMatch } from './attribution-rule.events.js';

/** Longest texts of a rule, in bytes of UTF-8; those that it sets are as long as the ledger takes them. */
export const RULE_TEXT_LIMITS = { name: 200, match: 1024, note: 2000, ...MAX_ATTRIBUTION_BYTES } as const;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Everything about a rule that can't be so. */
export function ruleProblems(rule: AttributionRule): Problem[] {
  const { name, match, set, validFrom, validTo, note } = rule;
  const problems: Problem[] = [...lineTextProblems('name', name, RULE_TEXT_LIMITS.name)];
  if (name === '') problems.push({ where: 'name', what: 'A rule needs a name by which people know it.' });
  const asked = entriesOf<keyof RuleMatch>(match);
  for (const [field, text] of asked) problems.push(...lineTextProblems(`match.${field}`, text, RULE_TEXT_LIMITS.match));
  if (asked.every(([, text]) => /^\*+$/.test(text))) {
    problems.push({
      where: 'match',
      what: 'It would match every charge; name at least one of source, sub-account, service, resource id or resource name.',
    });
  }
  const sets = entriesOf<keyof RuleAttribution>(set);
  for (const [field, text] of sets) problems.push(...lineTextProblems(`set.${field}`, text, MAX_ATTRIBUTION_BYTES[field]));
  if (sets.length === 0 && rule.parts.length === 0)
    problems.push({ where: 'set', what: 'It would set nothing; name a PI, project, fund/org, cost centre or account, or parts.' });
  if (set.piEmail !== null && !isEmailAddress(set.piEmail)) {
    problems.push({ where: 'set.piEmail', what: `“${set.piEmail}” is not an email address; a PI is known by one.` });
  }
  for (const [where, day] of [
    ['validFrom', validFrom],
    ['validTo', validTo],
  ] as const) {
    if (day !== null && !isDay(day)) problems.push({ where, what: `“${day}” is no day; write it as 2025-07-31.` });
  }
  if (problems.length === 0 && validFrom !== null && validTo !== null && validTo < validFrom) {
    problems.push({ where: 'validTo', what: `The last day ${validTo} lies before the first, ${validFrom}; change one of them.` });
  }
  if (isUnstorable(note)) problems.push({ where: 'note', what: 'It holds a NUL or half a character, which no text can hold.' });
  const length = tooLong(note, RULE_TEXT_LIMITS.note);
  if (length !== undefined) problems.push({ where: 'note', what: `It ${length}; write a shorter one.` });
  return problems;
}

function entriesOf<Field extends string>(texts: Readonly<Record<Field, string | null>>): [Field, string][] {
  return (Object.entries(texts) as [Field, string | null][]).flatMap(([field, text]) => (text === null ? [] : [[field, text]]));
}

function isDay(text: string): boolean {
  const [year, month, day] = (DAY.exec(text) ?? []).slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined || year < 1900 || year > 9999) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day >= 1 && day <= (month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0));
}
