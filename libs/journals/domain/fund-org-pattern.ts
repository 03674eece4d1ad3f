import { DomainError, LinearPattern } from '#kernel';

/** A fund/org taken apart: `fund` and `orgn`, and every named group the expression has. */
export interface FundOrgParts {
  readonly fund: string;
  readonly orgn: string;
  readonly groups: ReadonlyMap<string, string>;
}

/**
 * Compiles an expression that a person configured. The engine is linear in time, so `(a+)+$` cannot hang an export.
 * @throws DomainError `journal.pattern-malformed` naming the setting.
 */
export function compilePattern(setting: string, expression: string): LinearPattern {
  try {
    return LinearPattern.compile(expression);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError(
      'journal.pattern-malformed',
      'invalid',
      `${setting} is not a usable regular expression: ${reason}. Correct “${expression}” in the settings; look-ahead and back references are not supported.`,
      [{ where: setting, what: reason }],
    );
  }
}

/**
 * Splits fund/orgs by `journal.fund_org_regex` (domain.md §7). Without an expression or a match, the fund is the whole
 * fund/org and the orgn is empty; a group that took no part in the match is the empty string.
 * @throws DomainError `journal.pattern-malformed`
 */
export function fundOrgSplitter(expression: string): (fundOrg: string) => FundOrgParts {
  if (expression === '') return (fundOrg) => ({ fund: fundOrg, orgn: '', groups: new Map() });
  const pattern = compilePattern('journal.fund_org_regex', expression);
  return (fundOrg) => {
    const found = pattern.groupsAtStart(fundOrg);
    const groups = new Map(pattern.groupNames.map((name) => [name, found?.[name] ?? '']));
    if (found === undefined) return { fund: fundOrg, orgn: '', groups };
    return { fund: groups.get('fund') ?? fundOrg, orgn: groups.get('orgn') ?? '', groups };
  };
}
